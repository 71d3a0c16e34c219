from datetime import UTC, datetime

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient

from auth.revocation import RevocationStore, Revoked, of_authorization, of_token

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = int(NOW.timestamp()) + 600


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def store(connection: BaseDBAsyncClient) -> RevocationStore:
    await connection.execute_script("DELETE FROM auth_revocation")
    return RevocationStore(connection)


async def test_tells_what_was_revoked_since(store: RevocationStore) -> None:
    await store.revoke([of_token("a")], LATER, NOW)
    epoch, everything = await store.changes(None)
    await store.revoke([of_authorization("b")], LATER, NOW)
    newest, since = await store.changes(epoch)

    assert everything == [f"{LATER} jti:a"]
    assert since == [f"{LATER} sid:b"]
    assert await store.changes(newest) == (newest, [])


async def test_forgets_what_has_expired_by_itself(store: RevocationStore) -> None:
    await store.revoke([of_token("old")], int(NOW.timestamp()) - 1, NOW)
    await store.revoke([of_token("new")], LATER, NOW)

    assert (await store.changes(None))[1] == [f"{LATER} jti:new"]


async def test_a_longer_revocation_is_not_shortened(store: RevocationStore) -> None:
    await store.revoke([of_token("a")], LATER, NOW)
    await store.revoke([of_token("a")], LATER - 300, NOW)

    assert (await store.changes(None))[1] == [f"{LATER} jti:a"]


async def test_asks_the_store_unless_its_changes_are_followed(store: RevocationStore) -> None:
    clock = Clock()
    revoked = Revoked(store, clock=clock)
    await store.revoke([of_token("a")], LATER, NOW)
    lost = await revoked.holds("a", "")

    revoked.trust_until(2.0)
    trusted = await revoked.holds("a", "")
    revoked.forget(f"{LATER} jti:a")
    told = await revoked.holds("a", ""), await revoked.holds("b", "a")
    clock.now = 2.0

    assert (lost, trusted, told) == (True, False, (True, False))
    assert await revoked.holds("a", "")
    assert not await revoked.holds("b", "a")
