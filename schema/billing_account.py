"""Billing accounts: what bills are made out to."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from auth.feature import ALWAYS, Feature
from resolvers import invoice, service_point, solution
from schema.connection import Connection
from schema.enum import described, ordered
from schema.field import Lists, field
from schema.input import input_field, input_of
from schema.invoice import INVOICES, BillingDocument
from schema.node import Node, record_type
from schema.service_point import SERVICE_POINTS
from sources import billing
from sources.billing import BillingAccountRecord, BillingAccountStatus

if TYPE_CHECKING:
    from schema.service_point import ServicePoint
    from schema.solution import Solution

described(
    BillingAccountStatus,
    "The life of a billing account (TMF666).",
    ALWAYS,
    ACTIVE="Bills are made out to it.",
    INACTIVE="No bills are made out to it.",
    SUSPENDED="Held for a time.",
    CLOSED="Closed for good.",
    UNKNOWN="A state that this schema does not know; `rawStatus` has its text.",
)

ordered(billing.BillingAccountOrder, "billing accounts", ALWAYS, NUMBER="number", NAME="name")


@input_of(
    billing.BillingAccountFilter,
    "What billing accounts may be asked by; all parts must hold.",
    Feature.BILLING,
)
class BillingAccountFilter:
    """The filter of billing accounts."""

    status: list[BillingAccountStatus] | None = input_field("One of these states.", Feature.BILLING)
    currency: list[str] | None = input_field("Billed in one of these currencies (ISO 4217).", Feature.BILLING)
    solution: list[strawberry.ID] | None = input_field(
        "One of these Solutions is billed to it.", Feature.BILLING, node="Solution"
    )
    text: str | None = input_field(
        "A part of the number, name or purchase order, whatever its case.", Feature.BILLING
    )


BILLING_ACCOUNTS = Lists(
    BillingAccountFilter,
    billing.BillingAccountOrder,
    billing.BillingAccountOrder.NUMBER_ASC,
    BillingAccountRecord,
    billing.BillingAccountFilter,
    "billing accounts",
)


@record_type(BillingAccountRecord, "What bills are made out to (TMF666).", Feature.BILLING)
class BillingAccount(Node):
    """A billing account."""

    number: str = field("The account's number.", Feature.BILLING)
    name: str = field("The account's name.", Feature.BILLING)
    status: BillingAccountStatus = field("Where it is in its life.", Feature.BILLING)
    raw_status: str | None = field("The status as the billing system words it.", Feature.BILLING)
    currency: str | None = field("The currency it is billed in (ISO 4217).", Feature.BILLING)
    cycle_frequency: str | None = field(
        "How often it is billed, in the billing system's words.", Feature.BILLING
    )
    payment_due_days: int | None = field(
        "The time for payment, in days from the day of issue.", Feature.BILLING
    )
    presentation_medium: str | None = field(
        "How bills are sent, in the billing system's words.", Feature.BILLING
    )
    po_number: str | None = field("The customer's purchase order.", Feature.BILLING)
    language: str | None = field("The language of the bills (ISO 639-1).", Feature.BILLING)
    invoices: Connection[BillingDocument] | None = field(
        "Its invoices and credit notes.", Feature.BILLING, batch=invoice.of_accounts, lists=INVOICES
    )
    solutions: list[Annotated["Solution", strawberry.lazy("schema.solution")]] | None = field(
        "The Solutions that are billed to it.", ALWAYS, batch=solution.all_of_parents
    )
    service_points: Connection[Annotated["ServicePoint", strawberry.lazy("schema.service_point")]] | None = (
        field(
            "The service points that are billed to it.",
            ALWAYS,
            batch=service_point.of_accounts,
            lists=SERVICE_POINTS,
        )
    )
