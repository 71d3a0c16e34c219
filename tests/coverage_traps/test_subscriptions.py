"""Subscriptions are masked anew at each event, on each executor (coverage.md, "Traps")."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from graphql import ExecutionResult

from auth.coverage import Coverage
from auth.feature import Feature
from engine.reference import is_request_error
from resolvers.context import Context
from resolvers.errors import CoverageRequiredError, CoverageRevokedError
from schema.execution import Executor
from tests.asking import asked_by
from tests.schema.desk import EXECUTORS, RAN, open_to


@pytest.fixture(params=EXECUTORS)
def executor(request: pytest.FixtureRequest) -> Executor:
    """Give each executor of a small schema with subscriptions, nothing done yet."""
    RAN.clear()
    return EXECUTORS[request.param]


async def contexts(*coverages: Coverage) -> AsyncGenerator[Context]:
    for each in coverages:
        yield asked_by(coverage=each)


async def events(
    executor: Executor, text: str, *coverages: Coverage
) -> list[tuple[ExecutionResult, Context]]:
    """Give what each event of a subscription comes to."""
    document = executor.read(text)
    operation = document.operation(None)
    assert document.errors == ()
    assert operation is not None
    return [each async for each in executor.subscribe(document, operation, {}, contexts(*coverages))]


def causes(result: ExecutionResult) -> list[Any]:
    return [type(each.original_error) for each in result.errors or ()]


COVERED = open_to(Feature.INCIDENTS)


async def test_a_subscription_runs_once_for_each_event(executor: Executor) -> None:
    found = await events(executor, "subscription { noticed }", COVERED, open_to(), COVERED)

    assert [result.data for result, _ in found] == [{"noticed": "done"}] * 3
    assert RAN == ["noticed"] * 3


async def test_a_root_that_is_not_covered_is_refused_before_anything_runs(executor: Executor) -> None:
    [(result, _)] = await events(executor, "subscription { changed }", open_to(), COVERED)

    assert is_request_error(result)
    assert causes(result) == [CoverageRequiredError]
    assert RAN == []


async def test_a_root_that_is_lost_ends_that_subscription(executor: Executor) -> None:
    found = await events(executor, "subscription { changed }", COVERED, COVERED, open_to(), COVERED)

    assert [result.data for result, _ in found] == [{"changed": "done"}] * 2 + [None]
    assert causes(found[-1][0]) == [CoverageRevokedError]
    assert RAN == ["changed"] * 2


async def test_a_value_that_is_lost_ends_it_too(executor: Executor) -> None:
    fine = open_to(Feature.REPORT_ENHANCED_IP)

    found = await events(executor, "subscription { noticed(grain: MINUTE) }", fine, open_to())

    assert [causes(result) for result, _ in found] == [[], [CoverageRevokedError]]


async def test_no_two_events_share_their_loaders(executor: Executor) -> None:
    found = await events(executor, "subscription { noticed }", COVERED, COVERED)

    (_, first), (_, second) = found
    assert first is not second
    assert first.load is not second.load
    assert first.batches is not second.batches
