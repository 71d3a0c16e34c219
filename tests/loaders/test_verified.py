"""Every row is held against the Scope, whatever the system behind gave."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import pytest
from msgspec.structs import replace

from loaders.loader import ListLoader, PageLoader, RecordLoader
from sources.errors import SourceTimeoutError
from sources.inventory import (
    ComponentFilter,
    ComponentKind,
    ComponentOrder,
    ComponentRecord,
    ComponentStatus,
    Exclusion,
    ManagedBy,
)
from sources.keys import ComponentId, CustomerCode, LocationId, SolutionId
from sources.listing import Listing, Page, Window
from sources.scope import ALL, Scope
from tests.fakes.inventory import FakeInventory

ACME = CustomerCode("acme")
SCOPE = Scope(customer=ACME, solutions=frozenset({"S1"}), accounts=ALL, locations=frozenset({"L1"}))
LISTING = Listing(
    filter=ComponentFilter(), order=ComponentOrder.NAME_ASC, window=Window(limit=10), counted=True
)


def component(key: str, **changes: object) -> ComponentRecord:
    """Make a component that the Scope lets through."""
    record = ComponentRecord(
        customer=ACME,
        id=ComponentId(key),
        name=key,
        kind=ComponentKind.SWITCH,
        status=ComponentStatus.AVAILABLE,
        solution=SolutionId("S1"),
        location=LocationId("L1"),
        managed_by=ManagedBy.OPERATOR,
        updated_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    return replace(record, **changes)


INSIDE = component("C1")

OUTSIDE = [
    pytest.param(component("C2", customer=CustomerCode("baker")), id="another customer"),
    pytest.param(component("C2", solution=SolutionId("S2")), id="a Solution that does not cover it"),
    pytest.param(component("C2", solution=None), id="no Solution"),
    pytest.param(component("C2", location=LocationId("L2")), id="outside the User's data scope"),
    pytest.param(component("C2", exclusion=Exclusion.CORE_NETWORK), id="excluded"),
]


class Careless:
    """A system that gives the rows it has, whatever Scope it is asked under."""

    def __init__(self, *rows: ComponentRecord) -> None:
        self.rows = rows
        self.scopes: list[Scope] = []

    async def by_id(self, scope: Scope, keys: Collection[str]) -> Mapping[str, ComponentRecord]:
        self.scopes.append(scope)
        return {row.id: row for row in self.rows if row.id in keys}

    async def lists(self, scope: Scope, keys: Collection[str]) -> Mapping[str, Sequence[ComponentRecord]]:
        self.scopes.append(scope)
        return dict.fromkeys(keys, self.rows)

    async def pages(
        self, scope: Scope, keys: Collection[str], listing: Listing[ComponentFilter]
    ) -> Mapping[str, Page[ComponentRecord]]:
        self.scopes.append(scope)
        total = len(self.rows) if listing.counted else None
        return dict.fromkeys(keys, Page(self.rows, has_more=True, total=total))


@pytest.mark.parametrize("outside", OUTSIDE)
async def test_a_record_outside_the_scope_is_worth_what_an_unknown_one_is(
    outside: ComponentRecord, caplog: pytest.LogCaptureFixture
) -> None:
    loader = RecordLoader(SCOPE, Careless(INSIDE, outside).by_id)

    found = await loader.load_many(["C2", "C1", "C9"])

    assert found == [None, INSIDE, None]
    assert caplog.record_tuples == [
        ("loaders.loader", logging.ERROR, "dropped 1 of 2 ComponentRecords outside the scope")
    ]


@pytest.mark.parametrize("outside", OUTSIDE)
async def test_a_child_outside_the_scope_is_left_out(
    outside: ComponentRecord, caplog: pytest.LogCaptureFixture
) -> None:
    loader = ListLoader(SCOPE, Careless(outside, INSIDE).lists)

    found = await loader.load("P1")

    assert found == [INSIDE]
    assert caplog.messages == ["dropped 1 of 2 ComponentRecords outside the scope"]


@pytest.mark.parametrize("outside", OUTSIDE)
async def test_a_page_loses_rows_outside_the_scope_and_the_count_that_they_were_in(
    outside: ComponentRecord, caplog: pytest.LogCaptureFixture
) -> None:
    loader = PageLoader(SCOPE, Careless(INSIDE, outside).pages)

    found = await loader.of(LISTING).load("P1")

    assert found == Page([INSIDE], has_more=True, total=None)
    assert caplog.messages == ["dropped 1 of 2 ComponentRecords outside the scope"]


async def test_a_page_inside_the_scope_stays_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    loader = PageLoader(SCOPE, Careless(INSIDE).pages)

    found = await loader.of(LISTING).load("P1")

    assert found == Page((INSIDE,), has_more=True, total=1)
    assert caplog.messages == []


async def test_sends_the_scope_with_every_call() -> None:
    careless = Careless(INSIDE)

    await RecordLoader(SCOPE, careless.by_id).load("C1")
    await ListLoader(SCOPE, careless.lists).load("P1")
    await PageLoader(SCOPE, careless.pages).of(LISTING).load("P1")

    assert careless.scopes == [SCOPE, SCOPE, SCOPE]


async def nothing(_: Scope, __: Collection[str]) -> Mapping[str, Sequence[ComponentRecord]]:
    return {}


async def no_pages(
    _: Scope, __: Collection[str], ___: Listing[ComponentFilter]
) -> Mapping[str, Page[ComponentRecord]]:
    return {}


async def test_a_parent_that_the_system_left_out_has_no_children() -> None:
    assert await ListLoader(SCOPE, nothing).load("P1") == ()


@pytest.mark.parametrize(("counted", "total"), [(True, 0), (False, None)])
async def test_a_parent_that_the_system_left_out_has_an_empty_page(
    *, counted: bool, total: int | None
) -> None:
    found = await PageLoader(SCOPE, no_pages).of(replace(LISTING, counted=counted)).load("P1")

    assert found == Page((), has_more=False, total=total)


async def test_makes_one_call_for_all_parents_of_whom_the_same_is_asked() -> None:
    inventory = FakeInventory()
    await inventory.save_components([INSIDE])
    loader = PageLoader(SCOPE, inventory.components_by_solution)
    other = replace(LISTING, order=ComponentOrder.NAME_DESC)
    keys = [SolutionId("S1"), SolutionId("S2")]

    both, one = await asyncio.gather(loader.of(LISTING).load_many(keys), loader.of(other).load_many(keys[:1]))

    assert [page.rows for page in (*both, *one)] == [[INSIDE], [], [INSIDE]]
    assert inventory.diary.lines == [
        "inventory.components_by_solution 2",
        "inventory.components_by_solution 1",
    ]


async def pages_but_late(
    late: Listing[ComponentFilter],
    error: Exception,
    _: Scope,
    keys: Collection[str],
    listing: Listing[ComponentFilter],
) -> Mapping[str, Page[ComponentRecord]]:
    """Give everyone a page, and *error* where what is asked is *late*."""
    if listing == late:
        raise error
    return dict.fromkeys(keys, Page((INSIDE,)))


async def test_a_listing_whose_call_fails_fails_alone() -> None:
    late = SourceTimeoutError("inventory")
    other = replace(LISTING, order=ComponentOrder.NAME_DESC)
    loader = PageLoader(SCOPE, partial(pages_but_late, other, late))
    keys = (("P1", LISTING), ("P1", other), ("P2", LISTING))

    found = await asyncio.gather(
        *(loader.of(listing).load(parent) for parent, listing in keys), return_exceptions=True
    )

    assert found == [Page((INSIDE,)), late, Page((INSIDE,))]
