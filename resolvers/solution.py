"""Solutions, from what belongs to them."""

from collections.abc import Sequence
from typing import Protocol

from resolvers.connection import Connection, connections
from resolvers.context import Info
from sources.keys import SolutionId
from sources.listing import Listing
from sources.ordering import SolutionFilter, SolutionRecord


class OfSolution(Protocol):
    """A record that belongs to a Solution."""

    @property
    def solution(self) -> SolutionId | None:
        """The Solution's id."""
        ...


async def of_customer(
    parents: Sequence[None], info: Info, listing: Listing[SolutionFilter]
) -> Sequence[Connection[SolutionRecord]]:
    """Give the Solutions that the asker's customer ordered."""
    context = info.context
    return await connections(context.load.solution.by_customer, [context.customer for _ in parents], listing)


async def of_parents(parents: Sequence[OfSolution], info: Info) -> Sequence[SolutionRecord | None]:
    """Give the Solution that each parent belongs to."""
    return await info.context.load.solution.by_id.load_present(each.solution for each in parents)


class OfSolutions(Protocol):
    """A record that belongs to several Solutions."""

    @property
    def solutions(self) -> Sequence[SolutionId]:
        """The Solutions' ids."""
        ...


async def all_of_parents(parents: Sequence[OfSolutions], info: Info) -> Sequence[Sequence[SolutionRecord]]:
    """Give the Solutions that each parent belongs to, by id; those that the asker may not see are left out."""
    keys = [key for each in parents for key in each.solutions]
    found = iter(await info.context.load.solution.by_id.load_many(keys))
    return [[one for _ in each.solutions if (one := next(found)) is not None] for each in parents]
