"""Mutations and subscriptions of which a part is not covered: refused whole, before anything runs."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import ExecutionResult

from auth.coverage import Coverage
from auth.feature import Feature, Full
from engine.failure import failures
from engine.reference import is_request_error
from schema.execution import Executor
from schema.rejection import rejections
from servicespace.errors import told
from servicespace.request_id import RequestId
from tests.schema.desk import EXECUTORS, RAN, TYPES, execute, open_to

REPORT = "mutation ($input: ReportInput!) { report(input: $input) { number } }"
NOTE = "mutation ($input: ReportInput!) { note(input: $input) { number } }"
READS = open_to(Feature.INCIDENTS)
WRITES = open_to(Feature.INCIDENTS, Full(Feature.INCIDENTS))


@pytest.fixture(params=list(EXECUTORS))
def executor(request: pytest.FixtureRequest) -> Executor:
    return EXECUTORS[request.param]


@pytest.fixture(autouse=True)
def _nothing_ran() -> Iterator[None]:
    RAN.clear()
    yield
    RAN.clear()


def causes(result: ExecutionResult) -> list[tuple[object, object]]:
    """Give the feature and the path of each reason of a refusal, as the client is told."""
    assert is_request_error(result)
    entries: list[Any] = [told(each, RequestId("r")) for each in failures(result.errors)]
    assert {each["extensions"]["code"] for each in entries} == {"COVERAGE_REQUIRED"}
    assert all("path" not in each for each in entries)
    return [(each["extensions"]["feature"], each["extensions"]["path"]) for each in entries]


async def test_a_mutation_that_is_covered_runs(executor: Executor) -> None:
    result, _ = await execute(executor, REPORT, WRITES, {"input": {"title": "slow", "ticket": "T-1"}})

    assert (result.data, result.errors) == ({"report": {"number": "done"}}, None)
    assert RAN == ["report input", "report number"]


async def test_a_root_that_is_open_for_reading_only_is_refused(executor: Executor) -> None:
    result, _ = await execute(executor, REPORT, READS, {"input": {}})

    assert causes(result) == [("INCIDENTS", ["report"])]
    assert RAN == []


async def test_an_operation_is_refused_whole_with_an_error_for_each_cause(executor: Executor) -> None:
    text = """mutation {
        first: mark(text: "a")
        again: report(input: {}) { number }
        once: report(input: {}) { number }
        ...More
    }
    fragment More on Mutation { last: note(input: { ticket: "T", place: { component: "C" } }) { number } }"""

    result, _ = await execute(executor, text, open_to())

    assert causes(result) == [
        ("INCIDENTS", ["again"]),
        ("INCIDENTS", ["once"]),
        ("INCIDENTS", ["input", "ticket"]),
        ("INVENTORY", ["input", "place", "component"]),
    ]
    assert RAN == []
    assert [each.locations[0].line for each in result.errors or () if each.locations] == [3, 4, 7, 7]


NAMING = [
    ({"ticket": "T"}, "INCIDENTS", ["input", "ticket"]),
    ({"ticket": None}, "INCIDENTS", ["input", "ticket"]),
    ({"grain": "MINUTE"}, "REPORT_ENHANCED_IP", ["input", "grain"]),
    ({"grains": ["HOUR", "MINUTE"]}, "REPORT_ENHANCED_IP", ["input", "grains"]),
    ({"place": {"site": "S", "component": "C"}}, "INVENTORY", ["input", "place", "component"]),
    ({"places": [{}, {"component": "C"}]}, "INVENTORY", ["input", "places", "component"]),
]


@pytest.mark.parametrize(("given", "feature", "path"), NAMING)
async def test_a_variable_that_names_what_is_closed_is_refused(
    executor: Executor, given: Mapping[str, object], feature: str, path: list[str]
) -> None:
    result, _ = await execute(executor, NOTE, open_to(), {"input": given})

    assert causes(result) == [(feature, path)]
    assert RAN == []


@pytest.mark.parametrize(
    ("given", "feature", "path"),
    [
        ('{ ticket: "T" }', "INCIDENTS", ["input", "ticket"]),
        ("{ ticket: null }", "INCIDENTS", ["input", "ticket"]),
        ("{ grain: MINUTE }", "REPORT_ENHANCED_IP", ["input", "grain"]),
        ('{ place: { component: "C" } }', "INVENTORY", ["input", "place", "component"]),
    ],
)
async def test_a_literal_that_names_what_is_closed_is_refused(
    executor: Executor, given: str, feature: str, path: list[str]
) -> None:
    result, _ = await execute(executor, f"mutation {{ note(input: {given}) {{ number }} }}", open_to())

    assert causes(result) == [(feature, path)]
    assert RAN == []


async def test_an_argument_that_is_closed_is_refused_by_its_name(executor: Executor) -> None:
    result, _ = await execute(executor, "mutation { mark(onAll: true) }", open_to(Feature.SELFCARE))

    assert causes(result) == [("SELFCARE", ["onAll"])]


async def test_a_variable_within_a_literal_counts_where_it_is_given(executor: Executor) -> None:
    text = "mutation ($t: String) { note(input: { ticket: $t }) { number } }"

    given, _ = await execute(executor, text, open_to(), {"t": "T"})
    left_out, _ = await execute(executor, text, open_to())

    assert causes(given) == [("INCIDENTS", ["input", "ticket"])]
    assert left_out.data == {"note": {"number": "done"}}


async def test_an_argument_whose_variable_is_left_out_is_not_named(executor: Executor) -> None:
    text = "mutation ($all: Boolean) { mark(onAll: $all) }"

    result, _ = await execute(executor, text, open_to())

    assert result.data == {"mark": "done"}


async def test_a_default_of_a_variable_names_what_it_says(executor: Executor) -> None:
    text = "mutation ($g: Grain! = MINUTE) { mark(grain: $g) }"

    result, _ = await execute(executor, text, open_to())

    assert causes(result) == [("REPORT_ENHANCED_IP", ["grain"])]


async def test_an_argument_further_down_is_refused_before_the_mutation_has_run(executor: Executor) -> None:
    text = "mutation { note(input: {}) { series(grain: MINUTE) } }"

    result, _ = await execute(executor, text, open_to())

    assert causes(result) == [("REPORT_ENHANCED_IP", ["grain"])]
    assert RAN == []


async def test_what_is_hidden_further_down_is_null_and_asks_nothing(executor: Executor) -> None:
    text = "mutation { note(input: {}) { number ticket(grain: MINUTE) } }"

    result, context = await execute(executor, text, open_to())

    assert result.data == {"note": {"number": "done", "ticket": None}}
    assert result.errors is None
    assert context.hidden is not None
    assert RAN == ["note input", "note number"]


@pytest.mark.parametrize(
    "selection",
    [
        "report(input: {}) @skip(if: $on) { number }",
        "report(input: {}) @include(if: $off) { number }",
        "... @skip(if: $on) { report(input: {}) { number } }",
        "...F @include(if: $off)",
    ],
)
async def test_what_is_skipped_is_no_cause(executor: Executor, selection: str) -> None:
    text = f"""mutation ($on: Boolean! = true, $off: Boolean! = false) {{ mark {selection} other: mark
        @skip(if: $off) @include(if: $on) }}
        {"fragment F on Mutation { report(input: {}) { number } }" if "...F" in selection else ""}"""

    result, _ = await execute(executor, text, open_to())

    assert result.data == {"mark": "done", "other": "done"}


async def test_wrong_variables_are_told_before_what_is_not_covered(executor: Executor) -> None:
    result, _ = await execute(executor, REPORT, open_to(), {"input": {"title": 3}})

    assert is_request_error(result)
    (entry,) = [told(each, RequestId("r")) for each in failures(result.errors)]
    assert entry["extensions"] == {
        "code": "BAD_USER_INPUT",
        "path": ["input", "title"],
        "requestId": "r",
        "rule": "must be a value of type String",
    }
    assert RAN == []


async def test_a_query_is_refused_field_by_field(executor: Executor) -> None:
    text = "{ a: report(grain: MINUTE) b: report(grain: HOUR) }"

    result, _ = await execute(executor, text, open_to())

    assert result.data == {"a": None, "b": "done"}
    assert [each.path for each in result.errors or ()] == [["a"]]


@pytest.mark.parametrize(
    ("text", "coverage", "expected"),
    [
        ("subscription { changed }", open_to(), ["changed"]),
        ("subscription { mine: changed }", open_to(), ["mine"]),
        ("subscription { noticed(grain: MINUTE) }", open_to(), ["grain"]),
        ("subscription { changed }", READS, None),
        ("subscription { noticed }", open_to(), None),
    ],
)
def test_a_subscription_is_refused_where_its_root_is_closed(
    text: str, coverage: Coverage, expected: list[str] | None
) -> None:
    document = EXECUTORS["engine"].read(text)
    operation = document.operation(None)
    assert operation is not None

    found = rejections(TYPES, document, operation, {}, coverage)

    paths = [each.extensions["path"] for each in found if each.extensions]
    assert paths == ([] if expected is None else [expected])


async def test_in_strict_mode_it_is_refused_as_an_unknown_name(executor: Executor) -> None:
    with pytest.raises(AssertionError, match=r"Cannot query field .+report.+ on type .+Mutation"):
        await execute(executor, "mutation { report(input: {}) { number } }", open_to(), strict=True)
