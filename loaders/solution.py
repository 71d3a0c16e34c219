"""Solutions in batches."""

from loaders.loader import PageLoader, RecordLoader
from sources.ordering import OrderingSource
from sources.scope import Scope


class SolutionLoaders:
    """The Solutions of one operation."""

    def __init__(self, ordering: OrderingSource, scope: Scope) -> None:
        """Load from *ordering* under *scope*."""
        self.by_id = RecordLoader(scope, ordering.solutions)
        self.by_customer = PageLoader(scope, ordering.solutions_by_customer)
