"""``/schema.graphql``: everybody's, and one's own."""

from collections.abc import AsyncIterator
from hashlib import sha256

import httpx2
import pytest

from tests.http.served import SDL, TOKEN, FakeApplication, Own

OWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
async def client(application: FakeApplication) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a client without a token."""
    transport = httpx2.ASGITransport(app=application.http())
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_publishes_the_schema(client: httpx2.AsyncClient) -> None:
    response = await client.get("/schema.graphql")

    assert (response.status_code, response.text) == (200, SDL)
    assert response.headers["ETag"] == f'"{sha256(SDL.encode()).hexdigest()[:32]}"'
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["Vary"] == "Authorization"


@pytest.mark.parametrize("known", ["{0}", "W/{0}", '"other", {0}', "*"])
@pytest.mark.parametrize("headers", [{}, OWN])
async def test_does_not_send_the_schema_to_who_has_it(
    client: httpx2.AsyncClient, known: str, headers: dict[str, str]
) -> None:
    etag = (await client.get("/schema.graphql", headers=headers)).headers["ETag"]

    response = await client.get("/schema.graphql", headers={**headers, "If-None-Match": known.format(etag)})

    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", etag)
    assert response.headers["Vary"] == "Authorization"


async def test_sends_the_schema_to_who_has_another(client: httpx2.AsyncClient) -> None:
    response = await client.get("/schema.graphql", headers={"If-None-Match": '"other"'})

    assert response.text == SDL


async def test_gives_who_has_a_token_its_own_schema_which_no_one_else_may_keep(
    client: httpx2.AsyncClient,
) -> None:
    response = await client.get("/schema.graphql", headers=OWN)

    assert (response.status_code, response.text) == (200, Own().sdl)
    assert response.headers["ETag"] == Own().etag
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Vary"] == "Authorization"


@pytest.mark.parametrize("headers", [{}, OWN, {"Authorization": "Bearer bad"}])
async def test_gives_the_published_schema_to_whoever_asks_for_it(
    client: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    response = await client.get("/schema.graphql?view=published", headers=headers)

    assert (response.status_code, response.text) == (200, SDL)


@pytest.mark.parametrize("query", ["view=own", "view=", "view=published&view=own"])
async def test_says_which_views_there_are(client: httpx2.AsyncClient, query: str) -> None:
    response = await client.get(f"/schema.graphql?{query}", headers=OWN)

    assert response.status_code == 400
    error = response.json()["errors"][0]
    assert error["message"] == "The parameter view must be published, or absent."
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("authorization", ["Bearer bad", "Basic YTpi", ""])
async def test_refuses_a_bad_token_and_does_not_take_it_for_none(
    client: httpx2.AsyncClient, authorization: str
) -> None:
    response = await client.get("/schema.graphql", headers={"Authorization": authorization})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_shows_no_schema_where_coverage_cannot_be_told(client: httpx2.AsyncClient) -> None:
    response = await client.get("/schema.graphql", headers={"Authorization": "Bearer nobody-knows"})

    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "COVERAGE_UNAVAILABLE"


async def test_tells_nothing_of_an_error_of_ours(client: httpx2.AsyncClient) -> None:
    response = await client.get("/schema.graphql", headers={"Authorization": "Bearer broken"})

    assert response.status_code == 500
    assert "secret" not in response.text


@pytest.mark.parametrize("headers", [{}, OWN])
async def test_answers_head(client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    got = await client.get("/schema.graphql", headers=headers)

    response = await client.head("/schema.graphql", headers=headers)

    assert response.status_code == 200
    assert response.headers["ETag"] == got.headers["ETag"]
    assert response.headers["Content-Length"] == str(len(got.content))
