"""Where things stand in a customer's estate, told to systems by the systems that know."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from loaders.operation import Systems
from sources.inventory import ComponentRecord
from sources.keys import BillingAccountId, ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Listing, Window
from sources.ordering import (
    LocationRecord,
    ServicePointFilter,
    ServicePointOrder,
    ServicePointRecord,
    SolutionRecord,
)
from sources.placement import Place
from sources.record import admitted
from sources.scope import ALL, Columns, Scope
from sources.unplaced import only_placed

_COLUMNS: Final[Columns] = {
    ServicePointRecord: frozenset({"solution", "location"}),
    SolutionRecord: frozenset(),
    LocationRecord: frozenset(),
    ComponentRecord: frozenset({"kind", "service_point", "solution", "location"}),
}

_EVERY: Final = Listing(
    filter=ServicePointFilter(),
    order=ServicePointOrder.NAME_ASC,
    window=Window(limit=100_000),
    measured=False,
)
"""All service points of a billing account: of more, the last would not be counted, and less is shown."""


class SystemsPlacement:
    """``Estate`` and ``BilledPlacement`` by the systems of one market: ordering and inventory.

    Asked for all of the customer, whoever asks: a system is told where its things belong, and what an asker
    may see of them is decided on the records that follow.
    """

    def __init__(self, systems: Callable[[], Systems]) -> None:
        """Ask *systems*, which may be made later: some of them ask us."""
        self._systems = systems

    async def products(self, customer: CustomerCode, products: Collection[str]) -> Mapping[str, Place]:
        """Give the place of each product: one that is a Solution has no service point."""
        if not products:
            return {}
        ordering, scope = self._systems().ordering, _all_of(customer)
        points, solutions = await asyncio.gather(
            ordering.service_points(scope, [ServicePointId(each) for each in products]),
            ordering.solutions(scope, [SolutionId(each) for each in products]),
        )
        places: dict[str, Place] = {}
        for solution in admitted(solutions.values(), scope):
            places[solution.id] = Place(solution=solution.id)
        for each in admitted(points.values(), scope):
            places[each.id] = Place(service_point=each.id, solution=each.solution, location=each.location)
        return places

    async def components(
        self, customer: CustomerCode, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, Place]:
        """Give the place of each component."""
        if not components:
            return {}
        scope = _all_of(customer)
        with only_placed():  # by its Solution it is decided who sees what is placed by it
            found = await self._systems().inventory.components(scope, components)
        return {
            each.id: Place(
                service_point=each.service_point,
                solution=each.solution,
                location=each.location,
                kind=each.kind.value,
            )
            for each in admitted(found.values(), scope)
        }

    async def locations(
        self, customer: CustomerCode, locations: Collection[LocationId]
    ) -> Mapping[LocationId, Place]:
        """Give the place of each location, which is itself."""
        if not locations:
            return {}
        scope = _all_of(customer)
        found = await self._systems().ordering.locations(scope, locations)
        return {each.id: Place(location=each.id) for each in admitted(found.values(), scope)}

    async def accounts(
        self, customer: CustomerCode, accounts: Collection[BillingAccountId]
    ) -> Mapping[BillingAccountId, Sequence[SolutionId]]:
        """Give the Solutions whose service points are billed to each account, sorted."""
        if not accounts:
            return {}
        scope = _all_of(customer)
        found = await self._systems().ordering.service_points_by_billing_account(scope, accounts, _EVERY)
        return {
            account: sorted({each.solution for each in admitted(page.rows, scope)})
            for account, page in found.items()
        }

    async def of_solutions(
        self, customer: CustomerCode, solutions: Collection[SolutionId]
    ) -> Mapping[str, SolutionId]:
        """Give the Solution of each product that belongs to one of *solutions*, which are products too."""
        if not solutions:
            return {}
        scope = _all_of(customer)
        found = await self._systems().ordering.service_points_by_solution(scope, solutions, _EVERY)
        points = admitted([each for page in found.values() for each in page.rows], scope)
        products: dict[str, SolutionId] = {each: each for each in solutions}
        return products | {each.id: each.solution for each in points}


def _all_of(customer: CustomerCode) -> Scope:
    return Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL, columns=_COLUMNS)
