"""Billing over TMF678 and TMF666: whose rates are, what is asked for, and how far it is looked into."""

from itertools import product
from typing import Any, Final

import pytest
from msgspec.structs import replace

from sources.billing import (
    BillingAccountRecord,
    BillingDocumentFilter,
    BillingDocumentRecord,
    BillingDocumentStatus,
    InvoiceLineFilter,
    InvoiceLineRecord,
)
from sources.billing.billed import MOST_COUNTED
from sources.billing.rates import MOST_LINES
from sources.cache.entity import EntityCache
from sources.cache.memory import MemoryShelf
from sources.cache.settings import CacheSettings
from sources.errors import SourceUnavailableError
from sources.keys import BillingAccountId, CustomerCode
from sources.listing import Page, Window
from sources.scope import ALL, Scope
from sources.tmf.settings import Strategy, ThingSettings
from sources.unplaced import collected
from tests.sources.bills import (
    A1,
    A2,
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
    account,
    document,
    line,
)
from tests.tmf.billing import SavedBilling, tmf_billing
from tests.tmf.server import Habits, Total

ACME, OTHER = CustomerCode("acme"), CustomerCode("other")
WHOLE: Final = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
COVERED: Final = replace(WHOLE, solutions=frozenset({S1}))
NUMBERS_ONLY: Final = {
    BillingDocumentRecord: frozenset({"number"}),
    BillingAccountRecord: frozenset({"name"}),
}

HABITS: Final = [
    Habits(),
    Habits(filters=False, total=Total.OF_THE_COLLECTION),
    Habits(filters=False, total=Total.ZERO, cap=2),
    Habits(total=Total.NEGATIVE, cap=1, status=206),
    Habits(total=Total.NONE, cap=3),
]
"""How systems keep what the specifications say; they all give the same here."""


async def fill(billing: SavedBilling) -> None:
    """Save two invoices and a credit note of ACME, one that it does not have yet, and another customer's."""
    await billing.save_billing_accounts(
        [account(ACME, "A1", solutions=(S1,)), account(ACME, "A2"), account(OTHER, "A3", solutions=(S1,))]
    )
    await billing.save_documents(
        [
            document(ACME, "D1", solutions=(S1, S2)),
            document(ACME, "D2", account=A2, solutions=(S2,)),
            document(ACME, "D3", status=BillingDocumentStatus.NEW, solutions=(S1,)),
            document(OTHER, "D9", solutions=(S1,)),
        ]
    )
    await billing.save_lines(
        [
            line(ACME, "L1", service_point=P1, solution=S1),
            line(ACME, "L2", solution=S2),
            line(ACME, "L3", document=D3, service_point=P1, solution=S1),
            line(OTHER, "L4", document=D9, service_point=P1, solution=S1),
        ]
    )


async def everything_of(billing: SavedBilling, scope: Scope) -> list[object]:
    """Ask every method of billing for everything."""
    documents = [D1, D2, D3, D9]
    return [
        await billing.billing_accounts(scope, [A1, A2, BillingAccountId("A3")]),
        await billing.billing_accounts_by_customer(scope, [ACME, OTHER], ACCOUNTS),
        await billing.billing_accounts_by_solution(scope, [S1, S2], ACCOUNTS),
        await billing.documents(scope, documents),
        await billing.documents_by_customer(scope, [ACME, OTHER], DOCUMENTS),
        await billing.documents_by_account(scope, [A1, A2], DOCUMENTS),
        await billing.documents_by_solution(scope, [S1, S2], DOCUMENTS),
        await billing.credit_notes_by_invoice(scope, documents, DOCUMENTS),
        await billing.lines(scope, [L1, L2, L3]),
        await billing.lines_by_document(scope, documents, LINES),
        await billing.lines_by_service_point(scope, [P1], LINES),
    ]


@pytest.mark.parametrize("scope", [WHOLE, COVERED, replace(WHOLE, ended=frozenset({S2}))])
async def test_gives_the_same_whatever_the_habits_of_a_system_and_however_it_is_asked(scope: Scope) -> None:
    given: list[list[object]] = []
    for habits, strategy in product(HABITS, Strategy):
        async with tmf_billing(ThingSettings(strategy=strategy, page_size=3), habits) as billing:
            await fill(billing)
            given.append(await everything_of(billing, scope))

    assert all(each == given[0] for each in given)
    documents: Any = given[0][4]
    assert [each.id for each in documents[ACME].rows] == (["D1", "D2"] if scope is WHOLE else ["D1"])
    assert documents[OTHER] == Page([], total=0)


async def test_what_is_kept_answers_every_scope_as_the_system_would() -> None:
    shelf = MemoryShelf(most_entries=1_000, most_bytes=10**7, most_value_bytes=10**6)
    async with tmf_billing(ThingSettings(), cache=EntityCache(shelf, CacheSettings())) as billing:
        await fill(billing)
        for scope in (WHOLE, COVERED):
            first = await everything_of(billing, scope)
            asked = billing.server.queries

            assert await everything_of(billing, scope) == first
            assert len(asked) == len(set(asked))
            assert billing.server.queries == []

        async with tmf_billing(ThingSettings()) as other:
            await fill(other)
            assert await everything_of(other, COVERED) == first


async def test_reads_no_lines_for_documents_of_which_nobody_asks_what_they_bill() -> None:
    async with tmf_billing(ThingSettings()) as billing:
        await fill(billing)
        scope = replace(WHOLE, columns=NUMBERS_ONLY)

        await billing.documents_by_customer(scope, [ACME], DOCUMENTS)
        await billing.documents_by_account(scope, [A1, A2], DOCUMENTS)
        await billing.documents(scope, [D1, D2])

        asked = "/customerBill?relatedParty.id=party of acme"
        assert billing.server.queries == [
            asked,
            f"{asked}&billingAccount.id=A1,A2",
            "/customerBill?id=D1,D2",
        ]


async def test_asks_once_for_the_lines_of_all_documents_of_a_page() -> None:
    async with tmf_billing(ThingSettings()) as billing:
        await fill(billing)

        await billing.documents_by_customer(WHOLE, [ACME], DOCUMENTS)

        assert billing.server.queries[1:] == ["/appliedCustomerBillingRate?bill.id=D1,D2"]


async def test_looks_into_no_more_documents_than_it_takes_to_fill_a_page() -> None:
    async with tmf_billing(ThingSettings()) as billing:
        every = [
            document(ACME, f"D{n:03}", number=f"{n:03}", solutions=(S1,) if n % 10 == 5 else (S2,))
            for n in range(200)
        ]
        await billing.save_documents(every)
        listing = replace(DOCUMENTS, counted=False, window=Window(limit=3))

        pages = await billing.documents_by_customer(COVERED, [ACME], listing)
        last = await billing.documents_by_customer(
            COVERED, [ACME], replace(listing, window=Window(limit=3, backward=True))
        )

        assert [each.id for each in pages[ACME].rows] == ["D005", "D015", "D025"]
        assert [each.id for each in last[ACME].rows] == ["D175", "D185", "D195"]
        assert (pages[ACME].has_more, last[ACME].has_more) == (True, True)
        asked = [each for each in billing.server.queries if each.startswith("/applied")]
        assert sum(each.count("D") for each in asked) == 40 + 40


async def test_counts_the_documents_of_the_solutions_that_are_covered() -> None:
    async with tmf_billing(ThingSettings()) as billing:
        await billing.save_documents(
            [document(ACME, f"D{n}", number=f"{n}", solutions=(S1,) if n % 2 else (S2,)) for n in range(9)]
        )
        listing = replace(DOCUMENTS, window=Window(limit=2, after=("1", "D1")))

        pages = await billing.documents_by_customer(COVERED, [ACME], listing)

        assert [each.id for each in pages[ACME].rows] == ["D3", "D5"]
        assert (pages[ACME].has_more, pages[ACME].total) == (True, 4)


async def test_gives_no_total_where_it_takes_looking_into_more_documents_than_is_reasonable() -> None:
    async with tmf_billing(ThingSettings(page_size=1_000)) as billing:
        await billing.save_documents(
            [
                document(ACME, f"D{n:04}", number=f"{n:04}", solutions=(S1,) if n < 3 else (S2,))
                for n in range(MOST_COUNTED + 1)
            ]
        )
        listing = replace(DOCUMENTS, window=Window(limit=1, after=("0000", "D0000")))

        pages = await billing.documents_by_customer(COVERED, [ACME], listing)

        assert [each.id for each in pages[ACME].rows] == ["D0001"]
        assert (pages[ACME].has_more, pages[ACME].total) == (True, None)
        assert len([each for each in billing.server.queries if each.startswith("/applied")]) == 2


async def test_asks_nobody_where_lines_are_that_only_show_what_they_say_themselves() -> None:
    async with tmf_billing(ThingSettings()) as billing:
        await fill(billing)
        billing.failing = SourceUnavailableError("ordering")
        scope = replace(WHOLE, columns={InvoiceLineRecord: frozenset({"label"})})

        found = await billing.lines(scope, [L1])
        under = await billing.lines_by_document(scope, [D1], LINES)

        assert (found[L1].label, under[D1].total) == ("Line L1", 2)
        with pytest.raises(SourceUnavailableError):
            await billing.lines(COVERED, [L1])
        asked = replace(LINES, filter=InvoiceLineFilter(service_point=frozenset({P1})))
        with pytest.raises(SourceUnavailableError):
            await billing.lines_by_document(scope, [D1], asked)


async def test_bills_stay_without_their_solutions_where_nobody_can_tell_them_and_none_is_hidden() -> None:
    async with tmf_billing(ThingSettings()) as billing:
        await fill(billing)
        unplaced = collected()
        billing.failing = SourceUnavailableError("ordering")

        pages = await billing.documents_by_customer(WHOLE, [ACME], DOCUMENTS)
        documents = await billing.documents(WHOLE, [D1])
        lines = await billing.lines_by_document(WHOLE, [D1], LINES)

        assert {each.id: each.solutions for each in pages[ACME].rows} == {"D1": (), "D2": ()}
        assert documents[D1].solutions == ()
        assert [each.solution for each in lines[D1].rows] == [None, None]
        assert [each.system for each in unplaced.errors] == ["ordering"]
        for hiding in (COVERED, replace(WHOLE, ended=frozenset({S2}))):
            with pytest.raises(SourceUnavailableError):
                await billing.documents_by_customer(hiding, [ACME], DOCUMENTS)
            with pytest.raises(SourceUnavailableError):
                await billing.documents(hiding, [D1])
            with pytest.raises(SourceUnavailableError):
                await billing.lines_by_document(hiding, [D1], LINES)


async def test_filters_and_finds_documents_by_what_their_lines_bill() -> None:
    async with tmf_billing(ThingSettings()) as billing:
        await fill(billing)
        asked = replace(DOCUMENTS, filter=BillingDocumentFilter(solution=frozenset({S2})))

        pages = await billing.documents_by_customer(WHOLE, [ACME], asked)
        under = await billing.documents_by_solution(WHOLE, [S2], DOCUMENTS)

        assert [each.id for each in pages[ACME].rows] == ["D1", "D2"]
        assert under == {S2: pages[ACME]}


@pytest.mark.parametrize("scope", [WHOLE, replace(COVERED, solutions=frozenset({S1, S2}))])
async def test_finds_the_documents_of_solutions_by_what_bills_their_products(scope: Scope) -> None:
    async with tmf_billing(ThingSettings()) as billing:
        await fill(billing)

        pages = await billing.documents_by_solution(replace(scope, columns=NUMBERS_ONLY), [S1, S2], DOCUMENTS)

        assert {key: [each.id for each in page.rows] for key, page in pages.items()} == {
            S1: ["D1"],
            S2: ["D1", "D2"],
        }
        assert sorted(billing.server.queries) == [
            "/appliedCustomerBillingRate?product.id=S1,S2,P1",
            "/customerBill?relatedParty.id=party of acme",
        ]


async def test_looks_into_documents_where_too_many_lines_bill_a_product() -> None:
    async with tmf_billing(ThingSettings(page_size=1_000)) as billing:
        await billing.save_documents([document(ACME, "D1", solutions=(S1,)), document(ACME, "D2")])
        (rate,) = billing.server.things["appliedCustomerBillingRate"]
        elsewhere = {**rate, "bill": {"id": "D9"}}
        billing.server.things["appliedCustomerBillingRate"] = [
            rate,
            *({**elsewhere, "id": f"L{n}"} for n in range(MOST_LINES)),
        ]

        pages = await billing.documents_by_solution(WHOLE, [S1], DOCUMENTS)

        assert [each.id for each in pages[S1].rows] == ["D1"]
        assert "/appliedCustomerBillingRate?bill.id=D1,D2" in billing.server.queries


async def test_numbers_lines_that_have_no_position_by_their_ids_however_they_are_asked_for() -> None:
    async with tmf_billing(ThingSettings()) as billing:
        await billing.save_documents([document(ACME, "D1")])
        bare = [line(ACME, f"L{n}", position=0, service_point=P1) for n in (4, 3, 2)]
        await billing.save_lines([*bare, line(ACME, "L1", position=7)])

        under = await billing.lines_by_document(WHOLE, [D1], LINES)
        found = await billing.lines(WHOLE, [L2, L3])
        billed = await billing.lines_by_service_point(WHOLE, [P1], LINES)

        assert [(each.id, each.position) for each in under[D1].rows] == [
            ("L1", 7),
            ("L2", 8),
            ("L3", 9),
            ("L4", 10),
        ]
        assert found == {L2: under[D1].rows[1], L3: under[D1].rows[2]}
        assert billed[P1].rows == under[D1].rows[1:]


async def test_reads_no_other_lines_to_number_those_whose_number_nobody_reads() -> None:
    async with tmf_billing(ThingSettings()) as billing:
        await billing.save_documents([document(ACME, "D1")])
        await billing.save_lines([line(ACME, f"L{n}", position=0, service_point=P1) for n in (1, 2)])
        scope = replace(WHOLE, columns={InvoiceLineRecord: frozenset({"label"})})

        billed = await billing.lines_by_service_point(scope, [P1], LINES)

        assert [each.id for each in billed[P1].rows] == ["L1", "L2"]
        assert billing.server.queries == [
            "/appliedCustomerBillingRate?product.id=P1",
            "/customerBill?id=D1",
            "/customerBill?id=D1",
        ]


async def test_a_line_of_a_product_that_nobody_knows_has_its_id_and_no_solution() -> None:
    async with tmf_billing(ThingSettings()) as billing:
        await billing.save_documents([document(ACME, "D1")])
        await billing.save_lines([line(ACME, "L1")])
        (rate,) = billing.server.things["appliedCustomerBillingRate"]
        billing.server.things["appliedCustomerBillingRate"] = [{**rate, "product": {"id": "nobody's"}}]

        found = await billing.lines(WHOLE, [L1])

        assert (found[L1].service_point, found[L1].solution) == ("nobody's", None)
        assert await billing.lines(COVERED, [L1]) == {}


async def test_a_rate_on_no_bill_yet_is_no_line_and_a_broken_one_takes_no_other_with_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with tmf_billing(ThingSettings()) as billing:
        await billing.save_documents([document(ACME, "D1")])
        await billing.save_lines([line(ACME, "L1")])
        (rate,) = billing.server.things["appliedCustomerBillingRate"]
        unbilled = {name: value for name, value in rate.items() if name != "bill"}
        broken = {**rate, "taxExcludedAmount": {"unit": "SECRET", "value": 1}}
        billing.server.things["appliedCustomerBillingRate"] = [
            rate,
            {**broken, "id": "L2"},
            {**unbilled, "id": "L3"},
        ]

        found = await billing.lines(WHOLE, [L1, L2, L3])

        assert found == {L1: line(ACME, "L1")}
        assert caplog.messages == [
            "billing: of appliedCustomerBillingRate, 1 that cannot be read were left out"
        ]
