"""When a read that takes long is asked a second time."""

import asyncio
from time import monotonic

import pytest

from sources.errors import SourceTimeoutError, SourceUnavailableError
from sources.http.client import HttpApi
from sources.http.hedge import Latencies
from tests.sources.http.conftest import Calling
from tests.sources.http.faulty import Behaviour, Faulty, answer, hang, html, late


def test_knows_what_is_usual_once_it_has_seen_enough() -> None:
    latencies = Latencies()

    for each in range(19):
        latencies.add(each / 10)
    before = latencies.usual
    for each in range(19, 100):
        latencies.add(each / 10)

    assert before is None
    assert latencies.usual == 9.5


def test_forgets_what_was_usual_long_ago() -> None:
    latencies = Latencies()

    for each in [9.0] * 100 + [0.1] * 100:
        latencies.add(each)

    assert latencies.usual == 0.1


async def accustomed(
    calling: Calling, system: Faulty, *then: Behaviour, seconds: float = 1, connections: int = 8
) -> HttpApi:
    """Give an API that has answered often and at once, and does *then* with what it is asked next."""
    system.on("/ticket", answer([0]))
    api = await calling(hedge=True, seconds=seconds, connections=connections, clock=monotonic)
    for _ in range(20):
        await api.get("ticket")
    system.seen.clear()
    system.on("/ticket", *then)
    return api


async def test_takes_the_second_answer_where_the_first_hangs(system: Faulty, calling: Calling) -> None:
    api = await accustomed(calling, system, hang, answer([2]))

    found = await api.get("ticket")

    assert found.body == b"[2]"
    assert len(system.seen) == 2


async def test_takes_the_first_answer_where_the_second_hangs(system: Faulty, calling: Calling) -> None:
    api = await accustomed(calling, system, late(0.2, answer([1])), hang)

    found = await api.get("ticket")

    assert found.body == b"[1]"
    assert len(system.seen) == 2


@pytest.mark.parametrize(
    "behaviours", [(late(0.2, answer([1])), html(500)), (late(0.2, html(500)), late(0.3, answer([1])))]
)
async def test_takes_the_answer_where_the_other_fails(
    system: Faulty, calling: Calling, behaviours: tuple[Behaviour, Behaviour]
) -> None:
    api = await accustomed(calling, system, *behaviours)

    found = await api.get("ticket")

    assert found.body == b"[1]"
    assert len(system.seen) == 2


async def test_tells_the_first_failure_where_both_fail(system: Faulty, calling: Calling) -> None:
    api = await accustomed(calling, system, late(0.2, answer([], 500)), late(0.3, answer([], 502)))

    with pytest.raises(SourceUnavailableError, match=r"status 500$"):
        await api.get("ticket")
    assert len(system.seen) == 2


async def test_asks_once_where_the_answer_comes_in_time(system: Faulty, calling: Calling) -> None:
    api = await accustomed(calling, system, late(0.05, answer([1])))
    for _ in range(20):
        await api.get("ticket")
    system.seen.clear()
    system.on("/ticket", answer([1]))

    await api.get("ticket")

    assert len(system.seen) == 1


async def test_both_end_with_the_deadline(system: Faulty, calling: Calling) -> None:
    api = await accustomed(calling, system, hang, seconds=0.2)

    with pytest.raises(SourceTimeoutError):
        await api.get("ticket")
    assert len(system.seen) == 2
    assert len(asyncio.all_tasks()) == 1


async def test_hedges_are_taken_from_the_retry_budget(system: Faulty, calling: Calling) -> None:
    api = await accustomed(calling, system, late(0.2, answer([1])), connections=100)

    await asyncio.gather(*(api.get("ticket") for _ in range(30)))

    assert len(system.seen) == 30 + 10


async def test_a_call_does_not_hedge_while_others_wait(system: Faulty, calling: Calling) -> None:
    api = await accustomed(calling, system, late(0.2, answer([1])))

    found = await asyncio.gather(*(api.get("ticket") for _ in range(8)))

    assert {each.body for each in found} == {b"[1]"}
    assert len(system.seen) == 8
