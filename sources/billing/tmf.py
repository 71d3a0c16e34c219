"""Billing over TM Forum's TMF678 and TMF666, versions 4 and 5."""

from collections.abc import Awaitable, Mapping, Sequence
from collections.abc import Collection as Keys
from typing import Final

from msgspec.structs import replace

from sources.billing import (
    BillingAccountFilter,
    BillingAccountRecord,
    BillingDocumentFilter,
    BillingDocumentRecord,
    InvoiceLineFilter,
    InvoiceLineRecord,
)
from sources.billing.billed import Billed
from sources.billing.rates import Rates
from sources.billing.wire import (
    BillingAccount,
    CustomerBill,
    account_record,
    document_record,
    read_account,
    read_bill,
)
from sources.cache import Cache, Kind
from sources.http import Api
from sources.keys import (
    BillingAccountId,
    BillingDocumentId,
    CustomerCode,
    InvoiceLineId,
    ServicePointId,
    SolutionId,
)
from sources.listing import Listing, Page, select
from sources.parties import Parties
from sources.placement import BilledPlacement, Place
from sources.projection import wanted
from sources.scope import Scope
from sources.tmf.collection import Collection, Naming, Thing, as_they_are, names_owner
from sources.tmf.fast import reader
from sources.tmf.settings import ThingSettings, Version
from sources.unplaced import decides_by_solution, only_placed, unless_failed

ACCOUNTS: Final[Thing[BillingAccount, BillingAccountRecord]] = Thing(
    kept=Kind("billing", "billingAccount", BillingAccountRecord),
    path="billingAccount",
    read=reader(BillingAccount, read_account),
    make=account_record,
    owned=names_owner,
)

BILLS: Final[Thing[CustomerBill, BillingDocumentRecord]] = Thing(
    kept=Kind("billing", "customerBill", BillingDocumentRecord),
    path="customerBill",
    read=reader(CustomerBill, read_bill),
    make=document_record,
    owned=names_owner,
    named={
        "account": Naming(dict.fromkeys(Version, "billingAccount.id"), lambda bill: (bill.account,)),
    },
)
"""Bills in any state; which of them the customer has is decided as for all rows, by what is ``shown``."""

_PLACED: Final = frozenset({"service_point", "solution"})
"""What a line has from where its product is: nobody else is asked where none of it is read."""


class TmfBilling:
    """``BillingSource`` over TMF678 and TMF666.

    A line's Solution is that of the product that it bills, a document's Solutions are those of its lines, an
    account's those of the products that are billed to it.
    """

    def __init__(
        self,
        bills: tuple[Api, ThingSettings],
        accounts: tuple[Api, ThingSettings],
        parties: Parties,
        placement: BilledPlacement,
        cache: Cache | None = None,
    ) -> None:
        """Read *bills* and their rates through one API, *accounts* through another."""
        self._placement = placement
        self._bills = Collection(bills[0], BILLS, bills[1], parties, as_they_are, cache)
        self._rates = Rates(*bills, parties, self._own_bills, cache)
        self._documents = Billed(BillingDocumentRecord, self._bills, self._with_lines, self._billing)
        self._accounts = Billed(
            BillingAccountRecord,
            Collection(accounts[0], ACCOUNTS, accounts[1], parties, as_they_are, cache),
            self._with_products,
        )

    async def billing_accounts(
        self, scope: Scope, accounts: Keys[BillingAccountId]
    ) -> Mapping[BillingAccountId, BillingAccountRecord]:
        """Give the billing accounts with these ids."""
        return await self._accounts.by_id(scope, accounts)

    async def billing_accounts_by_customer(
        self, scope: Scope, customers: Keys[CustomerCode], listing: Listing[BillingAccountFilter]
    ) -> Mapping[CustomerCode, Page[BillingAccountRecord]]:
        """Give a page of each customer's billing accounts."""
        return await self._accounts.pages(scope, "customer", customers, listing)

    async def billing_accounts_by_solution(
        self, scope: Scope, solutions: Keys[SolutionId], listing: Listing[BillingAccountFilter]
    ) -> Mapping[SolutionId, Page[BillingAccountRecord]]:
        """Give a page of the billing accounts that each Solution is billed to."""
        return await self._accounts.pages(scope, "solutions", solutions, listing)

    async def documents(
        self, scope: Scope, documents: Keys[BillingDocumentId]
    ) -> Mapping[BillingDocumentId, BillingDocumentRecord]:
        """Give the billing documents with these ids."""
        return await self._documents.by_id(scope, documents)

    async def documents_by_customer(
        self, scope: Scope, customers: Keys[CustomerCode], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[CustomerCode, Page[BillingDocumentRecord]]:
        """Give a page of each customer's billing documents."""
        return await self._documents.pages(scope, "customer", customers, listing)

    async def documents_by_account(
        self, scope: Scope, accounts: Keys[BillingAccountId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[BillingAccountId, Page[BillingDocumentRecord]]:
        """Give a page of each account's billing documents."""
        return await self._documents.pages(scope, "account", accounts, listing)

    async def documents_by_solution(
        self, scope: Scope, solutions: Keys[SolutionId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[SolutionId, Page[BillingDocumentRecord]]:
        """Give a page of the billing documents that each Solution is billed on."""
        return await self._documents.pages(scope, "solutions", solutions, listing)

    async def credit_notes_by_invoice(
        self, scope: Scope, invoices: Keys[BillingDocumentId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[BillingDocumentId, Page[BillingDocumentRecord]]:
        """Give a page of the documents that correct each invoice."""
        return await self._documents.pages(scope, "corrects", invoices, listing)

    async def lines(
        self, scope: Scope, lines: Keys[InvoiceLineId]
    ) -> Mapping[InvoiceLineId, InvoiceLineRecord]:
        """Give the lines with these ids."""
        columns = wanted(InvoiceLineRecord, scope)
        found = await self._rates.by_id(scope.customer, lines, numbered="position" in columns)
        if not _PLACED.isdisjoint(columns):
            with only_placed(where=decides_by_solution(scope)):
                found = await self._placed(scope.customer, found)
        return {each.id: each for each in found if each.within(scope)}

    async def lines_by_document(
        self, scope: Scope, documents: Keys[BillingDocumentId], listing: Listing[InvoiceLineFilter]
    ) -> Mapping[BillingDocumentId, Page[InvoiceLineRecord]]:
        """Give a page of each document's lines."""
        by_document = await self._rates.by_document(scope.customer, documents)
        found: Sequence[InvoiceLineRecord] = [each for many in by_document.values() for each in many]
        filtered = listing.filter.service_point is not None or listing.filter.solution is not None
        if filtered or not _PLACED.isdisjoint(wanted(InvoiceLineRecord, scope)):
            with only_placed(where=filtered or decides_by_solution(scope)):
                found = await self._placed(scope.customer, found)
        under: dict[BillingDocumentId, list[InvoiceLineRecord]] = {key: [] for key in documents}
        for each in found:
            under[each.document].append(each)
        return {key: select(rows, scope, listing) for key, rows in under.items()}

    async def lines_by_service_point(
        self, scope: Scope, service_points: Keys[ServicePointId], listing: Listing[InvoiceLineFilter]
    ) -> Mapping[ServicePointId, Page[InvoiceLineRecord]]:
        """Give a page of the lines that bill each service point."""
        numbered = "position" in wanted(InvoiceLineRecord, scope)
        found = await self._rates.by_product(scope.customer, service_points, numbered=numbered)
        under: dict[ServicePointId, list[InvoiceLineRecord]] = {key: [] for key in service_points}
        with only_placed():
            placed = await self._placed(scope.customer, found)
        for each in placed:
            if each.service_point is not None and each.service_point in under:
                under[each.service_point].append(each)
        return {key: select(rows, scope, listing) for key, rows in under.items()}

    async def _own_bills(
        self, customer: CustomerCode, bills: Keys[BillingDocumentId]
    ) -> Mapping[BillingDocumentId, BillingDocumentRecord]:
        """Give those of *bills* that are the customer's, in any state."""
        made = await self._bills.made(customer, bills)
        return {each.id: each for each in made.values()}

    async def _placed(
        self, customer: CustomerCode, lines: Sequence[InvoiceLineRecord]
    ) -> Sequence[InvoiceLineRecord]:
        """Give *lines* with the service point and the Solution that their products are.

        Without a Solution, where nobody can tell it and nothing is decided by it (``only_placed``).
        """
        products = {str(each.service_point) for each in lines if each.service_point}
        if not products:
            return lines
        places = await unless_failed(self._placement.products(customer, products)) or {}
        return [_at(each, places.get(each.service_point or "")) for each in lines]

    async def _with_lines(
        self, customer: CustomerCode, documents: Sequence[BillingDocumentRecord]
    ) -> Sequence[BillingDocumentRecord]:
        """Give *documents* with the Solutions that their lines bill."""
        lines = await self._rates.of(customer, {each.id: each for each in documents})
        placed = await self._placed(customer, [each for many in lines.values() for each in many])
        billed: dict[BillingDocumentId, set[SolutionId]] = {each.id: set() for each in documents}
        for each in placed:
            if each.solution is not None:
                billed[each.document].add(each.solution)
        return [replace(each, solutions=tuple(sorted(billed[each.id]))) for each in documents]

    async def _billing(
        self,
        customer: CustomerCode,
        solutions: Keys[SolutionId],
        own: Awaitable[Sequence[BillingDocumentRecord]],
    ) -> Mapping[str, frozenset[SolutionId]] | None:
        """Give which of *solutions* the lines of each of the customer's *own* documents bill, by document."""
        products = await self._placement.of_solutions(customer, solutions)
        lines = await self._rates.of_products(customer, products, own)
        if lines is None:
            return None
        billed: dict[str, set[SolutionId]] = {}
        for each in lines:
            billed.setdefault(each.document, set()).add(products[each.service_point or ""])
        return {document: frozenset(found) for document, found in billed.items()}

    async def _with_products(
        self, customer: CustomerCode, accounts: Sequence[BillingAccountRecord]
    ) -> Sequence[BillingAccountRecord]:
        """Give *accounts* with the Solutions of the products that are billed to them."""
        billed = await unless_failed(self._placement.accounts(customer, [each.id for each in accounts])) or {}
        return [replace(each, solutions=tuple(sorted(billed.get(each.id, ())))) for each in accounts]


def _at(line: InvoiceLineRecord, place: Place | None) -> InvoiceLineRecord:
    """Give *line* where its product is; a product that nobody knows keeps its id."""
    if place is None:
        return line
    return replace(line, service_point=place.service_point, solution=place.solution)
