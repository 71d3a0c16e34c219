"""Lines of invoices and credit notes."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final

import strawberry

from auth.feature import ALWAYS, Detail, Feature
from resolvers import invoice, service_point, solution
from schema.enum import described, ordered
from schema.field import Lists, field
from schema.input import input_field, input_of
from schema.money import Money
from schema.node import Node, record_type
from schema.range import DateRange
from sources import billing
from sources.billing import InvoiceLineKind, InvoiceLineRecord

if TYPE_CHECKING:
    from schema.invoice import BillingDocument
    from schema.service_point import ServicePoint
    from schema.solution import Solution

LINES: Final = Detail(Feature.BILLING)
"""The gate of lines: what makes up a bill is a detail of it."""

described(
    InvoiceLineKind,
    "What a line is for.",
    ALWAYS,
    RECURRING="A recurring charge.",
    NON_RECURRING="A charge made once.",
    USAGE="A charge for usage.",
    DISCOUNT="A discount.",
    ADJUSTMENT="A correction.",
    TAX="Tax.",
    UNKNOWN="A kind that this schema does not know; `rawKind` has its text.",
)

ordered(billing.InvoiceLineOrder, "lines", ALWAYS, POSITION="place on the document")


@input_of(billing.InvoiceLineFilter, "What lines may be asked by; all parts must hold.", LINES)
class InvoiceLineFilter:
    """The filter of lines."""

    kind: list[InvoiceLineKind] | None = input_field("Of one of these kinds.", LINES)
    period: DateRange | None = input_field("Covering a day in this range.", LINES)
    service_point: list[strawberry.ID] | None = input_field(
        "Billing one of these service points.", LINES, node="ServicePoint"
    )
    solution: list[strawberry.ID] | None = input_field(
        "Billing one of these Solutions.", LINES, node="Solution"
    )
    text: str | None = input_field("A part of the label, whatever its case.", LINES)


INVOICE_LINES = Lists(
    InvoiceLineFilter,
    billing.InvoiceLineOrder,
    billing.InvoiceLineOrder.POSITION_ASC,
    InvoiceLineRecord,
    billing.InvoiceLineFilter,
    "lines",
)


@record_type(InvoiceLineRecord, "A line of an invoice or a credit note (TMF678).", LINES)
class InvoiceLine(Node):
    """A line."""

    position: int = field("The line's place on the document.", LINES)
    label: str = field("What is billed, in words.", LINES)
    kind: InvoiceLineKind = field("What it is for.", LINES)
    raw_kind: str | None = field("The kind as the billing system words it.", LINES)
    period_start: date | None = field("The first day that it covers.", LINES)
    period_end: date | None = field("The last day that it covers.", LINES)
    quantity: Decimal | None = field("How much.", LINES)
    unit: str | None = field("Of what.", LINES)
    unit_rate: Money | None = field("The price of one unit, without tax.", LINES)
    tax_excluded: Money | None = field("The amount without tax.", LINES)
    tax_included: Money | None = field("The amount with tax.", LINES)
    tax_rate: Decimal | None = field('The rate of tax, as a fraction: "0.20".', LINES)
    document: Annotated["BillingDocument", strawberry.lazy("schema.invoice")] | None = field(
        "The invoice or credit note that it is on.", Feature.BILLING, batch=invoice.of_parents
    )
    service_point: Annotated["ServicePoint", strawberry.lazy("schema.service_point")] | None = field(
        "The service point that it bills.", ALWAYS, batch=service_point.of_parents
    )
    solution: Annotated["Solution", strawberry.lazy("schema.solution")] | None = field(
        "The Solution that it bills.", ALWAYS, batch=solution.of_parents
    )
