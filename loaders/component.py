"""Components in batches."""

from loaders.loader import PageLoader, RecordLoader
from sources.inventory import InventorySource
from sources.scope import Scope


class ComponentLoaders:
    """The components of one operation."""

    def __init__(self, inventory: InventorySource, scope: Scope) -> None:
        """Load from *inventory* under *scope*."""
        self.by_id = RecordLoader(scope, inventory.components)
        self.by_customer = PageLoader(scope, inventory.components_by_customer)
        self.by_solution = PageLoader(scope, inventory.components_by_solution)
        self.by_service_point = PageLoader(scope, inventory.components_by_service_point)
        self.by_location = PageLoader(scope, inventory.components_by_location)
        self.by_parent = PageLoader(scope, inventory.components_by_parent)
