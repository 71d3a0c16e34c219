"""All loaders of one operation, each under the Scope of the feature that its rows belong to."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from auth.feature import ALWAYS, Detail, Feature, Gate
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
    """The loaders of one operation, each made when it is first wanted; never shared by two operations."""

    def __init__(self, systems: Systems, scope: Callable[[Gate], Scope]) -> None:
        """Load from *systems*, each kind of row under the Scope of its feature."""
        self._systems = systems
        self._scope = scope

    @cached_property
    def customer(self) -> CustomerLoaders:
        """Of customers."""
        return CustomerLoaders(self._systems.ordering, self._scope(ALWAYS))

    @cached_property
    def solution(self) -> SolutionLoaders:
        """Of Solutions."""
        return SolutionLoaders(self._systems.ordering, self._scope(ALWAYS))

    @cached_property
    def service_point(self) -> ServicePointLoaders:
        """Of service points."""
        return ServicePointLoaders(self._systems.ordering, self._scope(ALWAYS))

    @cached_property
    def location(self) -> LocationLoaders:
        """Of locations."""
        return LocationLoaders(self._systems.ordering, self._scope(ALWAYS))

    @cached_property
    def billing_account(self) -> BillingAccountLoaders:
        """Of billing accounts."""
        return BillingAccountLoaders(self._systems.billing, self._scope(Feature.BILLING))

    @cached_property
    def invoice(self) -> InvoiceLoaders:
        """Of invoices and credit notes."""
        return InvoiceLoaders(self._systems.billing, self._scope(Feature.BILLING))

    @cached_property
    def invoice_line(self) -> InvoiceLineLoaders:
        """Of their lines."""
        return InvoiceLineLoaders(self._systems.billing, self._scope(Detail(Feature.BILLING)))

    @cached_property
    def ticket(self) -> TicketLoaders:
        """Of tickets."""
        return TicketLoaders(self._systems.ticketing, self._scope(Feature.INCIDENTS))

    @cached_property
    def component(self) -> ComponentLoaders:
        """Of components."""
        return ComponentLoaders(self._systems.inventory, self._scope(Feature.INVENTORY))

    @cached_property
    def maintenance(self) -> MaintenanceLoaders:
        """Of maintenance events."""
        return MaintenanceLoaders(self._systems.maintenance, self._scope(Feature.MAINTENANCE))
