from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient

from auth.client import Client, ClientError, ClientGrant, ClientKind, CoverageMode
from auth.client_store import SECRET_LIFETIME, ClientStore
from auth.viewer import ClientId, CustomerCode

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ACME = CustomerCode("acme")
ROBOT = Client(
    id=ClientId("robot"),
    name="Robot",
    kind=ClientKind.SERVICE,
    owner="acme",
    scopes=("billing", "incidents:readonly"),
    coverage=CoverageMode.PRUNE,
)


@pytest.fixture
async def store(connection: BaseDBAsyncClient) -> ClientStore:
    await connection.execute_script("DELETE FROM auth_client")
    await connection.execute_script("DELETE FROM auth_client_secret")
    await connection.execute_script("DELETE FROM auth_client_grant")
    await connection.execute_script("DELETE FROM auth_client_change")
    return ClientStore(connection)


async def test_gives_a_client_as_it_was_registered(store: ClientStore) -> None:
    secret = await store.create_client(ROBOT, by="ann", now=NOW)

    found = await store.by_id(ROBOT.id)

    assert found is not None
    assert secret is not None
    assert found.client == ROBOT
    assert found.has_secret(secret, SECONDS + int(SECRET_LIFETIME.total_seconds()) - 1)
    assert not found.has_secret(secret, SECONDS + int(SECRET_LIFETIME.total_seconds()))
    assert secret not in repr(found)


async def test_knows_no_other(store: ClientStore) -> None:
    assert await store.by_id("nobody") is None
    assert await store.by_id("nul\0") is None


async def test_refuses_an_id_that_is_taken(store: ClientStore) -> None:
    await store.create_client(ROBOT, by="ann", now=NOW)

    with pytest.raises(ClientError, match="already"):
        await store.create_client(ROBOT, by="eve", now=NOW)


async def test_has_two_secrets_at_most(store: ClientStore) -> None:
    first = await store.create_client(ROBOT, by="ann", now=NOW)
    second = await store.rotate_secret(ROBOT.id, by="ann", now=NOW, grace=timedelta(days=2))
    two = await store.by_id(ROBOT.id)
    third = await store.rotate_secret(ROBOT.id, by="ann", now=NOW, grace=timedelta(days=2))
    three = await store.by_id(ROBOT.id)

    assert first is not None
    assert two is not None
    assert three is not None
    assert [two.has_secret(each, SECONDS) for each in (first, second)] == [True, True]
    assert [three.has_secret(each, SECONDS) for each in (first, second, third)] == [False, True, True]
    later = SECONDS + 2 * 86_400
    assert [three.has_secret(each, later) for each in (second, third)] == [False, True]


async def test_grants_no_more_than_the_client_may_ask_for(store: ClientStore) -> None:
    await store.create_client(ROBOT, by="ann", now=NOW)
    grant = ClientGrant(customer=ACME, scopes=("billing:readonly",), accounts=frozenset({"A-1"}))

    await store.grant(ROBOT.id, grant, by="ann")
    with pytest.raises(ClientError):
        await store.grant(ROBOT.id, ClientGrant(customer=ACME, scopes=("incidents",)), by="ann")
    with pytest.raises(ClientError):
        await store.grant(ClientId("nobody"), grant, by="ann")

    found = await store.by_id(ROBOT.id)
    assert found is not None
    assert found.grants == {ACME: grant}


async def test_lists_the_clients_that_a_customer_owns_or_grants(store: ClientStore) -> None:
    await store.create_client(ROBOT, by="ann", now=NOW)
    other = Client(id=ClientId("other"), name="Other", kind=ClientKind.SERVICE, scopes=("billing",))
    await store.create_client(other, by="ann", now=NOW)
    await store.grant(other.id, ClientGrant(customer=CustomerCode("baker"), scopes=("billing",)), by="ann")

    assert [each.client.id for each in await store.clients_of(ACME)] == ["robot"]
    assert [each.client.id for each in await store.clients_of(CustomerCode("baker"))] == ["other"]
    assert [each.client.id for each in await store.all()] == ["other", "robot"]


async def test_an_ended_client_has_no_secrets_and_gets_none(store: ClientStore) -> None:
    await store.create_client(ROBOT, by="ann", now=NOW)

    assert await store.revoke_client(ROBOT.id, by="ann")
    assert not await store.revoke_client(ClientId("nobody"), by="ann")
    with pytest.raises(ClientError):
        await store.rotate_secret(ROBOT.id, by="ann", now=NOW)

    found = await store.by_id(ROBOT.id)
    assert found is not None
    assert (found.client.active, found.secrets) == (False, ())


async def test_tells_of_every_change(store: ClientStore) -> None:
    before, _ = await store.changes(None)
    await store.create_client(ROBOT, by="ann", now=NOW)
    after, changed = await store.changes(before)
    await store.grant(ROBOT.id, ClientGrant(customer=ACME, scopes=("billing",)), by="ann")
    newest, again = await store.changes(after)

    assert (changed, again) == (["robot"], ["robot"])
    assert before < after < newest
    assert await store.changes(newest) == (newest, [])


async def test_ensures_a_client_of_our_own_with_the_addresses_of_today(store: ClientStore) -> None:
    page = Client(
        id=ClientId("own"), name="Own", kind=ClientKind.BROWSER, redirect_uris=("http://127.0.0.1:1/",)
    )
    await store.ensure(page, now=NOW)
    moved = Client(
        id=ClientId("own"), name="Own", kind=ClientKind.BROWSER, redirect_uris=("http://127.0.0.1:2/",)
    )

    await store.ensure(moved, now=NOW)

    found = await store.by_id("own")
    assert found is not None
    assert found.client == moved


async def test_leaves_a_client_of_our_own_alone_that_has_the_addresses_of_today(store: ClientStore) -> None:
    scopes = ("portal", "openid")
    page = Client(id=ClientId("own-still"), name="Own", kind=ClientKind.BROWSER, scopes=scopes)
    await store.ensure(page, now=NOW)
    before, _ = await store.changes(None)

    await store.ensure(replace(page, name="Another"), now=NOW)

    assert await store.changes(before) == (before, [])
