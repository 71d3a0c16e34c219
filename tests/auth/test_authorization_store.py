import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient

from auth.audit import AuditAction, AuditLog
from auth.authorization_store import Authorization, AuthorizationStore, Code, Ending, SpentError
from auth.client import hashed
from auth.revocation import RevocationStore
from auth.viewer import ClientId, CustomerCode
from tests.auth.conftest import open_database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ENDING = Ending(action=AuditAction.AUTHORIZATION_ENDED, actor="ann", source="", until=SECONDS + 600, now=NOW)


def authorization(sid: str, session: str = "s-1", expires_in: int = 100) -> Authorization:
    return Authorization(
        id=sid,
        client=ClientId("page"),
        username="ann",
        customer=CustomerCode("acme"),
        scope="openid portal offline_access",
        session=session,
        authenticated_at=SECONDS - 10,
        methods=("pwd", "otp"),
        created_at=SECONDS,
        used_at=SECONDS,
        expires_at=SECONDS + expires_in,
    )


def code(sid: str) -> Code:
    return Code(
        hash=hashed(f"code of {sid}"),
        sid=sid,
        redirect_uri="https://app.example/back",
        challenge="c",
        nonce="",
        expires_at=SECONDS + 60,
    )


@pytest.fixture
async def store(connection: BaseDBAsyncClient) -> AuthorizationStore:
    await connection.execute_script("DELETE FROM auth_authorization")
    await connection.execute_script("DELETE FROM auth_code")
    await connection.execute_script("DELETE FROM auth_refresh_token")
    await connection.execute_script("DELETE FROM auth_consent")
    await connection.execute_script("DELETE FROM auth_revocation")
    return AuthorizationStore(connection)


async def test_gives_what_was_authorized(store: AuthorizationStore) -> None:
    await store.authorize(authorization("a"), code("a"), source="127.0.0.1")

    assert await store.by_id("a") == authorization("a")
    assert await store.code("code of a") == code("a")
    assert await store.by_id("b") is None
    assert await store.code("code of b") is None
    assert await store.refresh_token("none") is None


async def test_old_codes_are_found_by_their_authorization(
    store: AuthorizationStore, connection: BaseDBAsyncClient
) -> None:
    await store.authorize(authorization("a"), code("a"), source="")
    lite = connection.capabilities.dialect == "sqlite"
    explain = "EXPLAIN QUERY PLAN" if lite else "EXPLAIN"

    opened: Any = connection
    async with opened._in_transaction() as inner:  # noqa: SLF001 - as ``auth.session`` does
        if not lite:  # a table of one row is read whole, if that is not forbidden
            await inner.execute_script("SET LOCAL enable_seqscan = off")
        _, rows = await inner.execute_query(f"{explain} SELECT * FROM auth_code WHERE sid = 'a'")  # noqa: S608 - a constant
        plan = " ".join(str(value) for each in rows for value in dict(each).values())

    assert "SEARCH auth_code USING INDEX" in plan or "Index Scan" in plan, plan


async def test_a_code_is_exchanged_once(store: AuthorizationStore) -> None:
    await store.authorize(authorization("a"), code("a"), source="")

    await store.exchange(code("a"), "refresh", SECONDS)
    with pytest.raises(SpentError):
        await store.exchange(code("a"), "another", SECONDS)

    kept = await store.refresh_token("refresh")
    assert kept is not None
    assert (kept.sid, kept.used_at) == ("a", None)
    assert await store.refresh_token("another") is None


async def test_of_many_who_send_one_refresh_token_at_once_one_gets_the_next(
    store: AuthorizationStore, database: Mapping[str, Any]
) -> None:
    await store.authorize(authorization("a"), code("a"), source="")
    await store.exchange(code("a"), "first", SECONDS)
    token = await store.refresh_token("first")
    assert token is not None

    async with AsyncExitStack() as opened:
        stores = [
            AuthorizationStore(await opened.enter_async_context(open_database(database))) for _ in range(3)
        ]
        done = await asyncio.gather(
            *(each.rotate(token, f"next {n}", SECONDS) for n, each in enumerate(stores)),
            return_exceptions=True,
        )

    assert sorted(type(each).__name__ for each in done) == ["NoneType", "SpentError", "SpentError"]
    successors = [await store.refresh_token(f"next {n}") for n in range(3)]
    assert [each is not None for each in successors] == [each is None for each in done]


async def test_an_authorization_that_ended_gives_nothing_more(store: AuthorizationStore) -> None:
    await store.authorize(authorization("a"), code("a"), source="")
    await store.exchange(code("a"), "first", SECONDS)
    token = await store.refresh_token("first")
    assert token is not None

    await store.end("a", ENDING)

    with pytest.raises(SpentError):
        await store.rotate(token, "next", SECONDS)
    found = await store.by_id("a")
    assert found is not None
    assert not found.active


async def test_whoever_signs_out_ends_all_of_its_session_and_no_other(
    store: AuthorizationStore, connection: BaseDBAsyncClient
) -> None:
    for sid, session in (("a", "s-1"), ("b", "s-1"), ("c", "s-2")):
        await store.authorize(authorization(sid, session), code(sid), source="")

    await store.end_session("s-1", ENDING)

    found = [await store.by_id(each) for each in "abc"]
    assert [each.active for each in found if each is not None] == [False, False, True]
    _, revoked = await RevocationStore(connection).changes(None)
    assert sorted(revoked) == [f"{SECONDS + 600} sid:a", f"{SECONDS + 600} sid:b"]
    lines = await AuditLog(connection).newest("acme", limit=2)
    assert [each.event.action for each in lines] == [AuditAction.AUTHORIZATION_ENDED] * 2


async def test_forgets_what_has_expired(store: AuthorizationStore) -> None:
    await store.authorize(authorization("old", expires_in=-1), code("old"), source="")

    await store.authorize(authorization("new"), code("new"), source="")

    assert await store.by_id("old") is None
    assert await store.code("code of old") is None
    assert await store.by_id("new") is not None
