"""Who asks."""

from collections.abc import Sequence

from auth.coverage import FeatureCoverage
from auth.viewer import Viewer
from resolvers.context import Info
from sources.keys import SolutionId
from sources.ordering import CustomerRecord, SolutionRecord


async def of_request(parents: Sequence[None], info: Info) -> Sequence[Viewer]:
    """Give the User whose token the request carries."""
    return [info.context.viewer for _ in parents]


async def customers(viewers: Sequence[Viewer], info: Info) -> Sequence[CustomerRecord | None]:
    """Give the customer that each User belongs to."""
    context = info.context
    return await context.load.customer.by_id.load_many(context.customer for _ in viewers)


async def coverage(viewers: Sequence[Viewer], info: Info) -> Sequence[Sequence[FeatureCoverage]]:
    """Give what the customer's Solutions cover, feature by feature in the order of the terms of use."""
    return [list(info.context.coverage.features.values()) for _ in viewers]


async def covering_solutions(
    features: Sequence[FeatureCoverage], info: Info
) -> Sequence[Sequence[SolutionRecord]]:
    """Give the Solutions that cover each feature, by id; those outside the User's data scope are left out."""
    wanted = [[SolutionId(key) for key in sorted(each.solutions)] for each in features]
    found = iter(await info.context.load.solution.by_id.load_many(key for keys in wanted for key in keys))
    return [[one for _ in keys if (one := next(found)) is not None] for keys in wanted]
