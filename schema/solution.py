"""Solutions: the services and products that the customer ordered."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from auth.feature import ALWAYS, Feature
from resolvers import billing_account, component, invoice, maintenance, service_point, ticket
from resolvers.coverage import of_solutions as coverage_of_solutions
from schema.billing_account import BILLING_ACCOUNTS, BillingAccount
from schema.category import SolutionCategory
from schema.component import COMPONENTS, Component
from schema.connection import Connection
from schema.coverage import FeatureCoverage
from schema.customer import Market
from schema.enum import ordered
from schema.field import Lists, argument, field
from schema.input import input_field, input_of
from schema.invoice import INVOICES, BillingDocument
from schema.maintenance import MAINTENANCE_EVENTS, MaintenanceEvent
from schema.node import Node, record_type
from schema.product import ProductStatus
from schema.range import DateRange
from schema.service_point import SERVICE_POINTS
from schema.ticket import TICKETS, Ticket
from sources import ordering
from sources.ordering import SolutionRecord

if TYPE_CHECKING:
    from schema.service_point import ServicePoint

ordered(ordering.SolutionOrder, "Solutions", ALWAYS, NAME="name", ORDERED_ON="the day of the order")


@input_of(ordering.SolutionFilter, "What Solutions may be asked by; all parts must hold.")
class SolutionFilter:
    """The filter of Solutions."""

    category: list[SolutionCategory] | None = input_field("One of these categories.", ALWAYS)
    status: list[ProductStatus] | None = input_field("One of these states.", ALWAYS)
    market: list[Market] | None = input_field("Sold in one of these markets.", ALWAYS)
    ordered: DateRange | None = input_field("Ordered in this range of days.", ALWAYS)
    text: str | None = input_field("A part of the number, name or offer, whatever its case.", ALWAYS)


SOLUTIONS = Lists(
    SolutionFilter,
    ordering.SolutionOrder,
    ordering.SolutionOrder.NAME_ASC,
    SolutionRecord,
    ordering.SolutionFilter,
    "Solutions",
)


@record_type(SolutionRecord, "A service or product that the customer ordered (terms of use 1.1).", ALWAYS)
class Solution(Node):
    """An ordered Solution."""

    name: str = field("The Solution's name.", ALWAYS)
    offer: str | None = field("The offer that was ordered.", ALWAYS)
    category: SolutionCategory = field("Where the Solution stands in the service catalogue.", ALWAYS)
    status: ProductStatus = field("Where the Solution is in its life.", ALWAYS)
    raw_status: str | None = field("The status as the ordering system words it.", ALWAYS)
    market: Market = field("Where the Solution was sold.", ALWAYS)
    options: list[str] = field("The optional modules and paid lines ordered with it, by feature.", ALWAYS)
    ordered_on: date = field("The day of the order.", ALWAYS)
    activated_on: date | None = field("The day it went into service.", ALWAYS)
    terminated_on: date | None = field("The day it was disconnected.", ALWAYS)
    coverage: list[FeatureCoverage] | None = field(
        "What the Solution covers by itself, feature by feature.",
        ALWAYS,
        batch=coverage_of_solutions,
        arguments=[argument("features", list[Feature] | None, "Of these features; of all.", ALWAYS)],
    )
    service_points: Connection[Annotated["ServicePoint", strawberry.lazy("schema.service_point")]] | None = (
        field(
            "What is installed for the Solution, and where.",
            ALWAYS,
            batch=service_point.of_solutions,
            lists=SERVICE_POINTS,
        )
    )
    billing_accounts: Connection[BillingAccount] | None = field(
        "The accounts to which the Solution is billed.",
        Feature.BILLING,
        batch=billing_account.of_solutions,
        lists=BILLING_ACCOUNTS,
    )
    invoices: Connection[BillingDocument] | None = field(
        "The invoices and credit notes that bill the Solution.",
        Feature.BILLING,
        batch=invoice.of_solutions,
        lists=INVOICES,
    )
    tickets: Connection[Ticket] | None = field(
        "The tickets about the Solution.", Feature.INCIDENTS, batch=ticket.of_solutions, lists=TICKETS
    )
    components: Connection[Component] | None = field(
        "The components that the Solution includes.",
        Feature.INVENTORY,
        batch=component.of_solutions,
        lists=COMPONENTS,
    )
    maintenance: Connection[MaintenanceEvent] | None = field(
        "The maintenance that touches the Solution.",
        Feature.MAINTENANCE,
        batch=maintenance.of_solutions,
        lists=MAINTENANCE_EVENTS,
    )
