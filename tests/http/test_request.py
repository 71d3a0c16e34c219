"""Requests that are not well-formed: each is refused with its status, and none is an error of ours."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from time import process_time
from typing import Any

import httpx2
import pytest

from tests.http.served import FakeApplication

JSON = {"Content-Type": "application/json"}
PREFLIGHT = {"GraphQL-Require-Preflight": "1"}
VALID = b'{"query": "{ hello }"}'


def extensions(response: httpx2.Response) -> dict[str, Any]:
    (error,) = response.json()["errors"]
    found: dict[str, Any] = error["extensions"]
    del found["requestId"]
    return found


BODIES = {
    "nothing": b"",
    "half a body": VALID[:-1],
    "not JSON": b"query { hello }",
    "not UTF-8": b'{"query": "{ hello(name: \\"\xff\\") }"}',
    "UTF-16": '{"query": "{ hello }"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + VALID,
    "gzip": gzip.compress(VALID),
    "a batch": b"[" + VALID + b"]",
    "an empty batch": b"[]",
    "null": b"null",
    "a number": b"1",
    "a string": b'"{ hello }"',
    "NaN": b'{"query": "{ hello }", "variables": {"n": NaN}}',
    "infinity": b'{"query": "{ hello }", "variables": {"n": Infinity}}',
    "a lone surrogate": b'{"query": "{ hello }", "variables": {"n": "\\ud800"}}',
    "a lone surrogate in the document": b'{"query": "{ hello(name: \\"\\udc00\\") }"}',
    "nested arrays": b'{"query": "{ hello }", "variables": {"n": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
    "nested objects": b'{"n":' * 5_000 + b"1" + b"}" * 5_000,
    "unclosed arrays": b"[" * 60_000,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_refuses_a_malformed_body(client: httpx2.AsyncClient, body: bytes, accept: str) -> None:
    started = process_time()

    response = await client.post("/graphql", content=body, headers={**JSON, "Accept": accept})

    assert response.status_code == 400
    assert extensions(response) == {"code": "BAD_USER_INPUT"}
    assert process_time() - started < 1


PARAMETERS: list[tuple[str, object]] = [
    ("query", None),
    ("query", ""),
    ("query", 0),
    ("query", False),
    ("query", ["{ hello }"]),
    ("query", {"text": "{ hello }"}),
    ("operationName", 0),
    ("operationName", False),
    ("operationName", ["A"]),
    ("variables", "{}"),
    ("variables", 0),
    ("variables", False),
    ("variables", ["n"]),
    ("onError", "HALT"),
    ("onError", ""),
    ("onError", False),
    ("onError", ["NULL"]),
    ("extensions", "{}"),
    ("extensions", []),
    ("extensions", 1.5),
]


@pytest.mark.parametrize(("name", "value"), PARAMETERS)
async def test_refuses_a_parameter_of_a_wrong_type(
    client: httpx2.AsyncClient, name: str, value: object
) -> None:
    response = await client.post("/graphql", json={"query": "query A { hello }", name: value})

    found = extensions(response)
    assert response.status_code == 400
    assert (found["code"], found["path"]) == ("BAD_USER_INPUT", [name])


@pytest.mark.parametrize("name", ["operationName", "variables", "extensions", "unknown"])
async def test_takes_null_for_not_given(client: httpx2.AsyncClient, name: str) -> None:
    response = await client.post("/graphql", json={"query": "{ __typename }", name: None})

    assert response.json() == {"data": {"__typename": "Query"}}


async def test_takes_a_number_beyond_every_type_for_a_wrong_value(client: httpx2.AsyncClient) -> None:
    body = {"query": "query A($n: Int) { tickets(first: $n) }", "variables": {"n": 2**80}}

    response = await client.post(
        "/graphql", json=body, headers={"Accept": "application/graphql-response+json"}
    )

    assert response.status_code == 400
    assert extensions(response) == {
        "code": "BAD_USER_INPUT",
        "path": ["n"],
        "rule": "must be a value of type Int",
    }


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/graphql",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/jsonp",
    ],
)
async def test_refuses_a_body_that_is_not_said_to_be_json(
    client: httpx2.AsyncClient, content_type: str | None
) -> None:
    headers = PREFLIGHT if content_type is None else {**PREFLIGHT, "Content-Type": content_type}

    response = await client.post("/graphql", content=VALID, headers=headers)

    assert (response.status_code, response.headers["Accept-Post"]) == (415, "application/json")
    assert extensions(response) == {"code": "BAD_USER_INPUT"}


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; Charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/json; v=1",
    ],
)
async def test_takes_a_body_that_is_said_to_be_json(client: httpx2.AsyncClient, content_type: str) -> None:
    response = await client.post("/graphql", content=VALID, headers={"Content-Type": content_type})

    assert response.status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip", "nonsense"])
async def test_refuses_a_body_that_is_said_to_be_compressed(
    client: httpx2.AsyncClient, encoding: str
) -> None:
    response = await client.post("/graphql", content=VALID, headers={**JSON, "Content-Encoding": encoding})

    assert response.status_code == 400


async def pieces(body: bytes, seconds: float = 0) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 10):
        await asyncio.sleep(seconds)
        yield body[start : start + 10]


@pytest.mark.parametrize("chunked", [False, True])
async def test_refuses_a_body_that_is_too_large(*, chunked: bool) -> None:
    body = VALID + b" " * (101 - len(VALID))

    async with FakeApplication(max_body_size=100).client() as client:
        content = pieces(body) if chunked else body
        response = await client.post("/graphql", content=content, headers=JSON)
        largest = await client.post("/graphql", content=body[:100], headers=JSON)

    assert (response.status_code, largest.status_code) == (413, 200)
    assert response.json()["errors"][0]["message"] == "The body is larger than 100 bytes."


async def test_refuses_a_body_of_a_length_beyond_reading(client: httpx2.AsyncClient) -> None:
    headers = {**JSON, "Content-Length": "9" * 5_000}

    response = await client.post("/graphql", content=VALID, headers=headers)

    assert response.status_code == 413


async def test_refuses_a_body_that_is_too_slow() -> None:
    async with FakeApplication(body_seconds=0.05).client() as client:
        response = await client.post("/graphql", content=pieces(VALID, 0.04), headers=JSON)

    assert (response.status_code, response.headers["Connection"]) == (408, "close")
    assert response.json()["errors"][0]["message"] == "The body did not arrive within 0.05 seconds."


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "query=",
        "query={hello}&query={hello}",
        "query={hello}&variables={",
        "query={hello}&variables=[]",
        "query={hello}&variables=%22%5Cud800%22",
        "query={hello}&extensions=1",
        "query={hello}&onError=null",
        "query=%7Bhello(name:%22%ff%22)%7D",
        "query=%ed%a0%80",
        "&".join(f"a{i}=1" for i in range(200)),
    ],
)
async def test_refuses_malformed_parameters_of_the_address(
    client: httpx2.AsyncClient, parameters: str
) -> None:
    response = await client.get(f"/graphql?{parameters}", headers=PREFLIGHT)

    assert response.status_code == 400
    assert extensions(response)["code"] == "BAD_USER_INPUT"


async def test_refuses_parameters_of_the_address_that_are_too_long() -> None:
    async with FakeApplication(max_body_size=100).client() as client:
        response = await client.get(
            "/graphql", params={"query": "{" + "hello " * 20 + "}"}, headers=PREFLIGHT
        )

    assert response.status_code == 414
