"""The lists of billing: pages, orders, filters, parents, on the fake, on each database, and over TMF678."""

from collections.abc import AsyncGenerator
from datetime import date
from typing import Any, TypeAlias

import pytest
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient

from sources.billing import (
    BillingAccountFilter,
    BillingAccountOrder,
    BillingAccountStatus,
    BillingDocumentFilter,
    BillingDocumentKind,
    BillingDocumentOrder,
    BillingDocumentRecord,
    BillingDocumentStatus,
    InvoiceLineFilter,
    InvoiceLineKind,
    InvoiceLineOrder,
)
from sources.billing.sql import SqlBilling
from sources.condition import Range
from sources.keys import (
    CustomerCode,
)
from sources.listing import Page, Window, position
from sources.scope import Scope
from sources.sql import Database
from tests.fakes.billing import FakeBilling
from tests.sources.bills import (
    A1,
    A2,
    A9,
    ACCOUNTS,
    D1,
    D2,
    D9,
    DOCUMENTS,
    LINES,
    P1,
    P2,
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


async def read(billing: Billing, scope: Scope, **asked: Any) -> Page[BillingDocumentRecord]:  # noqa: ANN401 - any part of a Listing
    """Give the page of the customer's documents that the parts of a Listing ask for."""
    pages = await billing.documents_by_customer(
        scope, [scope.customer], replace(DOCUMENTS, **{"counted": False, **asked})
    )
    return pages[scope.customer]


async def test_reads_documents_page_by_page_in_both_directions(
    billing: Billing, customer: CustomerCode, everything: Scope
) -> None:
    rows = [document(customer, f"D{n}", issued_on=date(2026, 1, 9 - n // 2)) for n in (1, 0, 3, 2, 5)]
    await billing.save_documents(rows)
    order = BillingDocumentOrder.ISSUED_ON_DESC

    first = await read(billing, everything, order=order, window=Window(limit=2))
    second = await read(
        billing, everything, order=order, window=Window(limit=2, after=position(rows[1], order))
    )
    last = await read(billing, everything, order=order, window=Window(limit=2, backward=True))
    before = await read(
        billing,
        everything,
        order=order,
        window=Window(limit=5, before=position(rows[3], order), backward=True),
    )

    assert first == Page(rows[:2], has_more=True)
    assert second == Page(rows[2:4], has_more=True)
    assert last == Page(rows[3:], has_more=True)
    assert before == Page(rows[:3])


@pytest.mark.parametrize(
    ("order", "sorted_ids"),
    [
        (BillingDocumentOrder.ISSUED_ON_ASC, ["D3", "D1", "D2"]),
        (BillingDocumentOrder.ISSUED_ON_DESC, ["D2", "D1", "D3"]),
        (BillingDocumentOrder.NUMBER_ASC, ["D2", "D1", "D3"]),
        (BillingDocumentOrder.NUMBER_DESC, ["D3", "D1", "D2"]),
        (BillingDocumentOrder.AMOUNT_ASC, ["D3", "D2", "D1"]),
        (BillingDocumentOrder.AMOUNT_DESC, ["D1", "D2", "D3"]),
    ],
)
async def test_sorts_documents(
    billing: Billing,
    customer: CustomerCode,
    everything: Scope,
    order: BillingDocumentOrder,
    sorted_ids: list[str],
) -> None:
    await billing.save_documents(
        [
            document(customer, "D1", number="2", tax_included_minor=300),
            document(customer, "D2", number="1", tax_included_minor=200, issued_on=date(2026, 3, 1)),
            document(customer, "D3", number="3", tax_included_minor=-900, issued_on=date(2026, 1, 1)),
        ]
    )

    page = await read(billing, everything, order=order)

    assert [each.id for each in page.rows] == sorted_ids


def different(customer: CustomerCode) -> list[BillingDocumentRecord]:
    """Make D1, an invoice; D2, a settled one of another account and month; D3, a credit note."""
    return [
        document(customer, "D1", solutions=(S1, S2)),
        document(
            customer,
            "D2",
            status=BillingDocumentStatus.SETTLED,
            account=A2,
            issued_on=date(2026, 3, 1),
            due_on=date(2026, 4, 1),
            period_start=date(2026, 2, 1),
            period_end=date(2026, 2, 28),
            currency="USD",
            tax_included_minor=5_000,
            amount_due_minor=0,
            solutions=(S2,),
        ),
        document(
            customer,
            "D3",
            kind=BillingDocumentKind.CREDIT_NOTE,
            due_on=None,
            period_start=None,
            period_end=None,
            tax_included_minor=-1_200,
            amount_due_minor=None,
            solutions=(S1,),
        ),
    ]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (BillingDocumentFilter(account=frozenset({A2})), ["D2"]),
        (BillingDocumentFilter(account=frozenset({A1, A2})), ["D1", "D2", "D3"]),
        (BillingDocumentFilter(kind=frozenset({BillingDocumentKind.CREDIT_NOTE})), ["D3"]),
        (BillingDocumentFilter(status=frozenset({BillingDocumentStatus.SETTLED})), ["D2"]),
        (BillingDocumentFilter(status=frozenset({BillingDocumentStatus.NEW})), []),
        (BillingDocumentFilter(issued=Range(date(2026, 2, 1), date(2026, 3, 1))), ["D1", "D3"]),
        (BillingDocumentFilter(due=Range(date(2026, 3, 3))), ["D1", "D2"]),
        (BillingDocumentFilter(due=Range()), ["D1", "D2"]),
        (BillingDocumentFilter(period=Range(date(2026, 1, 31), date(2026, 2, 1))), ["D1"]),
        (BillingDocumentFilter(period=Range(date(2026, 2, 1), date(2026, 2, 2))), ["D2"]),
        (BillingDocumentFilter(period=Range(None, date(2026, 1, 1))), []),
        (BillingDocumentFilter(period=Range()), ["D1", "D2"]),
        (BillingDocumentFilter(currency=frozenset({"USD"})), ["D2"]),
        (BillingDocumentFilter(amount=Range(5_000, 12_000)), ["D2"]),
        (BillingDocumentFilter(amount=Range(None, 0)), ["D3"]),
        (BillingDocumentFilter(overdue=Range(None, date(2026, 4, 3))), ["D1"]),
        (BillingDocumentFilter(overdue=Range(None, date(2026, 3, 3))), []),
        (BillingDocumentFilter(number=frozenset({"N-D1", "D2"})), ["D1"]),
        (BillingDocumentFilter(solution=frozenset({S1})), ["D1", "D3"]),
        (BillingDocumentFilter(solution=frozenset({S9})), []),
        (BillingDocumentFilter(text="n-d3"), ["D3"]),
        (BillingDocumentFilter(solution=frozenset({S1, S2}), amount=Range(0)), ["D1", "D2"]),
    ],
)
async def test_gives_the_documents_that_the_filter_asks_for(
    billing: Billing,
    customer: CustomerCode,
    everything: Scope,
    asked: BillingDocumentFilter,
    kept: list[str],
) -> None:
    await billing.save_documents(different(customer))

    page = await read(billing, everything, filter=asked, counted=True)

    assert [each.id for each in page.rows] == kept
    assert page.total == len(kept)


async def test_gives_the_documents_of_each_account_solution_and_corrected_invoice(
    billing: Billing, customer: CustomerCode, everything: Scope
) -> None:
    first, second = document(customer, "D1", solutions=(S1, S2)), document(customer, "D2", solutions=(S2,))
    credited = {"tax_included_minor": -12_000, "amount_due_minor": 0}
    credit = document(
        customer, "D3", kind=BillingDocumentKind.CREDIT_NOTE, corrects=D1, account=A2, **credited
    )
    await billing.save_documents([first, second, credit])
    one = replace(DOCUMENTS, window=Window(limit=1))

    accounts = await billing.documents_by_account(everything, [A1, A2, A9], one)
    solutions = await billing.documents_by_solution(everything, [S1, S2, S9], one)
    corrected = await billing.credit_notes_by_invoice(everything, [D1, D2], one)

    assert accounts == {
        A1: Page([first], has_more=True, total=2),
        A2: Page([credit], total=1),
        A9: Page([], total=0),
    }
    assert solutions == {
        S1: Page([first], total=1),
        S2: Page([first], has_more=True, total=2),
        S9: Page([], total=0),
    }
    assert corrected == {D1: Page([credit], total=1), D2: Page([], total=0)}


async def test_forgets_a_solution_that_is_no_longer_billed(
    billing: Billing, customer: CustomerCode, everything: Scope
) -> None:
    await billing.save_billing_accounts([account(customer, "A1", solutions=(S1, S2))])
    await billing.save_documents([document(customer, "D1", solutions=(S1, S2))])

    await billing.save_billing_accounts([account(customer, "A1", solutions=(S2,))])
    await billing.save_documents([document(customer, "D1", solutions=(S2,))])

    scope = replace(everything, solutions=frozenset({S1}))
    assert await billing.billing_accounts_by_solution(everything, [S1], ACCOUNTS) == {S1: Page([], total=0)}
    assert await billing.documents_by_solution(everything, [S1], DOCUMENTS) == {S1: Page([], total=0)}
    assert await billing.billing_accounts(scope, [A1]) == {}
    assert await billing.documents(scope, [D1]) == {}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (BillingAccountFilter(status=frozenset({BillingAccountStatus.CLOSED})), ["A2"]),
        (BillingAccountFilter(currency=frozenset({"EUR"})), ["A1"]),
        (BillingAccountFilter(solution=frozenset({S2, S9})), ["A2"]),
        (BillingAccountFilter(text="ACCOUNT"), ["A2", "A1"]),
        (BillingAccountFilter(text="po 7"), ["A1"]),
        (BillingAccountFilter(text="2", status=frozenset({BillingAccountStatus.ACTIVE})), []),
    ],
)
async def test_gives_the_accounts_that_the_filter_asks_for(
    billing: Billing,
    customer: CustomerCode,
    everything: Scope,
    asked: BillingAccountFilter,
    kept: list[str],
) -> None:
    await billing.save_billing_accounts(
        [
            account(customer, "A1", currency="EUR", po_number="PO 7", solutions=(S1,)),
            account(customer, "A2", status=BillingAccountStatus.CLOSED, solutions=(S1, S2)),
        ]
    )
    listing = replace(ACCOUNTS, filter=asked, order=BillingAccountOrder.NAME_DESC)

    pages = await billing.billing_accounts_by_customer(everything, [customer], listing)

    assert [each.id for each in pages[customer].rows] == kept
    assert pages[customer].total == len(kept)


@pytest.mark.parametrize(
    ("order", "sorted_ids"),
    [
        (BillingAccountOrder.NUMBER_ASC, ["A2", "A1"]),
        (BillingAccountOrder.NUMBER_DESC, ["A1", "A2"]),
        (BillingAccountOrder.NAME_ASC, ["A1", "A2"]),
        (BillingAccountOrder.NAME_DESC, ["A2", "A1"]),
    ],
)
async def test_gives_the_accounts_of_a_solution_sorted(
    billing: Billing,
    customer: CustomerCode,
    everything: Scope,
    order: BillingAccountOrder,
    sorted_ids: list[str],
) -> None:
    await billing.save_billing_accounts(
        [
            account(customer, "A1", number="2", solutions=(S1,)),
            account(customer, "A2", number="1", solutions=(S1, S2)),
        ]
    )

    pages = await billing.billing_accounts_by_solution(everything, [S1, S9], replace(ACCOUNTS, order=order))

    assert [each.id for each in pages[S1].rows] == sorted_ids
    assert pages[S9] == Page([], total=0)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (InvoiceLineFilter(kind=frozenset({InvoiceLineKind.USAGE, InvoiceLineKind.TAX})), ["L2"]),
        (InvoiceLineFilter(period=Range(date(2026, 1, 31), date(2026, 2, 1))), ["L1"]),
        (InvoiceLineFilter(period=Range(date(2026, 2, 5), date(2026, 2, 6))), ["L2"]),
        (InvoiceLineFilter(period=Range(date(2026, 2, 1), date(2026, 2, 5))), []),
        (InvoiceLineFilter(amount=Range(1, 10_000)), ["L2"]),
        (InvoiceLineFilter(service_point=frozenset({P1})), ["L1"]),
        (InvoiceLineFilter(solution=frozenset({S1, S2})), ["L1", "L2"]),
        (InvoiceLineFilter(text="voice"), ["L2"]),
    ],
)
async def test_gives_the_lines_that_the_filter_asks_for(
    billing: Billing,
    customer: CustomerCode,
    everything: Scope,
    asked: InvoiceLineFilter,
    kept: list[str],
) -> None:
    day = date(2026, 2, 5)
    await billing.save_documents([document(customer, "D1")])
    await billing.save_lines(
        [
            line(customer, "L1", service_point=P1, solution=S1),
            line(
                customer,
                "L2",
                kind=InvoiceLineKind.USAGE,
                label="Voice minutes",
                period_start=day,
                period_end=day,
                tax_excluded_minor=9_999,
                service_point=P2,
                solution=S2,
            ),
            line(customer, "L3", period_start=None, period_end=None, tax_excluded_minor=None),
        ]
    )

    pages = await billing.lines_by_document(everything, [D1], replace(LINES, filter=asked))

    assert [each.id for each in pages[D1].rows] == kept
    assert pages[D1].total == len(kept)


async def test_gives_the_lines_of_each_document_and_service_point_by_position(
    billing: Billing, customer: CustomerCode, everything: Scope
) -> None:
    lines = [
        line(customer, "L3", position=1, service_point=P1),
        line(customer, "L1", position=2),
        line(customer, "L2", position=10, service_point=P1),
        line(customer, "L4", document=D2, service_point=P2),
    ]
    await billing.save_documents([document(customer, "D1"), document(customer, "D2")])
    await billing.save_lines(lines)
    last = replace(LINES, order=InvoiceLineOrder.POSITION_DESC, window=Window(limit=1))

    documents = await billing.lines_by_document(
        everything, [D1, D2, D9], replace(LINES, window=Window(limit=2))
    )
    points = await billing.lines_by_service_point(everything, [P1, P2], last)

    assert documents == {
        D1: Page(lines[:2], has_more=True, total=3),
        D2: Page(lines[3:], total=1),
        D9: Page([], total=0),
    }
    assert points == {P1: Page([lines[2]], has_more=True, total=2), P2: Page([lines[3]], total=1)}
