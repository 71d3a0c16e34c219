"""A system in trouble is left alone: the answers of who asks for it are quick, and its recovery is seen."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from sources.http.settings import BreakerSettings
from tests.servicespace.upstreams.several import SECONDS, Several
from tests.sources.http.faulty import hang

PROBE: Final = 1.0
"""Seconds between two calls of a system in trouble, where they are waited for."""


@contextmanager
def watched(deployed: Several, probe_seconds: float) -> Generator[Several]:
    """Serve with breakers that open where half of three calls fail."""
    deployed.mend()
    breaker = BreakerSettings(calls=3, probe_seconds=probe_seconds, slow_seconds=0.9 * SECONDS)
    with deployed.served(retries=0, breaker=breaker) as found:
        yield found


def test_a_system_that_hangs_is_waited_for_no_longer(deployed: Several) -> None:
    with watched(deployed, 600) as served:
        whole = served.ask()
        served.fail("inventory", hang)

        slow = [served.ask().seconds for _ in range(2)]  # two of three calls
        quick = [served.ask() for _ in range(5)]
        degraded = served.health()["degraded"]

        assert served.asked("inventory") == 2
    assert min(slow) > SECONDS
    assert min(each.seconds for each in quick) < SECONDS
    assert [each.values("components") for each in quick] == [[None] * 3] * 5
    assert [each.without("components") for each in quick] == [whole.without("components")] * 5
    assert degraded == ["inventory TMF639"]


def test_one_call_an_interval_goes_out_and_one_that_goes_well_ends_it(deployed: Several) -> None:
    with watched(deployed, PROBE) as served:
        whole = served.ask()
        served.fail("inventory", hang)
        for _ in range(2):
            served.ask()

        began, before = time.monotonic(), served.asked("inventory")
        while time.monotonic() < began + 2 * PROBE:
            served.ask()
        probes, took = served.asked("inventory") - before, time.monotonic() - began
        served.mend()
        again = time.monotonic()
        while served.ask().said != whole.said:
            assert time.monotonic() < again + 10 * PROBE

        assert 1 <= probes <= took / PROBE + 1
        assert served.health()["degraded"] == []
