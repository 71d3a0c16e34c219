"""The application as its clients meet it: tokens, tenants, wrong input, readiness."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from auth.key_store import KeyStore
from auth.store import UserProfile, UserStore
from auth.viewer import CustomerCode
from servicespace.settings import Settings
from servicespace.store import open_store
from sources.ordering import ProductStatus, SolutionCategory
from sources.ordering.sql import SqlOrdering
from sources.sql import Database
from tests.servicespace.conftest import Service, solution, token

NAMES = "{ solutions { nodes { name } } }"
UNAUTHENTICATED = {
    "errors": [{"message": "A valid bearer token is required.", "extensions": {"code": "UNAUTHENTICATED"}}]
}


def test_gives_each_user_the_solutions_of_its_own_customer(service: Service) -> None:
    acme = service.ask(NAMES, service.tokens["acme"])
    other = service.ask(NAMES, service.tokens["other"])

    assert acme == {"data": {"solutions": {"nodes": [{"name": "S-acme"}]}}}
    assert other == {"data": {"solutions": {"nodes": [{"name": "S-other"}]}}}


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic eDp5", "Bearer junk", "Bearer a.b.c"]
)
def test_refuses_what_is_no_token(service: Service, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}

    response = service.client.post("/graphql", json={"query": NAMES}, headers=headers)

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "changes",
    [
        {"now": datetime(2020, 1, 1, tzinfo=UTC)},
        {"issuer": "https://elsewhere.example"},
        {"audience": "another"},
        {"customer": CustomerCode("other")},
        {"subject": "nobody"},
    ],
)
async def test_refuses_a_token_that_is_expired_or_foreign(
    filled: tuple[Settings, dict[str, str]], service: Service, changes: dict[str, Any]
) -> None:
    async with open_store(filled[0].store) as connection:
        wrong = await token(KeyStore(connection), filled[0], "acme", **changes)

    assert service.ask(NAMES, wrong) == UNAUTHENTICATED


async def test_refuses_the_token_of_a_user_who_is_no_longer_active(
    filled: tuple[Settings, dict[str, str]], service: Service
) -> None:
    async with open_store(filled[0].store) as connection:
        await UserStore(connection).save(
            UserProfile(username="acme", customer=CustomerCode("acme"), email="a@example.com", active=False)
        )

    assert service.ask(NAMES, service.tokens["acme"]) == UNAUTHENTICATED


async def test_a_user_who_is_deactivated_is_out_within_a_second(
    filled: tuple[Settings, dict[str, str]], service: Service
) -> None:
    assert "errors" not in service.ask(NAMES, service.tokens["acme"])
    started = datetime.now(UTC)
    async with open_store(filled[0].store) as connection:
        await UserStore(connection).save(
            UserProfile(username="acme", customer=CustomerCode("acme"), email="a@example.com", active=False)
        )

    while "data" in service.ask(NAMES, service.tokens["acme"]):
        assert datetime.now(UTC) - started < timedelta(seconds=2)  # one, and what a busy machine needs

    assert service.ask(NAMES, service.tokens["acme"]) == UNAUTHENTICATED


def test_another_customers_id_is_as_if_it_did_not_exist(service: Service) -> None:
    theirs = urlsafe_b64encode(b"Solution:S-other").decode()
    invented = urlsafe_b64encode(b"Solution:S-none").decode()
    query = "query ($id: ID!) { node(id: $id) { id } solutions { totalCount } }"
    narrowed = "query ($id: ID!) { servicePoints(filter: { solution: [$id] }) { totalCount } }"

    answers = [service.ask(query, service.tokens["acme"], id=each) for each in (theirs, invented, "junk")]
    filtered = [service.ask(narrowed, service.tokens["acme"], id=each) for each in (theirs, invented)]

    assert answers[0]["data"] == {"node": None, "solutions": {"totalCount": 1}}
    assert answers[0]["errors"][0]["extensions"] == {"code": "NOT_FOUND"}
    assert answers[0] == answers[1] == answers[2]
    assert filtered == [{"data": {"servicePoints": {"totalCount": 0}}}] * 2


@pytest.mark.parametrize(
    ("query", "path", "rule"),
    [
        ("{ solutions(first: 0) { totalCount } }", ["first"], "PAGE_SIZE"),
        ("{ solutions(first: 1000) { totalCount } }", ["first"], "PAGE_SIZE"),
        ("{ solutions(last: -1) { totalCount } }", ["last"], "PAGE_SIZE"),
        ("{ solutions(first: 1, last: 1) { totalCount } }", ["last"], "FIRST_OR_LAST"),
        ('{ solutions(after: "junk") { totalCount } }', ["after"], "CURSOR"),
        ('{ solutions(before: "WyJOQU1FX0RFU0MiLCJhIiwiYiJd") { totalCount } }', ["before"], "CURSOR"),
        (
            '{ solutions(filter: { ordered: { start: "2026-02-01", end: "2026-01-01" } }) { totalCount } }',
            ["filter", "ordered"],
            "RANGE",
        ),
    ],
)
def test_says_where_input_is_wrong_and_which_rule_it_breaks(
    service: Service, query: str, path: list[str], rule: str
) -> None:
    answer = service.ask(query, service.tokens["acme"])

    assert answer["data"] == {"solutions": None}
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "path": path, "rule": rule}


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("{ solutions(filter: { category: [GARDENING] }) { totalCount } }", ["filter", "category", 0]),
        ('{ components(filter: { address: "10.0.0.0/99" }) { totalCount } }', ["filter", "address"]),
        (
            '{ tickets(filter: { opened: { start: "2026-01-01T00:00" } }) { totalCount } }',
            ["filter", "opened", "start"],
        ),
    ],
)
def test_refuses_values_that_are_not_of_their_type(service: Service, query: str, path: list[object]) -> None:
    answer = service.ask(query, service.tokens["acme"])

    assert "data" not in answer
    extensions = answer["errors"][0]["extensions"]
    assert extensions["code"] == "BAD_USER_INPUT"
    assert extensions["path"] == path


def test_is_ready_when_the_store_answers_and_coverage_can_be_told(service: Service) -> None:
    response = service.client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "systems": {"store": "up", "coverage": "up"},
        "degraded": [],
    }


def test_shows_the_published_schema_to_everybody(service: Service) -> None:
    response = service.client.get("/schema.graphql")

    assert response.status_code == 200
    assert "type Solution implements Node" in response.text
    assert (
        "directive @covered(feature: Feature!, level: CoverageLevel, role: Role, administrator: Boolean)"
        in response.text
    )


def test_shows_a_customer_its_own_schema(service: Service) -> None:
    headers = {"Authorization": f"Bearer {service.tokens['acme']}"}

    own = service.client.get("/schema.graphql", headers=headers)
    published = service.client.get("/schema.graphql?view=published", headers=headers)
    refused = service.client.get("/schema.graphql", headers={"Authorization": "Bearer junk"})

    assert "type Solution implements Node" in own.text
    assert own.headers["ETag"] != published.headers["ETag"]
    assert published.text == service.client.get("/schema.graphql").text
    assert refused.status_code == 401


def test_in_strict_mode_there_is_no_other_schema_than_ones_own(service: Service) -> None:
    headers = {"Authorization": f"Bearer {service.tokens['acme']}", "Coverage-Mode": "strict"}

    response = service.client.post("/graphql", json={"query": "{ xyzzyx }"}, headers=headers)

    assert response.json()["errors"][0]["message"] == "Cannot query field 'xyzzyx' on type 'Query'."


async def test_closes_when_coverage_cannot_be_told(
    filled: tuple[Settings, dict[str, str]], service: Service
) -> None:
    async with open_store(filled[0].store) as connection:
        await connection.execute_script("ALTER TABLE ordering_solution RENAME TO gone")

    response = service.client.post(
        "/graphql",
        json={"query": "{ viewer { username } }"},
        headers={"Authorization": f"Bearer {service.tokens['acme']}"},
    )

    schema = service.client.get(
        "/schema.graphql", headers={"Authorization": f"Bearer {service.tokens['acme']}"}
    )

    assert [response.status_code, schema.status_code] == [503, 503]
    assert response.json()["errors"][0]["extensions"]["code"] == "COVERAGE_UNAVAILABLE"
    assert schema.json()["errors"][0]["extensions"]["code"] == "COVERAGE_UNAVAILABLE"


async def test_an_order_changes_the_answer_within_a_second(
    filled: tuple[Settings, dict[str, str]], service: Service
) -> None:
    query = "{ viewer { coverage { feature solutions { name } } } }"
    before = service.ask(query, service.tokens["acme"])
    started = datetime.now(UTC)
    async with open_store(filled[0].store) as connection:
        ordered = solution("acme", "S-acme", SolutionCategory.SDWAN)
        await SqlOrdering(Database(connection, "ordering")).save_solutions(
            [replace(ordered, status=ProductStatus.TERMINATED)]
        )

    after = before
    while after == before and datetime.now(UTC) - started < timedelta(seconds=5):
        after = service.ask(query, service.tokens["acme"])

    assert datetime.now(UTC) - started < timedelta(seconds=2)  # one, and what a busy machine needs
    covered = [each["solutions"] for each in after["data"]["viewer"]["coverage"]]
    assert covered == [[]] * 21
