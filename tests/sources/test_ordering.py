"""The contract of ordering, kept by the fake, by the embedded system on each database, and over TMF637."""

from collections.abc import AsyncGenerator
from datetime import date
from typing import Any, TypeAlias

import pytest
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient

from sources.condition import Range
from sources.keys import BillingAccountId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Listing, Page, Window, position
from sources.ordering import (
    CustomerRecord,
    LocationFilter,
    LocationOrder,
    LocationRecord,
    Market,
    PortalOption,
    ProductStatus,
    ServicePointFilter,
    ServicePointOrder,
    ServicePointRecord,
    SolutionCategory,
    SolutionFilter,
    SolutionOrder,
    SolutionRecord,
)
from sources.ordering.sql import SqlOrdering
from sources.scope import Scope
from sources.sql import Database
from sources.table import Saved
from tests.fakes.ordering import FakeOrdering
from tests.sources.conftest import EMBEDDED
from tests.tmf.ordering import SavedOrdering, tmf_ordering
from tests.tmf.products import status_word
from tests.tmf.ticketing import tmf_version

Ordering: TypeAlias = FakeOrdering | SqlOrdering | SavedOrdering


@pytest.fixture(params=[*EMBEDDED, "tmf-v4", "tmf-v5"])
def kept_by(request: pytest.FixtureRequest) -> str:
    """Give what stands behind ordering."""
    return str(request.param)


@pytest.fixture
async def ordering(kept_by: str, connection: BaseDBAsyncClient | None) -> AsyncGenerator[Ordering]:
    """Give ordering, empty of the test's customer."""
    if kept_by.startswith("tmf"):
        async with tmf_ordering(tmf_version(kept_by)) as over_http:
            yield over_http
    else:
        yield FakeOrdering() if connection is None else SqlOrdering(Database(connection, "ordering", 10))


def solution(customer: CustomerCode, key: str, **changes: Any) -> SolutionRecord:  # noqa: ANN401 - any field
    """Make a Solution; its status is worded as in TMF637."""
    record = SolutionRecord(
        customer=customer,
        id=SolutionId(key),
        name=f"Solution {key}",
        category=SolutionCategory.SDWAN,
        status=ProductStatus.ACTIVE,
        market=Market.INTL,
        ordered_on=date(2025, 1, 1),
    )
    made = replace(record, **changes)
    return replace(made, raw_status=changes.get("raw_status", status_word(made.status)))


def service_point(customer: CustomerCode, key: str, **changes: Any) -> ServicePointRecord:  # noqa: ANN401 - any field
    """Make a service point of the Solution S1; its status is worded as in TMF637."""
    record = ServicePointRecord(
        customer=customer,
        id=ServicePointId(key),
        name=f"Point {key}",
        status=ProductStatus.ACTIVE,
        solution=SolutionId("S1"),
    )
    made = replace(record, **changes)
    return replace(made, raw_status=changes.get("raw_status", status_word(made.status)))


def listing(limit: int = 10, **changes: object) -> Listing[SolutionFilter]:
    """Ask for Solutions by name."""
    asked = Listing(filter=SolutionFilter(), order=SolutionOrder.NAME_ASC, window=Window(limit=limit))
    return replace(asked, **changes)


POINTS = Listing(filter=ServicePointFilter(), order=ServicePointOrder.NAME_ASC, window=Window(limit=2))


async def test_gives_a_solution_back_as_it_was_saved(
    ordering: Ordering, customer: CustomerCode, everything: Scope
) -> None:
    saved = solution(
        customer,
        "S1",
        options=("DOCUMENTS",),
        activated_on=date(2025, 2, 1),
        raw_status="active",
        offer="Flex",
    )

    await ordering.save_solutions([saved])

    assert await ordering.solutions(everything, [SolutionId("S1"), SolutionId("S9")]) == {"S1": saved}


async def test_says_what_a_save_changed(ordering: Ordering, customer: CustomerCode) -> None:
    await ordering.save_solutions([solution(customer, "S1"), solution(customer, "S2")])

    saved = await ordering.save_solutions(
        [solution(customer, "S1"), solution(customer, "S2", name="Renamed"), solution(customer, "S3")]
    )

    assert saved == Saved(taken_in=1, updated=1, unchanged=1)


async def test_never_gives_another_customers_rows(
    ordering: Ordering, customer: CustomerCode, everything: Scope
) -> None:
    other = CustomerCode(f"{customer}-other")
    await ordering.save_solutions([solution(other, "S1")])
    await ordering.save_service_points([service_point(other, "P1")])

    found = await ordering.solutions(everything, [SolutionId("S1")])
    pages = await ordering.solutions_by_customer(everything, [other, customer], listing(counted=True))
    points = await ordering.service_points_by_solution(everything, [SolutionId("S1")], POINTS)

    assert found == {}
    assert pages == {other: Page([], total=0), customer: Page([], total=0)}
    assert points == {"S1": Page([])}


async def test_leaves_out_solutions_outside_the_scope(
    ordering: Ordering, customer: CustomerCode, everything: Scope
) -> None:
    await ordering.save_solutions([solution(customer, "S1"), solution(customer, "S2")])
    scope = replace(everything, solutions=frozenset({"S2"}))

    found = await ordering.solutions(scope, [SolutionId("S1"), SolutionId("S2")])
    pages = await ordering.solutions_by_customer(scope, [customer], listing(counted=True))

    assert found == {"S2": solution(customer, "S2")}
    assert pages == {customer: Page([solution(customer, "S2")], total=1)}


async def read(
    ordering: Ordering, scope: Scope, customer: CustomerCode, window: Window
) -> Page[SolutionRecord]:
    """Give the customer's Solutions that *window* cuts out."""
    pages = await ordering.solutions_by_customer(scope, [customer], listing(window=window))
    return pages[customer]


async def test_reads_a_list_page_by_page_in_both_directions(
    ordering: Ordering, customer: CustomerCode, everything: Scope
) -> None:
    rows = [solution(customer, f"S{number}", name=f"N{number // 2}") for number in range(5)]
    await ordering.save_solutions(rows)
    order = SolutionOrder.NAME_ASC

    windows = {
        "first": Window(limit=2),
        "second": Window(limit=2, after=position(rows[1], order)),
        "last": Window(limit=2, backward=True),
        "before": Window(limit=2, before=position(rows[3], order), backward=True),
    }

    pages = {name: await read(ordering, everything, customer, each) for name, each in windows.items()}

    assert pages == {
        "first": Page(rows[:2], has_more=True),
        "second": Page(rows[2:4], has_more=True),
        "last": Page(rows[3:], has_more=True),
        "before": Page(rows[1:3], has_more=True),
    }


async def test_reads_a_descending_list_with_equal_sort_values_to_its_end(
    ordering: Ordering, customer: CustomerCode, everything: Scope
) -> None:
    rows = [solution(customer, f"S{number}") for number in range(3)]
    await ordering.save_solutions(rows)
    order = SolutionOrder.ORDERED_ON_DESC
    window = Window(limit=5, after=position(rows[2], order))

    pages = await ordering.solutions_by_customer(everything, [customer], listing(window=window, order=order))

    assert pages == {customer: Page([rows[1], rows[0]])}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (SolutionFilter(category=frozenset({SolutionCategory.MOBILE})), ["S2"]),
        (SolutionFilter(status=frozenset({ProductStatus.ACTIVE})), ["S1", "S2"]),
        (SolutionFilter(market=frozenset({Market.FR, Market.INTL})), ["S1", "S2", "S3"]),
        (SolutionFilter(ordered=Range(date(2025, 1, 1), date(2025, 3, 1))), ["S1"]),
        (SolutionFilter(ordered=Range(None, date(2025, 3, 2))), ["S1", "S2"]),
        (SolutionFilter(text="wide 100%"), ["S3"]),
        (SolutionFilter(text="_"), []),
        (SolutionFilter(text="S2", status=frozenset({ProductStatus.TERMINATED})), []),
    ],
)
async def test_gives_what_the_filter_asks_for(
    ordering: Ordering,
    customer: CustomerCode,
    everything: Scope,
    asked: SolutionFilter,
    kept: list[str],
) -> None:
    await ordering.save_solutions(
        [
            solution(customer, "S1", market=Market.FR),
            solution(customer, "S2", category=SolutionCategory.MOBILE, ordered_on=date(2025, 3, 1)),
            solution(
                customer, "S3", status=ProductStatus.TERMINATED, name="Wide 100%", ordered_on=date(2025, 6, 1)
            ),
        ]
    )

    pages = await ordering.solutions_by_customer(everything, [customer], listing(filter=asked, counted=True))

    assert [each.id for each in pages[customer].rows] == kept
    assert pages[customer].total == len(kept)


async def test_gives_the_first_rows_of_each_parent_at_once(
    ordering: Ordering, customer: CustomerCode, everything: Scope
) -> None:
    points = [
        service_point(customer, f"P{number}", solution=SolutionId(f"S{number % 2}")) for number in range(7)
    ]
    await ordering.save_service_points(points)

    pages = await ordering.service_points_by_solution(
        everything, [SolutionId("S1"), SolutionId("S0"), SolutionId("S9")], replace(POINTS, counted=True)
    )

    assert pages == {
        "S1": Page([points[1], points[3]], has_more=True, total=3),
        "S0": Page([points[0], points[2]], has_more=True, total=4),
        "S9": Page([], total=0),
    }


async def test_keeps_service_points_inside_the_users_locations(
    ordering: Ordering, customer: CustomerCode, everything: Scope
) -> None:
    here, nowhere = service_point(customer, "P1", location=LocationId("L1")), service_point(customer, "P2")
    there = service_point(customer, "P3", location=LocationId("L2"))
    await ordering.save_service_points([here, nowhere, there])
    scope = replace(everything, locations=frozenset({"L1"}))

    pages = await ordering.service_points_by_customer(scope, [customer], POINTS)
    by_location = await ordering.service_points_by_location(
        scope, [LocationId("L1"), LocationId("L2")], POINTS
    )

    assert pages == {customer: Page([here])}
    assert by_location == {"L1": Page([here]), "L2": Page([])}
    assert await ordering.service_points(scope, [ServicePointId("P3")]) == {}


async def test_gives_the_service_points_billed_to_an_account(
    ordering: Ordering, customer: CustomerCode, everything: Scope
) -> None:
    billed = service_point(customer, "P1", billing_account="A1")
    await ordering.save_service_points([billed, service_point(customer, "P2")])

    assert await ordering.service_points_by_billing_account(everything, [BillingAccountId("A1")], POINTS) == {
        "A1": Page([billed])
    }


async def test_gives_locations_by_id_and_by_country(
    ordering: Ordering, customer: CustomerCode, everything: Scope
) -> None:
    paris = LocationRecord(customer=customer, id=LocationId("L1"), name="Paris", country="FR", latitude=48.86)
    oslo = LocationRecord(customer=customer, id=LocationId("L2"), name="Oslo", country="NO", city="Oslo")
    await ordering.save_locations([paris, oslo])
    asked = Listing(
        filter=LocationFilter(country=frozenset({"FR"})),
        order=LocationOrder.COUNTRY_DESC,
        window=Window(limit=5),
    )

    assert await ordering.locations(everything, [LocationId("L1"), LocationId("L2")]) == {
        "L1": paris,
        "L2": oslo,
    }
    assert await ordering.locations_by_customer(everything, [customer], asked) == {customer: Page([paris])}


async def test_gives_the_customer_and_all_it_ever_ordered(
    ordering: Ordering, customer: CustomerCode, everything: Scope
) -> None:
    known = CustomerRecord(
        customer=customer, id=customer, name="Acme", market=Market.INTL, portal_option=PortalOption.PREMIUM
    )
    ended = solution(customer, "S0", status=ProductStatus.TERMINATED)
    await ordering.save_customers([known])
    await ordering.save_solutions([solution(customer, "S1"), ended])

    assert await ordering.customers(everything, [customer]) == {customer: known}
    assert await ordering.solutions_ordered(everything, [customer]) == {
        customer: [ended, solution(customer, "S1")]
    }


@pytest.mark.parametrize("kept_by", ["sqlite", "postgres"])
async def test_gives_the_codes_of_all_customers_page_by_page(
    ordering: SqlOrdering, customer: CustomerCode
) -> None:
    codes = [CustomerCode(f"{customer}-{number}") for number in range(5)]
    await ordering.save_customers(
        CustomerRecord(customer=code, id=code, name=code, market=Market.FR, portal_option=PortalOption.LITE)
        for code in codes
    )

    found = await ordering.all_customer_codes(2)

    assert [code for code in found if code.startswith(customer)] == codes
    assert len(set(found)) == len(found)
    assert list(await ordering.customer_codes(2, after=codes[1])) == codes[2:4]
