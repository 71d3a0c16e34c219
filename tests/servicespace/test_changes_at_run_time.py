"""Rules and orders change while two replicas serve: the next answers follow within a second, same token."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median
from typing import Any, Final

import httpx2
import pytest

from auth.feature import Feature
from auth.rule_book import DatedRule
from auth.rule_store import Note, RuleStore
from auth.rules import MARKETS, PORTAL_OPTIONS, Level
from servicespace.settings import Settings
from servicespace.store import open_store
from servicespace.systems import embedded
from sources.ordering import SolutionCategory
from sources.ordering.sql import SqlOrdering
from tests.servicespace.conftest import solution
from tests.serving import serving

WITHIN: Final = 1.0
"""Seconds until a change has taken effect everywhere (coverage.md, "Change at run time")."""

QUERY: Final = "{ maintenanceEvents { totalCount } }"


class Replicas:
    """Two servers over one store, asked with one token."""

    def __init__(self, addresses: list[str], settings: Settings, token: str) -> None:
        self.addresses = addresses
        self.settings = settings
        self.headers = {"Authorization": f"Bearer {token}"}

    def answers(self) -> list[Any]:
        """Give what each answers."""
        return [
            httpx2.post(f"{each}/graphql", json={"query": QUERY}, headers=self.headers).json()
            for each in self.addresses
        ]

    def schemas(self) -> list[str]:
        """Give the schema that each shows."""
        return [httpx2.get(f"{each}/schema.graphql", headers=self.headers).text for each in self.addresses]

    def seconds_until(self, holds: Callable[[Any], bool]) -> float:
        """Give how long it takes until all answers are so; fails after five times as long as it may."""
        began = time.monotonic()
        while not all(map(holds, self.answers())):
            assert time.monotonic() - began < 5 * WITHIN
            time.sleep(0.02)
        return time.monotonic() - began


@pytest.fixture
def replicas(filled: tuple[Settings, dict[str, str]]) -> Iterator[Replicas]:
    """Give two replicas, each with acme's SD-WAN, STANDARD."""
    settings, tokens = filled
    with serving(settings) as one, serving(settings) as two:
        yield Replicas([one, two], settings, tokens["acme"])


def hidden(answer: Any) -> bool:  # noqa: ANN401 - JSON
    """Tell whether maintenance is hidden whole."""
    notices = answer.get("extensions", {}).get("coverage", {}).get("hidden", [])
    return answer["data"]["maintenanceEvents"] is None and [each["scope"] for each in notices] == ["NONE"]


def shown(answer: Any) -> bool:  # noqa: ANN401 - JSON
    """Tell whether maintenance is shown whole."""
    return bool(answer == {"data": {"maintenanceEvents": {"totalCount": 0}}})


def partly(answer: Any) -> bool:  # noqa: ANN401 - JSON
    """Tell whether maintenance is shown for some Solutions."""
    notices = answer.get("extensions", {}).get("coverage", {}).get("hidden", [])
    return answer["data"]["maintenanceEvents"] is not None and [each["scope"] for each in notices] == ["SOME"]


async def rule(settings: Settings, level: Level) -> None:
    """Have SD-WAN Solutions cover maintenance as far as *level*, from ever on."""
    changed = [
        DatedRule(
            feature=Feature.MAINTENANCE,
            category="SDWAN",
            market=market,
            portal_option=option,
            level=level,
            valid_from=date(2020, 1, 1),
        )
        for market in MARKETS
        for option in PORTAL_OPTIONS
    ]
    async with open_store(settings.store) as connection:
        rules = RuleStore(connection, 10)
        await rules.apply(await rules.book(), changed, Note(applied_by="tests", source="tests"))


async def order(settings: Settings) -> None:
    """Have acme order a mobile Solution, which covers no maintenance."""
    async with open_store(settings.store) as connection:
        ordering = embedded(connection, settings).ordering
        assert isinstance(ordering, SqlOrdering)
        await ordering.save_solutions([solution("acme", "S-mobile", SolutionCategory.MOBILE)])


def test_a_rule_takes_effect_within_a_second_on_every_replica(replicas: Replicas) -> None:
    assert all(map(shown, replicas.answers()))
    before = replicas.schemas()
    took: list[float] = []

    for level, holds in ((Level.NONE, hidden), (Level.READ, shown), (Level.NONE, hidden)):
        asyncio.run(rule(replicas.settings, level))
        took.append(replicas.seconds_until(holds))

    assert median(took) <= WITHIN
    after = replicas.schemas()
    assert before[0] == before[1] != after[0] == after[1]
    assert "MaintenanceEvent" in before[0]
    assert "MaintenanceEvent" not in after[0]


def test_an_order_takes_effect_within_a_second_on_every_replica(replicas: Replicas) -> None:
    epochs = {each.get("extensions", {}).get("coverage", {}).get("epoch") for each in replicas.answers()}
    assert epochs == {None}

    asyncio.run(order(replicas.settings))
    took = replicas.seconds_until(partly)

    assert took <= WITHIN
    assert len({each["extensions"]["coverage"]["epoch"] for each in replicas.answers()}) == 1
