"""The coverage of each customer, computed from what it ordered and kept for a moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from auth.coverage import Coverage, OrderedSolution, compute_coverage
from auth.rules import CoverageRules
from sources.keys import CustomerCode
from sources.ordering import OrderingSource, PortalOption, SolutionRecord
from sources.scope import ALL, Scope


class CoverageSnapshots:
    """The coverage of customers, each at most ``seconds`` old.

    What ordering cannot tell is not covered: its ``SourceError`` goes through, and nobody sees anything
    (coverage.md, "fail closed"). Many requests for one customer at once make one call.
    """

    def __init__(
        self,
        ordering: OrderingSource,
        rules: CoverageRules,
        seconds: float,
        *,
        most: int = 10_000,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Compute by *rules* from what *ordering* knows, for at most *most* customers at a time."""
        self._ordering = ordering
        self._rules = rules
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[CustomerCode, tuple[float, asyncio.Task[Coverage]]] = OrderedDict()

    async def of(self, customer: CustomerCode) -> Coverage:
        """Give the coverage of *customer*; raises ``SourceError`` where ordering fails."""
        made, task = self._kept.get(customer, (None, None))
        now = self._clock()
        if task is None or made is None or now - made > self._seconds or _failed(task):
            task = asyncio.create_task(self._compute(customer))
            self._kept[customer] = (now, task)
            self._kept.move_to_end(customer)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return await asyncio.shield(task)

    async def _compute(self, customer: CustomerCode) -> Coverage:
        scope = Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL)
        customers = await self._ordering.customers(scope, [customer])
        ordered = await self._ordering.solutions_ordered(scope, [customer])
        known = customers.get(customer)
        solutions = (
            [] if known is None else [each for each in ordered.get(customer, ()) if each.within(scope)]
        )
        return compute_coverage(
            self._rules,
            [_ordered(each) for each in solutions],
            PortalOption.LITE.value if known is None else known.portal_option.value,
            "" if known is None else known.market.value,
        )


def _failed(task: asyncio.Task[Coverage]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _ordered(solution: SolutionRecord) -> OrderedSolution:
    return OrderedSolution(
        id=solution.id,
        category=solution.category.value,
        market=solution.market.value,
        terminated=solution.ended,
        options=frozenset(solution.options),
    )
