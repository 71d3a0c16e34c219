import asyncio
import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey
from tortoise.backends.base.client import BaseDBAsyncClient

from auth.key_store import PUBLISHED, TRUSTED, KeyStore, Ring
from auth.token import TokenVerifier, issue_token
from auth.viewer import CustomerCode
from tests.auth.conftest import open_database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
async def store(connection: BaseDBAsyncClient) -> KeyStore:
    return KeyStore(connection)


def kids(ring: Ring) -> list[str | None]:
    return [each.kid for each in ring.trusted]


async def test_the_first_key_is_made_when_it_is_needed(store: KeyStore) -> None:
    ring = await store.ring(NOW)

    assert kids(ring) == [ring.signing.kid]
    assert not any(each.is_private for each in ring.trusted)
    assert await store.ring(NOW) == ring


async def test_the_next_key_is_published_before_it_signs(store: KeyStore) -> None:
    before = await store.ring(NOW)
    assert await store.publish_next(NOW, "operator:ann")
    assert not await store.publish_next(NOW, "operator:ann")

    published = await store.ring(NOW + PUBLISHED - timedelta(seconds=1))
    after = await store.ring(NOW + PUBLISHED)

    assert (published.signing.kid, kids(published)[0]) == (before.signing.kid, before.signing.kid)
    assert len(kids(published)) == 2
    assert (after.signing.kid, kids(after)) == (kids(published)[1], kids(published))


async def test_the_old_key_is_trusted_until_what_it_signed_has_expired(store: KeyStore) -> None:
    old = (await store.ring(NOW)).signing.kid
    await store.rotate_now(NOW, "operator:ann")

    during = await store.ring(NOW + TRUSTED - timedelta(seconds=1))
    after = await store.ring(NOW + TRUSTED + timedelta(seconds=1))

    assert during.signing.kid != old
    assert old in kids(during)
    assert kids(after) == [after.signing.kid]


async def test_a_compromised_key_is_trusted_no_more(store: KeyStore) -> None:
    old = (await store.ring(NOW)).signing.kid

    await store.rotate_now(NOW, "operator:ann", compromised=True)

    ring = await store.ring(NOW + timedelta(seconds=1))
    assert old not in kids(ring)
    assert kids(ring) == [ring.signing.kid]


async def test_makes_one_signing_key_and_keeps_it(connection: BaseDBAsyncClient) -> None:
    store = KeyStore(connection)

    first = await store.signing()
    second = await store.signing()

    assert first.as_dict(private=True) == second.as_dict(private=True)
    assert first.curve_name == "P-256"
    assert first.kid == first.thumbprint()


async def test_makes_one_key_for_many_who_ask_first_at_once(
    connection: BaseDBAsyncClient, database: Mapping[str, Any]
) -> None:
    async with AsyncExitStack() as stack:
        others = [await stack.enter_async_context(open_database(database)) for _ in range(3)]

        keys = await asyncio.gather(*(KeyStore(each).signing() for each in [connection, *others]))

        stored = await KeyStore(connection).trusted(NOW)
    assert [each.kid for each in keys] == [keys[0].kid] * 4
    assert [each.kid for each in stored] == [keys[0].kid]


async def test_gives_no_public_keys_before_the_first_use(connection: BaseDBAsyncClient) -> None:
    keys = await KeyStore(connection).trusted(NOW)

    assert list(keys) == []


async def test_verifies_with_its_public_keys_what_its_signing_key_signed(
    connection: BaseDBAsyncClient, now: datetime
) -> None:
    store = KeyStore(connection)
    token = issue_token(
        await store.signing(),
        issuer="https://portal.example",
        audience="servicespace",
        subject="acme-admin",
        customer=CustomerCode("acme"),
        client_id="servicespace",
        scope="portal",
        now=now,
    )

    keys = await store.trusted(NOW)

    assert TokenVerifier(keys, "https://portal.example", "servicespace").verify(token, now).customer == "acme"
    assert [each.is_private for each in keys] == [False]


async def test_leaves_a_retired_key_and_signs_with_a_new_one(connection: BaseDBAsyncClient) -> None:
    store = KeyStore(connection)
    retired = await store.signing()
    await connection.execute_script(
        "UPDATE auth_signing_key SET role = NULL, retired_at = '2026-03-01 12:00:00+00:00'"
    )

    current = await store.signing()

    assert current.kid != retired.kid
    assert [each.kid for each in await store.trusted(NOW)] == [current.kid]


async def test_shows_no_private_key_in_a_log_or_a_repr(
    connection: BaseDBAsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    key = await KeyStore(connection).signing()

    private = str(key.as_dict(private=True).get("d"))
    logged = [each for each in caplog.messages if each.startswith("INSERT INTO auth_signing_key")]
    assert [each.count("'***'") for each in logged] == [1]
    assert private not in caplog.text
    assert private not in repr(key)


async def test_loads_the_key_that_it_stored_with_its_use(connection: BaseDBAsyncClient) -> None:
    key = await KeyStore(connection).signing()

    jwk = key.as_dict(private=False)

    assert isinstance(key, ECKey)
    assert (jwk.get("use"), jwk.get("alg"), jwk.get("kid")) == ("sig", "ES256", key.kid)
