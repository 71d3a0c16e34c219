"""Which of an event's notices stands."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.maintenance import MaintenanceKind, MaintenanceStatus
from sources.maintenance.sequencing import (
    WindowError,
    check_window,
    kind_of,
    newest_first,
    standing,
    status_of,
)

NIGHT = datetime(2025, 6, 1, 22, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Notice:
    """What of a notice decides."""

    id: str
    sequence: int = 1
    status: MaintenanceStatus = MaintenanceStatus.CONFIRMED
    stamped_at: datetime = NIGHT


NOTICES = st.lists(
    st.builds(
        Notice,
        id=st.text("ab", min_size=1, max_size=6),
        sequence=st.integers(0, 3),
        status=st.sampled_from(MaintenanceStatus),
        stamped_at=st.sampled_from([NIGHT, NIGHT + timedelta(seconds=1)]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda notice: notice.id,
)


def test_lets_the_higher_sequence_stand_whatever_the_stamps() -> None:
    older = Notice("b", sequence=1, stamped_at=NIGHT + timedelta(days=1))
    newer = Notice("a", sequence=2, stamped_at=NIGHT)

    assert standing([newer, older]) == newer


def test_lets_the_later_stamp_of_a_sequence_stand() -> None:
    older = Notice("b")
    newer = Notice("a", stamped_at=NIGHT + timedelta(seconds=1))

    assert standing([newer, older]) == newer


def test_lets_the_greater_digest_stand_where_all_else_is_equal() -> None:
    assert standing([Notice("a"), Notice("b")]) == Notice("b")


def test_keeps_the_last_state_that_a_notice_says() -> None:
    said = Notice("a", sequence=1, status=MaintenanceStatus.IN_PROCESS)
    same = Notice("b", sequence=2, status=MaintenanceStatus.NO_CHANGE)

    assert standing([said, same]) == same
    assert status_of([same, said]) is MaintenanceStatus.IN_PROCESS


def test_does_not_know_the_state_where_no_notice_says_one() -> None:
    assert status_of([Notice("a", status=MaintenanceStatus.NO_CHANGE)]) is MaintenanceStatus.UNKNOWN


@pytest.mark.parametrize(
    ("sequence", "status", "state"),
    [
        (2, MaintenanceStatus.CONFIRMED, MaintenanceStatus.CANCELLED),
        (2, MaintenanceStatus.NO_CHANGE, MaintenanceStatus.CANCELLED),
        (3, MaintenanceStatus.NO_CHANGE, MaintenanceStatus.CANCELLED),
        (3, MaintenanceStatus.CONFIRMED, MaintenanceStatus.CONFIRMED),
    ],
)
def test_lets_only_a_higher_sequence_take_a_cancellation_back(
    sequence: int, status: MaintenanceStatus, state: MaintenanceStatus
) -> None:
    cancelled = Notice("a", sequence=2, status=MaintenanceStatus.CANCELLED)
    later = Notice("b", sequence=sequence, status=status, stamped_at=NIGHT + timedelta(days=1))

    assert status_of([cancelled, later]) is state


@given(NOTICES.flatmap(lambda notices: st.tuples(st.just(notices), st.permutations(notices))))
def test_says_the_same_in_whatever_order_the_notices_came(orders: tuple[list[Notice], list[Notice]]) -> None:
    given_first, given_then = orders

    assert newest_first(given_first) == newest_first(given_then)
    assert standing(given_then) == newest_first(given_first)[0]
    assert status_of(given_first) is status_of(given_then)


@given(NOTICES)
def test_never_lets_a_lower_sequence_stand(notices: list[Notice]) -> None:
    assert standing(notices).sequence == max(each.sequence for each in notices)


@pytest.mark.parametrize(
    ("notice", "kind"),
    [
        (timedelta(days=10), MaintenanceKind.PLANNED),
        (timedelta(days=10) - timedelta(seconds=1), MaintenanceKind.EXPEDITED),
        (timedelta(days=-1), MaintenanceKind.EXPEDITED),
    ],
)
def test_calls_planned_what_is_announced_ten_days_ahead(notice: timedelta, kind: MaintenanceKind) -> None:
    assert kind_of(NIGHT - notice, NIGHT) is kind


def test_takes_a_window_that_ends_after_it_begins() -> None:
    check_window(NIGHT, NIGHT + timedelta(seconds=1))


@pytest.mark.parametrize("length", [timedelta(0), timedelta(hours=-4945)])
def test_refuses_a_window_that_ends_before_it_has_begun(length: timedelta) -> None:
    with pytest.raises(WindowError, match="not after its start at 2025-06-01T22:00:00"):
        check_window(NIGHT, NIGHT + length)
