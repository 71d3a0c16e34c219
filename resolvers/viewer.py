"""Who asks."""

from collections.abc import Sequence

from auth.viewer import Viewer
from resolvers.context import Info
from sources.ordering import CustomerRecord


async def of_request(parents: Sequence[None], info: Info) -> Sequence[Viewer]:
    """Give the User whose token the request carries."""
    return [info.context.viewer for _ in parents]


async def customers(viewers: Sequence[Viewer], info: Info) -> Sequence[CustomerRecord | None]:
    """Give the customer that each User belongs to."""
    context = info.context
    return await context.load.customer.by_id.load_many(context.customer for _ in viewers)
