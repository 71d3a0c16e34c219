"""Billing documents: invoices and credit notes."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from auth.feature import ALWAYS, Feature
from resolvers import billing_account, invoice, invoice_line, solution, ticket
from schema.connection import Connection
from schema.enum import described, ordered
from schema.field import Lists, field
from schema.input import input_field, input_of
from schema.invoice_line import INVOICE_LINES, LINES, InvoiceLine
from schema.money import Money
from schema.node import Node, interface_type, record_type
from schema.range import DateRange
from schema.ticket import TICKETS, Ticket
from sources import billing
from sources.billing import BillingDocumentKind, BillingDocumentRecord, BillingDocumentStatus

if TYPE_CHECKING:
    from schema.billing_account import BillingAccount
    from schema.solution import Solution

described(
    BillingDocumentKind,
    "What a billing document is.",
    ALWAYS,
    INVOICE="An invoice.",
    CREDIT_NOTE="A credit note: its amounts are negative.",
)

described(
    BillingDocumentStatus,
    "The life of a billing document (TMF678); it is shown once it is sent.",
    ALWAYS,
    NEW="Being made; not shown.",
    ON_HOLD="Held back; not shown.",
    VALIDATED="Ready to be sent; not shown.",
    SENT="Sent to the customer.",
    PARTIALLY_PAID="Paid in part.",
    SETTLED="Paid.",
    UNKNOWN="A state that this schema does not know; not shown.",
)

ordered(
    billing.BillingDocumentOrder,
    "invoices and credit notes",
    ALWAYS,
    ISSUED_ON="the day of issue",
    NUMBER="number",
    AMOUNT="the total in minor units, whatever the currency",
)


@input_of(
    billing.BillingDocumentFilter,
    "What invoices and credit notes may be asked by; all parts must hold.",
    Feature.BILLING,
)
class InvoiceFilter:
    """The filter of billing documents."""

    account: list[strawberry.ID] | None = input_field(
        "Of one of these billing accounts.", Feature.BILLING, node="BillingAccount"
    )
    kind: list[BillingDocumentKind] | None = input_field("Of one of these kinds.", Feature.BILLING)
    status: list[BillingDocumentStatus] | None = input_field("In one of these states.", Feature.BILLING)
    issued: DateRange | None = input_field("Issued in this range of days.", Feature.BILLING)
    due: DateRange | None = input_field("Due in this range of days.", Feature.BILLING)
    period: DateRange | None = input_field("Billing a day in this range.", Feature.BILLING)
    overdue: DateRange | None = input_field(
        "Due in this range of days, with something still to be paid.", Feature.BILLING
    )
    currency: list[str] | None = input_field("In one of these currencies (ISO 4217).", Feature.BILLING)
    number: list[str] | None = input_field("With one of these numbers.", Feature.BILLING)
    solution: list[strawberry.ID] | None = input_field(
        "Billing one of these Solutions.", Feature.BILLING, node="Solution"
    )
    text: str | None = input_field("A part of the number, whatever its case.", Feature.BILLING)


INVOICES = Lists(
    InvoiceFilter,
    billing.BillingDocumentOrder,
    billing.BillingDocumentOrder.ISSUED_ON_DESC,
    BillingDocumentRecord,
    billing.BillingDocumentFilter,
    "invoices and credit notes",
)


@interface_type("An invoice or a credit note (TMF678).", Feature.BILLING)
class BillingDocument(Node):
    """What invoices and credit notes have in common."""

    number: str = field("The document's number.", Feature.BILLING)
    kind: BillingDocumentKind = field("What it is.", Feature.BILLING)
    status: BillingDocumentStatus = field("Where it is in its life.", Feature.BILLING)
    raw_status: str | None = field("The status as the billing system words it.", Feature.BILLING)
    issued_on: date = field("The day of issue.", Feature.BILLING)
    due_on: date | None = field("The day by which it is to be paid.", Feature.BILLING)
    period_start: date | None = field("The first day of the billing period.", Feature.BILLING)
    period_end: date | None = field("The last day of the billing period.", Feature.BILLING)
    amount: Money = field("The total, tax included.", Feature.BILLING)
    tax_excluded: Money | None = field("The total without tax.", Feature.BILLING)
    tax: Money | None = field("The tax in the total.", Feature.BILLING)
    amount_due: Money | None = field("What is still to be paid.", Feature.BILLING)
    account: Annotated["BillingAccount", strawberry.lazy("schema.billing_account")] | None = field(
        "The billing account it is made out to.", Feature.BILLING, batch=billing_account.of_documents
    )
    lines: Connection[InvoiceLine] | None = field(
        "What is billed, line by line.", LINES, batch=invoice_line.of_documents, lists=INVOICE_LINES
    )
    solutions: list[Annotated["Solution", strawberry.lazy("schema.solution")]] | None = field(
        "The Solutions that are billed on it.", ALWAYS, batch=solution.all_of_parents
    )
    tickets: Connection[Ticket] | None = field(
        "The tickets that dispute it.", Feature.INCIDENTS, batch=ticket.of_documents, lists=TICKETS
    )


def is_invoice(document: BillingDocumentRecord) -> bool:
    """Tell whether *document* is an invoice."""
    return document.kind is billing.BillingDocumentKind.INVOICE


def is_credit_note(document: BillingDocumentRecord) -> bool:
    """Tell whether *document* is a credit note."""
    return document.kind is billing.BillingDocumentKind.CREDIT_NOTE


@record_type(BillingDocumentRecord, "An invoice (TMF678).", Feature.BILLING, where=is_invoice)
class Invoice(BillingDocument):
    """An invoice."""

    credit_notes: Connection[Annotated["CreditNote", strawberry.lazy("schema.invoice")]] | None = field(
        "The credit notes that correct it.", Feature.BILLING, batch=invoice.credit_notes, lists=INVOICES
    )


@record_type(BillingDocumentRecord, "A credit note (TMF678).", Feature.BILLING, where=is_credit_note)
class CreditNote(BillingDocument):
    """A credit note."""

    corrects_invoice: Invoice | None = field(
        "The invoice that it corrects.", Feature.BILLING, batch=invoice.corrected
    )
