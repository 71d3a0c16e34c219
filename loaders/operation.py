"""All loaders of one operation, each under the Scope of the feature that its rows belong to."""

from collections.abc import Callable
from dataclasses import dataclass

from auth.feature import ALWAYS, Feature, Gate
from loaders.billing_account import BillingAccountLoaders
from loaders.component import ComponentLoaders
from loaders.customer import CustomerLoaders
from loaders.invoice import InvoiceLoaders
from loaders.invoice_line import InvoiceLineLoaders
from loaders.location import LocationLoaders
from loaders.maintenance import MaintenanceLoaders
from loaders.service_point import ServicePointLoaders
from loaders.solution import SolutionLoaders
from loaders.ticket import TicketLoaders
from sources.billing import BillingSource
from sources.inventory import InventorySource
from sources.maintenance import MaintenanceSource
from sources.ordering import OrderingSource
from sources.scope import Scope
from sources.ticketing import TicketingSource


@dataclass(frozen=True, slots=True)
class Systems:
    """The systems behind the schema, whatever stands behind each."""

    ordering: OrderingSource
    billing: BillingSource
    ticketing: TicketingSource
    inventory: InventorySource
    maintenance: MaintenanceSource


class Loaders:
    """The loaders of one operation; never shared by two."""

    def __init__(self, systems: Systems, scope: Callable[[Gate], Scope]) -> None:
        """Load from *systems*, each kind of row under the Scope of its feature."""
        always, billing = scope(ALWAYS), scope(Feature.BILLING)
        self.customer = CustomerLoaders(systems.ordering, always)
        self.solution = SolutionLoaders(systems.ordering, always)
        self.service_point = ServicePointLoaders(systems.ordering, always)
        self.location = LocationLoaders(systems.ordering, always)
        self.billing_account = BillingAccountLoaders(systems.billing, billing)
        self.invoice = InvoiceLoaders(systems.billing, billing)
        self.invoice_line = InvoiceLineLoaders(systems.billing, billing)
        self.ticket = TicketLoaders(systems.ticketing, scope(Feature.INCIDENTS))
        self.component = ComponentLoaders(systems.inventory, scope(Feature.INVENTORY))
        self.maintenance = MaintenanceLoaders(systems.maintenance, scope(Feature.MAINTENANCE))
