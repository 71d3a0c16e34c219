"""One operation on both executors: the answers must be the same."""

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, get_variable_values
from graphql.execution.values import VariableValues

from engine.document import Document, DocumentStore
from engine.engine import Engine
from engine.limits import Limits
from engine.mask import Admits, Mask, admits_all
from engine.on_error import OnError
from engine.reference import execute
from tests.engine.plots import TYPES, Context, Plot, Said

ROOMY = Limits(depth=100, root_fields=100, aliases=1_000)
"""Limits that the tests' documents do not reach."""

Told = tuple[str, tuple[str | int, ...] | None, tuple[tuple[int, int], ...], str]
"""An error: message, path, locations, and what was raised in the first place."""


def read(text: str, types: GraphQLSchema = TYPES) -> Document:
    """Give a valid document."""
    document = DocumentStore(types, ROOMY).get(text)
    assert [each.message for each in document.errors] == []
    return document


async def both(
    text: str,
    root: object = None,
    variables: Mapping[str, Any] | None = None,
    *,
    name: str | None = None,
    mask: Mask | None = None,
    admits: Admits = admits_all,
    planned: bool = True,
    on_error: OnError = OnError.PROPAGATE,
) -> ExecutionResult:
    """Give the engine's answer, which is the stock executor's: data with the order of keys, and errors.

    *planned* says whether the engine ran it, or left it to the stock executor.
    """
    document = read(text)
    operation = document.operation(name)
    assert operation is not None
    assert document.ast is not None
    root = Plot() if root is None else root
    given = variables or {}
    context = Context(mask or Mask(), admits)
    stock = await execute(TYPES, document.ast, operation, given, context, root, on_error)
    engine = Engine(TYPES)
    run = partial(engine.execute, document, operation, given, mask=mask, admits=admits, root=root)
    for _ in ("planned", "known"):
        answer = await run(Context(), on_error=on_error)
        assert json.dumps(answer.data) == json.dumps(stock.data)
        assert told(answer.errors) == told(stock.errors)
    values = get_variable_values(TYPES, operation.variable_definitions or (), dict(given))
    if isinstance(values, VariableValues):
        compiled = engine.compiled(document, operation, values.coerced, mask or Mask())
        assert (compiled.plan is not None) is planned
    return answer


def told(errors: list[GraphQLError] | None) -> list[Told]:
    """Give what is told of errors, in an order that does not depend on theirs."""
    return sorted((tell(each) for each in errors or ()), key=repr)


def tell(error: GraphQLError) -> Told:
    """Give what is told of one error."""
    return (
        error.message,
        None if error.path is None else tuple(error.path),
        tuple((each.line, each.column) for each in error.locations or ()),
        _original(error.original_error),
    )


def _original(error: Exception | None) -> str:
    said = error.message if isinstance(error, GraphQLError) else str(error)
    return f"{type(error).__name__}: {said}"


def brief(answer: ExecutionResult) -> list[str]:
    """Give each error as ``message @ path``."""
    return [f"{each.message} @ {'.'.join(map(str, each.path or ()))}" for each in answer.errors or ()]


async def check_same(
    ours: ExecutionResult, stock: ExecutionResult, everything: Callable[[], Awaitable[set[Told]]]
) -> None:
    """Fail where two answers are not the same.

    Where several things fail below one null, which of them is told is open (specification 6.4.4): it depends
    on what fails first. There each answer may tell only what is in *everything*: all that fails where no null
    is raised, asked for only when needed.
    """
    assert json.dumps(ours.data) == json.dumps(stock.data)
    if told(ours.errors) == told(stock.errors):
        return
    mine, others = _by_null(ours), _by_null(stock)
    assert mine.keys() == others.keys()
    failing = await everything()
    for place, errors in mine.items():
        if all(each[1] == place for each in (*errors, *others[place])):
            assert errors == others[place]
        assert errors | others[place] <= failing


def _by_null(result: ExecutionResult) -> dict[tuple[str | int, ...], set[Told]]:
    """Group errors by the null that they left."""
    grouped: dict[tuple[str | int, ...], set[Told]] = {}
    for each in map(tell, result.errors or ()):
        grouped.setdefault(_null_place(result.data, each[1] or ()), set()).add(each)
    return grouped


def _null_place(data: Said, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Give how far *path* goes before it comes to null."""
    at = data
    for depth, step in enumerate(path):
        if at is None:
            return path[:depth]
        at = at[step]
    assert at is None
    return path
