"""Billing records with plain values, for the suites of billing."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from sources.billing import (
    BillingAccountFilter,
    BillingAccountOrder,
    BillingAccountRecord,
    BillingAccountStatus,
    BillingDocumentFilter,
    BillingDocumentKind,
    BillingDocumentOrder,
    BillingDocumentRecord,
    BillingDocumentStatus,
    InvoiceLineFilter,
    InvoiceLineKind,
    InvoiceLineOrder,
    InvoiceLineRecord,
)
from sources.keys import (
    BillingAccountId,
    BillingDocumentId,
    CustomerCode,
    InvoiceLineId,
    ServicePointId,
    SolutionId,
)
from sources.listing import Listing, Window
from tests.tmf.bills import RATE_TYPES, STATES

A1, A2, A9 = BillingAccountId("A1"), BillingAccountId("A2"), BillingAccountId("A9")
D1, D2, D3, D9 = (BillingDocumentId(key) for key in ("D1", "D2", "D3", "D9"))
L1, L2, L3 = (InvoiceLineId(key) for key in ("L1", "L2", "L3"))
P1, P2 = ServicePointId("P1"), ServicePointId("P2")
S1, S2, S9 = SolutionId("S1"), SolutionId("S2"), SolutionId("S9")

ACCOUNTS = Listing(
    filter=BillingAccountFilter(), order=BillingAccountOrder.NUMBER_ASC, window=Window(limit=10), counted=True
)
DOCUMENTS = Listing(
    filter=BillingDocumentFilter(),
    order=BillingDocumentOrder.NUMBER_ASC,
    window=Window(limit=10),
    counted=True,
)
LINES = Listing(
    filter=InvoiceLineFilter(), order=InvoiceLineOrder.POSITION_ASC, window=Window(limit=10), counted=True
)


def account(customer: CustomerCode, key: str, **changes: Any) -> BillingAccountRecord:  # noqa: ANN401 - any field
    """Make a billing account; its state is worded as in TMF666's sample."""
    record = BillingAccountRecord(
        customer=customer,
        id=BillingAccountId(key),
        number=f"N-{key}",
        name=f"Account {key}",
        status=BillingAccountStatus.ACTIVE,
    )
    made = replace(record, **changes)
    return replace(made, raw_status=changes.get("raw_status", made.status.name.title()))


def document(customer: CustomerCode, key: str, **changes: Any) -> BillingDocumentRecord:  # noqa: ANN401 - any field
    """Make an invoice of 120.00 EUR for January, sent to the account A1; its state is worded as in TMF678."""
    record = BillingDocumentRecord(
        customer=customer,
        id=BillingDocumentId(key),
        number=f"N-{key}",
        kind=BillingDocumentKind.INVOICE,
        status=BillingDocumentStatus.SENT,
        issued_on=date(2026, 2, 1),
        due_on=date(2026, 3, 3),
        period_start=date(2026, 1, 1),
        period_end=date(2026, 1, 31),
        account=A1,
        currency="EUR",
        tax_included_minor=12_000,
        amount_due_minor=12_000,
    )
    made = replace(record, **changes)
    return replace(made, raw_status=changes.get("raw_status", STATES.get(made.status)))


def line(customer: CustomerCode, key: str, **changes: Any) -> InvoiceLineRecord:  # noqa: ANN401 - any field
    """Make a recurring line of the document D1 for January, as it is once D1 is sent to A1."""
    record = InvoiceLineRecord(
        customer=customer,
        id=InvoiceLineId(key),
        document=D1,
        document_status=BillingDocumentStatus.SENT,
        account=A1,
        position=int(key[1:]),
        label=f"Line {key}",
        kind=InvoiceLineKind.RECURRING,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 1, 31),
        currency="EUR",
        tax_excluded_minor=10_000,
    )
    made = replace(record, **changes)
    return replace(made, raw_kind=changes.get("raw_kind", RATE_TYPES.get(made.kind)))
