from collections.abc import Mapping
from sys import gettrace
from time import process_time
from typing import Any

import pytest
from graphql import FragmentDefinitionNode, GraphQLError, OperationDefinitionNode, parse

from engine.document import DocumentStore
from engine.engine import Engine
from engine.mask import Mask, Opening
from engine.plan import MOST_WORK, Field, Plan, Planner, Scope, UnplannableError
from tests.engine.both import both, read
from tests.engine.plots import TYPES, Hedge, Plot, Stone


def plan_of(text: str, switches: Mapping[str, bool] | None = None, mask: Mask | None = None) -> Plan:
    document = read(text)
    (operation,) = document.operations.values()
    assert document.ast is not None
    definitions = document.ast.definitions
    fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}
    return Planner(TYPES, fragments, switches or {}, mask or Mask()).plan(operation)


def drawn(scope: Scope) -> dict[str, Any]:
    """Give a Scope as the keys of its answer, with the Scopes below by type."""
    return {each.key: below(each) for each in scope.fields}


def below(field: Field) -> Any:  # noqa: ANN401 - a tree of any depth
    return {kind: drawn(scope) for kind, scope in field.shape.innermost.scopes.items()}


def test_plans_one_scope_for_each_concrete_type() -> None:
    plan = plan_of("{ a: name living { name } many_thing { ... on Stone { weight } ... on Plot { label } } }")

    assert drawn(plan.root) == {
        "a": {},
        "living": {"Hedge": {"name": {}}},
        "many_thing": {"Stone": {"weight": {}}, "Plot": {"label": {}}},
    }
    assert [each.type.name for each in plan.scopes] == ["Query", "Hedge", "Stone", "Plot"]
    assert plan.size == 6


def test_knows_which_fields_are_got_in_batches_and_what_they_select() -> None:
    plan = plan_of("{ label x: next_many_plot { name y: count } name }")

    label, plots = plan.root.batches
    assert (label.key, label.keys, label.arguments) == ("label", ("label",), {"text": "none", "times": 1})
    assert (plots.name, plots.keys, plots.parent) == ("next_many_plot", ("x",), "Query")
    assert [plots.selects(each) for each in ("name", "count", "y", "label")] == [True, True, False, False]
    assert label.selects("name") is False


def test_leaves_what_is_closed_out_of_the_plan() -> None:
    plan = plan_of("{ next_plot { name } label }", mask=Mask(frozenset({"next_plot"}), frozenset({"label"})))

    closed, partial = plan.root.fields
    assert (closed.opening, closed.is_batch, below(closed)) == (Opening.NONE, False, {})
    assert (partial.opening, partial.is_batch) == (Opening.SOME, True)
    assert [each.key for each in plan.root.batches] == ["label"]


def test_keeps_the_values_of_arguments_without_variables() -> None:
    text = """
    query ($n: Int!) {
      a: label(times: 2, filter: { names: ["x"] })
      b: label(times: $n)
      c: label(grid: [[1, $n]])
      d: label(filter: { most: $n })
      name
    }
    """

    fields = plan_of(text).root.fields

    assert [each.arguments for each in fields] == [
        {"text": "none", "times": 2, "filter": {"names": ["x"], "most": 3}},
        None,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "text", ["mutation { text }", "{ __schema { description } }", '{ __type(name: "Plot") { name } }']
)
def test_leaves_to_the_stock_executor_what_it_does_not_plan(text: str) -> None:
    with pytest.raises(UnplannableError):
        plan_of(text)


def test_plans_what_several_types_lead_to_once() -> None:
    """Else three types of objects would make 3 ** 14 Scopes."""
    depth = 14

    plan = plan_of("{" + "kinds { name " * depth + "}" * depth + "}")

    assert len(plan.scopes) == 1 + 3 * depth
    assert all(each.shared for each in plan.scopes[4:7])


def merged_by_type(depth: int) -> str:
    """Give a document that selects something else for each sequence of types of nested objects.

    At each level what is selected below a Stone is added to what is selected anyway: which fields an object
    has depends on which of the objects around it are Stones.
    """
    anyway = "name"
    for level in range(depth, 0, -1):
        chain = f"x{level}: name"
        for _ in range(depth - level):
            chain = f"kinds {{ {chain} }}"
        anyway = f"kinds {{ {anyway} ... on Stone {{ {chain} }} }}"
    return f"{{ {anyway} }}"


def test_leaves_to_the_stock_executor_what_would_double_with_each_level() -> None:
    assert len(plan_of(merged_by_type(5)).scopes) == 1 + 3 * (2**5 - 1)
    with pytest.raises(UnplannableError):
        plan_of(merged_by_type(14))


async def test_answers_what_would_double_with_each_level() -> None:
    root = Plot(kinds=[Stone(name="a", kinds=[Hedge(name="b"), Stone(name="c")]), Hedge(name="d")])

    answer = await both(merged_by_type(14), root, planned=False)

    assert answer.data is not None
    assert answer.data == {"kinds": [{"kinds": [{"kinds": None}, {"kinds": None}]}, {"kinds": None}]}


HOSTILE = {
    "types": merged_by_type(14),
    "abstract": "{" + "kinds { name ... on Plot { text } ... on Stone { weight } " * 14 + "}" * 15,
    "fragments spread twice": "{ ...F0 }"
    + "".join(f"fragment F{n} on Query {{ a{n}: name ...F{n + 1} ...F{n + 1} }}" for n in range(11))
    + "fragment F11 on Query { name }",
    "fragments in two fields": "{ plot { ...F1 } }"
    + "".join(
        f"fragment F{n} on Plot {{ plot {{ ...F{n + 1} }} next_plot {{ ...F{n + 1} }} }}"
        for n in range(1, 11)
    )
    + "fragment F11 on Plot { name }",
    "wide": "{ many_named {"
    + " ".join(f"... on Plot {{ a{n}: text ... on Named {{ b{n}: name }} }}" for n in range(30))
    + "} }",
    "inline": "{" + "... {" * 60 + "name" + "}" * 61,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_plans_hostile_documents_that_are_within_the_limits_in_a_tenth_of_a_second(text: str) -> None:
    document = DocumentStore(TYPES).get(text)
    operation = document.operation(None)
    assert document.errors == ()
    assert operation is not None

    taken: list[float] = []
    for _ in range(3):
        before = process_time()
        Engine(TYPES).compiled(document, operation, {}, Mask())
        taken.append(process_time() - before)

    # Where coverage is measured, each line takes several times as long.
    assert min(taken) < (0.1 if gettrace() is None else 1.0)


def test_collects_from_fragments_nested_deeper_than_the_stack() -> None:
    """Each is within what the parser takes; one in the other they are not within what Python does."""
    inline = "... { " * 100
    fragments = [f"fragment F{n} on Query {{ {inline} ...F{n + 1} {'}' * 100} }}" for n in range(12)]
    ast = parse(f"{{ ...F0 }} {' '.join(fragments)} fragment F12 on Query {{ name }}")
    operation, *defined = ast.definitions
    assert isinstance(operation, OperationDefinitionNode)
    known = {each.name.value: each for each in defined if isinstance(each, FragmentDefinitionNode)}

    plan = Planner(TYPES, known, {}, Mask()).plan(operation)

    assert drawn(plan.root) == {"name": {}}


def test_has_a_bound_that_documents_within_the_limits_rarely_reach() -> None:
    assert MOST_WORK == 6_000
    assert issubclass(UnplannableError, Exception)
    assert not issubclass(UnplannableError, GraphQLError)


def parsed(text: str) -> Plan:
    """Plan a document that is not validated."""
    (operation,) = parse(text).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return Planner(TYPES, {}, {}, Mask()).plan(operation)


def test_includes_what_has_other_directives() -> None:
    assert drawn(parsed("{ name @other text @other(if: false) count @other @skip(if: true) }").root) == {
        "name": {},
        "text": {},
    }


def test_leaves_arguments_that_are_wrong_to_fail_in_each_run() -> None:
    assert [each.arguments for each in parsed("{ label(times: null) }").root.fields] == [None]
