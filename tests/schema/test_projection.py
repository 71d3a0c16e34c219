"""What an operation reads of records, field by field: no less than it shows, no more than it must."""

import pytest
from graphql import (
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    is_leaf_type,
    is_object_type,
    parse,
)

from auth.feature import Feature
from engine.field import Batch, resolution_of
from engine.mask import Mask
from engine.plan import Planner
from schema.build import TYPES
from schema.projection import columns_read, record_of
from sources.billing import BillingAccountRecord, BillingDocumentRecord
from sources.ordering import SolutionRecord
from sources.scope import Columns
from sources.ticketing import TicketRecord
from tests.populace import populated
from tests.world import ENGINE

PLACES = {
    "Customer": "viewer { customer { @ } }",
    "Solution": "solutions { nodes { @ } }",
    "ServicePoint": "servicePoints { nodes { @ } }",
    "Location": "locations { nodes { @ } }",
    "BillingAccount": "billingAccounts { nodes { @ } }",
    "Invoice": "invoices { nodes { ... on Invoice { @ } } }",
    "CreditNote": "invoices { nodes { ... on CreditNote { @ } } }",
    "InvoiceLine": "invoices { nodes { ... on Invoice { lines { nodes { @ } } } } }",
    "Ticket": "tickets { nodes { @ } }",
    "TicketNote": "tickets { nodes { notes { @ } } }",
    "Component": "components { nodes { @ } }",
    "MaintenanceEvent": "maintenanceEvents { nodes { @ } }",
    "MaintenanceImpact": "maintenanceEvents { nodes { impacts { @ } } }",
    "MaintenanceRevision": "maintenanceEvents { nodes { history { @ } } }",
}
"""Where objects of each type that stands for a record are found."""


def objects() -> dict[str, GraphQLObjectType]:
    """Give the types that stand for records, by name."""
    kinds = (each for each in TYPES.type_map.values() if is_object_type(each))
    return {each.name: each for each in kinds if record_of(each) is not None}


def documents() -> list[str]:
    """Give for each field of each of these types the query that asks for nothing else."""
    return [
        f"{{ {PLACES[name].replace('@', asked)} }}"
        for name, kind in objects().items()
        for field in kind.fields
        for below in ["" if is_leaf_type(get_named_type(kind.fields[field].type)) else " { __typename }"]
        for asked in [f"{field}{below}"]
    ]


def read(query: str, mask: Mask | None = None) -> Columns:
    """Give the columns that *query* reads under *mask*."""
    operation = parse(query).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return columns_read(Planner(TYPES, {}, {}, mask or Mask()).plan(operation))


def test_knows_where_to_find_every_type() -> None:
    assert set(objects()) == set(PLACES)


@pytest.mark.parametrize("persona", ["acme-billing", "baker-admin"])
async def test_fetches_what_each_field_shows(persona: str) -> None:
    world, stock = await populated(), await populated()
    stock.stock = True

    for query in documents():
        answer = await world.ask(persona, query)

        assert "errors" not in answer, query
        assert answer == await stock.ask(persona, query), query


def test_knows_of_every_resolver_what_it_reads() -> None:
    assert ENGINE.types is TYPES
    unknown = [
        f"{kind.name}.{name}"
        for kind in objects().values()
        for name, field in kind.fields.items()
        if isinstance(found := resolution_of(field, name), Batch) and found.reads is None
    ]

    assert unknown == []


def test_reads_what_is_selected_anywhere_in_the_operation() -> None:
    columns = read(
        """{
          solutions { nodes { name open: tickets { nodes { title } } } }
          tickets { nodes { openedAt solution { category } } }
        }"""
    )

    assert columns == {
        SolutionRecord: {"id", "name", "category"},
        TicketRecord: {"title", "opened_at", "solution"},
    }


def test_reads_what_a_property_is_computed_from() -> None:
    columns = read("{ invoices { nodes { amount { amount } ... on Invoice { id } } } }")

    assert columns == {BillingDocumentRecord: {"tax_included_minor", "currency", "id"}}


def test_reads_nothing_of_rows_that_are_only_counted_or_named() -> None:
    assert read("{ tickets { totalCount } solutions { nodes { __typename } } }") == {SolutionRecord: set()}


def test_reads_the_tie_to_the_solutions_only_where_a_gate_is_partly_open() -> None:
    query = "{ billingAccounts { nodes { invoices { totalCount } } } }"

    assert read(query) == {BillingAccountRecord: {"id"}}
    assert read(query, Mask(partial=frozenset({Feature.BILLING}))) == {
        BillingAccountRecord: {"id", "solutions"}
    }


def test_reads_nothing_for_what_is_closed() -> None:
    mask = Mask(closed=frozenset({Feature.INCIDENTS}))

    assert read("{ solutions { nodes { tickets { totalCount } } } }", mask) == {SolutionRecord: set()}
