"""The systems of each market."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence

from loaders.operation import Systems
from sources.keys import CustomerCode
from sources.ordering import CustomerRecord, Market, SolutionRecord
from sources.scope import Scope


class Markets:
    """The systems that stand behind the schema for the customers of each market.

    Customers themselves, and so their markets, are in the embedded store.
    """

    def __init__(
        self,
        embedded: Systems,
        of_market: Mapping[Market, Systems] | None = None,
        degraded: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """Take *embedded* where *of_market* has none; *degraded* names the systems that are in trouble."""
        self.embedded = embedded
        self.degraded = degraded
        self._of_market = dict(of_market or {})

    def of(self, market: Market | None) -> Systems:
        """Give the systems for the customers of *market*, None for customers that nobody knows."""
        return self.embedded if market is None else self._of_market.get(market, self.embedded)

    async def customers(
        self, scope: Scope, codes: Collection[CustomerCode]
    ) -> Mapping[CustomerCode, CustomerRecord]:
        """Give the customers with these codes."""
        return await self.embedded.ordering.customers(scope, codes)

    async def solutions_ordered(
        self, scope: Scope, customers: Collection[CustomerCode]
    ) -> Mapping[CustomerCode, Sequence[SolutionRecord]]:
        """Give all Solutions that each customer ever ordered, as the ordering of its market has them."""
        if all(each.ordering is self.embedded.ordering for each in self._of_market.values()):
            return await self.embedded.ordering.solutions_ordered(scope, customers)
        asked: dict[Market, list[CustomerCode]] = {}
        for code, each in (await self.customers(scope, customers)).items():
            asked.setdefault(each.market, []).append(code)
        found = await asyncio.gather(
            *(self.of(market).ordering.solutions_ordered(scope, codes) for market, codes in asked.items())
        )
        return {code: solutions for each in found for code, solutions in each.items()}
