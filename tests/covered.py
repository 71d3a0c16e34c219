"""The small world under a coverage that was made up."""

from dataclasses import dataclass, field

from auth.coverage import Coverage
from auth.viewer import Viewer
from resolvers.context import Context
from servicespace.request_id import RequestId
from tests.asking import covering
from tests.populace import populated
from tests.world import PERSONAS, World


@dataclass
class Covered(World):
    """A world in which everybody is ``viewer``, and what is covered is given."""

    viewer: Viewer = PERSONAS["acme-admin"]
    coverage: Coverage = field(default_factory=covering)

    async def authenticate(self, authorization: str | None) -> Viewer:
        """Give the one User."""
        return self.viewer

    async def make_context(self, viewer: Viewer, _: RequestId) -> Context:
        """Give a context under the coverage."""
        for diary in self.diaries:
            diary.lines.clear()
        return Context(viewer, self.coverage, self.systems)


async def covered(coverage: Coverage, *, stock: bool = False) -> Covered:
    """Make the small world, and have acme's administrator covered so."""
    full = await populated()
    systems = {name: getattr(full, name) for name in ("ordering", "billing", "ticketing", "inventory")}
    return Covered(**systems, maintenance=full.maintenance, coverage=coverage, stock=stock)
