"""Any document over any data: the engine's answer is the stock executor's.

``make test-long`` asks 20,000 questions.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from inspect import isawaitable
from random import Random
from typing import Any, Final
from zlib import crc32

import pytest
from graphql import (
    ExecutionResult,
    execute,  # pyright: ignore[reportUnknownVariableType] - its options are generic
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import queries

from engine import reference
from engine.document import DocumentStore
from engine.engine import Engine
from engine.limits import Limits
from engine.mask import Mask
from engine.on_error import OnError
from engine.reference import NullingExecutor
from tests.engine.both import Told, check_same, told
from tests.engine.growing import Growing, grown, joined, varied, view
from tests.engine.plots import PLOT, TYPES, Context, Plot, Said

VIEWS: Final = [(2, 1), (3, 0), (3, 1), (3, 2)]
"""Parts of the schema for which documents are made: step and offset."""

VARIABLES: Final[Mapping[str, Any]] = {"yes": True}
ENGINE: Final = Engine(TYPES)
STORE: Final = DocumentStore(TYPES, Limits(tokens=10_000, directives=1_000, depth=100, aliases=1_000))
GATES: Final = sorted(name for name in PLOT.fields if name.startswith("next_") or name.endswith("label"))


@dataclass(frozen=True)
class Question:
    """What both executors are asked: an operation over what a plot of some number says, under a mask."""

    text: str
    number: int
    harm: float
    mask: Mask
    broken: frozenset[str]
    on_error: OnError

    def root(self) -> Plot:
        root = grown(Plot, self.number, harm=self.harm)
        assert isinstance(root, Plot)
        return root

    def context(self) -> Context:
        return Context(self.mask, admits, self.broken)


def admits(gate: object, parent: Said) -> bool:
    """Admit half of the parents."""
    said = parent.said
    return isinstance(said, Growing) and crc32(f"{gate} {said.number}".encode()) % 2 == 0


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Make a question; its document is the union of two, with parts skipped, repeated and in fragments."""
    types = view(*draw(st.sampled_from(VIEWS)))
    made = [draw(queries(types, allow_x00=False)) for _ in range(2)]
    number = draw(st.integers(0, 2**32 - 1))
    random = Random(number)  # noqa: S311 - no secret
    text = varied(types, joined([str(each) for each in made]), random)
    # Two documents may select different things under one key.
    assume(not STORE.get(text).errors)
    closed, partial, broken = (
        frozenset(each for each in GATES if random.random() < rate) for rate in random.choice(RATES)
    )
    harm = random.choice((0.0, 0.02, 0.1))
    on_error = random.choice((OnError.PROPAGATE, OnError.PROPAGATE, OnError.NULL))
    return Question(text, number, harm, Mask(closed - partial, partial), broken, on_error)


RATES: Final = ((0.0, 0.0, 0.0), (0.2, 0.2, 0.0), (0.0, 0.0, 0.1), (0.1, 0.1, 0.05))


async def all_errors(question: Question) -> set[Told]:
    """Give everything that fails."""
    ast = STORE.get(question.text).ast
    assert ast is not None
    found = execute(
        TYPES,
        ast,
        question.root(),
        question.context(),
        dict(VARIABLES),
        executor_class=NullingExecutor,
    )
    result = await found if isawaitable(found) else found
    assert isinstance(result, ExecutionResult)
    return set(told(result.errors))


async def compare(question: Question) -> None:
    """Fail where the engine's answer is not the stock executor's."""
    document = STORE.get(question.text)
    operation = document.operation(None)
    assert document.ast is not None
    assert operation is not None
    ours = await ENGINE.execute(
        document,
        operation,
        VARIABLES,
        question.context(),
        mask=question.mask,
        admits=admits,
        root=question.root(),
        on_error=question.on_error,
    )
    stock = await reference.execute(
        TYPES, document.ast, operation, VARIABLES, question.context(), question.root(), question.on_error
    )
    await check_same(ours, stock, partial(all_errors, question))


async def compare_and_wait(question: Question) -> None:
    """Compare, then wait for what the stock executor began and does not need any more."""
    await compare(question)
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


LONG: Final = settings.get_current_profile_name() == "long"


# Where the collector clears such a coroutine away inside a named tuple's constructor, which has no builtins,
# not even the warning can be imported: Python then tells of that instead.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <coroutine object (_batch|Executor|FieldExecutor)"
    ":pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.filterwarnings("ignore:coroutine '(_batch|Executor|FieldExecutor):RuntimeWarning")
@pytest.mark.usefixtures("leftovers")
@settings(
    max_examples=20_000 if LONG else 500,
    # The same 500 each time: a check that turns red tells of the change, not of luck.
    # New ones come with the long run.
    derandomize=not LONG,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
@given(questions())
def test_answers_any_document_over_any_data_as_the_stock_executor_does(question: Question) -> None:
    asyncio.run(compare_and_wait(question))
