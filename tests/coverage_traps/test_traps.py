"""The traps of coverage, each on each executor (coverage.md, "Traps"); those of views are beside."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from auth.coverage import Coverage, State
from auth.standing import LINGERING
from resolvers.connection import MAXIMUM_SIZE
from sources.keys import ServicePointId
from tests.asking import covering
from tests.covered import Covered, covered
from tests.non_interference.hiding import shelves
from tests.populace import populated
from tests.world import World

ALL, NONE = State.ALL, State.NONE
EVERYTHING: Final = covering(BILLING=ALL, INCIDENTS=ALL, INVENTORY=ALL, MAINTENANCE=ALL)


@pytest.fixture(params=["engine", "reference"])
def stock(request: pytest.FixtureRequest) -> bool:
    """Tell whether the reference executor runs."""
    return bool(request.param == "reference")


@pytest.fixture
async def world(*, stock: bool) -> World:
    """Give the small world with its three customers."""
    made = await populated()
    made.stock = stock
    return made


def named(kind: str, key: str) -> str:
    return urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def notices(answer: dict[str, Any]) -> dict[str, list[str]]:
    """Give the paths at which each coordinate is hidden."""
    told = answer.get("extensions", {}).get("coverage", {}).get("hidden", [])
    assert len({each["coordinate"] for each in told}) == len(told)
    return {each["coordinate"]: each["paths"] for each in told}


def systems(world: World) -> set[str]:
    """Give the systems that were asked."""
    return {line.partition(".")[0] for line in world.calls}


async def test_members_of_an_interface_are_decided_apart(world: World) -> None:
    ids = [named("Ticket", "T-S-SIM-1"), named("Component", "S-SIM-C1"), named("MaintenanceEvent", "M-S-SIM")]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Ticket { reference } } }"

    answer = await world.ask("cobalt-admin", query, {"ids": ids})

    ticket = {"__typename": "Ticket", "id": ids[0], "reference": "INC-S-SIM-1"}
    assert answer["data"] == {"nodes": [ticket, None, None]}
    assert "errors" not in answer
    assert notices(answer) == {"Component": ["nodes.@"], "MaintenanceEvent": ["nodes.@"]}
    assert systems(world) == {"ticketing"}


async def test_implementations_of_one_interface_are_told_apart(*, stock: bool) -> None:
    world = await covered(covering(BILLING=ALL), stock=stock)
    query = """{ invoices(first: 2, orderBy: NUMBER_ASC) { nodes {
      __typename ... on CreditNote { tickets { totalCount } } ... on Invoice { number }
    } } }"""

    answer = await world.ask("", query)

    assert answer["data"]["invoices"]["nodes"] == [
        {"__typename": "Invoice", "number": "2026-1"},
        {"__typename": "CreditNote", "tickets": None},
    ]
    assert notices(answer) == {"CreditNote.tickets": ["invoices.nodes.@.tickets"]}
    assert systems(world) == {"billing"}


async def test_one_response_key_in_sibling_fragments_is_decided_for_each(*, stock: bool) -> None:
    world = await covered(covering(BILLING=ALL, INCIDENTS=ALL), stock=stock)
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) {
      ... on Ticket { it: component { name } }
      ... on Invoice { it: account { name } }
    } }"""

    answer = await world.ask("", query, {"ids": [named("Ticket", "T-S-VPN-1"), named("Invoice", "I-S-VPN")]})

    assert answer["data"] == {"nodes": [{"it": None}, {"it": {"name": "Account 1"}}]}
    assert notices(answer) == {"Ticket.component": ["nodes.@.it"]}
    assert "inventory" not in systems(world)


async def test_aliases_and_nested_and_repeated_fragments_hide_nothing_from_the_decision(world: World) -> None:
    query = """{
      a: solutions { nodes { ...F } }
      b: solutions { nodes { x: components { totalCount } ...F ...F ... { ...G } } }
    }
    fragment F on Solution { ...G }
    fragment G on Solution { components { nodes { name } } }"""

    answer = await world.ask("cobalt-admin", query)

    assert answer["data"] == {
        "a": {"nodes": [{"components": None}]},
        "b": {"nodes": [{"x": None, "components": None}]},
    }
    assert notices(answer) == {
        "Solution.components": ["a.nodes.@.components", "b.nodes.@.x", "b.nodes.@.components"]
    }
    assert systems(world) == {"ordering"}


async def test_what_is_skipped_gives_no_notice(world: World) -> None:
    query = """query ($no: Boolean!) { solutions { nodes {
      name
      components @include(if: $no) { totalCount }
      maintenance @skip(if: true) { totalCount }
      ... on Solution @include(if: $no) { components { totalCount } }
      ...F @include(if: $no)
    } } }
    fragment F on Solution { maintenance { totalCount } }"""

    answer = await world.ask("cobalt-admin", query, {"no": False})

    assert answer == {"data": {"solutions": {"nodes": [{"name": "Business Mobile"}]}}}


async def test_an_object_whose_whole_selection_is_hidden_is_there_with_nulls(world: World) -> None:
    query = "{ solutions { nodes { components { totalCount } maintenance { totalCount } } } }"

    answer = await world.ask("cobalt-admin", query)

    assert answer["data"] == {"solutions": {"nodes": [{"components": None, "maintenance": None}]}}
    assert "errors" not in answer


async def test_a_non_null_below_what_is_hidden_never_bubbles(world: World) -> None:
    query = """{
      components { edges { node { id name kind children { nodes { id } } } cursor } pageInfo { hasNextPage } }
      viewer { username }
    }"""

    answer = await world.ask("cobalt-admin", query)

    assert answer["data"] == {"components": None, "viewer": {"username": "cobalt-admin"}}
    assert "errors" not in answer


@pytest.mark.parametrize(
    "filter_",
    ['{component: ["x"]}', "{component: []}", "{component: null}", '{open: true, component: ["x"]}'],
)
async def test_a_filter_on_what_is_hidden_is_rejected(world: World, filter_: str) -> None:
    answer = await world.ask("cobalt-admin", f"{{ tickets(filter: {filter_}) {{ totalCount }} }}")

    assert answer["data"] == {"tickets": None}
    assert [each["extensions"] for each in answer["errors"]] == [
        {"code": "COVERAGE_REQUIRED", "feature": "INVENTORY", "path": ["filter", "component"]}
    ]
    assert world.calls == []


async def test_a_filter_by_variable_on_what_is_hidden_is_rejected(world: World) -> None:
    query = "query ($f: TicketFilter) { tickets(filter: $f) { totalCount } }"

    named_, left_out = [
        await world.ask("cobalt-admin", query, {"f": given}) for given in ({"component": ["x"]}, {})
    ]

    assert named_["errors"][0]["extensions"]["code"] == "COVERAGE_REQUIRED"
    assert left_out["data"]["tickets"]["totalCount"] == 2


async def test_an_id_of_what_is_hidden_is_worth_a_made_up_one_in_a_filter(*, stock: bool) -> None:
    coverage = covering(INCIDENTS=ALL, INVENTORY={"S-VPN"}, MAINTENANCE={"S-VPN"})
    world = await covered(coverage, stock=stock)
    query = "query ($ids: [ID!]) { tickets(filter: {component: $ids}) { totalCount nodes { reference } } }"
    ids = {"seen": "S-VPN-C1", "uncovered": "S-WAN-C1", "excluded": "S-VPN-X1", "made up": "nothing"}
    about = world.ticketing.ticket_shelf.records["acme-global", "T-S-VPN-1"]
    await world.ticketing.save_tickets([replace(about, id="T-X", component="S-VPN-X1")])

    counts = {
        name: (await world.ask("", query, {"ids": [named("Component", key)]}))["data"]["tickets"][
            "totalCount"
        ]
        for name, key in ids.items()
    }

    assert counts == {"seen": 1, "uncovered": 0, "excluded": 0, "made up": 0}


async def test_a_row_of_two_solutions_is_not_found_by_the_one_that_is_hidden(*, stock: bool) -> None:
    world = await covered(covering(BILLING={"S-VPN"}), stock=stock)
    bill = world.billing.document_shelf.records["acme-global", "I-S-VPN"]
    await world.billing.save_documents([replace(bill, solutions=("S-VPN", "S-WAN"))])
    query = """query ($ids: [ID!]) {
      invoices(filter: {solution: $ids, kind: [INVOICE]}) { totalCount nodes { solutions { name } } }
    }"""

    by_own, by_hidden = [
        (await world.ask("", query, {"ids": [named("Solution", each)]}))["data"]["invoices"]
        for each in ("S-VPN", "S-WAN")
    ]

    assert by_own == {"totalCount": 1, "nodes": [{"solutions": [{"name": "Business VPN"}]}]}
    assert by_hidden == {"totalCount": 0, "nodes": []}


async def test_counts_and_pages_are_of_visible_rows_only(*, stock: bool) -> None:
    world = await covered(covering(INCIDENTS={"S-VPN"}), stock=stock)
    query = """{ tickets(first: 2, orderBy: OPENED_AT_ASC) {
      totalCount nodes { reference } pageInfo { hasNextPage hasPreviousPage }
    } }"""

    answer = await world.ask("", query)

    assert answer["data"]["tickets"] == {
        "totalCount": 2,
        "nodes": [{"reference": "INC-S-VPN-1"}, {"reference": "INC-S-VPN-2"}],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False},
    }


async def test_a_cursor_carries_the_order_a_visible_value_and_the_id(world: World) -> None:
    lists = {
        "solutions": "name",
        "tickets": "openedAt",
        "components": "name",
        "invoices": "issuedOn",
        "maintenanceEvents": "startsAt",
    }
    for field, column in lists.items():
        answer = await world.ask(
            "acme-admin", f"{{ {field} {{ edges {{ cursor node {{ id {column} }} }} }} }}"
        )
        for edge in answer["data"][field]["edges"]:
            padded = edge["cursor"] + "=" * (-len(edge["cursor"]) % 4)
            _, value, key = msgspec.json.decode(urlsafe_b64decode(padded))
            assert value == edge["node"][column]
            assert urlsafe_b64decode(edge["node"]["id"] + "==").decode().endswith(f":{key}")


SOME: Final = covering(BILLING={"S-VPN"}, INCIDENTS={"S-VPN"}, INVENTORY={"S-VPN"}, MAINTENANCE={"S-VPN"})


@pytest.mark.parametrize(
    ("system", "query"),
    [
        ("billing", "{ it: invoices { nodes { solutions { name } } } }"),
        ("ticketing", "{ it: tickets { nodes { solutions: solution { name } } } }"),
        ("inventory", "{ it: components { nodes { solutions: solution { name } } } }"),
        ("maintenance", "{ it: maintenanceEvents { nodes { solutions { name } } } }"),
    ],
)
async def test_rows_of_a_system_that_ignores_the_predicate_are_dropped_and_counted(
    *, stock: bool, system: str, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = await covered(SOME, stock=stock)
    for shelf in shelves(world):
        shelf.honest = shelf.diary.system != system

    answer = await world.ask("", query)

    solutions = [each["solutions"] for each in answer["data"]["it"]["nodes"]]
    assert solutions
    assert all(each in ({"name": "Business VPN"}, [{"name": "Business VPN"}]) for each in solutions)
    assert "outside the scope" in caplog.text


async def test_a_hidden_subtree_of_a_thousand_rows_costs_no_call_no_error_and_one_notice(
    *, stock: bool
) -> None:
    world = await covered(covering(), stock=stock)
    await _many_service_points(world)
    query = """{ solutions { nodes { servicePoints(first: 100) { nodes { tickets { nodes { id } } } } } } }"""

    answer = await world.ask("", query)

    rows = [row for one in answer["data"]["solutions"]["nodes"] for row in one["servicePoints"]["nodes"]]
    assert rows == [{"tickets": None}] * 1_000
    assert "errors" not in answer
    assert notices(answer) == {"ServicePoint.tickets": ["solutions.nodes.@.servicePoints.nodes.@.tickets"]}
    assert world.calls == ["ordering.service_points_by_solution 10", "ordering.solutions_by_customer 1"]


async def _many_service_points(world: Covered) -> None:
    """Have ten Solutions with a hundred service points each."""
    ordering = world.ordering
    solution = ordering.solution_shelf.records["acme-global", "S-VPN"]
    point = next(iter(ordering.service_point_shelf.records.values()))
    for shelf in (ordering.solution_shelf, ordering.service_point_shelf):
        shelf.records.clear()
    solutions = [replace(solution, id=f"S-{number}") for number in range(10)]
    await ordering.save_solutions(solutions)
    await ordering.save_service_points(
        replace(point, id=ServicePointId(f"{one.id}-P{number}"), solution=one.id)
        for one in solutions
        for number in range(MAXIMUM_SIZE)
    )


async def test_no_notice_where_the_client_wants_none(world: World) -> None:
    query = "{ components { totalCount } }"

    answer = await world.ask("cobalt-admin", query, headers={"Coverage-Notices": "none"})

    assert answer == {"data": {"components": None}}


@pytest.mark.parametrize(
    ("coverage", "kind", "key", "seen"),
    [
        (EVERYTHING, "Ticket", "T-S-VPN-1", True),
        (covering(), "Ticket", "T-S-VPN-1", False),
        (covering(INCIDENTS={"S-VPN"}), "Ticket", "T-S-VPN-1", True),
    ],
)
async def test_node_decides_before_it_loads(
    *, stock: bool, coverage: Coverage, kind: str, key: str, seen: bool
) -> None:
    world = await covered(coverage, stock=stock)

    answer = await world.ask("", f'{{ node(id: "{named(kind, key)}") {{ __typename id }} }}')

    assert (answer["data"]["node"] is not None) is seen
    assert bool(world.calls) is seen
    assert "errors" not in answer


async def test_node_tells_nothing_of_a_row_that_is_not_covered(*, stock: bool) -> None:
    world = await covered(covering(INCIDENTS={"S-VPN"}), stock=stock)
    asked = [named("Ticket", key) for key in ("T-S-WAN-1", "made-up", "T-S-SIM-1")]

    answers = [await world.ask("", f'{{ node(id: "{each}") {{ id }} }}') for each in asked]

    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["errors"][0]["extensions"] == {"code": "NOT_FOUND"}


async def test_a_list_is_not_found_by_what_is_hidden_of_its_rows(*, stock: bool) -> None:
    whole = covering(BILLING=ALL)
    ended = Coverage("ended", whole.features, ended=frozenset({"S-VPN"}))
    query = """{
      billingAccounts(first: 1) { nodes { servicePoints { nodes { id billingAccount { id } } } } }
    }"""

    shown: list[set[str]] = []
    for coverage in (whole, ended):
        world = await covered(coverage, stock=stock)
        account = world.billing.account_shelf.records["acme-global", "A-1"]
        await world.billing.save_billing_accounts([replace(account, solutions=("S-VPN", "S-WAN"))])
        (found,) = (await world.ask("", query))["data"]["billingAccounts"]["nodes"]
        shown.append({each["id"] for each in found["servicePoints"]["nodes"]})

    vpn = {named("ServicePoint", "S-VPN-P1"), named("ServicePoint", "S-VPN-P2")}
    assert vpn <= shown[0]
    assert shown[1] == shown[0] - vpn


async def test_of_a_solution_no_longer_provided_nothing_shows_and_nothing_is_told(*, stock: bool) -> None:
    whole = covering(BILLING=ALL, INCIDENTS=ALL, INVENTORY=ALL)
    kept = {each: replace(whole.of(each), past=frozenset({"S-VPN"})) for each in LINGERING}
    coverage = Coverage("ended", {**whole.features, **kept}, ended=frozenset({"S-VPN"}))
    world = await covered(coverage, stock=stock)
    query = """{
      solutions(first: 1) { nodes {
        id
        components { totalCount }
        tickets { nodes { reference } }
        invoices { totalCount }
      } }
      components { totalCount }
      tickets { totalCount }
    }"""
    vpn = replace(world.ordering.solution_shelf.records["acme-global", "S-VPN"], name="A VPN")
    await world.ordering.save_solutions([vpn])

    answer = await world.ask("", query)

    assert answer["data"]["solutions"]["nodes"] == [
        {
            "id": named("Solution", "S-VPN"),
            "components": None,
            "tickets": {"nodes": [{"reference": "INC-S-VPN-2"}]},  # the one that is closed
            "invoices": {"totalCount": 2},
        }
    ]
    assert answer["data"]["components"] == {"totalCount": 4}
    assert answer["data"]["tickets"] == {"totalCount": 5}
    assert "errors" not in answer
    assert "extensions" not in answer
    assert "inventory.components_by_solution 1" not in world.calls
