"""Billing over TMF678 and TMF666, with a system behind it that tests save to."""

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sources.billing import BillingAccountRecord, BillingDocumentRecord, InvoiceLineKind, InvoiceLineRecord
from sources.billing.tmf import TmfBilling
from sources.http import Api
from sources.keys import BillingAccountId, ComponentId, CustomerCode, InvoiceLineId, SolutionId
from sources.placement import Place
from sources.table import Saved
from sources.tmf.settings import ThingSettings
from tests.fakes.billing import FakeBilling
from tests.tmf.bills import bill, billing_account, rate
from tests.tmf.calls import calling
from tests.tmf.server import GOOD, Habits, TmfServer, serving
from tests.tmf.ticketing import parties

if TYPE_CHECKING:
    from sources.errors import SourceError


class SavedBilling(TmfBilling):
    """``BillingSource`` over a TMF server that holds what is saved here.

    It is the ``BilledPlacement`` too: a product is where the lines that bill it were saved to be, unless that
    is ``failing``. What a document was saved to bill without a line for it has a rate of its own.
    """

    def __init__(self, api: Api, server: TmfServer, settings: ThingSettings) -> None:
        """Read from *api*, which calls *server*."""
        super().__init__((api, settings), (api, settings), parties, self)
        self.server = server
        self.failing: SourceError | None = None
        self._version = settings.version
        self._saved = FakeBilling()

    async def save_billing_accounts(self, records: Iterable[BillingAccountRecord]) -> Saved:
        """Write billing accounts over those with the same customer and id."""
        saved = await self._saved.save_billing_accounts(records)
        self.server.things["billingAccount"] = [
            billing_account(each, self._version, *await parties(each.customer))
            for each in self._saved.account_shelf.records.values()
        ]
        return saved

    async def save_documents(self, records: Iterable[BillingDocumentRecord]) -> Saved:
        """Write billing documents over those with the same customer and id; their lines follow."""
        saved = await self._saved.save_documents(records)
        self.server.things["customerBill"] = [
            bill(each, self._version, *await parties(each.customer))
            for each in self._saved.document_shelf.records.values()
        ]
        self._send_rates()
        return saved

    async def save_lines(self, records: Iterable[InvoiceLineRecord]) -> Saved:
        """Write lines over those with the same customer and id."""
        saved = await self._saved.save_lines(records)
        self._send_rates()
        return saved

    async def products(self, customer: CustomerCode, products: Collection[str]) -> Mapping[str, Place]:
        """Give the place of each product."""
        if self.failing is not None:
            raise self.failing
        found: dict[str, Place] = {}
        for each in self._saved.line_shelf.records.values():
            if each.customer == customer and each.service_point in products:
                place = Place(service_point=each.service_point, solution=each.solution)
                found[str(each.service_point)] = place
        solutions = {one for each in self._saved.document_shelf.records.values() for one in each.solutions}
        solutions |= {each.solution for each in self._saved.line_shelf.records.values() if each.solution}
        return found | {each: Place(solution=each) for each in solutions if each in products}

    async def components(
        self, customer: CustomerCode, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, Place]:
        """Give the place of no component."""
        return {}

    async def accounts(
        self, customer: CustomerCode, accounts: Collection[BillingAccountId]
    ) -> Mapping[BillingAccountId, Sequence[SolutionId]]:
        """Give the Solutions whose products are billed to each account."""
        every = self._saved.account_shelf.records.values()
        return {
            each.id: each.solutions for each in every if each.customer == customer and each.id in accounts
        }

    async def of_solutions(
        self, customer: CustomerCode, solutions: Collection[SolutionId]
    ) -> Mapping[str, SolutionId]:
        """Give the Solution of each product of these."""
        lines = self._saved.line_shelf.records.values()
        own = {
            str(each.service_point): each.solution
            for each in lines
            if each.customer == customer and each.service_point and each.solution in solutions
        }
        return {each: each for each in solutions} | {key: each for key, each in own.items() if each}

    def _send_rates(self) -> None:
        lines = list(self._saved.line_shelf.records.values())
        for document in self._saved.document_shelf.records.values():
            own = (document.customer, document.id)
            billed = {each.solution for each in lines if (each.customer, each.document) == own}
            lines += [_line_of(document, each) for each in document.solutions if each not in billed]
        self.server.things["appliedCustomerBillingRate"] = [self._rate(each) for each in lines]

    def _rate(self, line: InvoiceLineRecord) -> Mapping[str, Any]:
        return rate(line, line.service_point or line.solution, self._version)


def _line_of(document: BillingDocumentRecord, solution: SolutionId) -> InvoiceLineRecord:
    return InvoiceLineRecord(
        customer=document.customer,
        id=InvoiceLineId(f"{document.id} for {solution}"),
        document=document.id,
        position=1_000,
        label="Rental fee",
        kind=InvoiceLineKind.RECURRING,
        currency=document.currency,
        tax_included_minor=100,
        solution=solution,
    )


@asynccontextmanager
async def tmf_billing(settings: ThingSettings, habits: Habits = GOOD) -> AsyncGenerator[SavedBilling]:
    """Give billing over a server of its own."""
    async with serving(TmfServer(habits)) as server, calling(server.url, "billing") as api:
        yield SavedBilling(api, server, settings)
