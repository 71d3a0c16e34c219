"""Subscriptions over a real socket, as the clients of ``graphql-sse`` speak (distinct connections mode)."""

import asyncio
import json
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import httpx2
import pytest

from auth.key_store import KeyStore
from auth.revocation import RevocationStore, of_token
from auth.token import TokenVerifier
from servicespace.settings import Settings
from servicespace.store import open_store
from tests.servicespace.test_changes_at_run_time import WITHIN, order
from tests.serving import serving

QUERY: Final = "subscription { coverage { feature state } }"


@pytest.fixture
def address(filled: tuple[Settings, dict[str, str]]) -> Iterator[str]:
    """Give the address of a server over a store with two customers."""
    with serving(filled[0]) as address:
        yield address


@contextmanager
def streamed(address: str, token: str, query: str, seconds: float = 20) -> Generator[httpx2.Response]:
    """Give an answer that is open; *seconds* is how long it may be silent."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    with (
        httpx2.Client(timeout=seconds) as client,
        client.stream("POST", f"{address}/graphql", json={"query": query}, headers=headers) as response,
    ):
        yield response


def events(response: httpx2.Response) -> Iterator[tuple[str, Any]]:
    """Give the events as they come, comments left out."""
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        if line.startswith("data:"):
            text = line.removeprefix("data:").strip()
            yield name, json.loads(text) if text else None


def state(payload: Any, feature: str) -> str:  # noqa: ANN401 - JSON
    """Give how far a feature is covered."""
    return str(next(each["state"] for each in payload["data"]["coverage"] if each["feature"] == feature))


def test_tells_at_once_and_again_within_a_second_of_an_order(
    address: str, filled: tuple[Settings, dict[str, str]]
) -> None:
    settings, tokens = filled
    with streamed(address, tokens["acme"], QUERY) as response:
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        coming = events(response)
        name, first = next(coming)
        asyncio.run(order(settings))
        began = time.monotonic()
        _, second = next(coming)

        assert time.monotonic() - began <= WITHIN
        assert (name, state(first, "MAINTENANCE"), state(second, "MAINTENANCE")) == ("next", "ALL", "SOME")


def test_ends_within_a_second_when_the_token_is_revoked(
    address: str, filled: tuple[Settings, dict[str, str]]
) -> None:
    settings, tokens = filled
    with streamed(address, tokens["acme"], QUERY) as response:
        coming = events(response)
        next(coming)
        asyncio.run(revoke(settings, tokens["acme"]))
        began = time.monotonic()
        rest = [name for name, _ in coming]

        assert time.monotonic() - began <= WITHIN
        assert rest == ["complete"]


async def revoke(settings: Settings, token: str) -> None:
    """Revoke one access token."""
    async with open_store(settings.store) as connection:
        trusted = await KeyStore(connection).trusted(datetime.now(UTC))
        verifier = TokenVerifier(trusted, settings.token.issuer, settings.token.audience)
        claims = verifier.verify(token, datetime.now(UTC))
        await RevocationStore(connection).revoke([of_token(claims.jti)], claims.exp, datetime.now(UTC))


def test_tells_another_customer_nothing(address: str, filled: tuple[Settings, dict[str, str]]) -> None:
    settings, tokens = filled
    with streamed(address, tokens["other"], QUERY, seconds=2 * WITHIN) as response:
        coming = events(response)
        next(coming)
        asyncio.run(order(settings))

        with pytest.raises(httpx2.ReadTimeout):
            next(coming)


def test_a_query_is_one_event(address: str, filled: tuple[Settings, dict[str, str]]) -> None:
    with streamed(address, filled[1]["acme"], "{ viewer { username } }") as response:
        assert list(events(response)) == [
            ("next", {"data": {"viewer": {"username": "acme"}}}),
            ("complete", None),
        ]


def test_a_wrong_document_is_told_in_the_stream(
    address: str, filled: tuple[Settings, dict[str, str]]
) -> None:
    with streamed(address, filled[1]["acme"], "subscription { gone }") as response:
        (_, told), last = events(response)

    assert told["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert last == ("complete", None)


def test_nobody_without_a_token_is_told_anything(address: str) -> None:
    with streamed(address, "wrong", QUERY) as response:
        assert response.status_code == 401


def test_a_subscription_without_a_stream_says_how_it_is_asked_for(
    address: str, filled: tuple[Settings, dict[str, str]]
) -> None:
    headers = {"Authorization": f"Bearer {filled[1]['acme']}"}

    answer = httpx2.post(f"{address}/graphql", json={"query": QUERY}, headers=headers).json()

    assert answer["errors"][0]["message"] == "Ask for a subscription with `Accept: text/event-stream`."
