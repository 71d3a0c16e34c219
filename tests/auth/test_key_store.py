from datetime import UTC, datetime, timedelta

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient

from auth.key_store import PUBLISHED, TRUSTED, KeyStore, Ring

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
