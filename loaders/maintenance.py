"""Maintenance events, their impacts and their history in batches."""

from loaders.loader import ListLoader, PageLoader, RecordLoader
from sources.maintenance import MaintenanceSource
from sources.scope import Scope


class MaintenanceLoaders:
    """The maintenance events, their impacts and their history of one operation."""

    def __init__(self, maintenance: MaintenanceSource, scope: Scope) -> None:
        """Load from *maintenance* under *scope*."""
        self.by_id = RecordLoader(scope, maintenance.events)
        self.by_customer = PageLoader(scope, maintenance.events_by_customer)
        self.by_solution = PageLoader(scope, maintenance.events_by_solution)
        self.by_component = PageLoader(scope, maintenance.events_by_component)
        self.by_service_point = PageLoader(scope, maintenance.events_by_service_point)
        self.by_location = PageLoader(scope, maintenance.events_by_location)
        self.impacts = ListLoader(scope, maintenance.impacts_by_event)
        self.history = ListLoader(scope, maintenance.history_by_event)
