from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import require_context
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor

from auth.right import Rights, Role, Section
from auth.store import UsernameTakenError, UserProfile, UserStore, UserStoreError
from auth.viewer import CustomerCode
from tests.auth.conftest import APPS

ACME = CustomerCode("acme-global")
ADMIN = UserProfile(username="acme-admin", customer=ACME, email="admin@acme.example")


async def test_knows_a_user_that_was_saved(connection: BaseDBAsyncClient) -> None:
    store = UserStore(connection)

    saved = await store.save(ADMIN)

    found = await store.by_username("acme-admin")
    assert found == saved
    assert (saved.username, saved.customer, saved.email) == ("acme-admin", ACME, "admin@acme.example")
    assert saved.active is True
    assert (saved.accounts, saved.locations, saved.solutions) == (None, None, None)


async def test_keeps_rights_and_gives_none_that_it_was_not_told(connection: BaseDBAsyncClient) -> None:
    store = UserStore(connection)
    clerk = Rights(administrator=True, roles={Section.BILLING: Role.READER})

    nothing = await store.save(ADMIN)
    await store.save(replace(ADMIN, rights=clerk))

    found = await store.by_username("acme-admin")
    assert nothing.rights == Rights()
    assert found is not None
    assert found.rights == clerk
    assert [found.rights.role(each) for each in (Section.BILLING, Section.ORDERS)] == [Role.READER, Role.NONE]


async def test_voids_what_was_issued_and_announces_it(connection: BaseDBAsyncClient, now: datetime) -> None:
    store = UserStore(connection)
    await store.save(ADMIN)
    begin, _ = await store.changes(None)

    await store.void("acme-admin", now + timedelta(milliseconds=300))
    await store.save(replace(ADMIN, email="new@acme.example"))  # which brings nothing back

    found = await store.by_username("acme-admin")
    assert found is not None
    assert found.valid_from == int(now.timestamp()) + 1
    assert (await store.changes(begin))[1] == ["acme-admin"]


async def test_keeps_data_scopes_apart_none_from_empty(connection: BaseDBAsyncClient) -> None:
    store = UserStore(connection)
    clerk = UserProfile(
        username="acme-billing",
        customer=ACME,
        email="billing@acme.example",
        active=False,
        accounts=frozenset({"BA-2", "BA-1"}),
        locations=frozenset(),
    )

    await store.save(clerk)

    found = await store.by_username("acme-billing")
    assert found is not None
    assert found.active is False
    assert found.accounts == frozenset({"BA-1", "BA-2"})
    assert found.locations == frozenset()
    assert found.solutions is None


async def test_gives_none_for_an_unknown_username(connection: BaseDBAsyncClient) -> None:
    store = UserStore(connection)
    await store.save(ADMIN)

    assert await store.by_username("acme-admin'--") is None


async def test_changes_a_user_that_is_saved_again(connection: BaseDBAsyncClient) -> None:
    store = UserStore(connection)
    first = await store.save(ADMIN)

    second = await store.save(UserProfile(username="acme-admin", customer=ACME, email="new@acme.example"))

    assert second.id == first.id
    assert await store.by_username("acme-admin") == second
    assert second.email == "new@acme.example"


async def test_refuses_a_username_of_another_customer_and_leaves_its_user_alone(
    connection: BaseDBAsyncClient,
) -> None:
    store = UserStore(connection)
    saved = await store.save(ADMIN)

    with pytest.raises(UsernameTakenError):
        await store.save(
            UserProfile(username="acme-admin", customer=CustomerCode("baker-retail"), email="x@baker.example")
        )

    assert await store.by_username("acme-admin") == saved


async def test_names_the_failure_when_the_database_fails(connection: BaseDBAsyncClient) -> None:
    await connection.execute_script("ALTER TABLE auth_user RENAME TO elsewhere")

    try:
        with pytest.raises(UserStoreError, match="OperationalError"):
            await UserStore(connection).by_username("acme-admin")
    finally:
        await connection.execute_script("ALTER TABLE elsewhere RENAME TO auth_user")


async def test_gives_up_on_a_database_that_is_too_slow(connection: BaseDBAsyncClient) -> None:
    store = UserStore(connection, seconds=0)

    with pytest.raises(UserStoreError, match="TimeoutError"):
        await store.by_username("acme-admin")


async def test_has_a_migration_for_every_change_of_its_models(connection: BaseDBAsyncClient) -> None:
    apps = require_context().apps
    assert apps is not None

    assert await MigrationAutodetector(apps, APPS).changes() == []
    assert await MigrationExecutor(connection, APPS).plan() == []


async def test_announces_which_users_changed(connection: BaseDBAsyncClient) -> None:
    store = UserStore(connection)
    begin, _ = await store.changes(None)

    for name in ("ann", "bob", "ann"):
        await store.save(
            UserProfile(username=f"{name}-changes", customer=CustomerCode("acme"), email="a@example.com")
        )
    first, names = await store.changes(begin)
    with pytest.raises(UsernameTakenError):
        await store.save(
            UserProfile(username="ann-changes", customer=CustomerCode("baker"), email="a@example.com")
        )

    assert sorted(names) == ["ann-changes", "bob-changes"]
    assert await store.changes(first) == (first, [])
    assert await store.changes(None) == (first, [])
