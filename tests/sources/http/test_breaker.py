"""When a system in trouble is left alone, and when it is trusted again."""

import asyncio
from contextlib import suppress
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sources.errors import SourceError, SourceTimeoutError, SourceUnavailableError
from sources.http.breaker import Breaker, State
from sources.http.settings import BreakerSettings
from tests.sources.http.conftest import Calling, Clock
from tests.sources.http.faulty import Faulty, answer, hang, html

LEFT_ALONE = "ticketing: GET ticket: the system is in trouble and left alone"


def breaker(clock: Clock, **changes: float) -> Breaker:
    settings = BreakerSettings(window_seconds=10.0, calls=4, failed=0.5, slow=0.75, probe_seconds=5.0)
    return Breaker("ticketing", replace(settings, **changes), 1.0, clock)


def call(one: Breaker, *, failed: bool = False, seconds: float = 0.1) -> bool:
    """Make a call that ends so, if the breaker lets it out, and tell whether it did."""
    era = one.admit()
    if era is None:
        return False
    one.record(era, seconds, failed=failed)
    return True


def opened(clock: Clock, **changes: float) -> Breaker:
    one = breaker(clock, **changes)
    for _ in range(4):
        call(one, failed=True)
    assert one.is_open
    return one


def test_opens_when_half_of_the_calls_fail(clock: Clock) -> None:
    one = breaker(clock)

    call(one)
    call(one)
    call(one, failed=True)
    before = one.is_open
    call(one, failed=True)

    assert (before, one.is_open) == (False, True)


def test_stays_closed_while_few_calls_are_known(clock: Clock) -> None:
    one = breaker(clock)

    for _ in range(3):
        call(one, failed=True)

    assert not one.is_open


def test_opens_when_nearly_all_calls_are_slow(clock: Clock) -> None:
    one = breaker(clock)

    call(one)
    for _ in range(2):
        call(one, seconds=1.1)
    before = one.is_open
    call(one, seconds=1.1)

    assert (before, one.is_open) == (False, True)


def test_calls_that_failed_count_as_slow_ones_too(clock: Clock) -> None:
    one = breaker(clock, failed=0.9)

    call(one)
    call(one, failed=True)
    call(one, seconds=1.1)
    call(one, failed=True)

    assert one.is_open


def test_forgets_what_was_before_the_window(clock: Clock) -> None:
    one = breaker(clock)
    for _ in range(3):
        call(one, failed=True)

    clock.now += 10.0
    for _ in range(3):
        call(one, failed=True)
    before = one.is_open
    clock.now += 9.0
    call(one, failed=True)

    assert (before, one.is_open) == (False, True)


def test_lets_one_probe_out_each_interval(clock: Clock) -> None:
    one = opened(clock)

    at_once = one.admit()
    clock.now += 4.9
    too_early = one.admit()
    clock.now += 0.2
    probes = [one.admit() for _ in range(50)]
    clock.now += 5.0
    more = [one.admit() for _ in range(50)]

    assert (at_once, too_early) == (None, None)
    assert [each is not None for each in probes] == [True] + [False] * 49
    assert [each is not None for each in more] == [True] + [False] * 49


def test_closes_after_a_probe_that_went_well(clock: Clock) -> None:
    one = opened(clock)

    clock.now += 5.0
    call(one)

    assert not one.is_open
    assert [call(one, failed=True) for _ in range(3)] == [True] * 3
    assert not one.is_open


@pytest.mark.parametrize(("failed", "seconds"), [(True, 0.1), (False, 1.1)])
def test_stays_open_after_a_probe_that_failed_or_was_slow(clock: Clock, failed: bool, seconds: float) -> None:
    one = opened(clock)

    clock.now += 5.0
    call(one, failed=failed, seconds=seconds)

    assert one.is_open
    assert not call(one)


def test_a_probe_that_was_given_up_early_says_nothing(clock: Clock) -> None:
    one = opened(clock)
    clock.now += 5.0
    era = one.admit()
    assert era is not None

    one.give_up(era, 0.9)
    one.give_up(era, 1.9)
    clock.now += 5.0

    assert call(one)
    assert not one.is_open


def test_what_was_asked_before_it_opened_does_not_close_it(clock: Clock) -> None:
    one = breaker(clock)
    early = one.admit()
    assert early is not None
    for _ in range(4):
        call(one, failed=True)

    one.record(early, 0.1)

    assert one.is_open


def test_what_was_asked_before_it_closed_does_not_open_it(clock: Clock) -> None:
    one = breaker(clock, calls=1)
    early = [one.admit() for _ in range(9)]
    call(one, failed=True)
    clock.now += 5.0
    call(one)

    for each in early:
        assert each is not None
        one.record(each, 0.1, failed=True)

    assert not one.is_open


@given(st.lists(st.tuples(st.floats(0, 4), st.booleans(), st.floats(0, 2)), max_size=60))
def test_never_lets_out_more_than_one_call_an_interval_while_open(
    calls: list[tuple[float, bool, float]],
) -> None:
    clock = Clock()
    one = breaker(clock)
    last = float("-inf")

    for after, failed, seconds in calls:
        clock.now += after
        was_open = one.is_open
        went_out = call(one, failed=failed, seconds=seconds)
        assert went_out or was_open
        if was_open and went_out:
            assert clock.now - last >= 5.0
        if went_out and one.is_open:
            last = clock.now


async def test_a_system_that_fails_is_left_alone_and_found_well_again(
    system: Faulty, calling: Calling, clock: Clock
) -> None:
    system.on("/ticket", html(500))
    api = await calling(breaker=BreakerSettings(calls=3))
    for _ in range(3):
        with pytest.raises(SourceUnavailableError, match=r"status 500"):
            await api.get("ticket")

    with pytest.raises(SourceUnavailableError) as caught:
        await api.get("ticket")
    state = api.state
    system.on("/ticket", answer([]))
    clock.now += 5.0
    found = await api.get("ticket")

    assert str(caught.value) == LEFT_ALONE
    assert (state, api.state) == (State.OPEN, State.CLOSED)
    assert found.status == 200
    assert len(system.seen) == 4
    assert api.counts.held_back == 1


async def test_one_probe_goes_out_and_all_others_fail_at_once(
    system: Faulty, calling: Calling, clock: Clock
) -> None:
    system.on("/ticket", answer([], 500))
    api = await calling(breaker=BreakerSettings(calls=1), seconds=0.2)
    with pytest.raises(SourceUnavailableError):
        await api.get("ticket")
    system.on("/ticket", hang)

    clock.now += 5.0
    failures = await asyncio.gather(*(api.get("ticket") for _ in range(20)), return_exceptions=True)

    assert isinstance(failures[0], SourceTimeoutError)
    assert [str(each) for each in failures[1:]] == [LEFT_ALONE] * 19
    assert len(system.seen) == 2


async def test_a_system_that_hangs_is_left_alone(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", hang)
    api = await calling(breaker=BreakerSettings(calls=2, slow_seconds=0.01), seconds=0.05, clock=monotonic)

    for _ in range(2):
        with pytest.raises(SourceTimeoutError):
            await api.get("ticket")

    with pytest.raises(SourceUnavailableError, match=r"left alone"):
        await api.get("ticket")


@pytest.mark.parametrize("status", [400, 403, 404, 408, 422, 429])
async def test_what_a_system_refuses_does_not_speak_against_it(
    system: Faulty, calling: Calling, status: int
) -> None:
    system.on("/ticket", answer({}, status))
    api = await calling(breaker=BreakerSettings(calls=1))

    for _ in range(5):
        with suppress(SourceError):
            await api.get("ticket")

    assert api.state is State.CLOSED
    assert len(system.seen) == 5
