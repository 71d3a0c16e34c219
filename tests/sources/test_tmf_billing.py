"""TMF678 CustomerBill and its rates, TMF666 BillingAccount."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

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
    BillingAccount,
    BillStructure,
    CustomerBill,
    CycleSpecification,
    TaxItem,
    account_record,
    document_record,
    line_record,
    named_account,
    read_account,
    read_bill,
    read_rate,
)
from sources.keys import BillingAccountId, BillingDocumentId, CustomerCode, InvoiceLineId, ServicePointId
from sources.tmf import Amount, Period, Ref, TmfError, decode
from tests.sources.wires import things

ACME = CustomerCode("acme")
AMOUNTS = """"taxExcludedAmount": {"unit": "EUR", "value": 40.00},
    "taxIncludedAmount": {"unit": "EUR", "value": 50.00}"""


def document(text: str) -> BillingDocumentRecord:
    return document_record(read_bill(decode(f'{{"id": "CB-123", {text}}}'.encode())), ACME)


def dated(text: str) -> BillingDocumentRecord:
    return document(f'"billDate": "2020-01-05T12:00:56.982Z", {text}')


def line(text: str) -> InvoiceLineRecord:
    return line_record(read_rate(decode(f'{{"id": "ABR123", {text}}}'.encode())), ACME)


def account(text: str) -> BillingAccountRecord:
    return account_record(read_account(decode(f'{{"id": 5430, {text}}}'.encode())), ACME)


def test_makes_a_document_of_the_official_bill() -> None:
    made = dated(
        f""""billNo": "780123456", "amountDue": {{"unit": "EUR", "value": 0.00}},
        "remainingAmount": {{"unit": "EUR", "value": 0.00}}, "billingAccount": {{"id": "A0815"}},
        "billingPeriod": {{}}, "category": "normal", "paymentDueDate": "2020-01-15T00:00:00.000Z",
        "status": "settled", "relatedParty": [{{}}], "paymentMethod": {{}},
        "taxItem": [{{"taxRate": 0.25, "taxAmount": {{"unit": "EUR", "value": 10.00}}}}], {AMOUNTS}"""
    )

    assert made == BillingDocumentRecord(
        customer=ACME,
        id=BillingDocumentId("CB-123"),
        number="780123456",
        kind=BillingDocumentKind.INVOICE,
        status=BillingDocumentStatus.SETTLED,
        raw_status="settled",
        issued_on=date(2020, 1, 5),
        due_on=date(2020, 1, 15),
        account=BillingAccountId("A0815"),
        currency="EUR",
        tax_included_minor=5000,
        tax_excluded_minor=4000,
        tax_minor=1000,
        amount_due_minor=0,
    )


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ('"state": "partiallyPaid"', BillingDocumentStatus.PARTIALLY_PAID),
        ('"state": "ON_HOLD"', BillingDocumentStatus.ON_HOLD),
        ('"state": "gone"', BillingDocumentStatus.UNKNOWN),
        ('"name": "no state"', BillingDocumentStatus.UNKNOWN),
    ],
)
def test_reads_the_state_in_any_case(text: str, status: BillingDocumentStatus) -> None:
    assert dated(f"{text}, {AMOUNTS}").status is status


@pytest.mark.parametrize("category", ["credit note", "Credit Note", "creditNote"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_the_amounts_of_a_credit_note_are_negative(category: str, sign: str) -> None:
    made = dated(f'"category": "{category}", "taxIncludedAmount": {{"unit": "EUR", "value": {sign}12.50}}')

    assert (made.kind, made.tax_included_minor) == (BillingDocumentKind.CREDIT_NOTE, -1250)


def test_adds_up_a_total_that_is_not_said() -> None:
    made = dated(
        """"taxExcludedAmount": {"unit": "EUR", "value": 1.10}, "taxItem": [
        {"taxAmount": {"unit": "EUR", "value": 0.10}}, {"taxAmount": {"unit": "EUR", "value": 0.12}}]"""
    )

    assert (made.tax_included_minor, made.tax_minor) == (132, 22)


def test_what_remains_is_due_before_what_was_due() -> None:
    made = dated(
        f"""{AMOUNTS}, "amountDue": {{"unit": "EUR", "value": 9}},
        "remainingAmount": {{"unit": "EUR", "value": 3}}"""
    )

    assert made.amount_due_minor == 300


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (AMOUNTS, "has no billDate"),
        ('"billDate": "2020-01-05"', "has no amount in a currency"),
        ('"billDate": "2020-01-05", "amountDue": {"unit": "EUR", "value": 1}', "has no taxIncludedAmount"),
        (
            f'"billDate": "2020-01-05", "amountDue": {{"unit": "USD", "value": 1}}, {AMOUNTS}',
            "has amounts in several currencies: EUR, USD",
        ),
        (
            f'"billDate": "2020-01-05", "billNo": "{"1" * 129}", {AMOUNTS}',
            "the id 11111111111111111111… has more",
        ),
    ],
)
def test_refuses_a_bill_that_says_too_little(text: str, reason: str) -> None:
    with pytest.raises(TmfError, match=reason):
        document(text)


def test_makes_a_line_of_the_official_rate() -> None:
    made = line(
        f""""appliedBillingRateType": "monthly", "description": "...", "name": "Rental Fee", "isBilled": true,
        "appliedTax": [{{"taxRate": 20, "taxAmount": {{"unit": "EUR", "value": 10.00}}}}],
        "bill": {{"id": "B123"}}, "billingAccount": {{"id": "A0815"}}, "product": {{"id": "P-wfs-123"}},
        "periodCoverage": {{"endDateTime": "2019-12-31T23:59:59.999Z",
        "startDateTime": "2019-12-01T00:00:00.000Z"}}, {AMOUNTS}"""
    )

    assert made == InvoiceLineRecord(
        customer=ACME,
        id=InvoiceLineId("ABR123"),
        document=BillingDocumentId("B123"),
        position=0,
        label="Rental Fee",
        kind=InvoiceLineKind.RECURRING,
        raw_kind="monthly",
        period_start=date(2019, 12, 1),
        period_end=date(2019, 12, 31),
        currency="EUR",
        tax_excluded_minor=4000,
        tax_included_minor=5000,
        tax_rate=Decimal("0.2"),
        service_point=ServicePointId("P-wfs-123"),
    )


def test_reads_the_type_and_the_bill_that_version_5s_example_has() -> None:
    made = line(f'"type": "appliedCustomerBillingRate", "customerBill": {{"id": "CB-123"}}, {AMOUNTS}')

    assert (made.document, made.kind) == ("CB-123", InvoiceLineKind.UNKNOWN)
    assert made.raw_kind == "appliedCustomerBillingRate"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("recurringCharge", InvoiceLineKind.RECURRING),
        ("nonRecurring", InvoiceLineKind.NON_RECURRING),
        ("oneTimeCharge", InvoiceLineKind.NON_RECURRING),
        ("usageCharge", InvoiceLineKind.USAGE),
        ("rebate", InvoiceLineKind.DISCOUNT),
        ("appliedBillingCredit", InvoiceLineKind.ADJUSTMENT),
        ("VAT", InvoiceLineKind.TAX),
        ("appliedBillingCharge", InvoiceLineKind.UNKNOWN),
    ],
)
def test_a_line_is_of_the_kind_that_its_type_means(said: str, kind: InvoiceLineKind) -> None:
    assert line(f'"type": "{said}", "bill": {{"id": 1}}, {AMOUNTS}').kind is kind


@pytest.mark.parametrize(
    ("characteristics", "read"),
    [
        ('{"name": "position", "value": 3}', (3, None, None, None)),
        ('{"name": "Line Number", "value": "12"}', (12, None, None, None)),
        (
            '{"name": "position", "value": -1}, {"name": "quantity", "value": 2.5}',
            (0, Decimal("2.5"), None, None),
        ),
        ('{"name": "quantity", "value": {"amount": 10, "units": "GB"}}', (0, Decimal(10), None, None)),
        (
            '{"name": "unitOfMeasure", "value": "GB"}, {"name": "unitPrice", "value": "0.305"}',
            (0, None, "GB", 30),
        ),
        (f'{{"name": "quantity", "value": {"9" * 4_000}}}', (0, None, None, None)),
        ('{"name": "quantity", "value": true}, {"name": "unit", "value": 7}', (0, None, None, None)),
        ('{"name": "quantity", "value": "NaN"}, {"name": "unitRate", "value": 1e400}', (0, None, None, None)),
    ],
)
def test_reads_what_only_a_characteristic_of_a_rate_can_say(
    characteristics: str, read: tuple[int, Decimal | None, str | None, int | None]
) -> None:
    made = line(f'"characteristic": [{characteristics}], "bill": {{"id": 1}}, {AMOUNTS}')

    assert (made.position, made.quantity, made.unit, made.unit_rate_minor) == read


@pytest.mark.parametrize(
    "related",
    [
        '[{"id": "CB-1", "role": "corrects", "@referredType": "CustomerBill"}]',
        '{"role": "corrects", "entity": {"id": "CB-1", "@type": "CustomerBillRef"}}',
        '[{"id": "T-1", "@referredType": "TroubleTicket"}, {"id": "CB-1", "@referredtype": "customerBill"}]',
    ],
)
def test_a_credit_note_names_the_bill_that_it_corrects(related: str) -> None:
    assert dated(f'"category": "credit note", "relatedEntity": {related}, {AMOUNTS}').corrects == "CB-1"


def test_several_taxes_are_no_rate() -> None:
    taxes = '"appliedTax": [{"taxRate": 0.05}, {"taxRate": 0.09975}]'

    assert line(f'{taxes}, "bill": {{"id": 1}}, {AMOUNTS}').tax_rate is None


@pytest.mark.parametrize(
    ("text", "reason"), [(AMOUNTS, "is on no bill"), ('"bill": {"id": 1}', "has no amount in a currency")]
)
def test_refuses_a_rate_that_is_no_line(text: str, reason: str) -> None:
    with pytest.raises(TmfError, match=reason):
        line(text)


def test_makes_an_account_of_the_official_one() -> None:
    made = account(
        """"name": "Home Account", "state": "Inactive", "creditLimit": {"unit": "USD", "value": 10000},
        "billStructure": {"presentationMedia": [{"id": "9968", "name": "Post Mail"}],
        "cycleSpecification": {"dateShift": 54, "frequency": "monthly", "paymentDueDateOffset": 30}}"""
    )

    assert made == BillingAccountRecord(
        customer=ACME,
        id=BillingAccountId("5430"),
        number="5430",
        name="Home Account",
        status=BillingAccountStatus.INACTIVE,
        raw_status="Inactive",
        currency="USD",
        cycle_frequency="monthly",
        payment_due_days=30,
        presentation_medium="Post Mail",
    )


def test_an_account_is_in_the_currency_of_its_balance_where_it_has_no_limit() -> None:
    balances = '"accountBalance": [{"balanceType": "deposit"}, {"amount": {"unit": "CHF", "value": 1}}]'

    assert account(balances).currency == "CHF"


def test_reads_what_only_a_characteristic_of_an_account_can_say() -> None:
    more = '{"name": "accountNumber", "value": "N-1"}, {"name": "Purchase Order", "value": "PO 7"}'
    made = account(f'"characteristic": [{more}, {{"name": "language", "value": "fr"}}]')

    assert (made.number, made.po_number, made.language) == ("N-1", "PO 7", "fr")


def test_makes_an_account_of_one_that_is_only_named() -> None:
    assert named_account(Ref(id="A0815", name="BA Peter Retep"), ACME) == BillingAccountRecord(
        customer=ACME,
        id=BillingAccountId("A0815"),
        number="A0815",
        name="BA Peter Retep",
        status=BillingAccountStatus.UNKNOWN,
    )


def test_refuses_a_time_for_payment_that_no_store_keeps() -> None:
    with pytest.raises(TmfError, match="a payment due date offset of 99999999999 days"):
        account('"billStructure": {"cycleSpecification": {"paymentDueDateOffset": 99999999999}}')


@given(
    things(
        CustomerBill, AppliedRate, BillingAccount, BillStructure, CycleSpecification, TaxItem, Amount, Period
    )
)
def test_billing_junk_is_never_more_than_refused(thing: Mapping[str, Any]) -> None:
    with suppress(TmfError):
        document_record(read_bill(thing), ACME)
    with suppress(TmfError):
        line_record(read_rate(thing), ACME)
    with suppress(TmfError):
        account_record(read_account(thing), ACME)
