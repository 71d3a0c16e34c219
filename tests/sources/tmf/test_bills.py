"""Billing records sent as TMF678 and TMF666 have them, and read again: versions 4 and 5 say the same."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sources.billing import (
    BillingAccountRecord,
    BillingAccountStatus,
    BillingDocumentKind,
    BillingDocumentRecord,
    BillingDocumentStatus,
    InvoiceLineKind,
    InvoiceLineRecord,
)
from sources.billing.wire import (
    AppliedRate,
    CustomerBill,
    TaxItem,
    account_record,
    document_record,
    line_record,
    read_account,
    read_bill,
    read_rate,
)
from sources.keys import BillingAccountId, BillingDocumentId, CustomerCode, InvoiceLineId, ServicePointId
from sources.record import Record
from sources.tmf import Amount, Characteristic, Period, Related, TmfError, decode
from sources.tmf.fast import reader
from sources.tmf.page import Things, read_each
from sources.tmf.settings import Version
from tests.sources.wires import things
from tests.tmf.bills import RATE_TYPES, STATES, bill, billing_account, rate

ACME = CustomerCode("acme")
BOTH = pytest.mark.parametrize("version", list(Version))

INVOICE = BillingDocumentRecord(
    customer=ACME,
    id=BillingDocumentId("D/1"),
    number="780",
    kind=BillingDocumentKind.INVOICE,
    status=BillingDocumentStatus.SENT,
    raw_status="sent",
    issued_on=date(2026, 2, 1),
    due_on=date(2026, 3, 3),
    period_start=date(2026, 1, 1),
    period_end=date(2026, 1, 31),
    account=BillingAccountId("A1"),
    currency="EUR",
    tax_included_minor=12_001,
    tax_excluded_minor=10_001,
    tax_minor=2_000,
    amount_due_minor=0,
)
CREDIT_NOTE = replace(
    INVOICE,
    kind=BillingDocumentKind.CREDIT_NOTE,
    currency="JPY",
    tax_included_minor=-120,
    tax_excluded_minor=None,
    tax_minor=-20,
    amount_due_minor=-120,
    corrects=BillingDocumentId("D2"),
)
BARE = replace(INVOICE, due_on=None, period_start=None, period_end=None, account=None, amount_due_minor=None)
LINE = InvoiceLineRecord(
    customer=ACME,
    id=InvoiceLineId("L1"),
    document=BillingDocumentId("D1"),
    position=7,
    label="Accès",
    kind=InvoiceLineKind.RECURRING,
    raw_kind="recurring",
    period_start=date(2026, 1, 1),
    period_end=date(2026, 1, 31),
    quantity=Decimal("1.5"),
    unit="Mbit/s",
    currency="EUR",
    unit_rate_minor=6_667,
    tax_excluded_minor=10_000,
    tax_included_minor=12_000,
    tax_rate=Decimal("0.2"),
    service_point=ServicePointId("P1"),
)
ACCOUNT = BillingAccountRecord(
    customer=ACME,
    id=BillingAccountId("A1"),
    number="N-A1",
    name="Account A1",
    status=BillingAccountStatus.ACTIVE,
    raw_status="Active",
    currency="EUR",
    cycle_frequency="monthly",
    payment_due_days=30,
    presentation_medium="Post Mail",
    po_number="PO 7",
    language="fr",
)


def sent(thing: dict[str, object]) -> dict[str, object]:
    """Give *thing* as it is after it was sent."""
    return decode(msgspec.json.encode(thing))


@BOTH
@pytest.mark.parametrize("record", [INVOICE, CREDIT_NOTE, BARE])
def test_a_document_is_the_same_in_both_versions(version: Version, record: BillingDocumentRecord) -> None:
    assert document_record(read_bill(sent(bill(record, version, "p-1"))), ACME) == record


@BOTH
@pytest.mark.parametrize(("status", "word"), STATES.items())
def test_a_state_is_the_same_in_both_versions(
    version: Version, status: BillingDocumentStatus, word: str
) -> None:
    record = replace(INVOICE, status=status, raw_status=word)

    assert document_record(read_bill(sent(bill(record, version, "p-1"))), ACME) == record


@BOTH
@pytest.mark.parametrize(
    "record",
    [
        LINE,
        replace(LINE, position=0, quantity=None, unit=None, unit_rate_minor=None, tax_rate=None),
        replace(LINE, tax_included_minor=None, service_point=None, period_start=None, period_end=None),
        *(replace(LINE, kind=kind, raw_kind=word) for kind, word in RATE_TYPES.items()),
    ],
)
def test_a_line_is_the_same_in_both_versions(version: Version, record: InvoiceLineRecord) -> None:
    thing = rate(record, record.service_point, version)

    assert line_record(read_rate(sent(thing)), ACME) == record


@BOTH
@pytest.mark.parametrize(
    "record",
    [
        ACCOUNT,
        BillingAccountRecord(
            customer=ACME,
            id=BillingAccountId("A2"),
            number="A2",
            name="Account",
            status=BillingAccountStatus.UNKNOWN,
            raw_status="Unknown",
        ),
    ],
)
def test_an_account_is_the_same_in_both_versions(version: Version, record: BillingAccountRecord) -> None:
    assert account_record(read_account(sent(billing_account(record, version, "p-1"))), ACME) == record


@pytest.mark.parametrize("record", [INVOICE, CREDIT_NOTE, BARE, LINE, ACCOUNT], ids=lambda each: each.id)
def test_what_is_kept_is_the_same_after_it_was_written_and_read(record: Record) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(record), type=type(record)) == record


def said(page: Things[Any], make: Callable[[Any, CustomerCode], object]) -> list[object]:
    """Give what the rows of a page say, the reason where that is nothing."""
    found: list[object] = []
    for each in page.rows:
        try:
            found.append(make(each, ACME))
        except TmfError as error:
            found.append(str(error))
    return found


BILLS: Final = things(CustomerBill, TaxItem, Amount, Period, Related)
RATES: Final = things(AppliedRate, TaxItem, Amount, Period, Characteristic)


@given(st.lists(BILLS, max_size=1), st.lists(RATES, max_size=1))
def test_bills_and_rates_read_straight_from_the_bytes_say_the_same(
    bills: list[Any], rates: list[Any]
) -> None:
    of_bills, of_rates = (json.dumps(each, default=str).encode() for each in (bills, rates))

    assert said(reader(CustomerBill, read_bill)(of_bills), document_record) == said(
        read_each(of_bills, read_bill), document_record
    )
    assert said(reader(AppliedRate, read_rate)(of_rates), line_record) == said(
        read_each(of_rates, read_rate), line_record
    )
