"""Transactions of the store: whole or nothing, whoever gives up on them when."""

import asyncio

from auth.session import Session
from servicespace.settings import Settings
from servicespace.store import Connection, open_store, run, transaction

_STEPS = 40
"""More turns of the event loop than a transaction takes on a quick machine."""


async def _write(connection: Connection) -> None:
    async with transaction(connection) as inner:
        await run(inner, "INSERT INTO trial VALUES (1)")
        await run(inner, "INSERT INTO trial VALUES (2)")


async def test_who_is_cancelled_at_any_step_holds_up_nobody(empty_store: Settings) -> None:
    async with open_store(empty_store.store) as connection:
        await run(connection, "CREATE TABLE trial (value INTEGER)")
        for steps in range(_STEPS):
            task = asyncio.create_task(_write(connection))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait((task,), timeout=5)
            assert task.done()

        await asyncio.wait_for(_write(connection), 5)

        rows = await Session(connection, 5.0, None).run("SELECT value FROM trial", ())
    values = [each["value"] for each in rows]
    assert values == [1, 2] * (len(values) // 2)
    assert values[-2:] == [1, 2]
