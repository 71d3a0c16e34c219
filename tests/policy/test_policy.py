"""Who sees which coordinate: one table, generated from the schema and recorded in ``policy.txt``.

A new field without a row fails; ``make bless`` writes the table anew, for review. What the table calls hidden
is then asked for, and neither the answer has it nor was the system behind it asked.
"""

from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any, Final, cast

import pytest
from graphql import is_object_type
from graphql.type import GraphQLField, GraphQLObjectType

from auth.coverage import State
from auth.feature import ALWAYS, Feature, Gate, feature_of
from resolvers.node import GATES
from schema.build import TYPES
from schema.gate import gate_of
from servicespace.request_id import RequestId
from tests.populace import populated
from tests.world import PERSONAS, World

TABLE: Final = Path(__file__).parent / "policy.txt"

SYSTEMS: Final = {
    Feature.BILLING: "billing",
    Feature.INCIDENTS: "ticketing",
    Feature.INVENTORY: "inventory",
    Feature.MAINTENANCE: "maintenance",
}
"""The system that holds what a feature shows."""

SOLUTIONS: Final = {
    "acme-admin": "S-VPN",
    "acme-visitor": "S-VPN",
    "baker-admin": "S-MOB",
    "cobalt-admin": "S-SIM",
}
"""A Solution of each persona's customer."""


def ids(solution: str) -> dict[str, str]:
    """Give the key of one object of each type that belongs to *solution* in the small world."""
    return {
        "Solution": solution,
        "ServicePoint": f"{solution}-P1",
        "Location": "L-1",
        "BillingAccount": "A-1",
        "Invoice": f"I-{solution}",
        "CreditNote": f"N-{solution}",
        "InvoiceLine": f"I-{solution}-1",
        "Ticket": f"T-{solution}-1",
        "Component": f"{solution}-C1",
        "MaintenanceEvent": f"M-{solution}",
    }


def gated() -> list[tuple[GraphQLObjectType, str, GraphQLField]]:
    """Give every field of the schema that has a feature."""
    return [
        (kind, name, each)
        for kind in TYPES.type_map.values()
        if is_object_type(kind) and not kind.name.startswith("__")
        for name, each in kind.fields.items()
        if gate_of(each) is not ALWAYS
    ]


def named(field: GraphQLField) -> object:
    """Give the type of a field, out of its lists and its non-nulls."""
    kind = cast("Any", field).type
    while hasattr(kind, "of_type"):
        kind = kind.of_type
    return kind


async def states(persona: str) -> dict[str, str]:
    """Give how each gated coordinate is covered for *persona*."""
    world = await populated()
    context = await world.make_context(PERSONAS[persona], RequestId("test"))
    return {
        f"{kind.name}.{name}": context.coverage.state(gate_of(each)).value for kind, name, each in gated()
    }


async def test_the_table_has_every_coordinate_of_every_persona(request: pytest.FixtureRequest) -> None:
    known = {persona: await states(persona) for persona in PERSONAS if persona != "acme-billing"}
    rows = [f"{'coordinate':<44}{''.join(f'{persona:<14}' for persona in known)}".rstrip()]
    rows += [
        f"{coordinate:<44}{''.join(f'{known[persona][coordinate]:<14}' for persona in known)}".rstrip()
        for coordinate in sorted(known["acme-admin"])
    ]

    if request.config.getoption("--bless"):
        TABLE.write_text("\n".join(rows) + "\n")

    assert TABLE.read_text().splitlines() == rows


def links(persona: str, state: State) -> list[tuple[str, str]]:
    """Give the fields of types that *persona* may see which lead to what its coverage leaves in *state*."""
    rows = [line.split() for line in TABLE.read_text().splitlines()]
    column = rows[0].index(persona) if rows else 0
    table = {row[0]: row[column] for row in rows[1:]}
    return [
        (kind.name, name)
        for kind, name, each in gated()
        if kind.name in ids("")
        and is_object_type(named(each))
        and _feature(gate_of(each)) is not _feature(GATES[kind.name])
        and table.get(f"{kind.name}.{name}") == state.value
    ]


async def ask(world: World, persona: str, kind: str, field: str) -> dict[str, Any]:
    """Ask for one field of one object, by its global id."""
    definition: Any = TYPES.type_map[kind]
    counted = "totalCount" in getattr(named(definition.fields[field]), "fields", {})
    selection = "{ totalCount }" if counted else "{ __typename }"
    key = _global_id(kind, ids(SOLUTIONS[persona])[kind])
    return await world.ask(
        persona, f'{{ node(id: "{key}") {{ ... on {kind} {{ found: {field} {selection} }} }} }}'
    )


def _feature(gate: Gate) -> Feature | None:
    return None if gate is ALWAYS else feature_of(gate)


def _global_id(kind: str, key: str) -> str:
    return urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


HIDDEN: Final = [
    (persona, kind, field)
    for persona in SOLUTIONS
    for state in ((State.NONE, State.SOME) if persona == "baker-admin" else (State.NONE,))
    for kind, field in links(persona, state)
    if kind != "Location" or state is State.NONE
]
"""What each persona must not find.

Baker's Solution here is the one of its two that maintenance does not cover.
"""


@pytest.mark.parametrize(("persona", "kind", "field"), HIDDEN)
async def test_a_hidden_field_is_null_and_its_system_was_never_asked(
    persona: str, kind: str, field: str
) -> None:
    world = await populated()
    definition: Any = TYPES.type_map[kind]
    gate: Any = gate_of(definition.fields[field])

    answer = await ask(world, persona, kind, field)

    assert "errors" not in answer
    assert answer["data"]["node"] in (None, {"found": None})
    assert [line for line in world.calls if line.startswith(SYSTEMS[feature_of(gate)])] == []
    assert answer["extensions"]["coverage"]["hidden"][-1]["feature"] in {each.value for each in SYSTEMS}


@pytest.mark.parametrize("kind", ["Component", "MaintenanceEvent"])
async def test_an_object_of_a_hidden_type_is_null_and_is_not_looked_for(kind: str) -> None:
    world = await populated()
    key = _global_id(kind, ids("S-SIM")[kind])

    answer = await world.ask("cobalt-admin", f'{{ node(id: "{key}") {{ id __typename }} }}')

    assert answer["data"] == {"node": None}
    assert "errors" not in answer
    assert [each["coordinate"] for each in answer["extensions"]["coverage"]["hidden"]] == [kind]
    assert world.calls == []


@pytest.mark.parametrize(
    ("kind", "key"),
    [("Component", "S-VPN-X1"), ("Invoice", "D-S-VPN"), ("MaintenanceEvent", "O-S-VPN")],
)
async def test_what_is_excluded_from_the_portal_does_not_exist(kind: str, key: str) -> None:
    world = await populated()

    answer = await world.ask("acme-admin", f'{{ node(id: "{_global_id(kind, key)}") {{ id }} }}')

    assert answer["data"] == {"node": None}
    assert answer["errors"][0]["extensions"] == {"code": "NOT_FOUND"}


async def test_a_filter_that_names_a_hidden_feature_is_refused_before_any_call() -> None:
    world = await populated()
    key = _global_id("Component", "S-SIM-C1")

    answer = await world.ask(
        "cobalt-admin", f'{{ tickets(filter: {{ component: ["{key}"] }}) {{ totalCount }} }}'
    )

    assert answer["data"] == {"tickets": None}
    assert answer["errors"][0]["extensions"] == {
        "code": "COVERAGE_REQUIRED",
        "feature": "INVENTORY",
        "path": ["filter", "component"],
    }
    assert world.calls == []


async def test_two_users_of_one_customer_see_the_invoices_of_their_own_accounts() -> None:
    world = await populated()
    query = "{ invoices(orderBy: NUMBER_ASC) { totalCount nodes { number } } }"

    everything = await world.ask("acme-admin", query)
    own = await world.ask("acme-billing", query)

    assert everything["data"]["invoices"]["totalCount"] == 6
    assert own["data"]["invoices"] == {
        "totalCount": 2,
        "nodes": [{"number": "2026-2"}, {"number": "2026-2C"}],
    }


@pytest.mark.parametrize("shelf", ["component_shelf"])
async def test_a_system_that_ignores_the_scope_does_not_show(
    shelf: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = await populated()
    getattr(world.inventory, shelf).honest = False

    answer = await world.ask("acme-admin", "{ solutions { nodes { name components { nodes { name } } } } }")

    names = [
        each["name"] for one in answer["data"]["solutions"]["nodes"] for each in one["components"]["nodes"]
    ]
    assert names == ["s-talk-c1", "s-talk-c2", "s-vpn-c1", "s-vpn-c2", "s-wan-c1", "s-wan-c2"]
    assert "outside the scope" in caplog.text
