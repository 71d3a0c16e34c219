"""What the systems behind the stub hold: the benchmark's own records, as TM Forum's APIs send them."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any, Final

from bench.place import Place
from bench.settings import settings_of
from loaders.operation import Systems
from servicespace.store import open_store
from servicespace.systems import embedded
from sources.billing import (
    BillingDocumentFilter,
    BillingDocumentOrder,
    BillingDocumentRecord,
    InvoiceLineKind,
    InvoiceLineRecord,
)
from sources.inventory import ComponentFilter, ComponentOrder
from sources.keys import CustomerCode, InvoiceLineId, ServicePointId
from sources.listing import Listing, Window
from sources.scope import ALL, Scope
from sources.ticketing import TicketFilter, TicketOrder
from sources.tmf.settings import Version
from tests.tmf.bills import bill, rate
from tests.tmf.resources import resource_json
from tests.tmf.tickets import ticket_json

Things = dict[str, list[dict[str, Any]]]
"""By the name of their collection."""

TICKETS: Final = Version.V4
BILLS: Final = Version.V5
COMPONENTS: Final = Version.V5

_MANY: Final = 100_000


def party_of(customer: str) -> str:
    """Give the id by which the systems call *customer*."""
    return f"party-{customer}"


async def things_of(place: Place, customers: Sequence[CustomerCode]) -> Things:
    """Give all tickets, bills with a rate for each Solution, and components of *customers*."""
    found: Things = {
        "troubleTicket": [],
        "customerBill": [],
        "appliedCustomerBillingRate": [],
        "resource": [],
    }
    settings = settings_of(place)
    async with open_store(settings.store) as connection:
        systems = embedded(connection, settings)
        for customer in customers:
            async for name, thing in _things(systems, customer):
                found[name].append(thing)
    return found


async def _things(systems: Systems, customer: CustomerCode) -> AsyncGenerator[tuple[str, dict[str, Any]]]:
    scope, owner = Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL), party_of(customer)
    window = Window(limit=_MANY)
    tickets = Listing(filter=TicketFilter(), order=TicketOrder.REFERENCE_ASC, window=window)
    for ticket in (await systems.ticketing.tickets_by_customer(scope, [customer], tickets))[customer].rows:
        yield "troubleTicket", ticket_json(ticket, (), TICKETS, owner)
    documents = Listing(filter=BillingDocumentFilter(), order=BillingDocumentOrder.NUMBER_ASC, window=window)
    for document in (await systems.billing.documents_by_customer(scope, [customer], documents))[
        customer
    ].rows:
        yield "customerBill", bill(document, BILLS, owner)
        for line in _lines(document):
            yield "appliedCustomerBillingRate", rate(line, str(line.service_point), BILLS)
    components = Listing(filter=ComponentFilter(), order=ComponentOrder.NAME_ASC, window=window)
    found = await systems.inventory.components_by_customer(scope, [customer], components)
    for component in found[customer].rows:
        # of the Solution itself: the benchmark has no service points
        yield "resource", resource_json(component, COMPONENTS, component.solution, owner)


def _lines(document: BillingDocumentRecord) -> Iterator[InvoiceLineRecord]:
    """Give a line for each Solution, which is the product that it bills."""
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
