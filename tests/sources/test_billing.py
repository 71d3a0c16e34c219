"""The contract of billing, kept by the fake, by the embedded system on each database, and over TMF678."""

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import TypeAlias

import pytest
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient

from sources.billing import BillingDocumentStatus, InvoiceLineRecord
from sources.billing.sql import SqlBilling
from sources.keys import CustomerCode
from sources.listing import Page
from sources.money import Money
from sources.scope import Scope
from sources.sql import Database
from sources.table import Saved
from tests.fakes.billing import FakeBilling
from tests.sources.bills import (
    A1,
    A2,
    A9,
    ACCOUNTS,
    D1,
    D2,
    D3,
    D9,
    DOCUMENTS,
    L1,
    L2,
    L3,
    LINES,
    P1,
    S1,
    S2,
    S9,
    account,
    document,
    line,
)
from tests.sources.conftest import EMBEDDED
from tests.tmf.billing import SavedBilling, tmf_billing
from tests.tmf.ticketing import tmf_version

Billing: TypeAlias = FakeBilling | SqlBilling | SavedBilling


@pytest.fixture(params=[*EMBEDDED, "tmf-v4", "tmf-v5"])
def kept_by(request: pytest.FixtureRequest) -> str:
    """Give what stands behind billing."""
    return str(request.param)


@pytest.fixture
async def billing(kept_by: str, connection: BaseDBAsyncClient | None) -> AsyncGenerator[Billing]:
    """Give billing, empty of the test's customer."""
    if kept_by.startswith("tmf"):
        async with tmf_billing(tmf_version(kept_by)) as over_http:
            yield over_http
    else:
        yield FakeBilling() if connection is None else SqlBilling(Database(connection, "billing", 10))


def whole_line(customer: CustomerCode) -> InvoiceLineRecord:
    """Make the line L1 with everything that a line can say."""
    return line(
        customer,
        "L1",
        raw_kind="recurringCharge",
        quantity=Decimal("1.5"),
        unit="Mbit/s",
        unit_rate_minor=6_667,
        tax_included_minor=12_000,
        tax_rate=Decimal("0.20"),
        service_point=P1,
        solution=S1,
    )


async def test_gives_accounts_documents_and_lines_back_as_they_were_saved(
    billing: Billing, customer: CustomerCode, everything: Scope
) -> None:
    of_account = account(
        customer,
        "A1",
        raw_status="Active",
        currency="EUR",
        cycle_frequency="monthly",
        payment_due_days=30,
        presentation_medium="Post Mail",
        po_number="PO 7",
        language="fr",
        solutions=(S1, S2),
    )
    invoice = document(
        customer,
        "D1",
        raw_status="sent",
        tax_excluded_minor=10_000,
        tax_minor=2_000,
        corrects=D9,
        solutions=(S1, S2),
    )
    charge = whole_line(customer)

    await billing.save_billing_accounts([of_account])
    await billing.save_documents([invoice])
    await billing.save_lines([charge])

    assert await billing.billing_accounts(everything, [A1, A9]) == {A1: of_account}
    assert await billing.documents(everything, [D1, D9]) == {D1: invoice}
    assert await billing.lines(everything, [L1, L2]) == {L1: charge}


async def test_gives_money_in_minor_units_of_the_rows_currency(
    billing: Billing, customer: CustomerCode, everything: Scope
) -> None:
    whole = {"tax_excluded_minor": -100, "tax_minor": -20, "tax_included_minor": -120, "amount_due_minor": 0}
    await billing.save_documents(
        [document(customer, "D1", currency="JPY", **whole), document(customer, "D2")]
    )
    await billing.save_lines([line(customer, "L1", unit_rate_minor=5, tax_included_minor=12_000)])

    found = await billing.documents(everything, [D1, D2])
    charge = (await billing.lines(everything, [L1]))[L1]

    assert found[D1].amount == Money(-120, "JPY")
    assert found[D1].tax_excluded == Money(-100, "JPY")
    assert found[D1].tax == Money(-20, "JPY")
    assert found[D1].amount_due == Money(0, "JPY")
    assert (found[D2].tax_excluded, found[D2].tax) == (None, None)
    assert charge.unit_rate == Money(5, "EUR")
    assert charge.tax_excluded == Money(10_000, "EUR")
    assert charge.tax_included == Money(12_000, "EUR")


async def test_says_what_a_save_changed(billing: Billing, customer: CustomerCode) -> None:
    await billing.save_billing_accounts([account(customer, "A1", solutions=(S1,))])
    await billing.save_documents([document(customer, "D1"), document(customer, "D2")])
    await billing.save_lines([line(customer, "L1", tax_rate=Decimal("0.2")), line(customer, "L2")])

    accounts = await billing.save_billing_accounts([account(customer, "A1", solutions=(S1,))])
    documents = await billing.save_documents(
        [document(customer, "D1", amount_due_minor=0), document(customer, "D2"), document(customer, "D3")]
    )
    lines = await billing.save_lines(
        [line(customer, "L1", tax_rate=Decimal("0.2")), line(customer, "L2", label="Renamed")]
    )

    assert accounts == Saved(unchanged=1)
    assert documents == Saved(taken_in=1, updated=1, unchanged=1)
    assert lines == Saved(updated=1, unchanged=1)


async def test_never_gives_another_customers_rows(
    billing: Billing, customer: CustomerCode, everything: Scope
) -> None:
    other = CustomerCode(f"{customer}-other")
    await billing.save_billing_accounts([account(other, "A1", solutions=(S1,))])
    await billing.save_documents([document(other, "D1", solutions=(S1,)), document(other, "D2", corrects=D1)])
    await billing.save_lines([line(other, "L1", service_point=P1)])

    assert await billing.billing_accounts(everything, [A1]) == {}
    assert await billing.documents(everything, [D1]) == {}
    assert await billing.lines(everything, [L1]) == {}
    assert await billing.billing_accounts_by_customer(everything, [other], ACCOUNTS) == {
        other: Page([], total=0)
    }
    assert await billing.billing_accounts_by_solution(everything, [S1], ACCOUNTS) == {S1: Page([], total=0)}
    assert await billing.documents_by_customer(everything, [other], DOCUMENTS) == {other: Page([], total=0)}
    assert await billing.documents_by_account(everything, [A1], DOCUMENTS) == {A1: Page([], total=0)}
    assert await billing.documents_by_solution(everything, [S1], DOCUMENTS) == {S1: Page([], total=0)}
    assert await billing.credit_notes_by_invoice(everything, [D1], DOCUMENTS) == {D1: Page([], total=0)}
    assert await billing.lines_by_document(everything, [D1], LINES) == {D1: Page([], total=0)}
    assert await billing.lines_by_service_point(everything, [P1], LINES) == {P1: Page([], total=0)}


# Not over TMF678: a rate names its bill and no customer; bills of one id would have one another's lines.
@pytest.mark.parametrize("kept_by", EMBEDDED)
async def test_keeps_to_its_own_lines_where_two_customers_have_a_document_of_one_id(
    billing: Billing, customer: CustomerCode, everything: Scope
) -> None:
    other = CustomerCode(f"{customer}-other")
    await billing.save_documents([document(customer, "D1"), document(other, "D1", account=A2)])
    await billing.save_lines([line(customer, "L1"), line(other, "L1")])

    await billing.save_documents([document(other, "D1", status=BillingDocumentStatus.ON_HOLD)])

    assert await billing.lines(everything, [L1]) == {L1: line(customer, "L1")}
    assert await billing.lines(replace(everything, customer=other), [L1]) == {}


async def test_leaves_out_what_is_billed_for_solutions_outside_the_scope(
    billing: Billing, customer: CustomerCode, everything: Scope
) -> None:
    inside, outside = account(customer, "A1", solutions=(S1, S2)), account(customer, "A2", solutions=(S2,))
    both, other = document(customer, "D1", solutions=(S1, S2)), document(customer, "D2", solutions=(S2,))
    nothing = document(customer, "D3")
    lines = [line(customer, "L1", solution=S1), line(customer, "L2", solution=S2), line(customer, "L3")]
    await billing.save_billing_accounts([inside, outside])
    await billing.save_documents([both, other, nothing])
    await billing.save_lines(lines)
    scope = replace(everything, solutions=frozenset({S1, S9}))

    assert await billing.billing_accounts(scope, [A1, A2]) == {A1: inside}
    assert await billing.documents(scope, [D1, D2, D3]) == {D1: both}
    assert await billing.documents_by_customer(scope, [customer], DOCUMENTS) == {
        customer: Page([both], total=1)
    }
    assert await billing.lines_by_document(scope, [D1], LINES) == {D1: Page(lines[:1], total=1)}
    assert await billing.lines(scope, [L1, L2, L3]) == {L1: lines[0]}


async def test_leaves_out_accounts_outside_the_users_data_scope_with_their_documents_and_lines(
    billing: Billing, customer: CustomerCode, everything: Scope
) -> None:
    await billing.save_billing_accounts([account(customer, "A1"), account(customer, "A2")])
    await billing.save_documents(
        [
            document(customer, "D1"),
            document(customer, "D2", account=A2),
            document(customer, "D3", account=None),
        ]
    )
    await billing.save_lines([line(customer, "L1"), line(customer, "L2", document=D2), line(customer, "L3")])
    scope = replace(everything, accounts=frozenset({A2}))
    kept = line(customer, "L2", document=D2, account=A2)

    assert await billing.billing_accounts(scope, [A1, A2]) == {A2: account(customer, "A2")}
    assert await billing.documents(scope, [D1, D2, D3]) == {D2: document(customer, "D2", account=A2)}
    assert await billing.documents_by_account(scope, [A1], DOCUMENTS) == {A1: Page([], total=0)}
    assert await billing.lines(scope, [L1, L2, L3]) == {L2: kept}
    assert await billing.lines_by_document(scope, [D1, D2], LINES) == {
        D1: Page([], total=0),
        D2: Page([kept], total=1),
    }


@pytest.mark.parametrize("status", list(BillingDocumentStatus))
async def test_shows_a_document_and_its_lines_only_once_the_customer_has_it(
    billing: Billing,
    customer: CustomerCode,
    everything: Scope,
    status: BillingDocumentStatus,
) -> None:
    await billing.save_documents([document(customer, "D1", status=status)])
    await billing.save_lines([line(customer, "L1", service_point=P1)])

    documents = await billing.documents_by_customer(everything, [customer], DOCUMENTS)
    lines = await billing.lines_by_document(everything, [D1], LINES)
    points = await billing.lines_by_service_point(everything, [P1], LINES)

    available = int(status.value in {"SENT", "PARTIALLY_PAID", "SETTLED"})
    assert (documents[customer].total, lines[D1].total, points[P1].total) == (available, available, available)
    assert len(await billing.documents(everything, [D1])) == available
    assert len(await billing.lines(everything, [L1])) == available


async def test_shows_lines_from_the_moment_their_document_is_sent_and_no_longer_than_it_stays_so(
    billing: Billing, customer: CustomerCode, everything: Scope
) -> None:
    await billing.save_lines([line(customer, "L1")])
    alone = await billing.lines(everything, [L1])

    await billing.save_documents([document(customer, "D1", account=A2)])
    sent = await billing.lines(everything, [L1])
    await billing.save_documents([document(customer, "D1", status=BillingDocumentStatus.ON_HOLD)])
    await billing.save_lines([line(customer, "L1", label="Renamed")])
    held = await billing.lines(everything, [L1])

    assert alone == {}
    assert sent == {L1: line(customer, "L1", account=A2)}
    assert held == {}
