"""Maintenance over TM Forum's TMF655, version 4: the change requests that are maintenance."""

import asyncio
from collections.abc import Collection as Keys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from sources.cache import Cache, Kind
from sources.http import Api
from sources.keys import (
    ComponentId,
    CustomerCode,
    LocationId,
    MaintenanceEventId,
    ServicePointId,
    SolutionId,
)
from sources.listing import Listing, Page, Position, position
from sources.maintenance import (
    MaintenanceEventFilter,
    MaintenanceEventRecord,
    MaintenanceImpactOrder,
    MaintenanceImpactRecord,
    MaintenanceRevisionRecord,
)
from sources.maintenance.impact import worst_first
from sources.maintenance.wire import (
    MAINTENANCE,
    ChangeRequest,
    ObjectKind,
    Places,
    Touched,
    event_record,
    impact_records,
    impacted,
    is_maintenance,
    placed_record,
    read_change,
    touched,
)
from sources.parties import Parties
from sources.placement import Estate, Place
from sources.record import Record
from sources.scope import Scope
from sources.tmf import key
from sources.tmf.collection import Collection, Thing, names_owner
from sources.tmf.fast import reader
from sources.tmf.settings import ThingSettings
from sources.unplaced import unless_failed


class Told(Record, frozen=True, kw_only=True):
    """A change request as far as it says all itself; without an ``event`` where it is no maintenance.

    ``named`` where it names what it impacts.
    """

    event: MaintenanceEventRecord | None
    things: tuple[Touched, ...] = ()
    named: bool = False


def told(change: ChangeRequest, customer: CustomerCode, words: str) -> Told:
    """Give what *change* says, maintenance where its type is called by *words*; raises ``TmfError``."""
    own = key(change.id)
    if not is_maintenance(change, words):
        return Told(customer=customer, id=own, event=None)
    event = event_record(change, customer)
    return Told(customer=customer, id=own, event=event, things=touched(change), named=impacted(change))


def changes(words: str) -> Thing[ChangeRequest, Told]:
    """Give how change requests are read of which those are maintenance whose type is called by *words*."""
    return Thing(
        kept=Kind("maintenance", "changeRequest", Told),
        path="changeRequest",
        read=reader(ChangeRequest, read_change),
        make=partial(told, words=words),
        owned=names_owner,
    )


class TmfMaintenance:
    """``MaintenanceSource`` over TMF655: of what a change touches, what is known to be the customer's.

    A change says how it stands, never how it stood before: there is no history.
    """

    def __init__(
        self,
        api: Api,
        settings: ThingSettings,
        parties: Parties,
        estate: Estate,
        cache: Cache | None = None,
        *,
        words: str = MAINTENANCE,
    ) -> None:
        """Read change requests through *api*; nothing is kept without a *cache*."""
        self._estate = estate
        self._changes = Collection(api, changes(words), settings, parties, self._placed, cache)

    async def events(
        self, scope: Scope, events: Keys[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, MaintenanceEventRecord]:
        """Give the events with these ids."""
        return await self._changes.by_id(scope, events)

    async def events_by_customer(
        self, scope: Scope, customers: Keys[CustomerCode], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[CustomerCode, Page[MaintenanceEventRecord]]:
        """Give a page of each customer's events."""
        return await self._changes.pages(scope, "customer", customers, listing)

    async def events_by_solution(
        self, scope: Scope, solutions: Keys[SolutionId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[SolutionId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each Solution."""
        return await self._changes.pages(scope, "solutions", solutions, listing)

    async def events_by_component(
        self, scope: Scope, components: Keys[ComponentId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[ComponentId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each component."""
        return await self._changes.pages(scope, "components", components, listing)

    async def events_by_service_point(
        self,
        scope: Scope,
        service_points: Keys[ServicePointId],
        listing: Listing[MaintenanceEventFilter],
    ) -> Mapping[ServicePointId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each service point."""
        return await self._changes.pages(scope, "service_points", service_points, listing)

    async def events_by_location(
        self, scope: Scope, locations: Keys[LocationId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[LocationId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each location."""
        return await self._changes.pages(scope, "locations", locations, listing)

    async def impacts_by_event(
        self, scope: Scope, events: Keys[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, Sequence[MaintenanceImpactRecord]]:
        """Give each event's impacts, worst first, then by object."""
        made = (await self._changes.made(scope.customer, events)).values()
        places = await self._places(scope.customer, made)
        found: dict[MaintenanceEventId, Sequence[MaintenanceImpactRecord]] = {}
        for each in made:
            impacts = [] if each.event is None else impact_records(each.event, each.things, places)
            shown = sorted((one for one in impacts if one.within(scope)), key=_by_object)
            if shown:
                found[shown[0].event] = worst_first(shown)
        return found

    async def history_by_event(
        self, scope: Scope, events: Keys[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, Sequence[MaintenanceRevisionRecord]]:
        """Give nothing: TMF655 keeps no former state of a change."""
        del scope, events
        return {}

    async def _placed(self, scope: Scope, many: Sequence[Told]) -> list[MaintenanceEventRecord]:
        """Give those that are maintenance, with what they touch of the customer's."""
        places = await self._places(scope.customer, many)
        return [
            placed_record(each.event, each.things, places, named=each.named)
            for each in many
            if each.event is not None
        ]

    async def _places(self, customer: CustomerCode, many: Iterable[Told]) -> Places:
        """Give where the things that changes name stand, a call to each system that knows of some.

        Things that a failing system knows of are as if not the customer's.
        """
        ids: dict[ObjectKind, set[str]] = {kind: set() for kind in ObjectKind}
        for each in many:
            for thing in each.things:
                for kind in thing.kinds:
                    ids[kind].add(thing.id)
        components, products, locations = await asyncio.gather(
            self._components(customer, {ComponentId(each) for each in ids[ObjectKind.COMPONENT]}),
            self._products(customer, ids[ObjectKind.PRODUCT]),
            self._locations(customer, {LocationId(each) for each in ids[ObjectKind.LOCATION]}),
        )
        told = {
            ObjectKind.COMPONENT: components,
            ObjectKind.PRODUCT: products,
            ObjectKind.LOCATION: locations,
        }
        untold = frozenset(kind for kind, places in told.items() if places is None)
        return Places(components or {}, products or {}, locations or {}, untold)

    async def _components(
        self, customer: CustomerCode, components: Keys[ComponentId]
    ) -> Mapping[ComponentId, Place] | None:
        return await unless_failed(self._estate.components(customer, components)) if components else {}

    async def _products(self, customer: CustomerCode, products: Keys[str]) -> Mapping[str, Place] | None:
        return await unless_failed(self._estate.products(customer, products)) if products else {}

    async def _locations(
        self, customer: CustomerCode, locations: Keys[LocationId]
    ) -> Mapping[LocationId, Place] | None:
        return await unless_failed(self._estate.locations(customer, locations)) if locations else {}


def _by_object(impact: MaintenanceImpactRecord) -> Position:
    return position(impact, MaintenanceImpactOrder.OBJECT_ID_ASC)
