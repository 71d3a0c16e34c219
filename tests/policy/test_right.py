"""What a role leaves out is not there, whatever is covered; no role opens what is not covered."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import build_schema

from auth.coverage import Reason, State
from auth.feature import Feature
from auth.right import Rights, Role, Section, denied
from servicespace.request_id import RequestId
from tests.asking import covering
from tests.covered import covered
from tests.populace import populated
from tests.world import PERSONAS, VISITOR, World


def named(kind: str, key: str) -> str:
    """Give a global id."""
    return urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


@pytest.fixture(params=["engine", "stock"])
async def world(request: pytest.FixtureRequest) -> World:
    """Give the small world, before the engine and before the reference executor."""
    made = await populated()
    made.stock = request.param == "stock"
    return made


def hidden(answer: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Give what the notices say: coordinate, feature and reason."""
    entries = answer.get("extensions", {}).get("coverage", {}).get("hidden", ())
    return [(each["coordinate"], each["feature"], each["reason"]) for each in entries]


async def test_a_visitor_sees_what_is_listed_and_no_details(world: World) -> None:
    query = "{ invoices(first: 2) { nodes { number lines(first: 1) { nodes { label } } } } }"

    answer = await world.ask("acme-visitor", query)

    assert "errors" not in answer
    nodes = answer["data"]["invoices"]["nodes"]
    assert len(nodes) == 2
    assert all(each["number"] and each["lines"] is None for each in nodes)
    assert hidden(answer) == [("BillingDocument.lines", "BILLING", "ROLE")]
    assert [each for each in world.calls if "lines" in each] == []


async def test_a_section_without_a_role_is_not_there_and_its_system_is_not_asked(world: World) -> None:
    query = "{ tickets { totalCount } solutions(first: 1) { nodes { tickets { totalCount } } } }"

    answer = await world.ask("acme-visitor", query)

    assert "errors" not in answer
    assert answer["data"] == {"tickets": None, "solutions": {"nodes": [{"tickets": None}]}}
    assert hidden(answer) == [
        ("Query.tickets", "INCIDENTS", "ROLE"),
        ("Solution.tickets", "INCIDENTS", "ROLE"),
    ]
    assert [each for each in world.calls if each.startswith("ticketing")] == []


@pytest.mark.parametrize(
    ("kind", "key"), [("Ticket", "T-S-VPN-1"), ("Ticket", "made-up"), ("InvoiceLine", "I-S-VPN-1")]
)
async def test_an_id_beyond_a_role_is_worth_a_made_up_one(world: World, kind: str, key: str) -> None:
    answer = await world.ask("acme-visitor", f'{{ node(id: "{named(kind, key)}") {{ id }} }}')

    assert answer["data"] == {"node": None}
    assert "errors" not in answer
    assert world.calls == []


@pytest.mark.parametrize(
    ("query", "feature"),
    [
        ('{ tickets(filter: {text: "x"}) { totalCount } }', None),
        (
            '{ invoices(filter: {number: ["x"]}) { nodes { lines(filter: {text: "x"}) { totalCount } } } }',
            None,
        ),
        ('{ maintenanceEvents(filter: {text: "x"}) { totalCount } }', "MAINTENANCE"),
    ],
)
async def test_a_filter_cannot_feel_for_what_a_role_does_not_reach(
    world: World, query: str, feature: str | None
) -> None:
    roles = {**VISITOR.roles, Section.MAINTENANCE: Role.VISITOR}
    coverage = (await world.make_context(PERSONAS["acme-admin"], RequestId("test"))).coverage
    visitor = await covered(coverage.within(denied(Rights(roles=roles))), stock=world.stock)

    answer = await visitor.ask("", query)

    if feature is None:  # the whole field is closed: what is given to it is never looked at
        assert "errors" not in answer
        assert visitor.calls in ([], ["billing.documents_by_customer 1"])
    else:
        (error,) = answer["errors"]
        assert error["extensions"] == {
            "code": "FORBIDDEN",
            "feature": feature,
            "path": ["filter", "text"],
            "reason": "ROLE",
        }
        assert visitor.calls == []


async def test_a_role_opens_nothing_that_is_not_covered(world: World) -> None:
    answer = await world.ask("nobody-admin", "{ invoices { totalCount } }")

    assert answer["data"] == {"invoices": None}
    assert [reason for _, _, reason in hidden(answer)] == ["NOT_OFFERED"]


async def test_what_is_neither_covered_nor_within_a_role_is_told_as_not_covered() -> None:
    coverage = covering(BILLING=State.ALL, INCIDENTS=State.NONE).within(denied(Rights()))

    assert coverage.of(Feature.BILLING).reason is Reason.ROLE
    assert coverage.of(Feature.INCIDENTS).reason is Reason.NOT_ORDERED


async def test_rights_have_an_epoch_of_their_own(world: World) -> None:
    whole = covering(BILLING=State.ALL)

    some = whole.within(denied(VISITOR))

    assert some.epoch != whole.epoch
    assert some is whole.within(denied(VISITOR))
    assert whole.within({}) is whole
    assert world.calls == []


async def test_a_user_is_told_its_roles(world: World) -> None:
    query = "{ viewer { administrator roles { section role } coverage { feature state reason } } }"

    viewer = (await world.ask("acme-visitor", query))["data"]["viewer"]

    assert viewer["administrator"] is False
    assert [each["section"] for each in viewer["roles"]] == [each.value for each in Section]
    assert {each["section"]: each["role"] for each in viewer["roles"]}["BILLING"] == "VISITOR"
    told = {each["feature"]: (each["state"], each["reason"]) for each in viewer["coverage"]}
    assert told["BILLING"] == ("ALL", None)
    assert told["INCIDENTS"] == ("NONE", "ROLE")


async def test_the_own_schema_of_a_user_has_what_its_roles_reach(world: World) -> None:
    view = build_schema((await world.schema("acme-visitor", RequestId("test"))).sdl)
    whole = build_schema((await world.schema("acme-admin", RequestId("test"))).sdl)

    gone = set(whole.type_map) - set(view.type_map)

    assert {"Ticket", "TicketConnection", "InvoiceLine", "InvoiceLineFilter"} <= gone
    assert "Invoice" not in gone
