"""What the embedded systems hold, as TM Forum's APIs would send it."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from loaders.operation import Systems
from sources.billing import (
    BillingAccountFilter,
    BillingAccountOrder,
    BillingDocumentFilter,
    BillingDocumentOrder,
    BillingDocumentRecord,
    InvoiceLineFilter,
    InvoiceLineKind,
    InvoiceLineOrder,
    InvoiceLineRecord,
)
from sources.inventory import ComponentFilter, ComponentOrder
from sources.keys import CustomerCode, InvoiceLineId, ServicePointId
from sources.listing import Listing, Window
from sources.scope import ALL, Scope
from sources.ticketing import TicketFilter, TicketOrder
from sources.tmf.settings import Version
from tests.tmf.bills import bill, billing_account, rate
from tests.tmf.resources import resource_json
from tests.tmf.tickets import ticket_json

Sent: TypeAlias = tuple[str, dict[str, Any]]
"""A thing, and the name of its collection."""

_WINDOW: Final = Window(limit=100_000)
_TICKETS: Final = Listing(filter=TicketFilter(), order=TicketOrder.REFERENCE_ASC, window=_WINDOW)
_DOCUMENTS: Final = Listing(
    filter=BillingDocumentFilter(), order=BillingDocumentOrder.NUMBER_ASC, window=_WINDOW
)
_LINES: Final = Listing(filter=InvoiceLineFilter(), order=InvoiceLineOrder.POSITION_ASC, window=_WINDOW)
_ACCOUNTS: Final = Listing(filter=BillingAccountFilter(), order=BillingAccountOrder.NAME_ASC, window=_WINDOW)
_COMPONENTS: Final = Listing(filter=ComponentFilter(), order=ComponentOrder.NAME_ASC, window=_WINDOW)


class Spoken(NamedTuple):
    """Which version each system speaks."""

    tickets: Version = Version.V4
    bills: Version = Version.V5
    components: Version = Version.V5


def party_of(customer: str) -> str:
    """Give the id by which the systems call *customer*."""
    return f"party-{customer}"


async def things_of(
    systems: Systems, customers: Sequence[CustomerCode], spoken: Spoken
) -> Mapping[str, list[dict[str, Any]]]:
    """Give all tickets, bills with their rates, accounts and components of *customers*, by collection."""
    found: dict[str, list[dict[str, Any]]] = {}
    for customer in customers:
        for part in (_tickets, _bills, _components):
            async for name, thing in part(systems, customer, spoken):
                found.setdefault(name, []).append(thing)
    return found


async def _tickets(systems: Systems, customer: CustomerCode, spoken: Spoken) -> AsyncGenerator[Sent]:
    scope = _all_of(customer)
    found = await systems.ticketing.tickets_by_customer(scope, [customer], _TICKETS)
    tickets = found[customer].rows
    notes = await systems.ticketing.notes_by_ticket(scope, [each.id for each in tickets])
    for each in tickets:
        yield (
            "troubleTicket",
            ticket_json(each, notes.get(each.id, ()), spoken.tickets, party_of(customer)),
        )


async def _bills(systems: Systems, customer: CustomerCode, spoken: Spoken) -> AsyncGenerator[Sent]:
    scope, owner = _all_of(customer), party_of(customer)
    accounts = await systems.billing.billing_accounts_by_customer(scope, [customer], _ACCOUNTS)
    for account in accounts[customer].rows:
        yield "billingAccount", billing_account(account, spoken.bills, owner)
    documents = (await systems.billing.documents_by_customer(scope, [customer], _DOCUMENTS))[customer].rows
    lines = await systems.billing.lines_by_document(scope, [each.id for each in documents], _LINES)
    for each in documents:
        yield "customerBill", bill(each, spoken.bills, owner)
        for line in lines[each.id].rows or _lines(each):
            product = line.service_point or line.solution
            yield "appliedCustomerBillingRate", rate(line, product, spoken.bills)


async def _components(systems: Systems, customer: CustomerCode, spoken: Spoken) -> AsyncGenerator[Sent]:
    found = await systems.inventory.components_by_customer(_all_of(customer), [customer], _COMPONENTS)
    for each in found[customer].rows:
        product = each.service_point or each.solution
        yield "resource", resource_json(each, spoken.components, product, party_of(customer))


def _lines(document: BillingDocumentRecord) -> Iterator[InvoiceLineRecord]:
    """Give a line for each Solution of a document without lines: else nobody would know what it bills."""
    for position, solution in enumerate(document.solutions, start=1):
        yield InvoiceLineRecord(
            customer=document.customer,
            id=InvoiceLineId(f"{document.id}-{position}"),
            document=document.id,
            position=position,
            label="Monthly charge",
            kind=InvoiceLineKind.RECURRING,
            service_point=ServicePointId(solution),
            currency=document.currency,
            tax_excluded_minor=document.tax_included_minor,
        )


def _all_of(customer: CustomerCode) -> Scope:
    return Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL)
