"""A customer's own schema: nothing in it that its Solutions do not cover."""

from itertools import combinations

import pytest
from graphql import GraphQLInterfaceType, build_schema, validate_schema

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Feature, Gate
from schema.build import TYPES, sdl
from schema.view import Views, own_types
from tests.asking import covering
from tests.schema.coordinates import fields, input_fields, names

VIEWS = Views()
GATED = sorted({each.gate for each in fields(TYPES)} - {ALWAYS}, key=lambda each: each.value)
SETS = [frozenset(some) for size in range(len(GATED) + 1) for some in combinations(GATED, size)]


def own_sdl(coverage: Coverage) -> str:
    """Give the text of a customer's own schema."""
    return VIEWS.of(coverage).sdl


def of(coverage: Coverage) -> set[str]:
    """Give the coordinates of a customer's own schema, as it is told."""
    return names(build_schema(own_sdl(coverage)))


def types_of(coverage: Coverage) -> set[str]:
    """Give the types that a customer's own schema has lost."""
    return set(TYPES.type_map) - set(build_schema(own_sdl(coverage)).type_map)


ALL = State.ALL


def test_a_customer_with_everything_has_the_published_schema() -> None:
    coverage = covering(**{each.name: ALL for each in Feature})

    assert own_sdl(coverage) == sdl()


def test_what_some_solutions_cover_is_there() -> None:
    coverage = covering(**{each.name: {"S1"} for each in Feature})

    assert own_sdl(coverage) == sdl()


def test_a_feature_that_is_not_covered_takes_its_fields_and_what_only_they_led_to() -> None:
    coverage = covering(BILLING=ALL, INVENTORY=ALL, MAINTENANCE=ALL)

    lost = names(TYPES) - of(coverage)

    types = types_of(coverage)
    assert types == {
        "Ticket",
        "TicketConnection",
        "TicketEdge",
        "TicketFilter",
        "TicketImpact",
        "TicketKind",
        "TicketNote",
        "TicketOpener",
        "TicketOrder",
        "TicketPriority",
        "TicketSeverity",
        "TicketStatus",
    }
    assert {each for each in lost if each.partition(".")[0] not in types} == {
        "BillingDocument.tickets",
        "Component.tickets",
        "CreditNote.tickets",
        "Invoice.tickets",
        "Location.tickets",
        "Query.tickets",
        "ServicePoint.tickets",
        "Solution.tickets",
    }


def test_an_input_field_is_gone_with_its_feature() -> None:
    coverage = covering(INCIDENTS=ALL, MAINTENANCE=ALL, BILLING=ALL)

    lost = names(TYPES) - of(coverage)

    assert {each for each in lost if "Filter." in each and not each.startswith("ComponentFilter.")} == {
        "MaintenanceEventFilter.component",
        "TicketFilter.component",
    }


def test_a_customer_with_nothing_sees_itself_its_solutions_and_where_they_are() -> None:
    kept = build_schema(own_sdl(covering()))

    query = kept.query_type
    assert query is not None
    assert set(query.fields) == {"viewer", "node", "nodes", "solutions", "servicePoints", "locations"}
    node = kept.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {each.name for each in kept.get_possible_types(node)} == {
        "Customer",
        "Location",
        "ServicePoint",
        "Solution",
    }


@pytest.mark.parametrize(
    "opened", SETS, ids=lambda some: "+".join(sorted(each.value for each in some)) or "nothing"
)
def test_every_view_is_a_valid_schema_without_anything_closed(opened: frozenset[Gate]) -> None:
    view = own_types(lambda gate: gate is ALWAYS or gate in opened)

    assert validate_schema(view) == []
    closed = {
        each.coordinate
        for each in (*fields(view), *input_fields(view))
        if each.gate is not ALWAYS and each.gate not in opened
    }
    assert closed == set()
    assert names(view) == {
        each.coordinate
        for each in (*fields(TYPES), *input_fields(TYPES))
        if each.parent.name in view.type_map and (each.gate is ALWAYS or each.gate in opened)
    }


def test_a_view_leaves_the_published_schema_as_it_is() -> None:
    before = sdl()

    own_sdl(covering())

    assert sdl() == before
