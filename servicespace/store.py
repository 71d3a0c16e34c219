"""The embedded store: one database for all embedded systems and for auth, opened and migrated."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext

APPS: Final = {
    "ordering": "sources.ordering",
}
"""Each system's models and migrations, by Tortoise app."""


class StoreSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the store is: a SQLite file, or PostgreSQL.

    ``file`` is a path; the rest are PostgreSQL's, with ``host`` a name or the folder of a socket. ``pool`` bounds
    the connections.
    """

    file: str | None = None
    host: str | None = None
    port: int = 5432
    user: str = "servicespace"
    password: str = ""
    database: str = "servicespace"
    pool: int = 8

    def connection(self) -> dict[str, Any]:
        """Give Tortoise's description of the connection."""
        if self.host is None:
            pragmas = {"synchronous": "NORMAL", "busy_timeout": 10_000, "cache_size": -65_536}
            return {
                "engine": "tortoise.backends.sqlite",
                "credentials": {"file_path": self.file or ":memory:", **pragmas},
            }
        credentials = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "database": self.database,
            "minsize": 1,
            "maxsize": self.pool,
            "command_timeout": 60,
        }
        return {"engine": "tortoise.backends.asyncpg", "credentials": credentials}


@asynccontextmanager
async def open_store(settings: StoreSettings) -> AsyncIterator[BaseDBAsyncClient]:
    """Open the store, bring its tables up to date, and close it at the end."""
    apps = {
        name: {"models": [f"{package}.sql"], "default_connection": "default", "migrations": f"{package}.migrations"}
        for name, package in APPS.items()
    }
    async with TortoiseContext() as context:
        await context.init(config={"connections": {"default": settings.connection()}, "apps": apps})
        await context.generate_schemas()
        yield context.db()
