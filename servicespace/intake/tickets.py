"""Tickets with their notes, and what they are about."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from servicespace.intake.components import Components
from servicespace.intake.products import Products
from servicespace.intake.report import STORED, Report
from servicespace.intake.stores import Stores, save
from servicespace.intake.things import Thing, built
from sources.billing import BillingDocumentRecord
from sources.keys import BillingDocumentId, CustomerCode, ServicePointId
from sources.ticketing import TicketNoteRecord, TicketRecord
from sources.ticketing.wire import TroubleTicket, note_records, ticket_record


async def take_tickets(
    stores: Stores,
    things: Sequence[Thing[TroubleTicket]],
    products: Products,
    components: Components,
    documents: Mapping[BillingDocumentId, BillingDocumentRecord],
    report: Report,
) -> None:
    """Take in *things*; stored tickets about what has only now become known follow it."""
    new = list(built(things, lambda wire: _with_notes(wire, stores.code), report))
    tickets = {row.id: (thing.file, row) for thing, (row, _) in new}
    about = [
        *await stores.ticketing.known_by_service_point(
            stores.code, [ServicePointId(each) for each in products.new]
        ),
        *await stores.ticketing.known_by_component(stores.code, list(components.rows)),
    ]
    tickets = {**{each.id: (STORED, each) for each in about}, **tickets}
    await products.learn(row.service_point for _, row in tickets.values() if row.service_point)
    await components.learn(row.component for _, row in tickets.values() if row.component)
    disputed = {row.document for _, row in tickets.values() if row.document} - set(documents)
    known = {each.id: each for each in await stores.billing.known_documents(stores.code, disputed)}
    placed = [
        (file, _placed(row, products, components, {**known, **documents})) for file, row in tickets.values()
    ]
    await save(report, "ticket", placed, stores.ticketing.save_tickets)
    notes = [(thing.file, note) for thing, (_, several) in new for note in several]
    await save(report, "note", notes, stores.ticketing.save_notes)


def _with_notes(ticket: TroubleTicket, customer: CustomerCode) -> tuple[TicketRecord, list[TicketNoteRecord]]:
    return ticket_record(ticket, customer), note_records(ticket, customer)


def _placed(
    ticket: TicketRecord,
    products: Products,
    components: Components,
    documents: Mapping[BillingDocumentId, BillingDocumentRecord],
) -> TicketRecord:
    """Give *ticket* with the service point, Solution and location of what it is about."""
    service_point, solution, location = ticket.service_point, ticket.solution, ticket.location
    if service_point is not None:
        service_point, placed = products.place(service_point)
        solution = placed or solution
    component = components.rows.get(ticket.component) if ticket.component else None
    if component is not None:
        service_point = service_point or component.service_point
        solution, location = solution or component.solution, location or component.location
    if location is None and service_point is not None and service_point in products.service_points:
        location = products.service_points[service_point].location
    document = documents.get(ticket.document) if ticket.document else None
    if solution is None and document is not None and len(document.solutions) == 1:
        solution = document.solutions[0]
    return replace(ticket, service_point=service_point, solution=solution, location=location)
