"""How long signing in takes, at the real cost of passwords: run by ``make test-long``."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from hypothesis import settings

from auth.account import Visit
from auth.password_hash import Passwords
from auth.sign_in import SignIn
from tests.auth.accounts import PASSWORD, Accounts, accounts_over
from tests.auth.conftest import open_database

TRIES = 200


@pytest.fixture
async def dear(tmp_path: Path) -> AsyncGenerator[tuple[Accounts, SignIn]]:
    """Give ann and locked, and a way to sign in at the real cost."""
    if settings.get_current_profile_name() != "long":
        pytest.skip("takes minutes: make test-long")
    database = {
        "engine": "tortoise.backends.sqlite",
        "credentials": {"file_path": str(tmp_path / "store.db")},
    }
    async with open_database(database) as connection:
        passwords = Passwords()
        made = accounts_over(connection)
        made.recovery._passwords = passwords  # noqa: SLF001 - hashed at the real cost # pyright: ignore[reportPrivateUsage] - see there
        await made.active("ann", datetime.now(UTC))
        await made.active("locked", datetime.now(UTC))
        yield made, SignIn(connection, passwords)
        passwords.close()


async def test_unknown_wrong_and_locked_take_the_same_time(dear: tuple[Accounts, SignIn]) -> None:
    accounts, sign_in = dear
    taken: dict[str, list[float]] = {"nobody": [], "ann": [], "locked": []}

    for number in range(TRIES):
        now = datetime.now(UTC)
        await accounts.connection.execute_script("DELETE FROM auth_attempt")
        await accounts.session.run(
            "INSERT INTO auth_attempt (name, failures, locks, locked_until, at) VALUES (?, 0, 1, ?, 0)",
            ["account:locked", int(now.timestamp()) + 60],
        )
        for name, times in taken.items():
            began = perf_counter()
            password = PASSWORD if name == "locked" else "wrong"
            assert await sign_in.sign_in(name, password, Visit(source=f"192.0.2.{number}"), now) is None
            times.append(perf_counter() - began)

    medians = {name: median(times) for name, times in taken.items()}
    print({name: round(each * 1_000, 1) for name, each in medians.items()})  # noqa: T201 - the measurement
    assert max(medians.values()) <= min(medians.values()) * 1.05
    assert 0.1 <= medians["ann"] <= 0.4


async def test_twenty_at_once_leave_the_event_loop_free(dear: tuple[Accounts, SignIn]) -> None:
    _, sign_in = dear
    now = datetime.now(UTC)
    delays: list[float] = []
    homes = [Visit(source=f"192.0.2.{number}") for number in range(20)]
    trying = [asyncio.create_task(sign_in.sign_in("ann", PASSWORD, each, now)) for each in homes]

    while not all(each.done() for each in trying):
        began = perf_counter()
        await asyncio.sleep(0.005)
        delays.append(perf_counter() - began - 0.005)

    ranked = sorted(delays)
    print(f"p50 {ranked[len(ranked) // 2] * 1e3:.1f} ms, worst {ranked[-1] * 1e3:.1f} ms")  # noqa: T201 - the measurement
    assert ranked[len(ranked) * 99 // 100] < 0.05
