"""Billing accounts, invoices and credit notes with their lines, and what they may be asked by.

The facts are TM Forum's: accounts are TMF666 BillingAccount, documents TMF678 CustomerBill, lines TMF678
AppliedCustomerBillingRate. Amounts are integer minor units of the row's ISO 4217 currency.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final

from sources.code import Code
from sources.condition import (
    AnyOf,
    AskedColumn,
    Between,
    Conditions,
    Contains,
    Given,
    Link,
    OneOf,
    Overlaps,
    Paths,
    Range,
)
from sources.keys import BillingAccountId, BillingDocumentId, InvoiceLineId, ServicePointId, SolutionId
from sources.listing import Filter, Order
from sources.money import Money
from sources.record import Inherited, Record


class BillingAccountStatus(Code):
    """The life of a billing account (TMF666 Account.state, free text)."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"
    UNKNOWN = "UNKNOWN"


class BillingDocumentKind(Code):
    """What a billing document is; TMF678 says it in its free text ``category``."""

    INVOICE = "INVOICE"
    CREDIT_NOTE = "CREDIT_NOTE"


class BillingDocumentStatus(Code):
    """The life of a billing document (TMF678 StateValue)."""

    NEW = "NEW"
    ON_HOLD = "ON_HOLD"
    VALIDATED = "VALIDATED"
    SENT = "SENT"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    SETTLED = "SETTLED"
    UNKNOWN = "UNKNOWN"


AVAILABLE: Final = frozenset(
    {BillingDocumentStatus.SENT, BillingDocumentStatus.PARTIALLY_PAID, BillingDocumentStatus.SETTLED}
)
"""The states in which the customer has the document; before them nobody sees it."""


class InvoiceLineKind(Code):
    """What a line is for (TMF678 AppliedCustomerBillingRate.type, free text)."""

    RECURRING = "RECURRING"
    NON_RECURRING = "NON_RECURRING"
    USAGE = "USAGE"
    DISCOUNT = "DISCOUNT"
    ADJUSTMENT = "ADJUSTMENT"
    TAX = "TAX"
    UNKNOWN = "UNKNOWN"


ACCOUNT_SOLUTIONS: Final = Link("billing_account_solution", "account", "solution")
"""The Solutions that are billed to an account."""

DOCUMENT_SOLUTIONS: Final = Link("billing_document_solution", "document", "solution", ("issued_on",))
"""The Solutions that are billed on a document."""


class BillingAccountRecord(Record, frozen=True, kw_only=True):
    """What bills are made out to (TMF666 BillingAccount); ``solutions``, sorted, are billed to it.

    ``payment_due_days`` is the time for payment, in days from the day of issue; ``language`` is in ISO 639-1.
    """

    paths: ClassVar[Paths] = {
        "solutions": AnyOf("solutions", ACCOUNT_SOLUTIONS),
        "accounts": OneOf("id"),
    }

    id: BillingAccountId
    number: str
    name: str
    status: BillingAccountStatus
    raw_status: str | None = None
    currency: str | None = None
    cycle_frequency: str | None = None
    payment_due_days: int | None = None
    presentation_medium: str | None = None
    po_number: str | None = None
    language: str | None = None
    solutions: tuple[SolutionId, ...] = ()


class BillingDocumentRecord(Record, frozen=True):
    """An invoice or a credit note (TMF678 CustomerBill); ``solutions``, sorted, are billed on it.

    ``period_end`` is the last day of the period. A credit note's amounts are negative, ``corrects`` is its
    invoice.
    """

    paths: ClassVar[Paths] = {
        "solutions": AnyOf("solutions", DOCUMENT_SOLUTIONS),
        "accounts": OneOf("account"),
    }
    shown: ClassVar[tuple[AskedColumn, ...]] = ((OneOf("status"), AVAILABLE),)
    essential: ClassVar[frozenset[str]] = Record.essential | {"kind"}
    derived: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "amount": ("tax_included_minor", "currency"),
        "tax_excluded": ("tax_excluded_minor", "currency"),
        "tax": ("tax_minor", "currency"),
        "amount_due": ("amount_due_minor", "currency"),
    }

    id: BillingDocumentId
    number: str
    kind: BillingDocumentKind
    status: BillingDocumentStatus
    issued_on: date
    currency: str
    tax_included_minor: int
    raw_status: str | None = None
    due_on: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    account: BillingAccountId | None = None
    tax_excluded_minor: int | None = None
    tax_minor: int | None = None
    amount_due_minor: int | None = None
    corrects: BillingDocumentId | None = None
    solutions: tuple[SolutionId, ...] = ()

    @property
    def amount(self) -> Money:
        """The total, tax included."""
        return Money(self.tax_included_minor, self.currency)

    @property
    def tax_excluded(self) -> Money | None:
        """The total without tax."""
        return _money(self.tax_excluded_minor, self.currency)

    @property
    def tax(self) -> Money | None:
        """The tax in the total."""
        return _money(self.tax_minor, self.currency)

    @property
    def amount_due(self) -> Money | None:
        """What is still to be paid."""
        return _money(self.amount_due_minor, self.currency)


class InvoiceLineRecord(Record, frozen=True):
    """A line of a billing document (TMF678 AppliedCustomerBillingRate); ``position`` is its place there.

    ``period_end`` is the last day that the line covers; ``tax_rate`` is a fraction (0.20). ``account`` and
    ``document_status`` are the document's, whatever a save says: a line is shown where its document is.
    """

    paths: ClassVar[Paths] = {"solutions": OneOf("solution"), "accounts": OneOf("account")}
    shown: ClassVar[tuple[AskedColumn, ...]] = ((OneOf("document_status"), AVAILABLE),)
    derived: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "unit_rate": ("unit_rate_minor", "currency"),
        "tax_excluded": ("tax_excluded_minor", "currency"),
        "tax_included": ("tax_included_minor", "currency"),
    }

    id: InvoiceLineId
    document: BillingDocumentId
    position: int
    label: str
    kind: InvoiceLineKind
    currency: str
    document_status: BillingDocumentStatus = BillingDocumentStatus.UNKNOWN
    account: BillingAccountId | None = None
    raw_kind: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_rate_minor: int | None = None
    tax_excluded_minor: int | None = None
    tax_included_minor: int | None = None
    tax_rate: Decimal | None = None
    service_point: ServicePointId | None = None
    solution: SolutionId | None = None

    @property
    def unit_rate(self) -> Money | None:
        """The price of one unit, without tax."""
        return _money(self.unit_rate_minor, self.currency)

    @property
    def tax_excluded(self) -> Money | None:
        """The line's amount without tax."""
        return _money(self.tax_excluded_minor, self.currency)

    @property
    def tax_included(self) -> Money | None:
        """The line's amount with tax."""
        return _money(self.tax_included_minor, self.currency)


DOCUMENT_LINES: Final = Inherited("document", {"document_status": "status", "account": "account"})
"""What lines have from their document."""


class BillingAccountFilter(Filter, frozen=True):
    """What billing accounts may be asked by."""

    conditions: ClassVar[Conditions] = {
        "status": OneOf("status"),
        "currency": OneOf("currency"),
        "solution": AnyOf("solutions", ACCOUNT_SOLUTIONS),
        "text": Contains(("id", "number", "name", "po_number")),
    }

    status: frozenset[BillingAccountStatus] | None = None
    currency: frozenset[str] | None = None
    solution: frozenset[SolutionId] | None = None
    text: str | None = None


class BillingDocumentFilter(Filter, frozen=True):
    """What billing documents may be asked by.

    ``amount`` is in minor units, tax included, of any currency: ask for a ``currency`` with it. ``overdue``
    are those due in the range with something still to be paid, ``period`` those that bill a day in the range.
    """

    conditions: ClassVar[Conditions] = {
        "account": OneOf("account"),
        "kind": OneOf("kind"),
        "status": OneOf("status"),
        "issued": Between("issued_on"),
        "due": Between("due_on"),
        "period": Overlaps("period_start", "period_end", closed=True),
        "currency": OneOf("currency"),
        "amount": Between("tax_included_minor"),
        "overdue": Given(Between("due_on"), ((Between("amount_due_minor"), Range(start=1)),)),
        "number": OneOf("number"),
        "solution": AnyOf("solutions", DOCUMENT_SOLUTIONS),
        "text": Contains(("id", "number")),
    }

    account: frozenset[BillingAccountId] | None = None
    kind: frozenset[BillingDocumentKind] | None = None
    status: frozenset[BillingDocumentStatus] | None = None
    issued: Range[date] | None = None
    due: Range[date] | None = None
    period: Range[date] | None = None
    currency: frozenset[str] | None = None
    amount: Range[int] | None = None
    overdue: Range[date] | None = None
    number: frozenset[str] | None = None
    solution: frozenset[SolutionId] | None = None
    text: str | None = None


class InvoiceLineFilter(Filter, frozen=True):
    """What lines may be asked by.

    ``amount`` is in minor units, without tax; ``period`` are those that cover a day in the range.
    """

    conditions: ClassVar[Conditions] = {
        "kind": OneOf("kind"),
        "period": Overlaps("period_start", "period_end", closed=True),
        "amount": Between("tax_excluded_minor"),
        "service_point": OneOf("service_point"),
        "solution": OneOf("solution"),
        "text": Contains(("id", "label")),
    }

    kind: frozenset[InvoiceLineKind] | None = None
    period: Range[date] | None = None
    amount: Range[int] | None = None
    service_point: frozenset[ServicePointId] | None = None
    solution: frozenset[SolutionId] | None = None
    text: str | None = None


class BillingAccountOrder(Order):
    """The orders of billing accounts."""

    NUMBER_ASC = "number"
    NUMBER_DESC = "-number"
    NAME_ASC = "name"
    NAME_DESC = "-name"


class BillingDocumentOrder(Order):
    """The orders of billing documents; AMOUNT is by minor units, tax included."""

    ISSUED_ON_ASC = "issued_on"
    ISSUED_ON_DESC = "-issued_on"
    NUMBER_ASC = "number"
    NUMBER_DESC = "-number"
    AMOUNT_ASC = "tax_included_minor"
    AMOUNT_DESC = "-tax_included_minor"


class InvoiceLineOrder(Order):
    """The orders of lines."""

    POSITION_ASC = "position"
    POSITION_DESC = "-position"


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
