"""The lists of maintenance: pages, orders, filters, parents, on the fake, on each database, over TMF655."""

from collections.abc import AsyncGenerator

import pytest
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient

from sources.condition import Range
from sources.keys import (
    ComponentId,
    CustomerCode,
    LocationId,
    ServicePointId,
    SolutionId,
)
from sources.listing import Page, Window, position
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventFilter,
    MaintenanceEventOrder,
    MaintenanceKind,
    MaintenanceStatus,
)
from sources.scope import Scope
from tests.sources.notices import (
    DAY,
    E1,
    EVERYWHERE,
    HOUR,
    NIGHT,
    Maintenance,
    event,
    keeping,
    listing,
    touch,
)


@pytest.fixture(params=EVERYWHERE)
def kept_by(request: pytest.FixtureRequest) -> str:
    """Give what stands behind maintenance."""
    return str(request.param)


@pytest.fixture
async def maintenance(kept_by: str, connection: BaseDBAsyncClient | None) -> AsyncGenerator[Maintenance]:
    """Give maintenance, empty of the test's customer."""
    async with keeping(kept_by, connection) as found:
        yield found


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (MaintenanceEventFilter(window=Range(NIGHT, NIGHT + HOUR)), ["E1"]),
        (MaintenanceEventFilter(window=Range(NIGHT + HOUR, NIGHT + DAY)), []),
        (MaintenanceEventFilter(window=Range(NIGHT - DAY, NIGHT)), []),
        (MaintenanceEventFilter(window=Range(NIGHT + HOUR, None)), ["E2", "E3"]),
        (MaintenanceEventFilter(starts=Range(NIGHT + DAY, NIGHT + 2 * DAY)), ["E2"]),
        (MaintenanceEventFilter(ends=Range(None, NIGHT + HOUR + DAY)), ["E1"]),
        (MaintenanceEventFilter(announced=Range(NIGHT - DAY, None)), ["E3"]),
        (MaintenanceEventFilter(kind=frozenset({MaintenanceKind.EXPEDITED})), ["E3"]),
        (
            MaintenanceEventFilter(
                status=frozenset({MaintenanceStatus.CONFIRMED, MaintenanceStatus.UNKNOWN})
            ),
            ["E1"],
        ),
        (MaintenanceEventFilter(level=ImpactLevel.DEGRADED.at_least), ["E1", "E2"]),
        (MaintenanceEventFilter(level=ImpactLevel.NO_IMPACT.at_least), ["E1", "E2", "E3"]),
        (MaintenanceEventFilter(solution=frozenset({SolutionId("S2")})), ["E2"]),
        (MaintenanceEventFilter(location=frozenset({LocationId("L1"), LocationId("L2")})), ["E1", "E2"]),
        (MaintenanceEventFilter(component=frozenset({ComponentId("C2")})), ["E3"]),
        (MaintenanceEventFilter(service_point=frozenset({ServicePointId("P1")})), ["E3"]),
        (MaintenanceEventFilter(text="wo-e2"), ["E2"]),
        (MaintenanceEventFilter(text="LINE card"), ["E1"]),
        (MaintenanceEventFilter(text="defect"), ["E3"]),
        (MaintenanceEventFilter(text="event", kind=frozenset({MaintenanceKind.PLANNED})), ["E1", "E2"]),
        (MaintenanceEventFilter(text="%"), []),
    ],
)
async def test_gives_what_the_filter_asks_for(
    maintenance: Maintenance,
    customer: CustomerCode,
    everything: Scope,
    asked: MaintenanceEventFilter,
    kept: list[str],
) -> None:
    first = event(customer, "E1", description="Line cards", touches=(touch("S1", "L1"),))
    second = event(
        customer,
        "E2",
        status=MaintenanceStatus.CANCELLED,
        touches=(
            touch("S1", "L1", level=ImpactLevel.NO_IMPACT),
            touch("S2", "L2", "C3", level=ImpactLevel.DEGRADED),
        ),
        starts_at=NIGHT + DAY,
        ends_at=NIGHT + DAY + HOUR,
    )
    third = event(
        customer,
        "E3",
        kind=MaintenanceKind.EXPEDITED,
        status=MaintenanceStatus.TENTATIVE,
        reason="Defect",
        touches=(
            touch("S1", component="C1", level=ImpactLevel.NO_IMPACT),
            touch("S1", component="C2", service_point="P1", level=ImpactLevel.NO_IMPACT),
        ),
        starts_at=NIGHT + 2 * DAY,
        ends_at=NIGHT + 3 * DAY,
        announced_at=NIGHT,
    )
    await maintenance.save_events([first, second, third])

    pages = await maintenance.events_by_customer(everything, [customer], listing(filter=asked))

    assert [each.id for each in pages[customer].rows] == kept
    assert pages[customer].total == len(kept)


async def test_gives_the_first_events_of_each_parent_at_once(
    maintenance: Maintenance, customer: CustomerCode, everything: Scope
) -> None:
    rows = [
        event(
            customer,
            f"E{number}",
            touches=(touch("S1", component="C1"), touch("S1", component="C2", service_point="P1"))[
                : 1 + number % 2
            ],
            starts_at=NIGHT - number * DAY,
        )
        for number in range(4)
    ]
    await maintenance.save_events(rows)
    asked = listing(1)

    assert await maintenance.events_by_component(
        everything, [ComponentId("C2"), ComponentId("C1"), ComponentId("C9")], asked
    ) == {
        "C2": Page([rows[3]], has_more=True, total=2),
        "C1": Page([rows[3]], has_more=True, total=4),
        "C9": Page([], total=0),
    }
    assert await maintenance.events_by_service_point(
        everything, [ServicePointId("P1"), ServicePointId("P2")], asked
    ) == {"P1": Page([rows[3]], has_more=True, total=2), "P2": Page([], total=0)}


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (MaintenanceEventOrder.STARTS_AT_ASC, ["E2", "E3", "E1"]),
        (MaintenanceEventOrder.STARTS_AT_DESC, ["E1", "E3", "E2"]),
        (MaintenanceEventOrder.ANNOUNCED_AT_ASC, ["E1", "E2", "E3"]),
        (MaintenanceEventOrder.ANNOUNCED_AT_DESC, ["E3", "E2", "E1"]),
    ],
)
async def test_reads_the_events_of_a_solution_page_by_page_in_both_directions(
    maintenance: Maintenance,
    customer: CustomerCode,
    everything: Scope,
    order: MaintenanceEventOrder,
    ids: list[str],
) -> None:
    rows = {
        "E1": event(customer, "E1", starts_at=NIGHT + HOUR / 2),
        "E2": event(customer, "E2"),
        "E3": event(customer, "E3", announced_at=NIGHT),
    }
    await maintenance.save_events(rows.values())
    first, second, third = (rows[key] for key in ids)
    windows = [
        Window(limit=2),
        Window(limit=2, after=position(second, order)),
        Window(limit=1, backward=True),
        Window(limit=2, before=position(third, order), backward=True),
    ]

    pages = [
        await maintenance.events_by_solution(
            everything, [SolutionId("S1")], listing(order=order, window=window, counted=False)
        )
        for window in windows
    ]

    assert [page[SolutionId("S1")] for page in pages] == [
        Page([first, second], has_more=True),
        Page([third]),
        Page([third], has_more=True),
        Page([first, second]),
    ]


async def test_finds_an_event_by_what_it_touches_now(
    maintenance: Maintenance, customer: CustomerCode, everything: Scope
) -> None:
    now = event(customer, "E1", touches=(touch("S2", component="C2"),))
    await maintenance.save_events([event(customer, "E1", touches=(touch("S1", component="C1"),))])
    await maintenance.save_events([now])

    assert await maintenance.events_by_component(
        everything, [ComponentId("C1"), ComponentId("C2")], listing()
    ) == {"C1": Page([], total=0), "C2": Page([now], total=1)}
    assert await maintenance.events(replace(everything, solutions=frozenset({"S1"})), [E1]) == {}
