"""The contract of maintenance, kept by the fake, by the embedded system on each database, and over TMF655.

Impacts and revisions are saved by themselves in embedded systems only: over TMF655 the first are inside a
change, and follow from what it touches; there are none of the second (``tests/sources/tmf``).
"""

from collections.abc import AsyncGenerator

import pytest
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient

from sources.keys import (
    ComponentId,
    CustomerCode,
    LocationId,
    MaintenanceEventId,
    ServicePointId,
    SolutionId,
)
from sources.listing import Page
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceKind,
    MaintenanceStatus,
    NetworkSegment,
)
from sources.scope import Scope
from sources.table import Saved
from tests.sources.conftest import EMBEDDED
from tests.sources.notices import (
    E1,
    E2,
    E3,
    EVERYWHERE,
    NIGHT,
    Embedded,
    Maintenance,
    event,
    impact,
    keeping,
    listing,
    revision,
    touch,
)

EMBEDDED_ONLY = pytest.mark.parametrize("kept_by", EMBEDDED)


@pytest.fixture(params=EVERYWHERE)
def kept_by(request: pytest.FixtureRequest) -> str:
    """Give what stands behind maintenance."""
    return str(request.param)


@pytest.fixture
async def maintenance(kept_by: str, connection: BaseDBAsyncClient | None) -> AsyncGenerator[Maintenance]:
    """Give maintenance, empty of the test's customer."""
    async with keeping(kept_by, connection) as found:
        yield found


def whole_event(customer: CustomerCode) -> MaintenanceEventRecord:
    """Make the event E1 with everything that an event can say."""
    return event(
        customer,
        "E1",
        uid="42",
        sequence=3,
        kind=MaintenanceKind.EXPEDITED,
        status=MaintenanceStatus.UNKNOWN,
        raw_status="MAYBE",
        description="Line cards",
        reason="Defect",
        provider="example.com",
        organizer="mailto:noc@example.com",
        account="137.035999173",
        touches=(
            touch("S1", "L1", "C1", "P1", ImpactLevel.REDUCED_REDUNDANCY),
            touch("S2", level=ImpactLevel.NO_IMPACT),
        ),
    )


async def test_gives_an_event_back_as_it_was_saved(
    maintenance: Maintenance, customer: CustomerCode, everything: Scope
) -> None:
    whole = whole_event(customer)

    await maintenance.save_events([whole])

    assert await maintenance.events(everything, [E1, MaintenanceEventId("E9")]) == {"E1": whole}


@EMBEDDED_ONLY
async def test_gives_impacts_and_revisions_back_as_they_were_saved(
    maintenance: Embedded, customer: CustomerCode, everything: Scope
) -> None:
    touched = impact(
        customer,
        "I1",
        component=ComponentId("C1"),
        service_point=ServicePointId("P1"),
        location=LocationId("L1"),
        solution=SolutionId("S1"),
        level=ImpactLevel.NO_IMPACT,
        expected_duration=600,
        redundant_path=False,
    )
    notice = revision(
        customer,
        "R1",
        status=MaintenanceStatus.NO_CHANGE,
        raw_status="NO-CHANGE",
        solutions=(SolutionId("S1"),),
        locations=(LocationId("L1"),),
    )

    await maintenance.save_impacts([touched])
    await maintenance.save_revisions([notice])

    assert await maintenance.impacts_by_event(everything, [E1, E2]) == {"E1": [touched]}
    assert await maintenance.history_by_event(everything, [E1, E2]) == {"E1": [notice]}


@EMBEDDED_ONLY
async def test_says_what_a_save_changed(maintenance: Embedded, customer: CustomerCode) -> None:
    await maintenance.save_events([event(customer, "E1"), event(customer, "E2")])
    await maintenance.save_impacts([impact(customer, "I1"), impact(customer, "I2")])
    await maintenance.save_revisions([revision(customer, "R1"), revision(customer, "R2")])

    events = await maintenance.save_events(
        [event(customer, "E1"), event(customer, "E2", sequence=2), event(customer, "E3")]
    )
    impacts = await maintenance.save_impacts(
        [impact(customer, "I1"), impact(customer, "I2", redundant_path=True), impact(customer, "I3")]
    )
    revisions = await maintenance.save_revisions(
        [revision(customer, "R1"), revision(customer, "R2", sequence=2), revision(customer, "R3")]
    )

    assert events == impacts == revisions == Saved(taken_in=1, updated=1, unchanged=1)


async def test_never_gives_another_customers_events(
    maintenance: Maintenance, customer: CustomerCode, everything: Scope
) -> None:
    other = CustomerCode(f"{customer}-other")
    await maintenance.save_events([event(other, "E1")])
    nothing = Page[MaintenanceEventRecord]([], total=0)

    assert await maintenance.events(everything, [E1]) == {}
    assert await maintenance.events_by_customer(everything, [other, customer], listing()) == {
        other: nothing,
        customer: nothing,
    }
    assert await maintenance.events_by_solution(everything, [SolutionId("S1")], listing()) == {"S1": nothing}
    assert await maintenance.impacts_by_event(everything, [E1]) == {}
    assert await maintenance.known(customer, [E1]) == {}


@EMBEDDED_ONLY
async def test_never_gives_another_customers_impacts_and_revisions(
    maintenance: Embedded, customer: CustomerCode, everything: Scope
) -> None:
    other = CustomerCode(f"{customer}-other")
    await maintenance.save_impacts([impact(other, "I1")])
    await maintenance.save_revisions([revision(other, "R1")])

    assert await maintenance.impacts_by_event(everything, [E1]) == {}
    assert await maintenance.history_by_event(everything, [E1]) == {}
    assert await maintenance.known_revisions(customer, [E1]) == []


async def test_tells_of_an_event_only_where_it_touches_the_operators_network(
    maintenance: Maintenance, customer: CustomerCode, everything: Scope
) -> None:
    hidden = event(customer, "E1", on_network=False, touches=(touch("S1", component="C1"),))
    await maintenance.save_events([hidden])
    nothing = Page[MaintenanceEventRecord]([], total=0)

    assert await maintenance.events(everything, [E1]) == {}
    assert await maintenance.events_by_customer(everything, [customer], listing()) == {customer: nothing}
    assert await maintenance.events_by_solution(everything, [SolutionId("S1")], listing()) == {"S1": nothing}
    assert await maintenance.events_by_component(everything, [ComponentId("C1")], listing()) == {
        "C1": nothing
    }
    assert await maintenance.known(customer, [E1, E2]) == {"E1": hidden}


@EMBEDDED_ONLY
async def test_tells_of_a_revision_only_where_it_touched_the_operators_network(
    maintenance: Embedded, customer: CustomerCode, everything: Scope
) -> None:
    notice = revision(customer, "R1", on_network=False)
    await maintenance.save_revisions([notice])

    assert await maintenance.history_by_event(everything, [E1]) == {}
    assert await maintenance.known_revisions(customer, [E1, E2]) == [notice]


@EMBEDDED_ONLY
@pytest.mark.parametrize(
    "segment", [NetworkSegment.TAIL_CIRCUIT, NetworkSegment.PUBLIC_NETWORK, NetworkSegment.CPE]
)
async def test_leaves_out_impacts_on_what_is_not_the_operators(
    maintenance: Embedded,
    customer: CustomerCode,
    everything: Scope,
    segment: NetworkSegment,
) -> None:
    told = impact(customer, "I1")
    await maintenance.save_impacts([told, impact(customer, "I2", segment=segment)])

    assert await maintenance.impacts_by_event(everything, [E1]) == {"E1": [told]}


async def test_leaves_out_what_is_outside_the_scope(
    maintenance: Maintenance, customer: CustomerCode, everything: Scope
) -> None:
    both = event(customer, "E1", touches=(touch("S1", "L1"), touch("S2", "L1")))
    elsewhere = event(customer, "E2", touches=(touch("S2", "L2"),))
    uncovered = event(customer, "E3", touches=(touch("S1", "L1"),))
    unknown = event(customer, "E4", touches=())
    await maintenance.save_events([both, elsewhere, uncovered, unknown])
    covered = replace(everything, solutions=frozenset({"S2", "S3"}))
    local = replace(covered, locations=frozenset({"L1"}))

    assert await maintenance.events(local, [E1, E2, E3, unknown.id]) == {"E1": both}
    assert await maintenance.events_by_customer(everything, [customer], listing()) == {
        customer: Page([both, elsewhere, uncovered, unknown], total=4)
    }
    assert await maintenance.events_by_customer(covered, [customer], listing()) == {
        customer: Page([both, elsewhere], total=2)
    }
    assert await maintenance.events_by_location(covered, [LocationId("L1"), LocationId("L2")], listing()) == {
        "L1": Page([both], total=1),
        "L2": Page([elsewhere], total=1),
    }
    assert await maintenance.events_by_solution(local, [SolutionId("S1"), SolutionId("S2")], listing()) == {
        "S1": Page([], total=0),
        "S2": Page([both], total=1),
    }


@EMBEDDED_ONLY
async def test_leaves_out_impacts_and_revisions_outside_the_scope(
    maintenance: Embedded, customer: CustomerCode, everything: Scope
) -> None:
    here = impact(customer, "I1", solution=SolutionId("S2"), location=LocationId("L1"))
    told = revision(
        customer, "R1", solutions=(SolutionId("S1"), SolutionId("S2")), locations=(LocationId("L1"),)
    )
    await maintenance.save_impacts(
        [
            here,
            impact(customer, "I2", solution=SolutionId("S1"), location=LocationId("L1")),
            impact(customer, "I3", solution=SolutionId("S2")),
        ]
    )
    await maintenance.save_revisions(
        [
            told,
            revision(customer, "R2", solutions=(SolutionId("S1"),), locations=(LocationId("L1"),)),
            revision(customer, "R3", solutions=(SolutionId("S2"),), locations=(LocationId("L2"),)),
        ]
    )
    scope = replace(everything, solutions=frozenset({"S2"}), locations=frozenset({"L1"}))

    assert await maintenance.impacts_by_event(scope, [E1]) == {"E1": [here]}
    assert await maintenance.history_by_event(scope, [E1]) == {"E1": [told]}


@EMBEDDED_ONLY
async def test_gives_impacts_worst_first_then_by_object(
    maintenance: Embedded, customer: CustomerCode, everything: Scope
) -> None:
    rows = {
        "mild": impact(customer, "I1", level=ImpactLevel.NO_IMPACT),
        "weak": impact(customer, "I2", level=ImpactLevel.REDUCED_REDUNDANCY),
        "slow": impact(customer, "I3", level=ImpactLevel.DEGRADED),
        "late": impact(customer, "I4", object_id="b"),
        "early": impact(customer, "I5", object_id="a"),
        "other": impact(customer, "I6", event=E2),
    }
    await maintenance.save_impacts(rows.values())

    found = await maintenance.impacts_by_event(everything, [E2, E1, E3])

    assert found == {
        "E1": [rows[key] for key in ("early", "late", "slow", "weak", "mild")],
        "E2": [rows["other"]],
    }


@EMBEDDED_ONLY
async def test_keeps_only_the_impacts_of_the_last_notice(
    maintenance: Embedded, customer: CustomerCode, everything: Scope
) -> None:
    other = impact(customer, "I3", event=E2)
    foreign = impact(CustomerCode(f"{customer}-other"), "I1")
    await maintenance.save_impacts([impact(customer, "I1"), impact(customer, "I2"), other, foreign])

    saved = await maintenance.save_impacts([impact(customer, "I2")])

    assert saved == Saved(unchanged=1)
    assert await maintenance.impacts_by_event(everything, [E1, E2]) == {
        "E1": [impact(customer, "I2")],
        "E2": [other],
    }
    assert await maintenance.impacts_by_event(replace(everything, customer=foreign.customer), [E1]) == {
        "E1": [foreign]
    }


@EMBEDDED_ONLY
async def test_gives_the_history_newest_first(
    maintenance: Embedded, customer: CustomerCode, everything: Scope
) -> None:
    first = revision(customer, "R3")
    moved = revision(customer, "R1", sequence=2, status=MaintenanceStatus.RE_SCHEDULED)
    cancelled = revision(customer, "R2", sequence=2, status=MaintenanceStatus.CANCELLED)
    same = revision(customer, "R4", sequence=2, status=MaintenanceStatus.NO_CHANGE)
    later = revision(customer, "R0", sequence=2, stamped_at=NIGHT)
    rows = [first, moved, cancelled, same, later]
    await maintenance.save_revisions(rows)

    found = await maintenance.history_by_event(everything, [E1])

    assert found == {"E1": [cancelled, later, same, moved, first]}
    assert sorted(each.id for each in await maintenance.known_revisions(customer, [E1])) == [
        "R0",
        "R1",
        "R2",
        "R3",
        "R4",
    ]
