"""What holds for every coordinate of the published schema."""

from collections.abc import Callable
from pathlib import Path

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, build_schema, validate_schema

from auth.feature import ALWAYS, Feature, Gate
from resolvers.node import GATES
from schema.build import TYPES, sdl
from schema.directives import Covered, directives
from schema.gate import GATE, gate_of_type
from schema.input import input_of
from schema.node import interface_type, object_type, record_type
from sources.condition import Range
from sources.record import Record
from tests.schema.coordinates import enums, fields, input_fields, own_types

ROOT = Path(__file__).parents[2]


def sentence(description: str | None) -> bool:
    """Tell whether a description says something, as a sentence."""
    return description is not None and len(description) > 1 and description.endswith(".")


def test_the_published_text_is_the_committed_one() -> None:
    committed = (ROOT / "schema.graphql").read_text()

    assert sdl() == committed, "write it anew: make schema"


def test_is_a_valid_schema_and_stays_one_as_text() -> None:
    assert validate_schema(TYPES) == []
    assert validate_schema(build_schema(sdl())) == []


def test_every_type_has_a_description() -> None:
    assert [each.name for each in own_types(TYPES) if not sentence(each.description)] == []


def test_every_field_has_a_description() -> None:
    every = (*fields(TYPES), *input_fields(TYPES))

    assert [each.coordinate for each in every if not sentence(each.definition.description)] == []


def test_every_argument_has_a_description() -> None:
    missing = [
        f"{each.coordinate}({name}:)"
        for each in fields(TYPES)
        for name, argument in each.definition.args.items()
        if not sentence(argument.description)
    ]

    assert missing == []


def test_every_enum_value_has_a_description() -> None:
    missing = [
        f"{each.name}.{name}"
        for each in enums(TYPES)
        for name, value in each.values.items()
        if not sentence(value.description)
    ]

    assert missing == []


def test_every_directive_of_ours_and_its_arguments_have_descriptions() -> None:
    assert [each.name for each in TYPES.directives if not sentence(each.description)] == []


def test_every_coordinate_has_a_gate() -> None:
    every = (*fields(TYPES), *input_fields(TYPES))

    assert [each.coordinate for each in every if GATE not in each.declared.metadata] == []


def test_every_coordinate_that_can_be_uncovered_is_nullable_or_stands_under_its_type() -> None:
    bubbling = [
        each.coordinate
        for each in fields(TYPES)
        if isinstance(each.gate, Feature) and each.own_gate and not each.nullable
    ]

    assert bubbling == []


def test_every_link_is_nullable() -> None:
    assert [each.coordinate for each in fields(TYPES) if each.batch and not each.nullable] == []


def test_every_gate_that_is_not_its_types_is_decided() -> None:
    decided = {each.coordinate for each in fields(TYPES) if each.batch and each.batch.gate is each.gate}

    own = {each.coordinate for each in fields(TYPES) if each.own_gate and isinstance(each.gate, Feature)}

    assert own - decided == set()


def test_every_field_is_decided_by_the_gate_that_it_shows() -> None:
    assert [
        each.coordinate for each in fields(TYPES) if each.batch and each.batch.gate is not each.gate
    ] == []


def test_every_link_to_a_gated_type_has_the_gate_of_that_type() -> None:
    astray = {
        each.coordinate: (each.gate, gate_of_type(each.target))
        for each in fields(TYPES)
        if not each.paging and gate_of_type(each.target) not in (ALWAYS, each.gate)
    }

    assert astray == {}


def test_every_implementation_has_the_gate_of_its_interface() -> None:
    astray = [
        each.name
        for each in own_types(TYPES)
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType)
        for interface in each.interfaces
        if gate_of_type(interface) not in (ALWAYS, gate_of_type(each))
    ]

    assert astray == []


def test_every_input_field_of_a_filter_and_every_gated_one_is_nullable() -> None:
    asked = [
        each for each in input_fields(TYPES) if each.parent.name.endswith("Filter") or each.gate is not ALWAYS
    ]

    assert [each.coordinate for each in asked if not each.nullable] == []


def test_every_filter_has_the_gate_of_the_rows_that_it_leaves_out() -> None:
    astray = {
        each.coordinate: each.definition.args["filter"].type.name
        for each in fields(TYPES)
        if "filter" in each.definition.args
        and gate_of_type(each.definition.args["filter"].type) not in (ALWAYS, gate_of_type(each.target))
    }

    assert astray == {}


def test_what_node_gives_has_the_gate_that_node_decides_by() -> None:
    node = TYPES.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)

    assert {each.name: gate_of_type(each) for each in TYPES.get_implementations(node).objects} == GATES


def test_shows_a_gate_where_it_is_not_the_types_own() -> None:
    text = sdl()

    assert "type Ticket implements Node @covered(feature: INCIDENTS) {" in text
    assert "  solution: Solution\n" in text
    assert "  document: BillingDocument @covered(feature: BILLING)\n" in text
    assert "  component: [ID!] @covered(feature: INVENTORY)\n" in text


@pytest.mark.parametrize(
    ("gate", "shown"), [(ALWAYS, []), (Feature.BILLING, [Covered(feature=Feature.BILLING)])]
)
def test_shows_nothing_for_what_is_always_open(gate: Gate, shown: list[Covered]) -> None:
    assert directives(gate) == shown


@pytest.mark.parametrize(
    "declare",
    [
        pytest.param(object_type("A type."), id="object"),
        pytest.param(interface_type("A type.", ALWAYS), id="interface"),
        pytest.param(record_type(Record, "A type.", Feature.BILLING), id="record"),
        pytest.param(input_of(Range, "A type."), id="input"),
    ],
)
def test_refuses_a_field_without_a_gate(declare: Callable[[type], type]) -> None:
    bare = type("Bare", (), {"__annotations__": {"name": str}})

    with pytest.raises(TypeError, match=r"Bare\.name has no gate: declare it with `field`"):
        declare(bare)
