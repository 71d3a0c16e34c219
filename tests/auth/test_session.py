"""Statements with a deadline, and transactions that are whole or nothing, whoever gives up on them when."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import Any

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient

from auth.account import AccountStoreError
from auth.session import Session

_STEPS = 30
"""More turns of the event loop than a transaction takes on a quick machine."""


@pytest.fixture
def session(connection: BaseDBAsyncClient) -> Session:
    """Give the way into the tables."""
    return Session(connection, 2.0, AccountStoreError)


async def _write(session: Session, name: str) -> None:
    async with session.transaction() as inner:
        await inner.run("INSERT INTO auth_trial (name) VALUES (?)", (name,))
        await inner.run("INSERT INTO auth_trial (name) VALUES (?)", (f"{name}, too",))


async def _names(session: Session) -> list[str]:
    return [each["name"] for each in await session.run("SELECT name FROM auth_trial", ())]


@pytest.fixture
async def table(session: Session) -> AsyncGenerator[None]:
    """Have a table to write to."""
    await session.run("CREATE TABLE auth_trial (name TEXT)", ())
    yield
    await session.run("DROP TABLE auth_trial", ())


@pytest.mark.usefixtures("table")
async def test_who_is_cancelled_at_any_step_of_a_transaction_holds_up_nobody(session: Session) -> None:
    for steps in range(_STEPS):
        task = asyncio.create_task(_write(session, str(steps)))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait((task,), timeout=5)
        assert task.done()
        names = await _names(session)
        assert (str(steps) in names) == (f"{steps}, too" in names)
    await _write(session, "last")
    assert "last, too" in await _names(session)


@pytest.mark.usefixtures("table")
async def test_one_that_fails_leaves_nothing(session: Session) -> None:
    with pytest.raises(ZeroDivisionError):
        await _fail(session, "never")
    assert await _names(session) == []


async def _fail(session: Session, name: str) -> None:
    async with session.transaction() as inner:
        await inner.run("INSERT INTO auth_trial (name) VALUES (?)", (name,))
        raise ZeroDivisionError


@pytest.mark.parametrize("step", ["begin", "commit"])
@pytest.mark.usefixtures("table")
async def test_a_database_that_does_not_answer_is_a_failure_with_a_name(
    connection: BaseDBAsyncClient, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = Session(connection, 0.2, AccountStoreError)
    _hang(connection, step, monkeypatch)
    with pytest.raises(AccountStoreError, match="TimeoutError"):
        await _write(hasty, "slow")
    monkeypatch.undo()
    await _write(hasty, "quick")
    assert await _names(hasty) == ["quick", "quick, too"]


def _hang(connection: BaseDBAsyncClient, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begin: Callable[[], Any] = connection._in_transaction  # noqa: SLF001 - what the session begins by  # pyright: ignore[reportPrivateUsage] - see there
    monkeypatch.setattr(connection, "_in_transaction", partial(_hanging, begin, step, monkeypatch))


def _hanging(begin: Callable[[], Any], step: str, monkeypatch: pytest.MonkeyPatch) -> object:
    transaction = begin()
    inner = transaction.connection if hasattr(transaction, "connection") else transaction.client
    monkeypatch.setattr(inner, step, _never)
    return transaction


async def _never() -> None:
    await asyncio.get_running_loop().create_future()
