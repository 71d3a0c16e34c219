"""A system in trouble is left alone: the answers of who asks for it are quick, and its recovery is seen."""

import time
from collections.abc import Generator
from typing import Final

import pytest

from servicespace.upstreams.api import ApiName
from sources.http.settings import BreakerSettings
from tests.servicespace.upstreams.several import SECONDS, Several
from tests.sources.http.faulty import hang

PROBE: Final = 1.0
"""Seconds between two calls of a system in trouble."""


@pytest.fixture
def served(deployed: Several) -> Generator[Several]:
    deployed.mend()
    with deployed.served(
        retries=0, breaker=BreakerSettings(calls=3, probe_seconds=PROBE, slow_seconds=SECONDS)
    ) as found:
        yield found


def test_a_system_that_hangs_is_waited_for_no_longer_until_it_is_well(served: Several) -> None:
    whole = served.ask()
    served.fail("inventory", hang)

    slow = [served.ask().seconds for _ in range(2)]  # two of three calls
    opened = time.monotonic()
    before = served.asked("inventory")
    quick = [served.ask() for _ in range(5)]
    degraded = served.health()["degraded"]

    assert min(slow) > SECONDS
    assert time.monotonic() - opened < PROBE, "the machine is too busy to tell"
    assert [each.values("components") for each in quick] == [[None] * 3] * 5
    assert [each.without("components") for each in quick] == [whole.without("components")] * 5
    assert max(each.seconds for each in quick) < SECONDS
    assert served.asked("inventory") == before == 2
    assert degraded == [f"inventory {ApiName.TMF639}"]


def test_one_call_an_interval_goes_out_and_one_that_goes_well_ends_it(served: Several) -> None:
    whole = served.ask()
    served.fail("inventory", hang)
    for _ in range(2):
        served.ask()

    until = time.monotonic() + 2.5 * PROBE
    began, before = time.monotonic(), served.asked("inventory")
    while time.monotonic() < until:
        served.ask()
    probes, took = served.asked("inventory") - before, time.monotonic() - began
    served.mend()
    again = time.monotonic()
    while served.ask().said != whole.said:
        assert time.monotonic() - again < 5 * PROBE
    recovered = time.monotonic() - again

    assert 1 <= probes <= took / PROBE
    assert recovered < PROBE + 1  # what a busy machine needs
    assert served.health()["degraded"] == []
