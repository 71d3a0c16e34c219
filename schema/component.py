"""Components: the inventory of the network that the Solutions include."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final

import strawberry

from auth.feature import ALWAYS, Detail, Feature
from resolvers import component, location, maintenance, service_point, solution, ticket
from schema.connection import Connection
from schema.enum import described, ordered
from schema.field import Lists, field
from schema.input import input_field, input_of
from schema.maintenance import MAINTENANCE_EVENTS, MaintenanceEvent
from schema.node import Node, record_type
from schema.range import DateTimeRange
from schema.scalars import Cidr, Long
from schema.ticket import TICKETS, Ticket
from sources import inventory
from sources.inventory import (
    AdminState,
    ComponentKind,
    ComponentRecord,
    ComponentStatus,
    ManagedBy,
    OperationalState,
    UsageState,
)

if TYPE_CHECKING:
    from schema.location import Location
    from schema.service_point import ServicePoint
    from schema.solution import Solution

UNKNOWN = "A word that this schema does not know; the raw field has its text where there is one."

_DETAILS: Final = Detail(Feature.INVENTORY)
"""What lets a component be recognised on the wire or the shelf."""

described(
    ComponentKind,
    "What a component is.",
    ALWAYS,
    CE_ROUTER="A router on the customer's premises.",
    SWITCH="A switch.",
    WIFI_AP="A Wi-Fi access point.",
    FIREWALL="A firewall.",
    SDWAN_EDGE="An SD-WAN edge device.",
    ACCESS_LINE="An access line (tail circuit).",
    PE_PORT="A port on the edge of the operator's network.",
    EVC="An Ethernet virtual circuit.",
    VPN_SITE="A site's membership in a VPN.",
    INTERNET_ACCESS="An Internet access.",
    VOICE_TRUNK="A voice trunk.",
    DID_RANGE="A range of direct dial numbers.",
    SIM="A SIM card.",
    VM="A virtual machine or data centre.",
    MAILBOX_DOMAIN="A mail domain.",
    UNKNOWN=UNKNOWN,
)

described(
    ComponentStatus,
    "Whether a component can be used (TMF639).",
    ALWAYS,
    STANDBY="Ready to take over.",
    ALARM="Something is wrong with it.",
    AVAILABLE="It can be used.",
    RESERVED="Kept for something.",
    SUSPENDED="Out of use for a time.",
    UNKNOWN=UNKNOWN,
)

described(
    AdminState,
    "Whether a component may be used (TMF639).",
    ALWAYS,
    LOCKED="It may not.",
    UNLOCKED="It may.",
    SHUTTING_DOWN="It is being taken out of use.",
    UNKNOWN=UNKNOWN,
)

described(
    OperationalState,
    "Whether a component works (TMF639).",
    ALWAYS,
    ENABLED="It works.",
    DISABLED="It does not.",
    UNKNOWN=UNKNOWN,
)

described(
    UsageState,
    "How much a component is used (TMF639).",
    ALWAYS,
    IDLE="Not at all.",
    ACTIVE="It is used, with room for more.",
    BUSY="It is used, with no room for more.",
    UNKNOWN=UNKNOWN,
)

described(ManagedBy, "Who runs a component.", ALWAYS, OPERATOR="The operator.", CUSTOMER="The customer.")

ordered(
    inventory.ComponentOrder,
    "components",
    ALWAYS,
    NAME="name",
    UPDATED_AT="when it last changed",
    KIND="kind",
)


@input_of(
    inventory.ComponentFilter, "What components may be asked by; all parts must hold.", Feature.INVENTORY
)
class ComponentFilter:
    """The filter of components."""

    kind: list[ComponentKind] | None = input_field("Of one of these kinds.", Feature.INVENTORY)
    status: list[ComponentStatus] | None = input_field("In one of these states.", Feature.INVENTORY)
    solution: list[strawberry.ID] | None = input_field(
        "Of one of these Solutions.", Feature.INVENTORY, node="Solution"
    )
    location: list[strawberry.ID] | None = input_field(
        "At one of these locations.", Feature.INVENTORY, node="Location"
    )
    service_point: list[strawberry.ID] | None = input_field(
        "Of one of these service points.", Feature.INVENTORY, node="ServicePoint"
    )
    managed_by: list[ManagedBy] | None = input_field("Run by one of these.", Feature.INVENTORY)
    serial_number: list[str] | None = input_field("With one of these serial numbers.", _DETAILS)
    external_id: list[str] | None = input_field("With one of these numbers of others.", Feature.INVENTORY)
    address: Cidr | None = input_field("With an IP address or prefix inside this one.", _DETAILS)
    updated: DateTimeRange | None = input_field("Last changed in this range of time.", Feature.INVENTORY)
    text: str | None = input_field(
        "A part of the name, serial number, model or vendor, whatever its case.", _DETAILS
    )


COMPONENTS = Lists(
    ComponentFilter,
    inventory.ComponentOrder,
    inventory.ComponentOrder.NAME_ASC,
    ComponentRecord,
    inventory.ComponentFilter,
    "components",
)


@record_type(
    ComponentRecord, "A component of the network that a Solution includes (TMF639).", Feature.INVENTORY
)
class Component(Node):
    """A component."""

    name: str = field("The component's name.", Feature.INVENTORY)
    kind: ComponentKind = field("What it is.", Feature.INVENTORY)
    raw_kind: str | None = field("The kind as the inventory words it.", Feature.INVENTORY)
    status: ComponentStatus = field("Whether it can be used.", Feature.INVENTORY)
    raw_status: str | None = field("The status as the inventory words it.", Feature.INVENTORY)
    admin_state: AdminState | None = field("Whether it may be used.", Feature.INVENTORY)
    operational_state: OperationalState | None = field("Whether it works.", Feature.INVENTORY)
    usage_state: UsageState | None = field("How much it is used.", Feature.INVENTORY)
    external_ids: list[str] = field("The numbers that others have for it.", Feature.INVENTORY)
    serial_number: str | None = field("The serial number.", _DETAILS)
    model: str | None = field("The model.", Feature.INVENTORY)
    vendor: str | None = field("The vendor.", Feature.INVENTORY)
    managed_by: ManagedBy = field("Who runs it.", Feature.INVENTORY)
    addresses: list[str] | None = field("Its IP addresses and prefixes.", _DETAILS)
    bandwidth: Long | None = field("Its bandwidth, in bit/s.", Feature.INVENTORY)
    access_type: str | None = field("How it is connected, in the inventory's words.", Feature.INVENTORY)
    end_of_support: date | None = field("The day its vendor's support ends.", Feature.INVENTORY)
    updated_at: datetime = field("When it last changed.", Feature.INVENTORY)
    parent: Annotated["Component", strawberry.lazy("schema.component")] | None = field(
        "The component through which it is reached.", Feature.INVENTORY, batch=component.parents
    )
    children: Connection[Annotated["Component", strawberry.lazy("schema.component")]] | None = field(
        "The components that are reached through it.",
        Feature.INVENTORY,
        batch=component.children,
        lists=COMPONENTS,
    )
    solution: Annotated["Solution", strawberry.lazy("schema.solution")] | None = field(
        "The Solution that includes it.", ALWAYS, batch=solution.of_parents
    )
    service_point: Annotated["ServicePoint", strawberry.lazy("schema.service_point")] | None = field(
        "The service point that it belongs to.", ALWAYS, batch=service_point.of_parents
    )
    location: Annotated["Location", strawberry.lazy("schema.location")] | None = field(
        "Where it is.", ALWAYS, batch=location.of_parents
    )
    tickets: Connection[Ticket] | None = field(
        "The tickets about it.", Feature.INCIDENTS, batch=ticket.of_components, lists=TICKETS
    )
    maintenance: Connection[MaintenanceEvent] | None = field(
        "The maintenance that touches it.",
        Feature.MAINTENANCE,
        batch=maintenance.of_components,
        lists=MAINTENANCE_EVENTS,
    )
