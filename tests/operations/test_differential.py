"""Any document over the real schema and any data: the served engine's answer is the reference executor's.

Records lose what they may lose, systems fail, each User sees its own part. ``make test-long`` asks 20,000
questions.
"""

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from types import NoneType
from typing import Any, Final, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import queries
from msgspec.structs import replace

from sources.errors import SourceTimeoutError, SourceUnavailableError
from sources.record import Record
from tests.fakes.shelf import Shelf
from tests.operations.parts import part
from tests.populace import populated
from tests.world import PERSONAS, World

LONG: Final = settings.get_current_profile_name() == "long"
PARTS: Final = [part(number, 0.35) for number in range(12)]
FAILURES: Final = (SourceTimeoutError, SourceUnavailableError)


@dataclass(frozen=True)
class Question:
    """A document, who asks, and what was done to the systems before, by number."""

    text: str
    persona: str
    number: int
    on_error: str


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Make a question."""
    text = draw(queries(draw(st.sampled_from(PARTS)), allow_x00=False))
    return Question(
        text,
        draw(st.sampled_from(sorted(PERSONAS))),
        draw(st.integers(0, 2**32 - 1)),
        draw(st.sampled_from(["PROPAGATE", "NULL"])),
    )


async def world_of(question: Question, *, stock: bool) -> World:
    """Give the small world after what was done to it; the same one each time."""
    world = await populated()
    world.stock = stock
    random = Random(question.number)  # noqa: S311 - no secret
    rate = random.choice((0.0, 0.1, 0.5))
    for diary, fake in zip(world.diaries, _fakes(world), strict=True):
        for shelf in fake:
            for key in sorted(shelf.records):
                shelf.records[key] = _without_some(shelf.records[key], rate, random)
        if diary.system != "ordering" and random.random() < 0.2:  # without orders there is no coverage at all
            diary.failing = random.choice(FAILURES)(diary.system)
    return world


def _fakes(world: World) -> list[list[Shelf[Any]]]:
    fakes: list[object] = [world.ordering, world.billing, world.ticketing, world.inventory, world.maintenance]
    return [[each for each in vars(fake).values() if isinstance(each, Shelf)] for fake in fakes]


def _without_some(record: Record, rate: float, random: Random) -> Record:
    lost = {name: None for name in _losable(type(record)) if random.random() < rate}
    return replace(record, **lost)


@lru_cache
def _losable(record: type[Record]) -> list[str]:
    """Give the columns that may be empty."""
    return [each.name for each in msgspec.structs.fields(record) if NoneType in get_args(each.type)]


async def compare(question: Question) -> None:
    """Fail where the two executors do not give the same data, errors and notices."""
    ours, stock = [
        await (await world_of(question, stock=each)).ask(
            question.persona, question.text, on_error=question.on_error
        )
        for each in (False, True)
    ]
    for answer in (ours, stock):
        answer.get("errors", []).sort(key=repr)
    assert ours == stock


@pytest.mark.usefixtures("leftovers")
@settings(
    max_examples=20_000 if LONG else 500,
    derandomize=not LONG,  # so that a red run tells of the change; new examples come with the long run
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
@given(questions())
def test_answers_any_document_as_the_reference_executor_does(question: Question) -> None:
    asyncio.run(compare(question))
