"""Service points: the installed offers of a Solution."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from auth.feature import ALWAYS, Feature
from resolvers import billing_account, component, invoice_line, location, maintenance, solution, ticket
from schema.component import COMPONENTS, Component
from schema.connection import Connection
from schema.enum import ordered
from schema.field import Lists, field
from schema.input import input_field, input_of
from schema.invoice_line import INVOICE_LINES, LINES, InvoiceLine
from schema.maintenance import MAINTENANCE_EVENTS, MaintenanceEvent
from schema.node import Node, record_type
from schema.product import ProductStatus
from schema.scalars import Long
from schema.ticket import TICKETS, Ticket
from sources import ordering
from sources.ordering import ServicePointRecord

if TYPE_CHECKING:
    from schema.billing_account import BillingAccount
    from schema.location import Location
    from schema.solution import Solution

ordered(ordering.ServicePointOrder, "service points", ALWAYS, NAME="name")


@input_of(ordering.ServicePointFilter, "What service points may be asked by; all parts must hold.")
class ServicePointFilter:
    """The filter of service points."""

    status: list[ProductStatus] | None = input_field("One of these states.", ALWAYS)
    solution: list[strawberry.ID] | None = input_field("Of one of these Solutions.", ALWAYS, node="Solution")
    location: list[strawberry.ID] | None = input_field("At one of these locations.", ALWAYS, node="Location")
    text: str | None = input_field("A part of the number, name or offer, whatever its case.", ALWAYS)


SERVICE_POINTS = Lists(
    ServicePointFilter,
    ordering.ServicePointOrder,
    ordering.ServicePointOrder.NAME_ASC,
    ServicePointRecord,
    ordering.ServicePointFilter,
    "service points",
)


@record_type(ServicePointRecord, "An installed offer of a Solution at a location (TMF637).", ALWAYS)
class ServicePoint(Node):
    """An installed offer."""

    name: str = field("The service point's name.", ALWAYS)
    offer: str | None = field("The offer that is installed.", ALWAYS)
    status: ProductStatus = field("Where it is in its life.", ALWAYS)
    raw_status: str | None = field("The status as the ordering system words it.", ALWAYS)
    bandwidth: Long | None = field("The bandwidth ordered, in bit/s.", ALWAYS)
    activated_on: date | None = field("The day it went into service.", ALWAYS)
    terminated_on: date | None = field("The day it was disconnected.", ALWAYS)
    solution: Annotated["Solution", strawberry.lazy("schema.solution")] | None = field(
        "The Solution that it belongs to.", ALWAYS, batch=solution.of_parents
    )
    location: Annotated["Location", strawberry.lazy("schema.location")] | None = field(
        "Where it is installed.", ALWAYS, batch=location.of_parents
    )
    billing_account: Annotated["BillingAccount", strawberry.lazy("schema.billing_account")] | None = field(
        "The account to which it is billed.", Feature.BILLING, batch=billing_account.of_service_points
    )
    invoice_lines: Connection[InvoiceLine] | None = field(
        "The lines that bill it.",
        LINES,
        batch=invoice_line.of_service_points,
        lists=INVOICE_LINES,
    )
    components: Connection[Component] | None = field(
        "The components of the service point.",
        Feature.INVENTORY,
        batch=component.of_service_points,
        lists=COMPONENTS,
    )
    tickets: Connection[Ticket] | None = field(
        "The tickets about it.", Feature.INCIDENTS, batch=ticket.of_service_points, lists=TICKETS
    )
    maintenance: Connection[MaintenanceEvent] | None = field(
        "The maintenance that touches it.",
        Feature.MAINTENANCE,
        batch=maintenance.of_service_points,
        lists=MAINTENANCE_EVENTS,
    )
