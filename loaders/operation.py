"""All loaders of one operation, each under the Scope of the feature that its rows belong to."""

from collections.abc import Callable
from dataclasses import dataclass

from auth.feature import ALWAYS, Gate
from loaders.customer import CustomerLoaders
from loaders.location import LocationLoaders
from loaders.service_point import ServicePointLoaders
from loaders.solution import SolutionLoaders
from sources.ordering import OrderingSource
from sources.scope import Scope


@dataclass(frozen=True, slots=True)
class Systems:
    """The systems behind the schema, whatever stands behind each."""

    ordering: OrderingSource


class Loaders:
    """The loaders of one operation; never shared by two."""

    def __init__(self, systems: Systems, scope: Callable[[Gate], Scope]) -> None:
        """Load from *systems*, each kind of row under the Scope of its feature."""
        always = scope(ALWAYS)
        self.customer = CustomerLoaders(systems.ordering, always)
        self.solution = SolutionLoaders(systems.ordering, always)
        self.service_point = ServicePointLoaders(systems.ordering, always)
        self.location = LocationLoaders(systems.ordering, always)
