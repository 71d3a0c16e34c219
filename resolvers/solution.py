"""Solutions, from what belongs to them."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from resolvers.batch import reads
from resolvers.connection import Connection, connections
from resolvers.context import Info
from sources.billing import BillingAccountRecord, BillingDocumentRecord
from sources.keys import SolutionId
from sources.listing import Listing
from sources.maintenance import MaintenanceEventRecord
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


@reads("solution")
async def of_parents(parents: Sequence[OfSolution], info: Info) -> Sequence[SolutionRecord | None]:
    """Give the Solution that each parent belongs to."""
    return await info.context.load.solution.by_id.load_present(each.solution for each in parents)


OfSolutions: TypeAlias = BillingAccountRecord | BillingDocumentRecord | MaintenanceEventRecord
"""A record that belongs to several Solutions."""


@reads("solutions")
async def all_of_parents(parents: Sequence[OfSolutions], info: Info) -> Sequence[Sequence[SolutionRecord]]:
    """Give the Solutions that each parent belongs to, by id.

    Left out are Solutions that the asker may not see. A record that a loader gave is tied to none that does
    not cover what it is.
    """
    wanted = [each.solutions for each in parents]
    found = iter(await info.context.load.solution.by_id.load_many(key for keys in wanted for key in keys))
    return [[one for _ in keys if (one := next(found)) is not None] for keys in wanted]
