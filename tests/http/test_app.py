"""The paths beside ``/graphql``, and what every answer has."""

import asyncio
import re

import httpx2
import pytest

from servicespace.health import Health, Readiness
from servicespace.ide import CONTENT_SECURITY_POLICY
from tests.http.served import FakeApplication


class Server:
    """The server's side of a start and a stop."""

    def __init__(self) -> None:
        self.messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
        self.sent: list[object] = []

    async def receive(self) -> dict[str, str]:
        return next(self.messages)

    async def send(self, message: object) -> None:
        self.sent.append(message)


async def some_down() -> Health:
    return Health({"store": True, "coverage": False}, ["ticketing TMF621 FR"])


async def some_degraded() -> Health:
    return Health({"store": True}, ["billing TMF678", "ticketing TMF621 FR"])


async def failing() -> Health:
    raise ConnectionError("the secret of the store")


async def hanging() -> Health:
    await asyncio.sleep(60)
    return Health({})


async def test_lives(client: httpx2.AsyncClient) -> None:
    response = await client.get("/health/live")

    assert (response.status_code, response.json()) == (200, {"status": "live"})


async def test_is_ready_when_every_part_is_there(client: httpx2.AsyncClient) -> None:
    response = await client.get("/health/ready")

    assert (response.status_code, response.json()) == (
        200,
        {"status": "ready", "systems": {"store": "up", "coverage": "up"}, "degraded": []},
    )


async def test_is_not_ready_when_a_part_is_down() -> None:
    async with FakeApplication(readiness=some_down).client() as client:
        response = await client.get("/health/ready")

    assert (response.status_code, response.json()) == (
        503,
        {
            "status": "not ready",
            "systems": {"store": "up", "coverage": "down"},
            "degraded": ["ticketing TMF621 FR"],
        },
    )


async def test_is_ready_whichever_systems_behind_it_are_in_trouble() -> None:
    async with FakeApplication(readiness=some_degraded).client() as client:
        response = await client.get("/health/ready")

    assert (response.status_code, response.json()) == (
        200,
        {
            "status": "ready",
            "systems": {"store": "up"},
            "degraded": ["billing TMF678", "ticketing TMF621 FR"],
        },
    )


@pytest.mark.parametrize("readiness", [failing, hanging])
async def test_is_not_ready_when_it_cannot_tell(
    readiness: Readiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicespace.health._SECONDS", 0.05)

    async with FakeApplication(readiness=readiness).client() as client:
        response = await client.get("/health/ready")

    assert (response.status_code, response.json()) == (
        503,
        {"status": "not ready", "systems": {}, "degraded": []},
    )


async def test_serves_graphiql_and_every_file_that_it_names(client: httpx2.AsyncClient) -> None:
    page = await client.get("/")

    files = re.findall(r'(?:src|href)="(/graphiql/[^"]+)"', page.text)
    answers = [await client.get(each) for each in files]
    assert len(files) == 7
    assert [each.status_code for each in answers] == [200] * 7


async def test_lets_graphiql_load_nothing_from_elsewhere(client: httpx2.AsyncClient) -> None:
    page = await client.get("/")

    assert page.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert re.findall(r"<script(?![^>]* src=)", page.text) == []
    assert re.findall(r"https?://", page.text) == []
    assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("folder", ["graphiql-3.8.3", "react-18.2.0"])
async def test_ships_the_licence_of_what_it_ships(client: httpx2.AsyncClient, folder: str) -> None:
    licence = await client.get(f"/graphiql/{folder}/LICENSE")

    assert licence.text.splitlines()[0] == "MIT License"


async def test_lets_no_other_origin_in_unless_told(client: httpx2.AsyncClient) -> None:
    body = {"query": "{ __typename }"}

    response = await client.post("/graphql", json=body, headers={"Origin": "https://portal.example"})

    assert "Access-Control-Allow-Origin" not in response.headers


async def test_lets_the_origins_of_the_settings_in() -> None:
    asking = {
        "Origin": "https://portal.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type, coverage-notices",
    }

    async with FakeApplication(origins=["https://portal.example"]).client() as client:
        before = await client.options("/graphql", headers=asking)
        after = await client.post(
            "/graphql", json={"query": "{ __typename }"}, headers={"Origin": "https://portal.example"}
        )
        foreign = await client.options("/graphql", headers={**asking, "Origin": "https://evil.example"})

    assert before.status_code == 200
    assert after.headers["Access-Control-Allow-Origin"] == "https://portal.example"
    assert after.headers["Access-Control-Expose-Headers"] == "ETag, X-Request-Id"
    assert foreign.status_code == 400


async def test_passes_what_is_not_http_on() -> None:
    server = Server()

    await FakeApplication().http()({"type": "lifespan"}, server.receive, server.send)

    assert server.sent == [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]
