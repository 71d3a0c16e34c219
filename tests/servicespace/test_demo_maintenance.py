"""The maintenance of demo customers is told as notices tell it."""

from datetime import timedelta

from servicespace.demo.maintenance import Work
from servicespace.demo.plan import Plan
from sources.maintenance import ImpactLevel, MaintenanceKind, MaintenanceStatus, NetworkSegment
from sources.maintenance.impact import touching
from sources.maintenance.segment import segment_of
from sources.maintenance.sequencing import NOTICE, standing, status_of
from tests.servicespace.made import MEDIUM, each_plan, made


@each_plan
def test_impacts_are_on_components_and_where_these_are(plan: Plan) -> None:
    found = made(plan)
    shown = {each.id: each for each in found.shown}

    for impact in (impact for work in found.works for impact in work.impacts):
        assert impact.component is not None
        component = shown[impact.component]
        assert impact.segment is segment_of(component.kind.value)
        assert (impact.solution, impact.service_point, impact.location) == (
            component.solution,
            component.service_point,
            component.location,
        )


@each_plan
def test_an_event_says_what_its_impacts_on_the_network_say(plan: Plan) -> None:
    for work in made(plan).works:
        assert touching(work.event, work.impacts) == work.event
        assert {each.event for each in work.impacts} == {work.event.id}
        assert {(each.solutions, each.locations, each.on_network) for each in work.revisions} == {
            (work.event.solutions, work.event.locations, work.event.on_network)
        }


@each_plan
def test_an_event_is_as_its_standing_notice_has_it(plan: Plan) -> None:
    for work in made(plan).works:
        event, last = work.event, standing(work.revisions)
        assert (event.sequence, event.starts_at, event.ends_at) == (
            last.sequence,
            last.starts_at,
            last.ends_at,
        )
        assert event.status is status_of(work.revisions)
        assert event.announced_at == work.revisions[0].stamped_at
        assert event.starts_at < event.ends_at


@each_plan
def test_notices_come_one_after_the_other_and_none_from_the_future(plan: Plan) -> None:
    for work in made(plan).works:
        stamps = [each.stamped_at for each in work.revisions]
        assert stamps == sorted(set(stamps))
        assert stamps[-1] <= plan.now
        assert work.event.announced_at < work.event.starts_at
        assert [each.sequence for each in work.revisions] == list(range(len(stamps)))


@each_plan
def test_planned_maintenance_is_announced_ten_days_ahead_and_expedited_less(plan: Plan) -> None:
    for event in (each.event for each in made(plan).works):
        ahead = event.starts_at - event.announced_at
        assert event.kind is (MaintenanceKind.PLANNED if ahead >= NOTICE else MaintenanceKind.EXPEDITED)


@each_plan
def test_states_follow_the_clock(plan: Plan) -> None:
    for event in (each.event for each in made(plan).works):
        if event.status is MaintenanceStatus.COMPLETED:
            assert event.ends_at <= plan.now
        elif event.status is MaintenanceStatus.IN_PROCESS:
            assert event.starts_at < plan.now
            assert event.ends_at > plan.now + timedelta(days=1)
        elif event.status is not MaintenanceStatus.CANCELLED:
            assert event.starts_at > plan.now


@each_plan
def test_there_is_some_past_some_running_and_some_to_come(plan: Plan) -> None:
    events = [each.event for each in made(plan).works]
    yearly = plan.profile.maintenance_per_year

    assert sum(each.ends_at <= plan.now for each in events) == yearly * 2
    assert sum(each.starts_at <= plan.now < each.ends_at for each in events) == max(1, yearly // 100)
    assert sum(each.starts_at > plan.now for each in events) == max(4, yearly // 10)


def test_some_events_touch_only_what_is_not_the_operators() -> None:
    beyond = [each for each in made(MEDIUM).works if not each.event.on_network]

    assert len(beyond) == 26
    for work in beyond:
        assert NetworkSegment.OPERATOR_NETWORK not in {each.segment for each in work.impacts}
        assert (work.event.solutions, work.event.level) == ((), ImpactLevel.NO_IMPACT)


def test_the_widest_touches_a_sixth_of_the_components_and_is_yet_to_come() -> None:
    widest = max(made(MEDIUM).works, key=_width)

    assert len(widest.impacts) == 200
    assert widest.event.starts_at > MEDIUM.now


def test_others_touch_as_many_as_the_profile_says() -> None:
    widths = sorted((_width(each) for each in made(MEDIUM).works), reverse=True)[1:]

    assert 1.4 <= sum(widths) / len(widths) <= 1.8


def test_some_events_were_moved_and_say_what_they_were() -> None:
    moved = [
        each
        for each in made(MEDIUM).works
        if MaintenanceStatus.RE_SCHEDULED in {revision.status for revision in each.revisions}
    ]

    assert 40 <= len(moved) <= 90
    assert all(each.revisions[0].starts_at < each.event.starts_at for each in moved)


def _width(work: Work) -> int:
    return len(work.impacts)
