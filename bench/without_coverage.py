"""The service with nothing to decide: what coverage costs is the difference."""

from unittest.mock import patch

from starlette.applications import Starlette

from auth.coverage import Coverage, FeatureCoverage, State
from auth.feature import Feature
from auth.rules import CATEGORIES, Level
from bench import service
from bench.place import Place
from servicespace import wiring
from servicespace.recent import Recent


class Everything:
    """Stands in the place of ``CoverageSnapshots``: everything is covered, and nobody is asked."""

    def __init__(self, *_: object, **__: object) -> None:
        """Take what the real one takes."""
        features = {
            feature: FeatureCoverage(
                feature=feature,
                state=State.ALL,
                level=Level.FULL,
                solutions=frozenset(),
                reason=None,
                covered_by=CATEGORIES,
            )
            for feature in Feature
        }
        self.recent: Recent[str, None] = Recent(_nothing, 1)
        self._coverage = Coverage("0", features)

    async def of(self, _: str) -> Coverage:
        """Give the same coverage to every customer."""
        return self._coverage

    async def is_ready(self) -> bool:
        """Tell that nothing is missing."""
        return True

    def market(self, _: str) -> None:
        """Give no market: all systems are embedded."""


async def _nothing(_: str) -> None:
    pass


def create_app(place: Place) -> Starlette:
    """Give the application."""
    patch.object(wiring, "CoverageSnapshots", Everything).start()  # all else is the service's own
    return service.create_app(place)
