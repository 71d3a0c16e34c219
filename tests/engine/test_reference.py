import asyncio
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, GraphQLSchema
from strawberry.types.nodes import SelectedField

from engine.document import DocumentStore
from engine.failure import FailureKind, failures
from engine.inputs import MOST_ERRORS, InputError
from engine.reference import WorkCancelledError, execute, is_request_error
from tests.engine.types import TYPES


async def run(
    types: GraphQLSchema,
    text: str,
    variables: dict[str, Any] | None = None,
    context: object = None,
    root: object = None,
) -> ExecutionResult:
    document = DocumentStore(types).get(text)
    operation = document.operation(None)
    assert document.ast is not None
    assert operation is not None
    assert document.errors == ()
    return await execute(types, document.ast, operation, variables or {}, context, root)


class Shared:
    """One future that several fields wait for, as they wait for one loader's batch."""

    def __init__(self) -> None:
        self.batch: asyncio.Future[str] = asyncio.get_running_loop().create_future()


Info = strawberry.Info[Shared, str]


@strawberry.type
class Part:
    @strawberry.field
    async def failing(self) -> str:
        raise RuntimeError("the part failed")

    @strawberry.field
    async def waiting(self, info: Info) -> str:
        return await info.context.batch


@strawberry.type
class Query:
    @strawberry.field
    def seen(self, info: Info, name: str) -> str:
        return f"{info.field_name} {info.root_value} {info.variable_values} {name} {info.path.key}"

    @strawberry.field
    def part(self) -> Part | None:
        return Part()

    @strawberry.field
    async def parts(self) -> list[Part | None]:
        return [Part(), Part()]

    @strawberry.field
    async def waiting(self, info: Info) -> str | None:
        return await info.context.batch

    @strawberry.field
    async def selected(self, info: Info) -> list[str]:
        return [each.name for each in info.selected_fields if isinstance(each, SelectedField)]

    @strawberry.field
    def promised(self) -> str:
        raise RuntimeError("the promise was broken")

    @strawberry.field
    async def fine(self) -> str | None:
        await asyncio.sleep(0.01)
        return "fine"


# Strawberry has no public name for the schema of graphql-core that it makes.
STRAWBERRY = strawberry.Schema(query=Query)._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


async def test_runs_strawberry_resolvers_with_their_info() -> None:
    text = "query ($n: String!) { seen(name: $n) selected }"

    result = await run(STRAWBERRY, text, {"n": "ann"}, root="root")

    assert result == ExecutionResult(
        {"seen": "seen root {'n': 'ann'} ann seen", "selected": ["selected"]}, None
    )


async def test_executes_without_waiting_where_nothing_waits() -> None:
    result = await run(TYPES, "{ site { name } }", root={"site": {"name": "Lyon"}})

    assert result == ExecutionResult({"site": {"name": "Lyon"}}, None)


async def test_loses_only_the_fields_whose_shared_work_a_failing_sibling_cancelled() -> None:
    result = await run(STRAWBERRY, "{ part { failing waiting } waiting fine }", context=Shared())

    assert result.data == {"part": None, "waiting": None, "fine": "fine"}
    found = {each.path: (each.kind, type(each.cause)) for each in failures(result.errors)}
    assert found == {
        ("part", "failing"): (FailureKind.FIELD, RuntimeError),
        ("waiting",): (FailureKind.FIELD, WorkCancelledError),
    }


async def test_keeps_the_siblings_in_a_list_whose_shared_work_was_cancelled() -> None:
    text = "{ parts { waiting ... @include(if: true) { failing } } fine }"

    result = await run(STRAWBERRY, text, context=Shared())

    assert result.data == {"parts": [None, None], "fine": "fine"}


async def test_stops_when_it_is_cancelled_itself() -> None:
    shared = Shared()
    running = asyncio.create_task(run(STRAWBERRY, "{ waiting }", context=shared))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert shared.batch.cancelled()


@pytest.mark.parametrize(
    ("text", "variables", "path", "rule"),
    [
        ("query ($s: State) { count(state: $s) }", {"s": "GONE"}, ["s"], "State"),
        ("query ($n: Int!) { count(first: $n) }", {"n": 2**80}, ["n"], "Int!"),
        ("query ($n: Int!) { count(first: $n) }", {"n": None}, ["n"], "Int!"),
        ("query ($n: Int!) { count(first: $n) }", {}, ["n"], "Int!"),
        ("query ($f: Filter) { count(filter: $f) }", {"f": 1}, ["f"], "Filter"),
        (
            "query ($f: Filter) { count(filter: $f) }",
            {"f": {"state": ["OPEN", 3]}},
            ["f", "state", 1],
            "State!",
        ),
        (
            "query ($f: Filter) { count(filter: $f) }",
            {"f": {"inner": {"number": "x"}}},
            ["f", "inner", "number"],
            "Int!",
        ),
    ],
)
async def test_says_where_a_variable_breaks_which_rule(
    text: str, variables: dict[str, Any], path: list[str | int], rule: str
) -> None:
    result = await run(TYPES, text, variables)

    assert is_request_error(result)
    assert result.errors is not None
    (error,) = result.errors
    assert isinstance(error, InputError)
    assert (error.input_path, error.rule) == (path, f"must be a value of type {rule}")


async def test_tells_only_the_wrong_ones_of_many_variables() -> None:
    text = "query ($a: Int = 1, $b: State, $c: Int!) { count(first: $a, state: $b) x: count(first: $c) }"

    result = await run(TYPES, text, {"c": "x"})

    assert [each.message for each in result.errors or ()] == [
        "Variable '$c' has invalid value: Int cannot represent non-integer value: 'x'"
    ]


async def test_tells_no_more_than_fifty_wrong_values() -> None:
    text = "query ($f: Filter) { count(filter: $f) }"

    result = await run(TYPES, text, {"f": {"state": ["GONE"] * 1_000}})

    assert len(result.errors or ()) == MOST_ERRORS


async def test_refuses_a_variable_that_is_nested_too_deeply() -> None:
    deep: dict[str, Any] = {}
    for _ in range(1_000):
        deep = {"inner": deep}

    result = await run(TYPES, "query ($f: Filter) { count(filter: $f) }", {"f": deep})

    assert [each.message for each in result.errors or ()] == ["Variable '$f' must not be nested so deeply."]


async def test_tells_an_argument_found_wrong_in_execution_from_a_failing_field() -> None:
    text = "query ($n: Int = 1) { count(first: $n) site { must } }"

    result = await run(TYPES, text, {"n": None}, root={"site": {"must": None}})

    assert result.data == {"count": None, "site": None}
    wrong, failing = failures(result.errors)
    assert (wrong.kind, wrong.path, failing.kind, failing.path) == (
        FailureKind.INPUT,
        ("count",),
        FailureKind.FIELD,
        ("site", "must"),
    )
    assert isinstance(wrong.cause, InputError)
    assert wrong.cause.input_path == ["first"]


async def test_tells_a_null_that_reached_the_root_from_a_request_that_was_not_executed() -> None:
    result = await run(STRAWBERRY, "{ promised }")

    assert result.data is None
    assert not is_request_error(result)
