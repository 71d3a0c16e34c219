"""Customers in batches."""

from loaders.loader import RecordLoader
from sources.ordering import OrderingSource
from sources.scope import Scope


class CustomerLoaders:
    """The customers of one operation."""

    def __init__(self, ordering: OrderingSource, scope: Scope) -> None:
        """Load from *ordering* under *scope*."""
        self.by_id = RecordLoader(scope, ordering.customers)
