"""What an answer says of what coverage leaves out: told by the document, once for each coordinate."""

from collections.abc import Mapping
from typing import Any

import pytest

from auth.coverage import Coverage, State
from tests.asking import ask, asked_by, covering


async def told(
    query: str, coverage: Coverage | None = None, variables: Mapping[str, Any] | None = None
) -> list[tuple[str, list[str], str]]:
    """Give the notices of a query: coordinate, paths and scope."""
    context = asked_by(coverage=coverage)
    await ask(context, query, variables)
    assert context.hidden is not None
    return [(each["coordinate"], each["paths"], each["scope"]) for each in context.hidden.entries()]


async def test_says_nothing_where_all_is_covered() -> None:
    coverage = covering(INCIDENTS=State.ALL, BILLING=State.ALL)

    assert await told("{ tickets { nodes { id document { id } } } }", coverage) == []


async def test_tells_a_hidden_field_and_not_what_lies_below_it() -> None:
    assert await told("{ tickets { nodes { id component { id } } } }") == [
        ("Query.tickets", ["tickets"], "NONE")
    ]


async def test_tells_a_coordinate_once_with_all_the_paths_that_lead_to_it() -> None:
    query = """{
      solutions { nodes { tickets { totalCount } } edges { node { mine: tickets { totalCount } } } }
      tickets { totalCount }
    }"""

    assert await told(query) == [
        ("Solution.tickets", ["solutions.nodes.@.tickets", "solutions.edges.@.node.mine"], "NONE"),
        ("Query.tickets", ["tickets"], "NONE"),
    ]


async def test_tells_what_some_solutions_cover_and_looks_below_it() -> None:
    coverage = covering(INCIDENTS={"S1"}, INVENTORY=State.NONE)

    found = await told("{ tickets { nodes { parent { id } component { id } } } }", coverage)

    assert found == [
        ("Query.tickets", ["tickets"], "SOME"),
        ("Ticket.component", ["tickets.nodes.@.component"], "NONE"),
    ]


@pytest.mark.parametrize(
    ("directive", "variables", "notices"),
    [
        ("@skip(if: true)", {}, []),
        ("@include(if: false)", {}, []),
        ("@skip(if: $yes)", {"yes": True}, []),
        ("@include(if: $yes)", {"yes": True}, [("Query.tickets", ["tickets"], "NONE")]),
        ("@skip(if: false) @include(if: true)", {}, [("Query.tickets", ["tickets"], "NONE")]),
    ],
)
@pytest.mark.parametrize(
    "selected",
    [
        "tickets DIRECTIVE { totalCount }",
        "... DIRECTIVE { tickets { totalCount } }",
        "...all DIRECTIVE",
    ],
    ids=["field", "inline fragment", "fragment"],
)
async def test_says_nothing_of_what_the_client_took_away_itself(
    selected: str, directive: str, variables: dict[str, bool], notices: list[tuple[str, list[str], str]]
) -> None:
    query = f"""
      query ($yes: Boolean = false) {{
        viewer {{ username @skip(if: $yes) }}
        {selected.replace("DIRECTIVE", directive)}
        ... @skip(if: true) {{ ...all }}
      }}
      fragment all on Query {{ tickets {{ totalCount }} }}
    """

    assert await told(query, None, variables) == notices


async def test_tells_a_hidden_type_that_a_fragment_names() -> None:
    coverage = covering(BILLING=State.ALL)
    query = '{ node(id: "x") { id ... on Ticket { title } ... on Invoice { number } } }'

    assert await told(query, coverage) == [("Ticket", ["node"], "NONE")]


async def test_tells_fields_of_an_interface_by_the_type_that_names_them() -> None:
    coverage = covering(BILLING=State.ALL)
    query = "{ invoices { nodes { tickets { totalCount } ... on Invoice { tickets { totalCount } } } } }"

    assert await told(query, coverage) == [
        ("BillingDocument.tickets", ["invoices.nodes.@.tickets"], "NONE"),
        ("Invoice.tickets", ["invoices.nodes.@.tickets"], "NONE"),
    ]


async def test_looks_into_each_spread_of_a_fragment_on_its_own_path() -> None:
    query = """
      { solutions { nodes { ...it ...it } } again: solutions { nodes { ...it } } }
      fragment it on Solution { tickets { totalCount } }
    """

    assert await told(query) == [
        ("Solution.tickets", ["solutions.nodes.@.tickets", "again.nodes.@.tickets"], "NONE")
    ]


async def test_says_nothing_of_introspection() -> None:
    assert await told("{ __typename __schema { queryType { name } } viewer { __typename } }") == []
