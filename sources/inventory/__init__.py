"""Inventory: the components of the network that the customer's Solutions include.

Records and protocol. The facts are TM Forum's (TMF639 Resource).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from ipaddress import IPv4Network, IPv6Network
from typing import ClassVar, Final, Protocol

from sources.code import Code
from sources.condition import (
    Absent,
    AnyOf,
    AskedColumn,
    Between,
    Conditions,
    Contains,
    InNetwork,
    Link,
    OneOf,
    Paths,
    Range,
)
from sources.inventory.exclusion import Exclusion
from sources.inventory.kind import ComponentKind
from sources.keys import ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Filter, Listing, Order, Page
from sources.record import Record
from sources.scope import Scope

__all__ = [
    "ADDRESSES",
    "EXTERNAL_IDS",
    "AdminState",
    "ComponentFilter",
    "ComponentKind",
    "ComponentOrder",
    "ComponentRecord",
    "ComponentStatus",
    "Exclusion",
    "InventorySource",
    "ManagedBy",
    "OperationalState",
    "UsageState",
]

ADDRESSES: Final = Link("inventory_component_address", "component", "low")
"""The table of a component's addresses, as ``low`` and ``high``."""

EXTERNAL_IDS: Final = Link("inventory_component_external_id", "component", "external_id")
"""The table of the names that others have for a component."""


class ComponentStatus(Code):
    """Whether a component can be used (TMF639 ResourceStatusType)."""

    STANDBY = "STANDBY"
    ALARM = "ALARM"
    AVAILABLE = "AVAILABLE"
    RESERVED = "RESERVED"
    SUSPENDED = "SUSPENDED"
    UNKNOWN = "UNKNOWN"


class AdminState(Code):
    """Whether a component may be used (TMF639 ResourceAdministrativeStateType)."""

    LOCKED = "LOCKED"
    UNLOCKED = "UNLOCKED"
    SHUTTING_DOWN = "SHUTTING_DOWN"
    UNKNOWN = "UNKNOWN"


class OperationalState(Code):
    """Whether a component works (TMF639 ResourceOperationalStateType)."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"
    UNKNOWN = "UNKNOWN"


class UsageState(Code):
    """How much a component is used (TMF639 ResourceUsageStateType)."""

    IDLE = "IDLE"
    ACTIVE = "ACTIVE"
    BUSY = "BUSY"
    UNKNOWN = "UNKNOWN"


class ManagedBy(Code):
    """Who runs a component."""

    OPERATOR = "OPERATOR"
    CUSTOMER = "CUSTOMER"


class ComponentRecord(Record, frozen=True):
    """A component of a Solution's network (TMF639 Resource); one with an ``exclusion`` is shown to nobody.

    ``addresses`` are IP addresses and prefixes, ``bandwidth`` is in bit/s. ``parent`` is the component
    through which it is reached; chains of parents may be cyclic.
    """

    paths: ClassVar[Paths] = {"solutions": OneOf("solution"), "locations": OneOf("location")}
    shown: ClassVar[tuple[AskedColumn, ...]] = ((Absent("exclusion"), True),)

    id: ComponentId
    kind: ComponentKind
    name: str
    status: ComponentStatus
    managed_by: ManagedBy
    updated_at: datetime
    raw_kind: str | None = None
    external_ids: tuple[str, ...] = ()
    serial_number: str | None = None
    model: str | None = None
    vendor: str | None = None
    raw_status: str | None = None
    admin_state: AdminState | None = None
    operational_state: OperationalState | None = None
    usage_state: UsageState | None = None
    solution: SolutionId | None = None
    service_point: ServicePointId | None = None
    location: LocationId | None = None
    parent: ComponentId | None = None
    addresses: tuple[str, ...] = ()
    bandwidth: int | None = None
    access_type: str | None = None
    end_of_support: date | None = None
    exclusion: Exclusion | None = None


class ComponentFilter(Filter, frozen=True):
    """What components may be asked by."""

    conditions: ClassVar[Conditions] = {
        "kind": OneOf("kind"),
        "status": OneOf("status"),
        "solution": OneOf("solution"),
        "location": OneOf("location"),
        "service_point": OneOf("service_point"),
        "managed_by": OneOf("managed_by"),
        "serial_number": OneOf("serial_number"),
        "external_id": AnyOf("external_ids", EXTERNAL_IDS),
        "address": InNetwork("addresses", ADDRESSES),
        "updated": Between("updated_at"),
        "text": Contains(("id", "name", "serial_number", "model", "vendor")),
    }

    kind: frozenset[ComponentKind] | None = None
    status: frozenset[ComponentStatus] | None = None
    solution: frozenset[SolutionId] | None = None
    location: frozenset[LocationId] | None = None
    service_point: frozenset[ServicePointId] | None = None
    managed_by: frozenset[ManagedBy] | None = None
    serial_number: frozenset[str] | None = None
    external_id: frozenset[str] | None = None
    address: IPv4Network | IPv6Network | None = None
    updated: Range[datetime] | None = None
    text: str | None = None


class ComponentOrder(Order):
    """The orders of components."""

    NAME_ASC = "name"
    NAME_DESC = "-name"
    UPDATED_AT_ASC = "updated_at"
    UPDATED_AT_DESC = "-updated_at"
    KIND_ASC = "kind"
    KIND_DESC = "-kind"


class InventorySource(Protocol):
    """What the loaders may ask of inventory.

    Each method takes the Scope of the asker, then many keys, and gives a mapping; a key that inventory does
    not know, or the Scope leaves out, is left out of look-ups and has an empty page in lists. Excluded
    components are in none of them. A failing system raises ``SourceError``.
    """

    async def components(
        self, scope: Scope, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, ComponentRecord]:
        """Give the components with these ids."""
        ...

    async def components_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[ComponentFilter]
    ) -> Mapping[CustomerCode, Page[ComponentRecord]]:
        """Give a page of each customer's components."""
        ...

    async def components_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[ComponentFilter]
    ) -> Mapping[SolutionId, Page[ComponentRecord]]:
        """Give a page of each Solution's components."""
        ...

    async def components_by_service_point(
        self, scope: Scope, service_points: Collection[ServicePointId], listing: Listing[ComponentFilter]
    ) -> Mapping[ServicePointId, Page[ComponentRecord]]:
        """Give a page of each service point's components."""
        ...

    async def components_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[ComponentFilter]
    ) -> Mapping[LocationId, Page[ComponentRecord]]:
        """Give a page of the components at each location."""
        ...

    async def components_by_parent(
        self, scope: Scope, parents: Collection[ComponentId], listing: Listing[ComponentFilter]
    ) -> Mapping[ComponentId, Page[ComponentRecord]]:
        """Give a page of the components reached through each component."""
        ...

    async def components_by_external_id(
        self, scope: Scope, external_ids: Collection[str]
    ) -> Mapping[str, Sequence[ComponentRecord]]:
        """Give all components that others know by each of these names, by their own name.

        What maintenance notices call an object is such a name.
        """
        ...
