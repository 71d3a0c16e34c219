"""Tickets, from what they are about."""

from collections.abc import Sequence

from resolvers.batch import reads
from resolvers.connection import Connection, connections
from resolvers.context import Info
from sources.billing import BillingDocumentRecord
from sources.inventory import ComponentRecord
from sources.listing import Listing
from sources.ordering import LocationRecord, ServicePointRecord, SolutionRecord
from sources.ticketing import TicketFilter, TicketNoteRecord, TicketRecord


@reads("parent")
async def parents(tickets: Sequence[TicketRecord], info: Info) -> Sequence[TicketRecord | None]:
    """Give the ticket that each ticket is part of."""
    return await info.context.load.ticket.by_id.load_present(each.parent for each in tickets)


@reads("id")
async def notes(tickets: Sequence[TicketRecord], info: Info) -> Sequence[Sequence[TicketNoteRecord]]:
    """Give the notes on each ticket, oldest first."""
    return await info.context.load.ticket.notes.load_many(each.id for each in tickets)


async def of_customer(
    parents: Sequence[None], info: Info, listing: Listing[TicketFilter]
) -> Sequence[Connection[TicketRecord]]:
    """Give the tickets of the asker's customer."""
    context = info.context
    return await connections(context.load.ticket.by_customer, [context.customer for _ in parents], listing)


@reads("id")
async def of_solutions(
    solutions: Sequence[SolutionRecord], info: Info, listing: Listing[TicketFilter]
) -> Sequence[Connection[TicketRecord]]:
    """Give the tickets about each Solution."""
    load = info.context.load.ticket.by_solution
    return await connections(load, [each.id for each in solutions], listing)


@reads("id")
async def of_components(
    components: Sequence[ComponentRecord], info: Info, listing: Listing[TicketFilter]
) -> Sequence[Connection[TicketRecord]]:
    """Give the tickets about each component."""
    load = info.context.load.ticket.by_component
    return await connections(load, [each.id for each in components], listing)


@reads("id")
async def of_service_points(
    service_points: Sequence[ServicePointRecord], info: Info, listing: Listing[TicketFilter]
) -> Sequence[Connection[TicketRecord]]:
    """Give the tickets about each service point."""
    load = info.context.load.ticket.by_service_point
    return await connections(load, [each.id for each in service_points], listing)


@reads("id")
async def of_locations(
    locations: Sequence[LocationRecord], info: Info, listing: Listing[TicketFilter]
) -> Sequence[Connection[TicketRecord]]:
    """Give the tickets about what is at each location."""
    load = info.context.load.ticket.by_location
    return await connections(load, [each.id for each in locations], listing)


@reads("id")
async def of_documents(
    documents: Sequence[BillingDocumentRecord], info: Info, listing: Listing[TicketFilter]
) -> Sequence[Connection[TicketRecord]]:
    """Give the tickets that dispute each billing document."""
    load = info.context.load.ticket.by_document
    return await connections(load, [each.id for each in documents], listing)
