"""The coverage of each customer, computed from what it ordered and kept for a moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Final, TypeAlias

from auth.coverage import Coverage, OrderedSolution, compute_coverage
from auth.rules import CoverageRules
from servicespace.recent import Recent
from sources.keys import CustomerCode
from sources.ordering import CustomerRecord, OrderingSource, PortalOption, SolutionRecord
from sources.scope import ALL, Columns, Scope

Facts: TypeAlias = tuple[CustomerRecord | None, list[SolutionRecord]]
"""What the coverage of a customer follows from."""


_COLUMNS: Final[Columns] = {
    CustomerRecord: frozenset({"portal_option", "market"}),
    SolutionRecord: frozenset({"category", "market", "status", "options"}),
}
"""The columns of those facts."""


class CoverageSnapshots:
    """The coverage of customers, each at most ``seconds`` old, or as old as ``Recent`` has it.

    What ordering cannot tell is not covered: its ``SourceError`` goes through, and nobody sees anything
    (coverage.md, "fail closed"). Many requests for one customer at once make one call. ``recent`` keeps them,
    and is told of changes.
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
        self._most = most
        self.recent: Recent[str, Coverage] = Recent(self._found, seconds, most=most, clock=clock)
        self._computed: OrderedDict[CustomerCode, tuple[Facts, Coverage]] = OrderedDict()

    async def of(self, customer: CustomerCode) -> Coverage:
        """Give the coverage of *customer*; raises ``SourceError`` where ordering fails."""
        return await self.recent.of(customer)

    async def _found(self, key: str) -> Coverage:
        customer = CustomerCode(key)
        facts = await facts_of(self._ordering, customer)
        before = self._computed.get(customer)
        if before is not None and before[0] == facts:
            return before[1]
        coverage = coverage_of(facts, self._rules)
        self._computed[customer] = (facts, coverage)
        if len(self._computed) > self._most:
            self._computed.popitem(last=False)
        return coverage


async def facts_of(ordering: OrderingSource, customer: CustomerCode) -> Facts:
    """Give what the coverage of *customer* follows from; raises ``SourceError`` where ordering fails."""
    scope = Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL, columns=_COLUMNS)
    customers, ordered = await asyncio.gather(
        ordering.customers(scope, [customer]), ordering.solutions_ordered(scope, [customer])
    )
    known = customers.get(customer)
    solutions = [each for each in ordered.get(customer, ()) if each.within(scope)]
    return known, [] if known is None else solutions


def coverage_of(facts: Facts, rules: CoverageRules) -> Coverage:
    """Give the coverage that follows from *facts* by *rules*."""
    known, solutions = facts
    return compute_coverage(
        rules,
        [_ordered(each) for each in solutions],
        PortalOption.LITE.value if known is None else known.portal_option.value,
        "" if known is None else known.market.value,
    )


def _ordered(solution: SolutionRecord) -> OrderedSolution:
    return OrderedSolution(
        id=solution.id,
        category=solution.category.value,
        market=solution.market.value,
        terminated=solution.ended,
        options=frozenset(solution.options),
    )
