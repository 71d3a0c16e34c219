"""Of an event the asker gets what they see, and what they do not see changes nothing of it."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from loaders.maintenance import MaintenanceLoaders
from sources.keys import ComponentId, CustomerCode, LocationId, MaintenanceEventId, SolutionId
from sources.listing import Listing, Page
from sources.maintenance import ImpactLevel, MaintenanceEventFilter, MaintenanceEventRecord, Touch
from sources.maintenance.records import TOUCHES
from sources.scope import ALL, Scope
from tests.fakes.maintenance import FakeMaintenance
from tests.sources.notices import E1, E2, event, listing, touch

ACME: Final = CustomerCode("acme")
EVERYTHING: Final = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
COVERED: Final = replace(EVERYTHING, solutions=frozenset({"S1"}))
MILD: Final = touch("S1", "L1", level=ImpactLevel.REDUCED_REDUNDANCY)
HIDDEN: Final = touch("S2", "L2")
BOTH: Final = event(ACME, "E1", touches=(MILD, HIDDEN))
SEEN: Final = replace(BOTH, touches=(MILD,), level=ImpactLevel.REDUCED_REDUNDANCY)


async def holding(*events: MaintenanceEventRecord) -> FakeMaintenance:
    """Give maintenance with these events."""
    made = FakeMaintenance()
    await made.save_events(events)
    return made


async def test_gives_an_event_with_what_is_seen_of_it_however_it_is_found() -> None:
    load = MaintenanceLoaders(await holding(BOTH), COVERED)
    page = Page([SEEN], total=1)

    assert await load.by_id.load(E1) == SEEN
    assert await load.by_customer.of(listing()).load(ACME) == page
    assert await load.by_solution.of(listing()).load(SolutionId("S1")) == page
    assert await load.by_location.of(listing()).load(LocationId("L1")) == page


async def test_gives_an_event_as_it_is_to_those_who_see_all_of_it() -> None:
    assert await MaintenanceLoaders(await holding(BOTH), EVERYTHING).by_id.load(E1) == BOTH


@pytest.mark.parametrize("columns", [frozenset({"level"}), frozenset({"title"}), frozenset({"touches"})])
async def test_gives_what_is_seen_whatever_columns_are_read(columns: frozenset[str]) -> None:
    scope = replace(COVERED, columns={MaintenanceEventRecord: columns})

    found = await MaintenanceLoaders(await holding(BOTH), scope).by_id.load(E1)

    assert {name: getattr(found, name) for name in columns} == {name: getattr(SEEN, name) for name in columns}


async def test_shows_the_same_event_where_its_parent_is_asked_for_narrowly() -> None:
    scope = replace(EVERYTHING, solutions=frozenset({"S1", "S2"}))
    load = MaintenanceLoaders(await holding(BOTH), scope)
    narrow = listing(solutions=frozenset({"S1"}))

    assert await load.by_customer.of(narrow).load(ACME) == Page([BOTH], total=1)
    assert await load.by_location.of(narrow).load(LocationId("L2")) == Page([], total=0)


async def test_drops_an_event_of_which_nothing_is_seen_and_shows_the_others_in_part(
    caplog: pytest.LogCaptureFixture,
) -> None:
    maintenance = await holding(BOTH, event(ACME, "E2", touches=(HIDDEN,)))
    maintenance.event_shelf.honest = False
    load = MaintenanceLoaders(maintenance, COVERED)

    assert await load.by_id.load_many([E1, E2]) == [SEEN, None]
    assert await load.by_customer.of(listing()).load(ACME) == Page([SEEN])
    assert (
        caplog.record_tuples
        == [("loaders.loader", logging.ERROR, "dropped 1 of 2 MaintenanceEventRecords outside the scope")] * 2
    )


def keys(letter: str) -> st.SearchStrategy[str | None]:
    """Give a key, or none."""
    return st.sampled_from([None, f"{letter}1", f"{letter}2", f"{letter}3"])


def extents(letter: str) -> st.SearchStrategy[Any]:
    """Give some keys, or ALL."""
    return st.just(ALL) | st.frozensets(st.sampled_from([f"{letter}1", f"{letter}2", f"{letter}3"]))


touches = st.builds(
    touch, keys("S"), keys("L"), keys("C"), keys("P"), st.sampled_from([*ImpactLevel, ImpactLevel.OUTAGE])
)
scopes = st.builds(
    Scope,
    customer=st.just(ACME),
    solutions=extents("S"),
    accounts=st.just(ALL),
    locations=extents("L"),
    ended=st.frozensets(st.sampled_from(["S1", "S2"])),
)
asked = st.sampled_from(
    [
        MaintenanceEventFilter(),
        MaintenanceEventFilter(level=ImpactLevel.DEGRADED.at_least),
        MaintenanceEventFilter(solution=frozenset({SolutionId("S1")})),
        MaintenanceEventFilter(location=frozenset({LocationId("L1")})),
        MaintenanceEventFilter(component=frozenset({ComponentId("C1")})),
    ]
)
many = st.lists(touches, max_size=4, unique=True)


@given(scopes, asked, st.lists(st.tuples(many, many, many), min_size=1, max_size=3))
def test_what_is_hidden_of_events_changes_nothing(
    scope: Scope, filters: MaintenanceEventFilter, drawn: list[tuple[list[Touch], list[Touch], list[Touch]]]
) -> None:
    seen = TOUCHES.seen(scope)
    worlds: tuple[list[MaintenanceEventRecord], list[MaintenanceEventRecord]] = ([], [])
    for number, (shown, *hidden) in enumerate(drawn):
        both = [
            tuple(sorted({each for each in shown if seen.holds(each)}, key=str))
            + tuple(each for each in more if not seen.holds(each))
            for more in hidden
        ]
        if all(both):  # what is there without any touch is not hidden, but of nothing
            for world, told in zip(worlds, both, strict=True):
                world.append(event(ACME, f"E{number}", touches=told))

    one, other = (asyncio.run(_told(scope, world, listing(filter=filters))) for world in worlds)

    assert one == other


async def _told(
    scope: Scope, events: list[MaintenanceEventRecord], wanted: Listing[MaintenanceEventFilter]
) -> Mapping[str, object]:
    """Give all that an asker with *scope* is told of *events*."""
    load = MaintenanceLoaders(await holding(*events), scope)
    places = [LocationId(f"L{number}") for number in range(1, 4)]
    solutions = [SolutionId(f"S{number}") for number in range(1, 4)]
    return {
        "ids": await load.by_id.load_many([MaintenanceEventId(f"E{number}") for number in range(3)]),
        "all": await load.by_customer.of(wanted).load(ACME),
        "places": await load.by_location.of(wanted).load_many(places),
        "solutions": await load.by_solution.of(wanted).load_many(solutions),
    }
