"""Service points in batches."""

from loaders.loader import PageLoader, RecordLoader
from sources.ordering import OrderingSource
from sources.scope import Scope


class ServicePointLoaders:
    """The service points of one operation."""

    def __init__(self, ordering: OrderingSource, scope: Scope) -> None:
        """Load from *ordering* under *scope*."""
        self.by_id = RecordLoader(scope, ordering.service_points)
        self.by_customer = PageLoader(scope, ordering.service_points_by_customer)
        self.by_solution = PageLoader(scope, ordering.service_points_by_solution)
        self.by_location = PageLoader(scope, ordering.service_points_by_location)
        self.by_billing_account = PageLoader(scope, ordering.service_points_by_billing_account)
