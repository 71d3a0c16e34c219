"""Keys of an operator's own provider, from a real HTTP server on this machine."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import time
from typing import Any

import pytest
from aiohttp import web
from joserfc import jws
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from auth.outside import Outside, OutsideVerifier
from auth.token import UnknownKeyError
from servicespace.outside_keys import MAX_BYTES, RENEWED_EVERY, OutsideKeys
from servicespace.settings import Settings, TokenSettings
from servicespace.wiring import create_app
from tests.servicespace.conftest import fill

OURS = ("/oauth/jwks", "/.well-known/openid-configuration", "/sign-in", "/password/forgotten", "/account")
"""What there is only where we are the provider."""


@dataclass
class Sso:
    """A provider of somebody else's: what it publishes, and how often it was asked."""

    port: int
    keys: list[RSAKey] = field(default_factory=list[RSAKey])
    discovery: dict[str, str] = field(default_factory=dict[str, str])
    answer: web.Response | None = None
    asked: int = 0

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def discover(self, _: web.Request) -> web.Response:
        return web.json_response({"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **self.discovery})

    async def jwks(self, _: web.Request) -> web.Response:
        self.asked += 1
        listed = [each.as_dict(private=False) for each in self.keys]
        secret = {"kty": "oct", "kid": "oct", "k": "c2VjcmV0"}
        return self.answer or web.json_response({"keys": [*listed, secret, {"kty": "new"}, {}]})

    def token(self, **changes: Any) -> str:  # noqa: ANN401 - any claim
        key = self.keys[-1]
        now = int(time())
        claims = {
            "iss": self.issuer,
            "aud": "servicespace",
            "preferred_username": "acme",
            "customer": "acme",
            "iat": now,
            "exp": now + 300,
            **changes,
        }
        header = {"alg": "RS256", "typ": "at+jwt", "kid": key.kid}
        return jws.serialize_compact(header, json.dumps(claims), key, algorithms=["RS256"])


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def made(number: int) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": f"key-{number}"})


@pytest.fixture
async def sso() -> AsyncGenerator[Sso]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        provider = Sso(probe.getsockname()[1], [made(1)])
    application = web.Application()
    application.router.add_get("/.well-known/openid-configuration", provider.discover)
    application.router.add_get("/keys", provider.jwks)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", provider.port).start()
    yield provider
    await runner.cleanup()


def settings_of(sso: Sso, **changes: Any) -> TokenSettings:  # noqa: ANN401 - any setting
    return TokenSettings(issuer=sso.issuer, provider="outside", **changes)


def verifier(sso: Sso) -> OutsideVerifier:
    given = settings_of(sso)
    return OutsideVerifier(
        Outside(
            issuer=given.issuer,
            audience=given.audience,
            username_claim=given.username_claim,
            customer_claim=given.customer_claim,
            customers=given.customers,
            algorithms=given.algorithms,
            types=given.types,
        )
    )


async def test_finds_the_keys_by_discovery(sso: Sso) -> None:
    tokens = verifier(sso)

    assert await OutsideKeys(settings_of(sso), tokens).look()

    assert tokens.verify(sso.token(), datetime.now(UTC)).sub == "acme"


async def test_fetches_anew_for_an_unknown_key_but_not_for_each(sso: Sso) -> None:
    tokens, clock = verifier(sso), Clock()
    keys = OutsideKeys(settings_of(sso, jwks=f"{sso.issuer}/keys"), tokens, clock)
    await keys.look()
    sso.keys.append(made(2))
    token = sso.token()
    with pytest.raises(UnknownKeyError):
        tokens.verify(token, datetime.now(UTC))

    renewed = [await keys.renew() for _ in range(5)]
    clock.now += RENEWED_EVERY
    await keys.renew()

    assert tokens.verify(token, datetime.now(UTC)).customer == "acme"
    assert renewed[0]
    assert sso.asked == 3


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://elsewhere.example"},
        {"jwks_uri": "http://sso.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "https://["},
        {"jwks_uri": "https://[::1"},
        {"jwks_uri": "https://sso.example:port/keys"},
        {"jwks_uri": "https://sso.example:99999/keys"},
        {"jwks_uri": "https://" + "x" * 300 + ".example/keys"},
    ],
)
async def test_believes_no_discovery_of_another(sso: Sso, discovery: dict[str, str]) -> None:
    sso.discovery = discovery

    assert not await OutsideKeys(settings_of(sso), verifier(sso)).look()


@pytest.mark.parametrize("kind", ["redirect", "long", "junk", "error"])
async def test_keeps_the_keys_it_has_when_a_fetch_fails(sso: Sso, kind: str) -> None:
    tokens = verifier(sso)
    keys = OutsideKeys(settings_of(sso), tokens)
    await keys.look()
    answers = {
        "redirect": web.Response(status=302, headers={"Location": f"{sso.issuer}/keys"}),
        "long": web.Response(text='{"keys": []}' + " " * MAX_BYTES),
        "junk": web.Response(text="[]"),
        "error": web.Response(status=500),
    }
    sso.answer = answers[kind]

    assert not await keys.look()

    assert tokens.verify(sso.token(), datetime.now(UTC)).sub == "acme"


async def test_trusts_no_keys_for_longer_than_a_day_without_a_fetch(sso: Sso) -> None:
    tokens, clock = verifier(sso), Clock()
    keys = OutsideKeys(settings_of(sso), tokens, clock)
    await keys.look()
    sso.answer = web.Response(status=500)
    clock.now += 86_401

    await keys.look()

    with pytest.raises(UnknownKeyError):
        tokens.verify(sso.token(), datetime.now(UTC))


async def test_its_users_are_those_of_the_store(sso: Sso, empty_store: Settings) -> None:
    await fill(empty_store)
    settings = Settings(store=empty_store.store, token=settings_of(sso))
    tokens = [sso.token(), sso.token(preferred_username="nobody"), sso.token(customer="other")]

    statuses = await asyncio.to_thread(asked, settings, tokens)

    assert statuses == [200, 401, 401, *[404] * len(OURS)]


def asked(settings: Settings, tokens: list[str]) -> list[int]:
    """Ask GraphQL with each token, then for what our own provider would publish and show."""
    query = {"query": "{ __typename }"}
    with TestClient(create_app(settings)) as client:
        headers = [{"Authorization": f"Bearer {each}"} for each in tokens]
        answers = [client.post("/graphql", json=query, headers=each) for each in headers]
        ours = [client.get(each) for each in OURS]
    return [each.status_code for each in (*answers, *ours)]
