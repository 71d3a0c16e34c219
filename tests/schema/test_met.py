"""Which gates an operation meets: customers who differ in others share its plan."""

import pytest
from graphql import FragmentDefinitionNode

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Feature
from engine.document import DocumentStore
from schema.build import TYPES
from schema.met import gates_met
from schema.resolution import make_engine, mask_of
from tests.asking import covering

ALL = State.ALL
DOCUMENTS = DocumentStore(TYPES)


def met(query: str) -> set[Feature]:
    document = DOCUMENTS.get(query)
    operation = document.operation(None)
    assert document.errors == ()
    assert operation is not None
    assert document.ast is not None
    definitions = document.ast.definitions
    fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}
    found = gates_met(TYPES, operation, fragments)
    return {each for each in found if isinstance(each, Feature)}


@pytest.mark.parametrize(
    ("query", "features"),
    [
        ("{ viewer { username } }", set[Feature]()),
        ("{ tickets { nodes { id } } }", {Feature.INCIDENTS}),
        (
            "{ solutions { nodes { components { nodes { tickets { totalCount } } } } } }",
            {Feature.INVENTORY, Feature.INCIDENTS},
        ),
        ("{ tickets @skip(if: true) { totalCount } }", {Feature.INCIDENTS}),
        (
            '{ node(id: "x") { ... on Component { maintenance { totalCount } } } }',
            {Feature.INVENTORY, Feature.MAINTENANCE},
        ),
        ("{ invoices { nodes { tickets { totalCount } } } }", {Feature.BILLING, Feature.INCIDENTS}),
        (
            "{ ...F } fragment F on Query { ...G } fragment G on Query { ... { components { totalCount } } }",
            {Feature.INVENTORY},
        ),
        ("{ __schema { queryType { name } } }", set[Feature]()),
    ],
)
def test_meets_the_gates_of_all_that_is_named(query: str, features: set[Feature]) -> None:
    assert met(query) == features


def plan(query: str, *coverages: Coverage) -> int:
    """Give how many plans serve *coverages*."""
    engine = make_engine()
    document = DOCUMENTS.get(query)
    operation = document.operation(None)
    assert operation is not None
    return len({id(engine.compiled(document, operation, {}, mask_of(each))) for each in coverages})


def test_customers_who_differ_elsewhere_share_a_plan() -> None:
    query = "{ solutions { nodes { tickets { totalCount } } } }"
    same = [
        covering(INCIDENTS=ALL),
        covering(INCIDENTS=ALL, INVENTORY={"S1"}),
        covering(INCIDENTS=ALL, BILLING=ALL),
    ]

    assert plan(query, *same) == 1
    assert plan(query, covering(INCIDENTS=ALL), covering(INCIDENTS={"S1"}), covering()) == 3


def test_nothing_that_is_always_open_closes_anything() -> None:
    assert covering().covers(ALWAYS, None)
    assert plan("{ viewer { username } }", covering(), covering(BILLING=ALL)) == 1
