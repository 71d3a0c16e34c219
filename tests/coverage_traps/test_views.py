"""What a customer's own schema must not let through: hidden names, in whatever way they are asked for."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from statistics import median
from time import perf_counter
from typing import Any, Final

import orjson
import pytest
from graphql import ExecutionResult

from auth.coverage import Coverage
from auth.feature import Feature, Full
from engine.failure import failures
from schema.execution import Executor
from servicespace.errors import told
from servicespace.request_id import RequestId
from tests.asking import asked_by
from tests.populace import populated
from tests.schema.desk import EXECUTORS, open_to
from tests.world import World

NOTHING: Final = open_to()
EVERYTHING: Final = open_to(*Feature, *map(Full, Feature))
STRICT: Final = {"Coverage-Mode": "strict"}


@pytest.fixture(params=list(EXECUTORS))
def executor(request: pytest.FixtureRequest) -> Executor:
    return EXECUTORS[request.param]


@pytest.fixture(params=["engine", "reference"])
async def world(request: pytest.FixtureRequest) -> World:
    made = await populated()
    made.stock = request.param == "reference"
    return made


async def errors(
    executor: Executor,
    text: str,
    coverage: Coverage,
    variables: Mapping[str, Any] | None = None,
    *,
    strict: bool,
) -> list[dict[str, Any]]:
    """Give what a client is told to be wrong with an operation."""
    context = asked_by(coverage=coverage)
    context.strict = strict
    document = executor.read_own(text, context)
    result = ExecutionResult(errors=list(document.errors))
    operation = document.operation(None)
    if not document.errors and operation is not None:
        result = await executor.execute(document, operation, variables or {}, context)
    return [told(each, RequestId("r")) for each in failures(result.errors)]


MISSPELT: Final = [
    # A misspelt name, and what is suggested where all is open, and where nothing is.
    pytest.param("{ repart }", {}, "Did you mean 'report'?", "Did you mean 'report'?", id="field"),
    pytest.param("{ bil { total } }", {}, "Did you mean 'bill'?", None, id="hidden field"),
    pytest.param(
        "{ ended { reson } }", {}, "'reason'", "Did you mean 'on'?", id="hidden field of an open type"
    ),
    pytest.param('{ report(devic: "D") }', {}, "Did you mean 'device'?", None, id="argument"),
    pytest.param(
        "{ report(grain: MINUT) }", {}, "Did you mean the enum value 'MINUTE'?", None, id="enum value"
    ),
    pytest.param(
        "query ($g: Grain) { report(grain: $g) }",
        {"g": "MINUT"},
        "Did you mean the enum value 'MINUTE'?",
        None,
        id="enum value, by a variable",
    ),
    pytest.param(
        '{ report(input: { tickt: "T" }) }',
        {},
        "'ticket'",
        "Did you mean 'title'?",
        id="input field",
    ),
    pytest.param(
        '{ report(input: { place: { componen: "C" } }) }',
        {},
        "Did you mean 'component'?",
        None,
        id="input field within",
    ),
    pytest.param(
        "query ($i: ReportInput) { report(input: $i) }",
        {"i": {"place": {"componen": "C"}}},
        "Did you mean 'component'?",
        None,
        id="input field, by a variable",
    ),
    pytest.param("{ bill { ... on Bil { total } } }", {}, "Did you mean 'Bill'", None, id="type"),
    pytest.param(
        "query ($g: Grian) { report(grain: $g) }",
        {},
        "Did you mean 'Grain'",
        "Did you mean 'Grain'",
        id="type of a variable",
    ),
]


@pytest.mark.parametrize("strict", [False, True], ids=["prune", "strict"])
@pytest.mark.parametrize(("text", "variables", "whole", "own"), MISSPELT)
async def test_only_what_is_visible_is_suggested(
    executor: Executor,
    text: str,
    variables: Mapping[str, Any],
    whole: str,
    own: str | None,
    *,
    strict: bool,
) -> None:
    everything = await errors(executor, text, EVERYTHING, variables, strict=strict)
    nothing = await errors(executor, text, NOTHING, variables, strict=strict)

    assert any(whole in each["message"] for each in everything)
    hidden = [each for each in nothing if "Did you mean" in each["message"]]
    assert [own in each["message"] for each in hidden if own] == ([True] if own else [])
    assert len(hidden) == (1 if own else 0)


@pytest.mark.parametrize("text", ["{ report(devic: 1) bil { total } }", "{ order bil }"])
async def test_other_errors_of_a_wrong_document_stay_as_they_are(executor: Executor, text: str) -> None:
    nothing = await errors(executor, text, NOTHING, strict=False)
    everything = await errors(executor, text, EVERYTHING, strict=False)

    assert len(nothing) == len(everything)
    for own, whole in zip(nothing, everything, strict=True):
        assert whole["message"].startswith(own["message"])
        assert (own["locations"], own["extensions"]) == (whole["locations"], whole["extensions"])


async def test_a_wrong_document_is_read_once_for_all_and_once_for_a_fingerprint(executor: Executor) -> None:
    first, second = (asked_by(coverage=NOTHING) for _ in range(2))
    text = "{ bil { total } report }"

    assert executor.read(text) is executor.read(text)
    assert executor.read_own(text, first) is executor.read_own(text, second)
    assert executor.read_own(text, first) is not executor.read_own(text, asked_by(coverage=EVERYTHING))


UNKNOWN: Final = [
    # What names something hidden, the hidden name, and a misspelt one of its length.
    pytest.param("{ bill { total } }", {}, "bill", "bxxl", id="field"),
    pytest.param("{ ended { reason } }", {}, "reason", "rxxxxn", id="field of an open type"),
    pytest.param('{ report(device: "D") }', {}, "device", "dxxxxe", id="argument"),
    pytest.param("{ report(grain: MINUTE) }", {}, "MINUTE", "MXXXXE", id="enum value"),
    pytest.param(
        "query ($g: Grain) { report(grain: $g) }", {"g": "MINUTE"}, "MINUTE", "MXXXXE", id="enum variable"
    ),
    pytest.param(
        "query ($g: Grain = MINUTE) { report(grain: $g) }", {}, "MINUTE", "MXXXXE", id="enum default"
    ),
    pytest.param('{ report(input: { ticket: "T" }) }', {}, "ticket", "tizket", id="input field"),
    pytest.param(
        "query ($i: ReportInput) { report(input: $i) }",
        {"i": {"place": {"component": "C"}}},
        "component",
        "cxxxxxxxt",
        id="input variable",
    ),
    pytest.param("{ paper { ... on Bill { __typename } } }", {}, "Bill", "Bxxl", id="type of a fragment"),
    pytest.param(
        "{ ended { ... on Cessation { __typename } } }", {}, "Cessation", "Cezsation", id="interface"
    ),
    pytest.param("mutation { report(input: {}) { number } }", {}, "report", "rxxxxt", id="mutation"),
]


def renamed(value: Any, old: str, new: str) -> Any:  # noqa: ANN401 - JSON
    """Give *value* with one name in the place of another."""
    return orjson.loads(orjson.dumps(value).replace(old.encode(), new.encode()))


@pytest.mark.parametrize(("text", "variables", "hidden", "misspelt"), UNKNOWN)
async def test_in_strict_mode_a_hidden_name_is_told_as_a_misspelt_one_is(
    executor: Executor, text: str, variables: Mapping[str, Any], hidden: str, misspelt: str
) -> None:
    one = await errors(executor, text, NOTHING, variables, strict=True)
    other = await errors(
        executor,
        text.replace(hidden, misspelt),
        NOTHING,
        renamed(variables, hidden, misspelt),
        strict=True,
    )

    assert renamed(one, hidden, misspelt) == other
    assert {each["extensions"]["code"] for each in one} <= {"GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"}
    assert one


@pytest.mark.parametrize(("text", "variables", "hidden", "misspelt"), UNKNOWN)
async def test_in_strict_mode_what_is_visible_has_its_name(
    executor: Executor, text: str, variables: Mapping[str, Any], hidden: str, misspelt: str
) -> None:
    del hidden, misspelt

    assert await errors(executor, text, EVERYTHING, variables, strict=True) == []


async def test_in_strict_mode_the_published_schema_is_never_asked(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(executor, "_documents")

    hidden = await errors(executor, "{ bill { total } }", NOTHING, strict=True)
    misspelt = await errors(executor, "{ bxxl { total } }", NOTHING, strict=True)

    assert len(hidden) == len(misspelt) == 1


async def test_in_strict_mode_a_hidden_name_takes_the_time_of_a_misspelt_one() -> None:
    executor = EXECUTORS["engine"]
    assert any([await _is_alike(executor, turn) for turn in range(5)])


async def _is_alike(executor: Executor, turn: int) -> bool:
    """Tell whether both take the same time but for a third of it, each document at first sight."""
    taken: dict[str, list[float]] = {"bill": [], "bxxl": []}
    for number in range(60):
        for name, times in taken.items():
            text = (
                f"query Q{turn}x{number} {{ "
                + " ".join(f"a{i}: {name} {{ total }}" for i in range(20))
                + " }"
            )
            started = perf_counter()
            found = await errors(executor, text, NOTHING, strict=True)
            times.append(perf_counter() - started)
            assert len(found) == 20
    hidden, misspelt = (median(each) for each in taken.values())
    return max(hidden, misspelt) < 1.3 * min(hidden, misspelt)


def identified(kind: str, key: str) -> str:
    """Give a global id."""
    return urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


@pytest.mark.parametrize("headers", [{}, STRICT], ids=["prune", "strict"])
async def test_an_id_of_a_hidden_type_says_neither_its_type_nor_itself(
    world: World, headers: Mapping[str, str]
) -> None:
    key = identified("Component", "S-SIM-C1")

    answer = await world.ask("cobalt-admin", f'{{ node(id: "{key}") {{ id __typename }} }}', headers=headers)

    assert answer["data"] == {"node": None}
    assert world.calls == []


@pytest.mark.parametrize("headers", [{}, STRICT], ids=["prune", "strict"])
@pytest.mark.parametrize("mixed", ["", "solutions { totalCount }"])
async def test_introspection_does_not_know_what_is_hidden(
    world: World, headers: Mapping[str, str], mixed: str
) -> None:
    query = f"""query ($name: String!) {{ __typename {mixed}
        one: __type(name: "Component") {{ name }}
        asked: __type(name: $name) {{ name }}
        ticket: __type(name: "Ticket") {{ fields {{ name type {{ name }} }} }}
        filter: __type(name: "TicketFilter") {{ inputFields {{ name }} }}
        node: __type(name: "Node") {{ possibleTypes {{ name }} }}
        __schema {{ types {{ name }} queryType {{ fields {{ name args {{ name }} }} }} }} }}"""

    acme = (await world.ask("acme-admin", query, {"name": "MaintenanceEvent"}, headers))["data"]
    cobalt = (await world.ask("cobalt-admin", query, {"name": "MaintenanceEvent"}, headers))["data"]

    assert (acme["one"], acme["asked"]) == ({"name": "Component"}, {"name": "MaintenanceEvent"})
    assert (cobalt["one"], cobalt["asked"]) == (None, None)
    assert "Component" in str(acme)
    told = str(cobalt).lower()
    assert "component" not in told
    assert "maintenance" not in told
    assert cobalt["__typename"] == "Query"
    assert ("solutions" in cobalt) == bool(mixed)


async def test_introspection_by_a_fragment_is_introspection_too(world: World) -> None:
    query = """query { ...Asked ... on Query { ...Asked } }
        fragment Asked on Query { ... { __type(name: "Component") { name } } }"""

    acme = await world.ask("acme-admin", query)
    cobalt = await world.ask("cobalt-admin", query)

    assert acme["data"] == {"__type": {"name": "Component"}}
    assert cobalt["data"] == {"__type": None}


async def test_introspection_that_cannot_be_answered_is_told_and_not_kept(world: World) -> None:
    query = "query ($on: Boolean!) { __schema @include(if: $on) { types { name } } }"

    wrong = await world.ask("cobalt-admin", query, {"on": "yes"})
    left_out = await world.ask("cobalt-admin", query, {"on": False})
    right = await world.ask("cobalt-admin", query, {"on": True})

    assert "data" not in wrong
    assert wrong["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert left_out["data"] == {}
    assert len(right["data"]["__schema"]["types"]) > 20


@pytest.mark.parametrize(
    ("hidden", "misspelt"),
    [
        ("{ components { totalCount } }", "{ compxnents { totalCount } }"),
        ("{ maintenanceEvents { totalCount } }", "{ maintxnanceEvents { totalCount } }"),
        (
            '{ tickets(filter: { component: ["x"] }) { totalCount } }',
            '{ tickets(filter: { compxnent: ["x"] }) { totalCount } }',
        ),
        ('{ node(id: "x") { ... on Component { id } } }', '{ node(id: "x") { ... on Compxnent { id } } }'),
    ],
)
async def test_over_http_strict_mode_tells_both_alike(world: World, hidden: str, misspelt: str) -> None:
    one = await world.ask("cobalt-admin", hidden, headers=STRICT)
    other = await world.ask("cobalt-admin", misspelt, headers=STRICT)

    assert renamed(one, "ompon", "ompxn") == renamed(renamed(other, "ompon", "ompxn"), "maintxn", "mainten")
    assert "data" not in one
    assert world.calls == []


async def test_strict_mode_answers_what_is_visible_as_prune_does(world: World) -> None:
    query = "{ solutions(orderBy: NAME_ASC) { nodes { name tickets { totalCount } } } }"

    pruned = await world.ask("cobalt-admin", query)
    strict = await world.ask("cobalt-admin", query, headers=STRICT)

    assert strict == pruned
    assert strict["data"]["solutions"]["nodes"]


@pytest.mark.parametrize("mode", ["lenient", "", "Strict", "strict, prune"])
async def test_says_which_modes_there_are(world: World, mode: str) -> None:
    answer = await world.ask("cobalt-admin", "{ __typename }", headers={"Coverage-Mode": mode})

    assert [each["message"] for each in answer["errors"]] == [
        "The header Coverage-Mode must be strict or prune."
    ]
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_prune_is_the_mode_where_none_is_named(world: World) -> None:
    query = "{ components { totalCount } }"

    assert await world.ask("cobalt-admin", query) == await world.ask(
        "cobalt-admin", query, headers={"Coverage-Mode": "prune"}
    )
