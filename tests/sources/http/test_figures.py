"""What is promised in figures; ``python -m bench.calls`` measures them, here they are only not exceeded."""

from contextlib import suppress
from statistics import median
from time import perf_counter

from sources.errors import SourceError
from sources.http.client import HttpApi
from sources.http.settings import BreakerSettings
from tests.sources.http.conftest import Calling
from tests.sources.http.faulty import Faulty, answer, drip, endless, hang


async def seconds(api: HttpApi, path: str) -> float:
    began = perf_counter()
    with suppress(SourceError):
        await api.get(path)
    return perf_counter() - began


async def test_a_call_that_is_held_back_costs_less_than_a_tenth_of_a_millisecond(
    system: Faulty, calling: Calling
) -> None:
    system.on("/ticket", answer([], 500))
    api = await calling(retries=2, breaker=BreakerSettings(calls=1))
    await seconds(api, "ticket")

    taken = [await seconds(api, "ticket") for _ in range(1_000)]

    assert median(taken) < 0.0001
    assert len(system.seen) == 1


async def test_a_system_that_hangs_is_given_up_within_50_ms_after_the_deadline(
    system: Faulty, calling: Calling
) -> None:
    system.on("/hang", hang)
    system.on("/drip", drip([1] * 1_000, 0.01))
    system.on("/endless", endless)
    api = await calling(seconds=0.2, most_bytes=10_000_000_000)

    late = {
        path: median([await seconds(api, path) - 0.2 for _ in range(5)])
        for path in ("hang", "drip", "endless")
    }

    assert not {path: each for path, each in late.items() if not 0 <= each < 0.05}
