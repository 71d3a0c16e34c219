"""Where things stand in a customer's estate, told to systems by the systems that know."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import Final

from loaders.operation import Systems
from sources.inventory import ComponentRecord
from sources.keys import ComponentId, CustomerCode, ServicePointId, SolutionId
from sources.ordering import ServicePointRecord, SolutionRecord
from sources.placement import Place
from sources.record import admitted
from sources.scope import ALL, Columns, Scope

_COLUMNS: Final[Columns] = {
    ServicePointRecord: frozenset({"solution", "location"}),
    SolutionRecord: frozenset(),
    ComponentRecord: frozenset({"service_point", "solution", "location"}),
}


class SystemsPlacement:
    """``Placement`` by the systems of one market: products by ordering, components by inventory.

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
        found = await self._systems().inventory.components(scope, components)
        return {
            each.id: Place(service_point=each.service_point, solution=each.solution, location=each.location)
            for each in admitted(found.values(), scope)
        }


def _all_of(customer: CustomerCode) -> Scope:
    return Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL, columns=_COLUMNS)
