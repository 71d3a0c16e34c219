"""What is hidden of an event changes nothing of what is asked of it: fake, databases and TMF655."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import pytest
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient

from sources.keys import ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Listing, Page, Window
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventFilter,
    MaintenanceEventOrder,
    MaintenanceEventRecord,
    Touch,
)
from sources.maintenance.sql import SqlMaintenance
from sources.scope import ALL, Scope
from tests.fakes.maintenance import FakeMaintenance
from tests.sources.notices import (
    DAY,
    E1,
    EVERYWHERE,
    NIGHT,
    Maintenance,
    event,
    keeping,
    listing,
    touch,
)

NOTHING: Final = Page[MaintenanceEventRecord]([], total=0)
WORSE: Final = ImpactLevel.DEGRADED.at_least


@pytest.fixture(params=EVERYWHERE)
def kept_by(request: pytest.FixtureRequest) -> str:
    """Give what stands behind maintenance."""
    return str(request.param)


@pytest.fixture
async def maintenance(kept_by: str, connection: BaseDBAsyncClient | None) -> AsyncGenerator[Maintenance]:
    """Give maintenance, empty of the test's customer."""
    async with keeping(kept_by, connection) as found:
        yield found


@pytest.fixture
def covered(everything: Scope) -> Scope:
    """Give the scope of a User for whom only S1 is covered."""
    return replace(everything, solutions=frozenset({"S1"}))


async def mixed(maintenance: Maintenance, customer: CustomerCode) -> MaintenanceEventRecord:
    """Save an event that is mild for S1 at L1 and takes out S2 at L2."""
    made = event(
        customer,
        "E1",
        touches=(
            touch("S1", "L1", "C1", "P1", ImpactLevel.REDUCED_REDUNDANCY),
            touch("S2", "L2", "C2", "P2", ImpactLevel.OUTAGE),
        ),
    )
    await maintenance.save_events([made])
    return made


async def test_lists_an_event_under_what_it_visibly_touches_only(
    maintenance: Maintenance, customer: CustomerCode, covered: Scope
) -> None:
    page = Page([await mixed(maintenance, customer)], total=1)

    assert await maintenance.events_by_solution(covered, [SolutionId("S1"), SolutionId("S2")], listing()) == {
        "S1": page,
        "S2": NOTHING,
    }
    assert await maintenance.events_by_location(covered, [LocationId("L1"), LocationId("L2")], listing()) == {
        "L1": page,
        "L2": NOTHING,
    }
    assert await maintenance.events_by_location(covered, [LocationId("L2")], listing()) == {"L2": NOTHING}
    assert await maintenance.events_by_component(
        covered, [ComponentId("C1"), ComponentId("C2")], listing()
    ) == {"C1": page, "C2": NOTHING}
    assert await maintenance.events_by_service_point(
        covered, [ServicePointId("P1"), ServicePointId("P2")], listing()
    ) == {"P1": page, "P2": NOTHING}


@pytest.mark.parametrize(
    ("asked", "seen", "whole"),
    [
        (MaintenanceEventFilter(solution=frozenset({SolutionId("S1")})), 1, 1),
        (MaintenanceEventFilter(solution=frozenset({SolutionId("S2")})), 0, 1),
        (MaintenanceEventFilter(location=frozenset({LocationId("L1")})), 1, 1),
        (MaintenanceEventFilter(location=frozenset({LocationId("L2")})), 0, 1),
        (MaintenanceEventFilter(component=frozenset({ComponentId("C1")})), 1, 1),
        (MaintenanceEventFilter(component=frozenset({ComponentId("C2")})), 0, 1),
        (MaintenanceEventFilter(service_point=frozenset({ServicePointId("P1")})), 1, 1),
        (MaintenanceEventFilter(service_point=frozenset({ServicePointId("P2")})), 0, 1),
        (MaintenanceEventFilter(level=frozenset({ImpactLevel.REDUCED_REDUNDANCY})), 1, 0),
        (MaintenanceEventFilter(level=frozenset({ImpactLevel.OUTAGE})), 0, 1),
        (MaintenanceEventFilter(level=frozenset()), 0, 0),
    ],
)
async def test_filters_by_what_is_visibly_touched_only(
    maintenance: Maintenance,
    customer: CustomerCode,
    everything: Scope,
    covered: Scope,
    asked: MaintenanceEventFilter,
    seen: int,
    whole: int,
) -> None:
    await mixed(maintenance, customer)
    wanted = listing(filter=asked)

    some = await maintenance.events_by_customer(covered, [customer], wanted)
    every = await maintenance.events_by_customer(everything, [customer], wanted)

    assert (len(some[customer].rows), some[customer].total) == (seen, seen)
    assert (len(every[customer].rows), every[customer].total) == (whole, whole)


async def test_judges_solution_and_location_of_one_and_the_same_touch(
    maintenance: Maintenance, customer: CustomerCode, everything: Scope
) -> None:
    made = await mixed(maintenance, customer)
    crossed = replace(everything, solutions=frozenset({"S1"}), locations=frozenset({"L2"}))
    straight = replace(crossed, locations=frozenset({"L1"}))

    assert await maintenance.events(crossed, [E1]) == {}
    assert await maintenance.events(straight, [E1]) == {"E1": made}
    assert await maintenance.events_by_customer(crossed, [customer], listing()) == {customer: NOTHING}


@pytest.mark.parametrize(
    ("touches", "ended", "extent", "given"),
    [
        ((), {"S1"}, ALL, True),
        ((), {"S1"}, frozenset({"S2"}), False),
        ((touch("S1"),), {"S1"}, ALL, False),
        ((touch("S1"), touch("S2")), {"S1"}, ALL, True),
        ((touch(location="L1"), touch("S1")), {"S1"}, ALL, True),
        # One is over, the other not covered: there is nothing that they see.
        ((touch("S1"), touch("S2")), {"S1"}, frozenset({"S1"}), False),
    ],
)
async def test_gives_an_event_of_which_something_is_seen_that_is_not_over(
    maintenance: Maintenance,
    customer: CustomerCode,
    everything: Scope,
    touches: tuple[Touch, ...],
    ended: set[str],
    extent: Any,  # noqa: ANN401 - keys, or ALL
    given: bool,
) -> None:
    made = event(customer, "E1", touches=touches)
    await maintenance.save_events([made])
    scope = replace(everything, solutions=extent, ended=frozenset(ended))

    assert await maintenance.events(scope, [E1]) == ({"E1": made} if given else {})
    assert made.within(scope) is given


@pytest.mark.parametrize("solutions", [ALL, frozenset({"S1"})])
@pytest.mark.parametrize(
    "order", [MaintenanceEventOrder.STARTS_AT_DESC, MaintenanceEventOrder.ANNOUNCED_AT_ASC]
)
async def test_gives_and_counts_an_event_once_however_often_it_touches_a_parent(
    maintenance: Maintenance,
    customer: CustomerCode,
    everything: Scope,
    solutions: Any,  # noqa: ANN401 - keys, or ALL
    order: MaintenanceEventOrder,
) -> None:
    touches = (*(touch("S1", "L1", f"C{number}") for number in range(3)), touch("S2", "L1"))
    late = event(customer, "E1", touches=touches, starts_at=NIGHT + DAY, ends_at=NIGHT + 2 * DAY)
    soon = event(customer, "E2", touches=touches)
    await maintenance.save_events([late, soon])
    scope = replace(everything, solutions=solutions)
    places = [LocationId("L1"), LocationId("L2")]

    for keys in (places, places[:1]):
        found = await maintenance.events_by_location(scope, keys, listing(order=order))

        assert found[LocationId("L1")] == Page([late, soon], total=2)


def test_shows_an_event_with_what_is_seen_of_it(customer: CustomerCode, covered: Scope) -> None:
    mild = touch("S1", "L1", "C1", "P1", ImpactLevel.NO_IMPACT)
    made = event(customer, "E1", touches=(mild, touch("S2", "L2", "C2", "P2")))

    seen = made.seen(covered)

    assert seen == replace(made, touches=(mild,), level=ImpactLevel.NO_IMPACT)
    assert (seen.solutions, seen.locations) == (("S1",), ("L1",))
    assert (seen.components, seen.service_points) == (("C1",), ("P1",))
    assert made.seen(replace(covered, solutions=ALL)) is made
    assert made.seen(replace(covered, solutions=frozenset({"S1", "S2"}))) is made


@dataclass(frozen=True)
class Chance:
    """Events, scopes and questions by chance: few keys, so that they meet."""

    random: Random
    customer: CustomerCode

    def key(self, letter: str) -> str | None:
        return self.random.choice([None, *(f"{letter}{number}" for number in range(1, 4))])

    def keys(self, letter: str) -> Any:  # noqa: ANN401 - of any kind
        return frozenset(self.random.sample([f"{letter}{number}" for number in range(1, 4)], k=2))

    def touch(self) -> Touch:
        level = self.random.choice(list(ImpactLevel))
        return touch(self.key("S"), self.key("L"), self.key("C"), self.key("P"), level)

    def event(self, number: int) -> MaintenanceEventRecord:
        touches = tuple({self.touch(): None for _ in range(self.random.randrange(5))})
        starts = NIGHT + self.random.randrange(3) * DAY
        return event(self.customer, f"E{number}", touches=touches, starts_at=starts)

    def scope(self) -> Scope:
        return Scope(
            customer=self.customer,
            solutions=self.random.choice([ALL, self.keys("S")]),
            accounts=ALL,
            locations=self.random.choice([ALL, ALL, self.keys("L")]),
            ended=self.random.choice([frozenset[str](), self.keys("S")]),
        )

    def listing(self) -> Listing[MaintenanceEventFilter]:
        asked: dict[str, Any] = {
            "solution": self.keys("S"),
            "location": self.keys("L"),
            "component": self.keys("C"),
            "service_point": self.keys("P"),
            "level": WORSE,
        }
        name = self.random.choice([*asked, None, None])
        return listing(
            filter=MaintenanceEventFilter(**({} if name is None else {name: asked[name]})),
            order=self.random.choice(list(MaintenanceEventOrder)),
            window=Window(limit=self.random.choice([2, 20]), backward=self.random.random() < 0.2),
        )


async def answers(
    maintenance: Maintenance, scope: Scope, asked: Listing[MaintenanceEventFilter]
) -> list[Mapping[Any, Any]]:
    """Give all that maintenance may be asked of events."""
    ids: list[Any] = [f"E{number}" for number in range(20)]
    keys: dict[str, list[Any]] = {
        letter: [f"{letter}{number}" for number in range(1, 4)] for letter in "SLCP"
    }
    return [
        await maintenance.events(scope, ids),
        await maintenance.events_by_customer(scope, [scope.customer], asked),
        await maintenance.events_by_solution(scope, keys["S"], asked),
        await maintenance.events_by_location(scope, keys["L"], asked),
        await maintenance.events_by_location(scope, keys["L"][:1], asked),
        await maintenance.events_by_component(scope, keys["C"], asked),
        await maintenance.events_by_service_point(scope, keys["P"], asked),
    ]


@pytest.mark.parametrize("kept_by", ["sqlite", "postgres"])
@pytest.mark.parametrize("seed", range(3))
async def test_databases_answer_as_the_yardstick_does(
    maintenance: SqlMaintenance, customer: CustomerCode, seed: int
) -> None:
    chance, fake = Chance(Random(seed), customer), FakeMaintenance()  # noqa: S311 - made-up data, not a secret
    events = [chance.event(number) for number in range(20)]
    await fake.save_events(events)
    await maintenance.save_events(events)

    for _ in range(25):
        scope, asked = chance.scope(), chance.listing()

        assert await answers(maintenance, scope, asked) == await answers(fake, scope, asked), (scope, asked)
