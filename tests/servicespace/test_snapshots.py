"""The coverage of customers, computed from their orders and kept for a moment."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import date

import pytest

from auth.coverage import State
from auth.feature import Feature
from servicespace.snapshots import CoverageSnapshots
from sources.cache.freshness import collected, told
from sources.errors import SourceUnavailableError
from sources.keys import CustomerCode, SolutionId
from sources.ordering import (
    CustomerRecord,
    Market,
    PortalOption,
    ProductStatus,
    SolutionCategory,
    SolutionRecord,
)
from sources.scope import Scope
from tests.fakes.ordering import FakeOrdering
from tests.ruling import shipped

ACME = CustomerCode("acme")


class Clock:
    """Time that a test sets, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def solution(key: str, category: SolutionCategory, status: ProductStatus) -> SolutionRecord:
    """Make a Solution of acme."""
    return SolutionRecord(
        customer=ACME,
        id=SolutionId(key),
        name=key,
        category=category,
        status=status,
        market=Market.INTL,
        ordered_on=date(2026, 1, 1),
    )


@pytest.fixture
async def ordering() -> FakeOrdering:
    """Give ordering with acme, STANDARD, and an active Business VPN."""
    fake = FakeOrdering()
    await fake.save_customers(
        [
            CustomerRecord(
                customer=ACME, id=ACME, name="Acme", market=Market.INTL, portal_option=PortalOption.STANDARD
            )
        ]
    )
    await fake.save_solutions([solution("S-1", SolutionCategory.BUSINESS_VPN, ProductStatus.ACTIVE)])
    return fake


async def test_asks_ordering_once_for_many_requests_of_a_moment(ordering: FakeOrdering) -> None:
    snapshots = CoverageSnapshots(ordering, shipped, 1, clock=Clock())

    found = await asyncio.gather(*(snapshots.of(ACME) for _ in range(5)))

    assert {each.state(Feature.MAINTENANCE) for each in found} == {State.ALL}
    assert ordering.diary.lines == ["ordering.customers 1", "ordering.solutions_ordered 1"]


async def test_computes_anew_once_a_snapshot_is_too_old(ordering: FakeOrdering) -> None:
    clock = Clock()
    snapshots = CoverageSnapshots(ordering, shipped, 1, clock=clock)
    before = await snapshots.of(ACME)
    await ordering.save_solutions([solution("S-2", SolutionCategory.MOBILE, ProductStatus.ACTIVE)])

    clock.now = 1.0
    still = await snapshots.of(ACME)
    clock.now = 1.1
    after = await snapshots.of(ACME)

    assert before is still
    assert after.of(Feature.MAINTENANCE).state is State.SOME
    assert after.of(Feature.MAINTENANCE).solutions == {"S-1"}


async def test_a_terminated_solution_covers_nothing(ordering: FakeOrdering) -> None:
    await ordering.save_solutions([solution("S-1", SolutionCategory.BUSINESS_VPN, ProductStatus.TERMINATED)])

    coverage = await CoverageSnapshots(ordering, shipped, 1).of(ACME)

    assert coverage.state(Feature.MAINTENANCE) is State.NONE
    assert coverage.state(Feature.CONTACTS) is State.ALL


async def test_an_unknown_customer_is_covered_by_nothing_that_is_gated(ordering: FakeOrdering) -> None:
    coverage = await CoverageSnapshots(ordering, shipped, 1).of(CustomerCode("nobody"))

    covered = {each for each in Feature if coverage.state(each) is not State.NONE}
    assert covered == {
        Feature.CONTACTS,
        Feature.ACCOUNT_SETTINGS,
        Feature.ONLINE_HELP,
        Feature.PORTAL_NOTICES,
    }


async def test_a_failure_is_not_kept(ordering: FakeOrdering) -> None:
    snapshots = CoverageSnapshots(ordering, shipped, 1, clock=Clock())
    ordering.diary.failing = SourceUnavailableError("ordering")

    with pytest.raises(SourceUnavailableError):
        await snapshots.of(ACME)
    ordering.diary.failing = None
    coverage = await snapshots.of(ACME)

    assert coverage.state(Feature.BILLING) is State.ALL


async def test_a_request_that_is_cancelled_leaves_the_snapshot_to_the_others(ordering: FakeOrdering) -> None:
    snapshots = CoverageSnapshots(ordering, shipped, 1, clock=Clock())
    gone = asyncio.create_task(snapshots.of(ACME))
    other = asyncio.create_task(snapshots.of(ACME))
    await asyncio.sleep(0)

    gone.cancel()

    assert (await other).state(Feature.BILLING) is State.ALL


async def test_forgets_the_customer_asked_for_longest_ago(ordering: FakeOrdering) -> None:
    snapshots = CoverageSnapshots(ordering, shipped, 1, most=1, clock=Clock())

    await snapshots.of(ACME)
    await snapshots.of(CustomerCode("other"))
    await snapshots.of(ACME)

    assert ordering.diary.lines.count("ordering.customers 1") == 3


class ToldOrdering(FakeOrdering):
    """Notes whether somebody who asks for customers could be told that they are not of now."""

    def __init__(self) -> None:
        super().__init__()
        self.takes_old: list[bool] = []

    async def customers(
        self, scope: Scope, codes: Collection[CustomerCode]
    ) -> Mapping[CustomerCode, CustomerRecord]:
        self.takes_old.append(told() is not None)
        return await super().customers(scope, codes)


async def test_takes_nothing_that_is_not_of_now_whoever_asks() -> None:
    ordering = ToldOrdering()
    freshness = collected()

    await CoverageSnapshots(ordering, shipped, 1, clock=Clock()).of(ACME)

    assert ordering.takes_old == [False]
    assert told() is freshness
