"""Billing records as TM Forum's APIs send them: TMF678 and TMF666, versions 4 and 5.

What no version has a place for is where systems put it: in ``characteristic``, and in ``relatedEntity``.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sources.billing import (
    BillingAccountRecord,
    BillingDocumentKind,
    BillingDocumentRecord,
    BillingDocumentStatus,
    InvoiceLineKind,
    InvoiceLineRecord,
)
from sources.money import Money
from sources.tmf.settings import Version
from tests.tmf.parts import dropped, party, reference

STATES: Final = {
    BillingDocumentStatus.NEW: "new",
    BillingDocumentStatus.ON_HOLD: "onHold",
    BillingDocumentStatus.VALIDATED: "validated",
    BillingDocumentStatus.SENT: "sent",
    BillingDocumentStatus.PARTIALLY_PAID: "partiallyPaid",
    BillingDocumentStatus.SETTLED: "settled",
}
"""TMF678's words for the states of a bill."""

RATE_TYPES: Final = {
    InvoiceLineKind.RECURRING: "recurring",
    InvoiceLineKind.NON_RECURRING: "nonRecurring",
    InvoiceLineKind.USAGE: "usage",
    InvoiceLineKind.DISCOUNT: "discount",
    InvoiceLineKind.ADJUSTMENT: "adjustment",
    InvoiceLineKind.TAX: "tax",
}
"""Words for the kinds of rates, which are free text."""


def bill(record: BillingDocumentRecord, version: Version, owner: str) -> dict[str, Any]:
    """Give a document as TMF678 CustomerBill; the amounts of a credit note are positive."""
    credit, currency = record.kind is BillingDocumentKind.CREDIT_NOTE, record.currency
    sign = -1 if credit else 1
    return dropped(
        {
            "@type": "CustomerBill",
            "id": record.id,
            "href": f"https://host:port/customerBill/{record.id}",
            "billNo": record.number,
            "category": "credit note" if credit else "normal",
            "state": record.raw_status or STATES.get(record.status),
            "billDate": _moment(record.issued_on),
            "paymentDueDate": _moment(record.due_on),
            "billingPeriod": _period(record.period_start, record.period_end, version),
            "billingAccount": reference(record.account, "BillingAccount"),
            "relatedParty": [party(owner, "customer", version)],
            "remainingAmount": _money(record.amount_due_minor, currency, sign),
            "taxExcludedAmount": _money(record.tax_excluded_minor, currency, sign),
            "taxIncludedAmount": _money(record.tax_included_minor, currency, sign),
            "taxItem": None
            if record.tax_minor is None
            else [{"taxCategory": "VAT", "taxAmount": _money(record.tax_minor, currency, sign)}],
            "relatedEntity": _corrected(record, version),
        }
    )


def rate(record: InvoiceLineRecord, product: str | None, version: Version) -> dict[str, Any]:
    """Give a line as TMF678 AppliedCustomerBillingRate of *product*; version 4's type has another name."""
    said = record.raw_kind or RATE_TYPES.get(record.kind)
    return dropped(
        {
            "@type": "AppliedCustomerBillingRate",
            "id": record.id,
            "name": record.label,
            "type" if version is Version.V4 else "appliedBillingRateType": said,
            "isBilled": True,
            "bill": reference(record.document, "CustomerBill"),
            "product": reference(product, "Product"),
            "periodCoverage": _period(record.period_start, record.period_end, version),
            "appliedTax": _taxes(record.tax_rate, version),
            "taxExcludedAmount": _money(record.tax_excluded_minor, record.currency),
            "taxIncludedAmount": _money(record.tax_included_minor, record.currency),
            "characteristic": _characteristics(
                {
                    "position": record.position or None,
                    "quantity": None if record.quantity is None else str(record.quantity),
                    "unit": record.unit,
                    "unitRate": None if record.unit_rate is None else str(record.unit_rate.amount),
                }
            ),
        }
    )


def billing_account(record: BillingAccountRecord, version: Version, owner: str) -> dict[str, Any]:
    """Give an account as TMF666 BillingAccount."""
    amount = None if record.currency is None else {"unit": record.currency, "value": 0.0}
    return dropped(
        {
            "@type": "BillingAccount",
            "id": record.id,
            "name": record.name,
            "state": record.raw_status or record.status.name.title(),
            "relatedParty": [party(owner, "customer", version)],
            "creditLimit": amount if version is Version.V4 else None,
            "accountBalance": [{"balanceType": "receivable", "amount": amount}]
            if amount is not None and version is Version.V5
            else None,
            "billStructure": dropped(
                {
                    "cycleSpecification": dropped(
                        {
                            "frequency": record.cycle_frequency,
                            "paymentDueDateOffset": record.payment_due_days,
                        }
                    ),
                    "presentationMedia": None
                    if record.presentation_medium is None
                    else [{"id": "9968", "name": record.presentation_medium}],
                }
            ),
            "characteristic": _characteristics(
                {
                    "accountNumber": record.number,
                    "poNumber": record.po_number,
                    "language": record.language,
                }
            ),
        }
    )


def _moment(day: date | None) -> str | None:
    return None if day is None else f"{day.isoformat()}T00:00:00.000Z"


def _period(start: date | None, last: date | None, version: Version) -> dict[str, Any]:
    """Give a period of whole days: version 4's ends within its last day, version 5's when that is over."""
    end = None
    if last is not None:
        end = f"{last}T23:59:59.999Z" if version is Version.V4 else f"{last + timedelta(days=1)}T00:00:00Z"
    return dropped({"startDateTime": _moment(start), "endDateTime": end})


def _money(minor: int | None, currency: str, sign: int = 1) -> dict[str, Any] | None:
    """Give an amount as the specifications have it, a float."""
    return None if minor is None else {"unit": currency, "value": float(Money(minor * sign, currency).amount)}


def _taxes(rate: Decimal | None, version: Version) -> list[dict[str, Any]] | None:
    """Give a rate of tax as version 4's sample has it (0.2), and as version 5's (20)."""
    if rate is None:
        return None
    share = rate if version is Version.V4 or rate * 100 <= 1 else rate * 100
    return [{"taxCategory": "VAT", "taxRate": float(share)}]


def _corrected(record: BillingDocumentRecord, version: Version) -> list[dict[str, Any]] | None:
    corrected = reference(record.corrects, "CustomerBill")
    if corrected is None:
        return None
    return [{"role": "corrects", **(corrected if version is Version.V4 else {"entity": corrected})}]


def _characteristics(values: Mapping[str, object]) -> list[dict[str, Any]] | None:
    return [{"name": name, "value": each} for name, each in values.items() if each is not None] or None
