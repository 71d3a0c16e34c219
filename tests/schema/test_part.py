"""The part of a schema that is left when gates are closed."""

from itertools import combinations

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    introspection_from_schema,
    validate_schema,
)

from auth.feature import ALWAYS, Feature, Full, Gate
from schema.gate import gate_of, gate_of_type
from schema.part import Anatomy
from tests.schema.coordinates import own_types
from tests.schema.desk import TYPES, write

ANATOMY = Anatomy(TYPES)
GATES = sorted(ANATOMY.gates, key=lambda each: each.value)
SETS = [frozenset(some) for size in range(len(GATES) + 1) for some in combinations(GATES, size)]


def part(*opened: Gate) -> GraphQLSchema:
    """Give what is left of the schema of these tests where only *opened* are open."""
    return ANATOMY.part(lambda gate: gate is ALWAYS or gate in opened)


def without(*closed: Gate) -> GraphQLSchema:
    """Give what is left where only *closed* are closed."""
    return ANATOMY.part(lambda gate: gate not in closed)


def lost(types: GraphQLSchema) -> set[str]:
    """Give the lines of the text that are not in it any more."""
    return {each.strip() for each in set(write(TYPES).splitlines()) - set(write(types).splitlines())}


def arguments(types: GraphQLSchema, of: str, name: str) -> set[str]:
    """Give the arguments of a field."""
    kind = types.type_map[of]
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    return set(kind.fields[name].args)


def test_knows_every_gate_that_occurs() -> None:
    assert ANATOMY.gates == {
        Feature.BILLING,
        Feature.CHANGES_FROM_DEVICE,
        Feature.DISCONNECTS,
        Feature.INCIDENTS,
        Feature.INVENTORY,
        Feature.QUOTES_ORDERS,
        Feature.REPORT_ENHANCED_IP,
        Full(Feature.INCIDENTS),
        Full(Feature.SELFCARE),
    }


def test_is_the_whole_itself_where_nothing_is_closed() -> None:
    assert part(*GATES) is TYPES


def test_takes_an_argument_away() -> None:
    types = without(Feature.CHANGES_FROM_DEVICE)

    assert arguments(TYPES, "Query", "report") - arguments(types, "Query", "report") == {"device"}


def test_takes_a_field_away_that_cannot_do_without_its_argument() -> None:
    assert lost(without(Feature.QUOTES_ORDERS)) >= {"order("}


def test_takes_a_value_of_an_enum_away_and_leaves_the_type_to_whoever_uses_it() -> None:
    types = without(Feature.REPORT_ENHANCED_IP)

    grain = types.type_map["Grain"]
    assert isinstance(grain, GraphQLEnumType)
    assert set(grain.values) == {"HOUR"}
    assert "grain" in arguments(types, "Query", "report")
    assert "grain: Grain! = HOUR" in write(types)


def test_tells_a_default_that_is_left() -> None:
    told = str(introspection_from_schema(without(Feature.REPORT_ENHANCED_IP)))

    assert "'defaultValue': 'HOUR'" in told


def test_takes_an_input_field_away() -> None:
    kind = without(Feature.INVENTORY).type_map["PlaceInput"]

    assert isinstance(kind, GraphQLInputObjectType)
    assert set(kind.fields) == {"site"}


@pytest.mark.parametrize(
    ("gate", "there"),
    [(Full(Feature.INCIDENTS), {"note", "mark"}), (Feature.INCIDENTS, {"report", "note", "mark"})],
)
def test_reading_and_writing_have_gates_of_their_own(gate: Gate, there: set[str]) -> None:
    mutation = without(gate).mutation_type

    assert mutation is not None
    assert set(mutation.fields) == there


def test_an_interface_does_not_promise_what_one_of_its_types_does_not_have() -> None:
    types = without(Feature.BILLING)

    marked = types.type_map["Marked"]
    assert isinstance(marked, GraphQLInterfaceType)
    assert set(marked.fields) == {"mark"}
    assert [each.name for each in types.get_possible_types(marked)] == ["Priced"]


def test_a_type_outlives_its_interface() -> None:
    types = without(Feature.DISCONNECTS)

    ended = types.type_map["Ended"]
    assert isinstance(ended, GraphQLObjectType)
    assert (set(ended.fields), ended.interfaces) == ({"on"}, ())
    assert "Cessation" not in types.type_map


def test_a_type_of_which_nothing_is_left_is_gone_from_fields_and_unions() -> None:
    types = without(Feature.BILLING)

    query = types.query_type
    assert query is not None
    assert "Bill" not in types.type_map
    assert "bill" not in query.fields
    assert "union Paper = Receipt" in write(types)


def test_shares_the_types_that_lead_to_nothing_that_is_lost() -> None:
    types = without(Feature.REPORT_ENHANCED_IP)

    same = {name for name, each in types.type_map.items() if each is TYPES.type_map[name]}
    assert {"Marked", "Priced", "Ended", "Cessation", "PlaceInput", "Bill"} <= same
    assert same.isdisjoint({"Grain", "ReportInput", "Receipt", "Paper", "Query", "Mutation", "Subscription"})


@pytest.mark.parametrize(
    "opened", SETS, ids=lambda some: "+".join(sorted(each.value for each in some)) or "nothing"
)
def test_every_part_is_valid_and_has_nothing_that_is_closed(opened: frozenset[Gate]) -> None:
    types = part(*opened)

    assert validate_schema(types) == []
    assert introspection_from_schema(types)
    for kind in own_types(types):
        assert gate_of_type(kind) in {ALWAYS, *opened}
        if isinstance(kind, GraphQLEnumType):
            assert ("MINUTE" in kind.values) <= (Feature.REPORT_ENHANCED_IP in opened)
        for each in getattr(kind, "fields", {}).values():
            assert gate_of(each) in {ALWAYS, *opened}
            assert {gate_of(one) for one in getattr(each, "args", {}).values()} <= {ALWAYS, *opened}
