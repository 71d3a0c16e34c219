"""Inventory over TM Forum's TMF639, versions 4 and 5.

A resource has no place for the product that it is a part of: that is read from its characteristics
(``sources.inventory.wire.PRODUCTS``), and its service point and Solution are those of that product, where it
is known to be the customer's. Which resources realize a product, TMF637 says and this API does not.
"""

from collections.abc import Collection as Keys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from sources.cache import Cache, Kind
from sources.http import Api
from sources.inventory import ComponentFilter, ComponentOrder, ComponentRecord, Exclusion
from sources.inventory.exclusion import exclusion_of, way_up
from sources.inventory.wire import Resource, component_record, read_resource
from sources.keys import ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Listing, Page
from sources.parties import Parties
from sources.placement import Place, Placement
from sources.record import Record
from sources.scope import Scope
from sources.tmf.collection import Collection, Thing, names_owner, turn
from sources.tmf.fast import reader
from sources.tmf.settings import ThingSettings
from sources.unplaced import decides_by_solution, only_placed, unless_failed

UNDATED: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When a resource was updated that says no time at all: the same each time, or pages would not follow."""

_ROUNDS: Final = 4
"""How many times parents of parents are asked for before the whole list is read."""

_NOWHERE: Final = Place()


class Told(Record, frozen=True, kw_only=True):
    """A resource as far as it says all itself; ``mark`` is why it is never shown, by what it is called."""

    component: ComponentRecord
    product: str | None = None
    mark: Exclusion | None = None
    contained: tuple[ComponentId, ...] = ()


def told(resource: Resource, customer: CustomerCode) -> Told:
    """Give what *resource* says; raises ``TmfError``."""
    record = component_record(resource, customer, resource.since or UNDATED)
    return Told(
        customer=customer,
        id=record.id,
        component=record,
        product=resource.product,
        mark=resource.marked,
        contained=tuple(resource.contained),
    )


RESOURCES: Final[Thing[Resource, Told]] = Thing(
    kept=Kind("inventory", "resource", Told),
    path="resource",
    read=reader(Resource, read_resource),
    make=told,
    owned=names_owner,
)
"""Resources. None is asked for by its parents: nearly all of them are said by products, not by resources."""


class TmfInventory:
    """``InventorySource`` over TMF639; what the terms exclude is decided as for imports.

    A parent is what a resource says; where it says none, it is the resource that contains it, which is known
    where a customer's whole list is read, or where exclusion hangs on it.
    """

    def __init__(
        self,
        api: Api,
        settings: ThingSettings,
        parties: Parties,
        placement: Placement,
        cache: Cache | None = None,
    ) -> None:
        """Read resources through *api*; nothing is kept without a *cache*."""
        self._placement = placement
        self._resources = Collection(api, RESOURCES, settings, parties, self._placed, cache)

    async def components(
        self, scope: Scope, components: Keys[ComponentId]
    ) -> Mapping[ComponentId, ComponentRecord]:
        """Give the components with these ids."""
        made = await self._resources.made(scope.customer, components)
        rows = {each.id: each for each in await self._at_places(scope, list(made.values()))}
        around = await self._above(scope.customer, rows)
        if around is None:
            every = await self._placed(scope, await self._resources.every(scope.customer))
            shown = [each for each in every if each.id in made]
        else:
            shown = _judged(made.values(), rows, around)
        return {each.id: each for each in shown if each.within(scope)}

    async def components_by_customer(
        self, scope: Scope, customers: Keys[CustomerCode], listing: Listing[ComponentFilter]
    ) -> Mapping[CustomerCode, Page[ComponentRecord]]:
        """Give a page of each customer's components."""
        return await self._resources.pages(scope, "customer", customers, listing)

    async def components_by_solution(
        self, scope: Scope, solutions: Keys[SolutionId], listing: Listing[ComponentFilter]
    ) -> Mapping[SolutionId, Page[ComponentRecord]]:
        """Give a page of each Solution's components."""
        return await self._resources.pages(scope, "solution", solutions, listing)

    async def components_by_service_point(
        self, scope: Scope, service_points: Keys[ServicePointId], listing: Listing[ComponentFilter]
    ) -> Mapping[ServicePointId, Page[ComponentRecord]]:
        """Give a page of each service point's components."""
        return await self._resources.pages(scope, "service_point", service_points, listing)

    async def components_by_location(
        self, scope: Scope, locations: Keys[LocationId], listing: Listing[ComponentFilter]
    ) -> Mapping[LocationId, Page[ComponentRecord]]:
        """Give a page of the components at each location."""
        return await self._resources.pages(scope, "location", locations, listing)

    async def components_by_parent(
        self, scope: Scope, parents: Keys[ComponentId], listing: Listing[ComponentFilter]
    ) -> Mapping[ComponentId, Page[ComponentRecord]]:
        """Give a page of the components reached through each component."""
        return await self._resources.pages(scope, "parent", parents, listing)

    async def components_by_external_id(
        self, scope: Scope, external_ids: Keys[str]
    ) -> Mapping[str, Sequence[ComponentRecord]]:
        """Give all components that others know by each of these names, by their own name."""
        return await self._resources.lists(scope, "external_ids", external_ids, ComponentOrder.NAME_ASC)

    async def _placed(self, scope: Scope, many: Sequence[Told]) -> list[ComponentRecord]:
        """Give all components of the customer; a parent that is not among them is not the customer's."""
        rows = {each.id: each for each in await self._at_places(scope, many)}
        holders = {child: each.component.id for each in many for child in each.contained}
        for child, holder in holders.items():
            if child in rows and rows[child].parent is None:
                rows[child] = replace(rows[child], parent=holder)
        await turn(many)
        return _judged(many, rows, rows)

    async def _at_places(self, scope: Scope, many: Sequence[Told]) -> list[ComponentRecord]:
        """Give the components with the service point, the Solution and the location of their products.

        Without these, where nobody can tell them and *scope* shows the components of any Solution.
        """
        products = {each.product for each in many if each.product}
        places: Mapping[str, Place] | None = None
        if products:
            with only_placed(where=decides_by_solution(scope)):
                places = await unless_failed(self._placement.products(scope.customer, products))
        return [_at(each, (places or {}).get(each.product or "", _NOWHERE)) for each in many]

    async def _above(
        self, customer: CustomerCode, rows: Mapping[ComponentId, ComponentRecord]
    ) -> Mapping[ComponentId, ComponentRecord] | None:
        """Give *rows* with all above them that decides whether they are excluded, a call for each level.

        None where only the customer's whole list can tell: what contains a router is not said by the router.
        """
        known, asked = dict(rows), set[ComponentId]()
        for _ in range(_ROUNDS):
            ways = [way_up(each, known) for each in rows.values()]
            if any(way.loose for way in ways):
                return None
            missing = {way.missing for way in ways if way.missing} - asked
            if not missing:
                return known
            asked |= missing
            found = await self._resources.made(customer, sorted(missing))
            known |= {each.component.id: each.component for each in found.values()}
        return None


def _at(each: Told, place: Place) -> ComponentRecord:
    return replace(
        each.component,
        service_point=place.service_point,
        solution=place.solution,
        location=each.component.location or place.location,
    )


def _judged(
    many: Iterable[Told],
    rows: Mapping[ComponentId, ComponentRecord],
    around: Mapping[ComponentId, ComponentRecord],
) -> list[ComponentRecord]:
    """Give the row of each, with why it is excluded."""
    judged: list[ComponentRecord] = []
    for each in many:
        row = rows[each.component.id]
        why = exclusion_of(
            row,
            around,
            core_network=each.mark is Exclusion.CORE_NETWORK,
            public_gateway=each.mark is Exclusion.PUBLIC_GATEWAY,
        )
        judged.append(row if why is None else replace(row, exclusion=why))
    return judged
