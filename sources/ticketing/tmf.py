"""Ticketing over TM Forum's TMF621, versions 4 and 5."""

import asyncio
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from sources.cache import Cache, Kind
from sources.http import Api
from sources.keys import (
    BillingDocumentId,
    ComponentId,
    CustomerCode,
    LocationId,
    ServicePointId,
    SolutionId,
    TicketId,
)
from sources.listing import Listing, Page, Position, position
from sources.parties import Parties
from sources.placement import Place, Placement
from sources.record import Record
from sources.scope import Scope
from sources.ticketing import TICKET_NOTES, NoteOrder, TicketFilter, TicketNoteRecord, TicketRecord
from sources.ticketing.wire import TroubleTicket, note_records, read_ticket, ticket_record
from sources.tmf.collection import Collection, Naming, Thing, names_owner
from sources.tmf.fast import reader
from sources.tmf.settings import ThingSettings, Version
from sources.unplaced import decides_by_solution, unless_failed

_NOWHERE: Final = Place()


class Told(Record, frozen=True, kw_only=True):
    """A ticket with its notes, which TMF621 has inside it, as far as it says them itself."""

    ticket: TicketRecord
    notes: tuple[TicketNoteRecord, ...]


def told(ticket: TroubleTicket, customer: CustomerCode) -> Told:
    """Give what *ticket* says; raises ``TmfError``."""
    record = ticket_record(ticket, customer)
    return Told(customer=customer, id=record.id, ticket=record, notes=tuple(note_records(ticket, customer)))


_ENTITY: Final = {Version.V4: "relatedEntity.id", Version.V5: "relatedEntity.entity.id"}

TICKETS: Final[Thing[TroubleTicket, Told]] = Thing(
    kept=Kind("ticketing", "troubleTicket", Told),
    path="troubleTicket",
    read=reader(TroubleTicket, read_ticket),
    make=told,
    owned=names_owner,
    named={
        "component": Naming(_ENTITY, lambda each: (each.ticket.component,)),
        "document": Naming(_ENTITY, lambda each: (each.ticket.document,)),
    },
)
"""Trouble tickets; a ticket's service point and location may be those of the component that it is about."""


class _Places(NamedTuple):
    """Where the products and the components of tickets are; None of either where that cannot be told."""

    products: Mapping[str, Place] | None
    components: Mapping[ComponentId, Place] | None

    def product(self, ticket: TicketRecord) -> Place | None:
        """Give where the product of *ticket* is, as far as it is known."""
        return self.products.get(ticket.service_point) if self.products and ticket.service_point else None

    def component(self, ticket: TicketRecord) -> Place | None:
        """Give where the component of *ticket* is, as far as it is known."""
        return self.components.get(ticket.component) if self.components and ticket.component else None

    def hide_product(self, ticket: TicketRecord) -> bool:
        """Tell whether *ticket* has a product of which nothing can be told."""
        return self.products is None and ticket.service_point is not None

    def hide_component(self, ticket: TicketRecord) -> bool:
        """Tell whether *ticket* has a component of which nothing can be told."""
        return self.components is None and ticket.component is not None


class TmfTicketing:
    """``TicketingSource`` over TMF621: what a ticket is about is placed by what the other systems know."""

    def __init__(
        self,
        api: Api,
        settings: ThingSettings,
        parties: Parties,
        placement: Placement,
        cache: Cache | None = None,
    ) -> None:
        """Read tickets through *api*; nothing is kept without a *cache*."""
        self._placement = placement
        self._tickets = Collection(api, TICKETS, settings, parties, self._placed, cache)

    async def tickets(self, scope: Scope, tickets: Keys[TicketId]) -> Mapping[TicketId, TicketRecord]:
        """Give the tickets with these ids."""
        return await self._tickets.by_id(scope, tickets)

    async def tickets_by_customer(
        self, scope: Scope, customers: Keys[CustomerCode], listing: Listing[TicketFilter]
    ) -> Mapping[CustomerCode, Page[TicketRecord]]:
        """Give a page of each customer's tickets."""
        return await self._tickets.pages(scope, "customer", customers, listing)

    async def tickets_by_solution(
        self, scope: Scope, solutions: Keys[SolutionId], listing: Listing[TicketFilter]
    ) -> Mapping[SolutionId, Page[TicketRecord]]:
        """Give a page of each Solution's tickets."""
        return await self._tickets.pages(scope, "solution", solutions, listing)

    async def tickets_by_component(
        self, scope: Scope, components: Keys[ComponentId], listing: Listing[TicketFilter]
    ) -> Mapping[ComponentId, Page[TicketRecord]]:
        """Give a page of each component's tickets."""
        return await self._tickets.pages(scope, "component", components, listing)

    async def tickets_by_service_point(
        self, scope: Scope, service_points: Keys[ServicePointId], listing: Listing[TicketFilter]
    ) -> Mapping[ServicePointId, Page[TicketRecord]]:
        """Give a page of each service point's tickets."""
        return await self._tickets.pages(scope, "service_point", service_points, listing)

    async def tickets_by_location(
        self, scope: Scope, locations: Keys[LocationId], listing: Listing[TicketFilter]
    ) -> Mapping[LocationId, Page[TicketRecord]]:
        """Give a page of each location's tickets."""
        return await self._tickets.pages(scope, "location", locations, listing)

    async def tickets_by_document(
        self, scope: Scope, documents: Keys[BillingDocumentId], listing: Listing[TicketFilter]
    ) -> Mapping[BillingDocumentId, Page[TicketRecord]]:
        """Give a page of the tickets that dispute each billing document."""
        return await self._tickets.pages(scope, "document", documents, listing)

    async def notes_by_ticket(
        self, scope: Scope, tickets: Keys[TicketId]
    ) -> Mapping[TicketId, Sequence[TicketNoteRecord]]:
        """Give all notes on each ticket, oldest first; a ticket without notes is left out."""
        made = await self._tickets.made(scope.customer, tickets)
        placed = await self._placed(scope, list(made.values()))
        found: dict[TicketId, list[TicketNoteRecord]] = {}
        for ticket in placed:
            notes = [TICKET_NOTES.under(each, ticket) for each in made[ticket.id].notes]
            shown = [each for each in notes if each.within(scope)]
            if shown:
                found[ticket.id] = sorted(shown, key=_written)
        return found

    async def _placed(self, scope: Scope, many: Sequence[Told]) -> list[TicketRecord]:
        """Give the tickets with the service point, the Solution and the location of what they are about.

        Where a system fails that knows some of it, tickets go without; one whose Solution is then not known
        is left out, unless *scope* shows those of any.
        """
        customer, tickets = scope.customer, [each.ticket for each in many]
        places = await self._places(customer, tickets)
        return [
            _placed(each, places)
            for each in tickets
            if not decides_by_solution(scope) or not _is_in_doubt(each, places)
        ]

    async def _places(self, customer: CustomerCode, tickets: Sequence[TicketRecord]) -> _Places:
        """Give where the products of *tickets* are, and those components that decide where a ticket is.

        A ticket that says its location and a product that somebody knows needs nothing of its component.
        """
        products = {each.service_point for each in tickets if each.service_point}
        first = {each.component for each in tickets if not (each.service_point and each.location)}
        of_products, of_components = await asyncio.gather(
            self._products(customer, products), self._components(customer, first)
        )
        if of_products is not None and of_components is not None:
            unknown = {each.component for each in tickets if each.service_point not in of_products} - first
            of_others = await self._components(customer, unknown)
            of_components = None if of_others is None else {**of_components, **of_others}
        return _Places(of_products, of_components)

    async def _products(self, customer: CustomerCode, products: Keys[str]) -> Mapping[str, Place] | None:
        """Give the places of *products*, None where they cannot be told."""
        return await unless_failed(self._placement.products(customer, products)) if products else {}

    async def _components(
        self, customer: CustomerCode, components: Keys[ComponentId | None]
    ) -> Mapping[ComponentId, Place] | None:
        """Give the places of *components*, None where they cannot be told."""
        some = {each for each in components if each is not None}
        return await unless_failed(self._placement.components(customer, some)) if some else {}


def _placed(ticket: TicketRecord, places: _Places) -> TicketRecord:
    """Give *ticket* with what it has from its product, first, and from its component.

    What it says to be its service point is a product, which may be a Solution; one that nobody knows stays.
    Its location is its component's before it is its product's. What is first and cannot be told is not
    taken from what is second: that may be another Solution, and another location.
    """
    product, component = places.product(ticket), places.component(ticket)
    if product is None and component is None:
        return ticket
    own = ticket.service_point if product is None else product.service_point
    above, below = product or _NOWHERE, component or _NOWHERE
    return replace(
        ticket,
        service_point=own or below.service_point,
        solution=above.solution or (None if places.hide_product(ticket) else below.solution),
        location=ticket.location
        or below.location
        or (None if places.hide_component(ticket) else above.location),
    )


def _is_in_doubt(ticket: TicketRecord, places: _Places) -> bool:
    """Tell whether nobody can tell now to which Solution *ticket* belongs."""
    if places.hide_product(ticket):
        return True
    product = places.product(ticket)
    return places.hide_component(ticket) and (product is None or product.solution is None)


def _written(note: TicketNoteRecord) -> Position:
    return position(note, NoteOrder.WRITTEN_AT_ASC)
