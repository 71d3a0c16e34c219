"""Which failures are tried again, how often, and how long a system is left alone that asks for it."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic

import pytest

from sources.errors import SourceError, SourceRefusedError, SourceTimeoutError, SourceUnavailableError
from sources.http import Answer
from sources.http.breaker import State
from sources.http.failure import FaultError
from sources.http.retry import LONGEST_PAUSE, Pause, RetryBudget, retried
from sources.http.settings import BreakerSettings
from tests.sources.http.conftest import Calling, Clock
from tests.sources.http.faulty import (
    Behaviour,
    Faulty,
    answer,
    babble,
    hang,
    html,
    redirect,
    reset,
    truncated,
    vanish,
)


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(reset, id="reset"),
        pytest.param(vanish, id="closed"),
        pytest.param(babble, id="not HTTP"),
        pytest.param(truncated([]), id="truncated"),
        pytest.param(html(500), id="500"),
        pytest.param(answer([], 503), id="503"),
        pytest.param(answer([], 503, {"Retry-After": "0"}), id="503, now"),
        pytest.param(answer([], 429), id="429"),
        pytest.param(answer([], 408), id="408"),
    ],
)
async def test_tries_again_after_what_may_pass(
    system: Faulty, calling: Calling, behaviour: Behaviour
) -> None:
    system.on("/ticket", behaviour, behaviour, answer([3]))
    api = await calling(retries=2)

    found = await api.get("ticket")

    assert found.body == b"[3]"
    assert len(system.seen) == 3


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(answer({}, 400), id="400"),
        pytest.param(answer({}, 401), id="401"),
        pytest.param(answer({}, 403), id="403"),
        pytest.param(answer({}, 501), id="501"),
        pytest.param(html(), id="HTML with 200"),
        pytest.param(answer(b""), id="empty"),
        pytest.param(answer(b"[" + b" " * 100), id="too long"),
        pytest.param(redirect("https://elsewhere.example"), id="redirect"),
    ],
)
async def test_does_not_try_again_what_will_be_the_same(
    system: Faulty, calling: Calling, behaviour: Behaviour
) -> None:
    system.on("/ticket", behaviour)
    api = await calling(retries=2, most_bytes=50)

    with pytest.raises(SourceError):
        await api.get("ticket")
    assert len(system.seen) == 1


async def test_tells_the_last_failure_after_the_last_retry(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", answer([], 500), answer([], 502), answer([], 503), answer([], 504))
    api = await calling(retries=2)

    with pytest.raises(SourceUnavailableError, match=r"status 503$"):
        await api.get("ticket")
    assert len(system.seen) == 3


async def test_retries_end_with_the_deadline(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", answer([], 500), hang)
    api = await calling(retries=2, seconds=1)

    with pytest.raises(SourceTimeoutError, match=r"no answer in 1 s$"):
        await api.get("ticket")
    assert len(system.seen) == 2


class Failing:
    """Fails each time it is asked, and counts."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self) -> Answer:
        self.asked += 1
        raise FaultError("ticketing", "down", passing=True)


@pytest.mark.parametrize(("left", "asked"), [(0.09, 1), (60.0, 3)])
async def test_does_not_wait_for_a_retry_that_comes_too_late(left: float, asked: int) -> None:
    failing = Failing()

    with pytest.raises(SourceUnavailableError, match=r"^ticketing: down$"):
        await retried(failing, 2, RetryBudget(), asyncio.get_running_loop().time() + left)

    assert failing.asked == asked


async def test_many_failing_calls_are_retried_within_a_budget(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", answer([], 500))
    api = await calling(retries=2, connections=100, breaker=BreakerSettings(calls=1_000))

    failures = await asyncio.gather(*(api.get("ticket") for _ in range(50)), return_exceptions=True)

    assert {str(each) for each in failures} == {"ticketing: GET ticket: status 500"}
    assert len(system.seen) == 60


async def test_nothing_is_tried_again_once_the_breaker_is_open(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", answer([], 500))
    api = await calling(retries=2, breaker=BreakerSettings(calls=1))

    with pytest.raises(SourceUnavailableError, match=r"left alone$"):
        await api.get("ticket")
    assert len(system.seen) == 1


def test_a_budget_is_earned_by_calls() -> None:
    budget = RetryBudget(share=0.5, most=2)

    spent = [budget.spend() for _ in range(3)]
    budget.earn()
    too_early = budget.spend()
    budget.earn()
    later = budget.spend()

    assert spent == [True, True, False]
    assert (too_early, later) == (False, True)


def test_a_budget_is_not_saved_up() -> None:
    budget = RetryBudget(share=0.5, most=2)

    for _ in range(100):
        budget.earn()

    assert [budget.spend() for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("status", [429, 503])
async def test_waits_as_long_as_the_system_asks(system: Faulty, calling: Calling, status: int) -> None:
    system.on("/ticket", answer([], status, {"Retry-After": "1"}), answer([1]))
    api = await calling(retries=1, seconds=3, clock=monotonic)
    began = monotonic()

    found = await api.get("ticket")

    assert found.body == b"[1]"
    assert 1 <= monotonic() - began < 1.5


async def test_other_calls_wait_too_while_the_system_wants_to_be_left_alone(
    system: Faulty, calling: Calling
) -> None:
    system.on("/ticket", answer([], 429, {"Retry-After": "1"}), answer([1]))
    api = await calling(seconds=3, clock=monotonic)
    with pytest.raises(SourceUnavailableError, match=r"status 429$"):
        await api.get("ticket")
    began = monotonic()

    found = await api.get("ticket")

    assert found.body == b"[1]"
    assert 0.9 < monotonic() - began < 1.5


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Retry-After": "120"}, id="seconds"),
        pytest.param({"Retry-After": format_datetime(datetime.now(UTC) + timedelta(hours=1))}, id="date"),
        pytest.param(
            {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT", "Date": "Fri, 31 Dec 1999 23:57:59 GMT"},
            id="date of a system whose clock is wrong",
        ),
    ],
)
async def test_a_system_that_asks_for_longer_than_the_deadline_is_left_alone_so_long(
    system: Faulty, calling: Calling, clock: Clock, headers: dict[str, str]
) -> None:
    system.on("/ticket", answer([], 429, headers), answer([2]))
    api = await calling(retries=2)

    with pytest.raises(SourceUnavailableError, match=r"status 429$"):
        await api.get("ticket")
    with pytest.raises(SourceUnavailableError, match=r"GET ticket: the system asked to be left alone$"):
        await api.get("ticket")
    asked, state = len(system.seen), api.state
    clock.now += LONGEST_PAUSE
    found = await api.get("ticket")

    assert (asked, state) == (1, State.PAUSED)
    assert (found.body, api.state) == (b"[2]", State.CLOSED)


@pytest.mark.parametrize(
    "text", ["", "soon", "-5", "1e9", "Fri, 99 Dec 1999", "Fri, 31 Dec 1999 23:59:59 GMT"]
)
async def test_does_not_wait_for_a_time_that_is_none(system: Faulty, calling: Calling, text: str) -> None:
    system.on("/ticket", answer([], 429, {"Retry-After": text}), answer([2]))
    api = await calling(retries=1)

    found = await api.get("ticket")

    assert found.body == b"[2]"
    assert api.state is State.CLOSED


async def test_a_refusal_asks_for_no_pause(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", answer([], 403, {"Retry-After": "120"}))
    api = await calling()

    with pytest.raises(SourceRefusedError):
        await api.get("ticket")
    assert api.state is State.CLOSED


def test_a_shorter_pause_does_not_end_a_longer_one(clock: Clock) -> None:
    pause = Pause(clock)

    pause.begin(20)
    pause.begin(5)

    assert pause.left == 20
    clock.now += 20
    assert pause.left == 0
