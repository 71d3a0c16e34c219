"""The coverage of each customer, computed from what it ordered by the rules in force."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from time import monotonic
from typing import Final, NamedTuple, Protocol, TypeAlias

from auth.coverage import Coverage
from auth.entitlement import coverage_of
from auth.rule_store import RuleStoreError
from auth.rules import CoverageRules
from auth.standing import OrderedSolution, Rules, Standing
from servicespace.recent import Recent
from sources.cache.freshness import only_fresh
from sources.keys import CustomerCode
from sources.ordering import CustomerRecord, Market, PortalOption, SolutionRecord
from sources.scope import ALL, Columns, Scope

Facts: TypeAlias = tuple[CustomerRecord | None, list[SolutionRecord]]
"""What the coverage of a customer follows from, beside the rules."""


_COLUMNS: Final[Columns] = {
    CustomerRecord: frozenset({"portal_option", "market"}),
    SolutionRecord: frozenset({"category", "market", "status", "options", "ordered_on", "terminated_on"}),
}
"""The columns of those facts."""


class Orders(Protocol):
    """What coverage asks of ordering: ``OrderingSource`` says more of it."""

    async def customers(
        self, scope: Scope, codes: Collection[CustomerCode]
    ) -> Mapping[CustomerCode, CustomerRecord]:
        """Give the customers with these codes."""
        ...

    async def solutions_ordered(
        self, scope: Scope, customers: Collection[CustomerCode]
    ) -> Mapping[CustomerCode, Sequence[SolutionRecord]]:
        """Give all Solutions that each customer ever ordered."""
        ...


class _Computed(NamedTuple):
    """A coverage, and what it was computed from."""

    facts: Facts
    rules: CoverageRules
    day: date
    coverage: Coverage


def today() -> date:
    """Give the day that it is in UTC, on which rules and times of grace begin and end."""
    return datetime.now(UTC).date()


class CoverageSnapshots:
    """The coverage of customers, from facts that are at most ``seconds`` old, or as old as ``Recent`` has it.

    What ordering or the rules cannot tell is not covered: their errors go through, and nobody sees anything
    (coverage.md, "fail closed"). Many requests for one customer at once make one call. ``recent`` keeps the
    facts, and is told of changes.
    """

    def __init__(
        self,
        ordering: Orders,
        rules: Callable[[], Awaitable[Rules]],
        seconds: float,
        *,
        grace_months: int = 0,
        most: int = 10_000,
        clock: Callable[[], float] = monotonic,
        day: Callable[[], date] = today,
    ) -> None:
        """Compute by *rules* from what *ordering* knows, for at most *most* customers at a time."""
        self._ordering = ordering
        self._rules = rules
        self._months = grace_months
        self._most = most
        self._day = day
        self.recent: Recent[str, Facts] = Recent(self._found, seconds, most=most, clock=clock)
        self._computed: OrderedDict[CustomerCode, _Computed] = OrderedDict()

    async def of(self, customer: CustomerCode) -> Coverage:
        """Give the coverage of *customer*; raises what *rules* and ordering (``SourceError``) raise."""
        facts = await self.recent.of(customer)
        day = self._day()
        book = await self._rules()
        rules = book.at(day)
        before = self._computed.get(customer)
        if before is not None and before.rules is rules and before.day == day and before.facts == facts:
            return before.coverage
        coverage = coverage_of(standing_of(facts, book, day, self._months))
        self._computed[customer] = _Computed(facts, rules, day, coverage)
        if len(self._computed) > self._most:
            self._computed.popitem(last=False)
        return coverage

    async def is_ready(self) -> bool:
        """Tell whether the rules are known that coverage follows from."""
        try:
            await self._rules()
        except RuleStoreError:
            return False
        return True

    def market(self, customer: CustomerCode) -> Market | None:
        """Give the market of *customer* as of when its coverage was last told, None where it is not known."""
        computed = self._computed.get(customer)
        known = None if computed is None else computed.facts[0]
        return None if known is None else known.market

    async def _found(self, key: str) -> Facts:
        with only_fresh():  # what was ordered a while ago opens nothing
            return await facts_of(self._ordering, CustomerCode(key))


async def facts_of(ordering: Orders, customer: CustomerCode) -> Facts:
    """Give what the coverage of *customer* follows from; raises ``SourceError`` where ordering fails."""
    scope = Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL, columns=_COLUMNS)
    customers, ordered = await asyncio.gather(
        ordering.customers(scope, [customer]), ordering.solutions_ordered(scope, [customer])
    )
    known = customers.get(customer)
    solutions = [each for each in ordered.get(customer, ()) if each.within(scope)]
    return known, [] if known is None else solutions


def standing_of(facts: Facts, rules: Rules, day: date, grace_months: int = 0) -> Standing:
    """Give how the customer with these *facts* stands on *day*."""
    known, solutions = facts
    return Standing(
        rules,
        [ordered_solution(each) for each in solutions],
        PortalOption.LITE.value if known is None else known.portal_option.value,
        "" if known is None else known.market.value,
        day,
        grace_months,
    )


def ordered_solution(solution: SolutionRecord) -> OrderedSolution:
    """Give of *solution* what coverage depends on."""
    return OrderedSolution(
        id=solution.id,
        category=solution.category.value,
        market=solution.market.value,
        terminated=solution.ended,
        options=frozenset(solution.options),
        ordered_on=solution.ordered_on,
        terminated_on=solution.terminated_on,
    )
