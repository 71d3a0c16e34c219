"""What ``/graphql`` answers to well-formed requests, and to those that it does not let in."""

import logging
from typing import Any
from uuid import UUID

import httpx2
import pytest

from engine.limits import Limits
from tests.http.served import TOKEN, FakeApplication

GRAPHQL = "application/graphql-response+json"
PREFLIGHT = {"GraphQL-Require-Preflight": "1"}


async def post(client: httpx2.AsyncClient, query: str, **more: Any) -> httpx2.Response:  # noqa: ANN401 - JSON
    return await client.post("/graphql", json={"query": query, **more}, headers={"Accept": GRAPHQL})


def only_error(response: httpx2.Response) -> dict[str, Any]:
    """Give the one error of an answer, without the request's id, which is that of the header."""
    (error,) = response.json()["errors"]
    assert error["extensions"].pop("requestId") == response.headers["X-Request-Id"]
    found: dict[str, Any] = error
    return found


async def test_answers_a_query(client: httpx2.AsyncClient) -> None:
    response = await post(client, "query A($n: String!) { hello(name: $n) }", variables={"n": "Bob"})

    assert response.status_code == 200
    assert response.content == b'{"data":{"hello":"hello Bob from ann"}}'
    assert response.headers["Content-Type"] == f"{GRAPHQL}; charset=utf-8"


async def test_names_each_request_and_lets_nobody_keep_or_guess_the_answer(
    client: httpx2.AsyncClient,
) -> None:
    response = await post(client, "{ hello }")

    assert str(UUID(response.headers["X-Request-Id"])) == response.headers["X-Request-Id"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_takes_the_name_that_the_client_gives_the_request(
    application: FakeApplication, client: httpx2.AsyncClient
) -> None:
    name = "6f1c2b1e-3c86-4a34-9d5b-0c1de0f7a001"

    response = await client.post("/graphql", json={"query": "{ hello }"}, headers={"X-Request-Id": name})

    assert response.headers["X-Request-Id"] == name
    assert [each.request_id for each in application.contexts] == [name]


async def test_makes_a_context_for_every_operation(
    application: FakeApplication, client: httpx2.AsyncClient
) -> None:
    await post(client, "{ hello }")
    await post(client, "{ hello }")

    assert len({id(each) for each in application.contexts}) == 2


async def test_executes_the_operation_that_is_named(client: httpx2.AsyncClient) -> None:
    document = "query A { hello } mutation B { shout }"

    response = await post(client, document, operationName="B")

    assert response.json() == {"data": {"shout": "HELLO"}}


async def test_takes_an_empty_operation_name_for_none(client: httpx2.AsyncClient) -> None:
    response = await post(client, "query A { __typename }", operationName="")

    assert response.json() == {"data": {"__typename": "Query"}}


async def test_answers_a_query_in_the_address(client: httpx2.AsyncClient) -> None:
    parameters = {
        "query": "query A($n: String!) { hello(name: $n) } mutation B { shout }",
        "operationName": "A",
        "variables": '{"n": "Zoë"}',
        "extensions": "",
    }

    response = await client.get("/graphql", params=parameters, headers=PREFLIGHT)

    assert (response.status_code, response.json()) == (200, {"data": {"hello": "hello Zoë from ann"}})


async def test_lets_a_get_with_a_json_content_type_in(client: httpx2.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}

    response = await client.get("/graphql", params={"query": "{ __typename }"}, headers=headers)

    assert response.json() == {"data": {"__typename": "Query"}}


async def test_refuses_a_get_that_another_page_could_have_sent(client: httpx2.AsyncClient) -> None:
    response = await client.get("/graphql", params={"query": "{ hello }"})

    assert response.status_code == 403
    assert only_error(response) == {
        "message": "Send the content type application/json or the header GraphQL-Require-Preflight.",
        "extensions": {"code": "FORBIDDEN"},
    }


async def test_refuses_a_mutation_in_the_address(client: httpx2.AsyncClient) -> None:
    response = await client.get("/graphql", params={"query": "mutation { shout }"}, headers=PREFLIGHT)

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert only_error(response)["extensions"] == {"code": "BAD_USER_INPUT"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_refuses_other_methods(client: httpx2.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST")


async def test_refuses_who_takes_no_json(client: httpx2.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ hello }"}, headers={"Accept": "text/html"})

    assert (response.status_code, response.headers["Content-Type"]) == (
        406,
        "application/json; charset=utf-8",
    )
    assert only_error(response) == {
        "message": "Accept application/graphql-response+json or application/json.",
        "extensions": {"code": "BAD_USER_INPUT"},
    }


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer \xe9"]
)
async def test_tells_nothing_to_who_has_no_valid_token(
    application: FakeApplication, authorization: str | None
) -> None:
    headers = [(b"X-Request-Id", b"6f1c2b1e-3c86-4a34-9d5b-0c1de0f7a001")]
    if authorization is not None:
        headers.append((b"Authorization", authorization.encode("latin-1")))
    transport = httpx2.ASGITransport(app=application.http())

    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.post("/graphql", content=b"not even JSON", headers=headers)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.content == (
        b'{"errors":[{"message":"A valid bearer token is required.","extensions":'
        b'{"code":"UNAUTHENTICATED","requestId":"6f1c2b1e-3c86-4a34-9d5b-0c1de0f7a001"}}]}'
    )
    assert application.contexts == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ hello", "GRAPHQL_PARSE_FAILED"),
        ("{ gone }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ tickets(filter: {status: [GONE]}) }", "BAD_USER_INPUT"),
        ("query A { hello } query B { hello }", "OPERATION_RESOLUTION_FAILURE"),
        ("subscription { ticks }", "OPERATION_RESOLUTION_FAILURE"),
        ("fragment A on Query { hello }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A($n: Int!) { tickets(first: $n) }", "BAD_USER_INPUT"),
    ],
)
async def test_answers_what_cannot_be_executed_by_its_media_type(
    client: httpx2.AsyncClient, query: str, code: str
) -> None:
    strict = await post(client, query)
    legacy = await client.post("/graphql", json={"query": query})

    assert (strict.status_code, legacy.status_code) == (400, 200)
    assert strict.json().keys() == legacy.json().keys() == {"errors"}
    assert only_error(strict)["extensions"]["code"] == only_error(legacy)["extensions"]["code"] == code


async def test_says_which_operation_is_not_in_the_document(client: httpx2.AsyncClient) -> None:
    response = await post(client, "query A { hello }", operationName="B")

    assert only_error(response) == {
        "message": "The document has no operation named 'B'.",
        "extensions": {"code": "OPERATION_RESOLUTION_FAILURE"},
    }


async def test_says_where_a_literal_breaks_which_rule(client: httpx2.AsyncClient) -> None:
    response = await post(client, "{ tickets(filter: {status: [OPEN, GONE]}) }")

    assert only_error(response) == {
        "message": "Value 'GONE' does not exist in 'TicketStatus' enum.",
        "locations": [{"line": 1, "column": 35}],
        "extensions": {
            "code": "BAD_USER_INPUT",
            "path": ["filter", "status", 1],
            "rule": "must be a value of type TicketStatus!",
        },
    }


@pytest.mark.parametrize(
    ("value", "path", "rule"),
    [
        ({"status": ["GONE"]}, ["f", "status", 0], "must be a value of type TicketStatus!"),
        ({"number": 2**80}, ["f", "number"], "must be a value of type Int"),
        ([], ["f"], "must be a value of type TicketFilter"),
    ],
)
async def test_says_where_a_variable_breaks_which_rule(
    client: httpx2.AsyncClient, value: object, path: list[str | int], rule: str
) -> None:
    response = await post(client, "query A($f: TicketFilter) { tickets(filter: $f) }", variables={"f": value})

    assert response.status_code == 400
    assert only_error(response)["extensions"] == {"code": "BAD_USER_INPUT", "path": path, "rule": rule}


async def test_says_which_limit_a_document_is_over() -> None:
    async with FakeApplication(limits=Limits(root_fields=1)).client() as client:
        response = await post(client, "{ hello tickets }")

    assert response.status_code == 400
    assert only_error(response) == {
        "message": "The document is over the limit for root fields: 1.",
        "extensions": {"code": "COST_EXCEEDED", "limit": "root_fields", "allowed": 1, "found": 2},
    }


@pytest.mark.parametrize(
    ("field", "message", "extensions"),
    [
        (
            "tickets(first: 1000)",
            "A page has at most 100 rows.",
            {"code": "BAD_USER_INPUT", "path": ["first"], "rule": "must be 1 to 100"},
        ),
        ("missing", "There is no such object.", {"code": "NOT_FOUND"}),
        (
            "uncovered",
            "`filter.sla` needs the feature INCIDENTS, which your Solutions do not cover.",
            {"code": "COVERAGE_REQUIRED", "feature": "INCIDENTS", "path": ["filter", "sla"]},
        ),
        (
            "late",
            "The system billing did not answer in time.",
            {"code": "SOURCE_TIMEOUT", "source": "billing"},
        ),
        (
            "down",
            "The system ticketing is not available.",
            {"code": "SOURCE_UNAVAILABLE", "source": "ticketing"},
        ),
        (
            "refusing",
            "The system inventory is not available.",
            {"code": "SOURCE_UNAVAILABLE", "source": "inventory"},
        ),
        ("broken", "Internal server error", {"code": "INTERNAL_SERVER_ERROR"}),
    ],
)
async def test_tells_a_failing_field_and_keeps_its_siblings(
    client: httpx2.AsyncClient, field: str, message: str, extensions: dict[str, Any]
) -> None:
    response = await post(client, f"{{ hello failing: {field} }}")

    assert response.status_code == 200
    assert response.json()["data"] == {"hello": "hello you from ann", "failing": None}
    assert only_error(response) == {
        "message": message,
        "locations": [{"line": 1, "column": 9}],
        "path": ["failing"],
        "extensions": extensions,
    }


async def test_answers_200_with_null_where_a_non_null_field_fails(client: httpx2.AsyncClient) -> None:
    response = await post(client, "{ hello impossible }")

    assert (response.status_code, response.json()["data"]) == (200, None)
    assert only_error(response)["message"] == "Internal server error"


async def test_logs_an_error_of_ours_by_the_id_of_the_request(
    client: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = await post(client, "{ broken }")

    (record,) = caplog.records
    name = response.headers["X-Request-Id"]
    assert record.getMessage() == f"Internal server error at broken (request {name})"
    assert "the secret of the broken field" in caplog.text
    assert "secret" not in response.text


async def test_logs_no_traceback_for_what_is_not_our_error(
    client: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="servicespace")

    for query in ("{", "{ gone }", "{ tickets(first: 1000) missing uncovered }", "{ late }"):
        await post(client, query)

    assert [(each.levelname, each.exc_info) for each in caplog.records] == [("WARNING", None)]


async def test_masks_what_fails_outside_of_any_field(
    application: FakeApplication, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with application.client() as client:
        monkeypatch.setattr(application, "notices", {"odd": object()})
        response = await post(client, "{ hello }")

    assert response.status_code == 500
    assert only_error(response) == {
        "message": "Internal server error",
        "extensions": {"code": "INTERNAL_SERVER_ERROR"},
    }
    assert "not JSON serializable" in caplog.text


async def test_writes_a_text_that_is_no_unicode(client: httpx2.AsyncClient) -> None:
    response = await post(client, "{ odd }")

    assert response.json() == {"data": {"odd": "lone ? surrogate"}}


async def test_shows_what_the_context_has_to_say() -> None:
    notices = {"coverage": {"epoch": 7}, "other": 1}

    async with FakeApplication(notices=notices).client() as client:
        shown = await post(client, "{ __typename }")
        client.headers["Coverage-Notices"] = "none"
        silent = await post(client, "{ __typename }")

    assert shown.json() == {"data": {"__typename": "Query"}, "extensions": notices}
    assert silent.json() == {"data": {"__typename": "Query"}, "extensions": {"other": 1}}


@pytest.mark.parametrize(
    ("asked", "data"),
    [
        ({}, None),
        ({"onError": None}, None),
        ({"onError": "PROPAGATE"}, None),
        ({"onError": "NULL"}, {"hello": "hello you from ann", "impossible": None}),
    ],
)
async def test_leaves_a_null_where_it_is_when_asked_to(
    client: httpx2.AsyncClient, asked: dict[str, str | None], data: object
) -> None:
    query = "{ hello impossible }"

    posted = await client.post("/graphql", json={"query": query, **asked})
    got = await client.get(
        "/graphql",
        params={"query": query, **{name: value for name, value in asked.items() if value}},
        headers={"GraphQL-Require-Preflight": "1"},
    )

    for response in (posted, got):
        assert response.json()["data"] == data
        assert [each["path"] for each in response.json()["errors"]] == [["impossible"]]
