"""The embedded store: one database for all embedded systems and for auth, opened, migrated, closed."""

import asyncio
import fcntl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Annotated, Any, Final, TypeAlias

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException
from tortoise.migrations.executor import MigrationExecutor

from auth.session import Session

Connection: TypeAlias = BaseDBAsyncClient
"""The open store, as the systems take it."""

_MODELS: Final = {
    "auth": (
        "auth.store",
        "auth.rule_store",
        "auth.audit",
        "auth.account_store",
        "auth.attempt",
        "auth.browser_session",
        "auth.outbox",
        "auth.client_tables",
    ),
    "ordering": ("sources.ordering.sql",),
    "billing": ("sources.billing.sql",),
    "ticketing": ("sources.ticketing.sql",),
    "inventory": ("sources.inventory.sql",),
    "maintenance": ("sources.maintenance.sql",),
    "intake": ("sources.intake.sql",),
    "parties": ("sources.parties.sql",),
}
"""Each Tortoise app with the modules of its models; its migrations lie beside them."""

APPS: Final = {
    name: {
        "models": list(modules),
        "migrations": f"{modules[0].rpartition('.')[0]}.migrations",
        "default_connection": "default",
    }
    for name, modules in _MODELS.items()
}

TORTOISE: Final = {
    "connections": {
        "default": {"engine": "tortoise.backends.sqlite", "credentials": {"file_path": ":memory:"}}
    },
    "apps": APPS,
}
"""What ``tortoise makemigrations`` reads: the models, with no database behind them."""

CHANNEL: Final = "servicespace_change"
"""Where changes are announced: the channel of PostgreSQL and of Valkey."""
_ANNOUNCING: Final = (
    "ordering_change",
    "parties_change",
    "auth_user_change",
    "auth_coverage_version",
    "auth_client_change",
    "auth_revocation",
    "auth_signing_key",
)
"""The tables that say what changed."""

_ADVISORY_LOCK: Final = 7_137_820_261
"""The key under which PostgreSQL lets one process migrate at a time; any number, but always the same."""


_SQLITE_HEADER: Final = b"SQLite format 3\x00"
"""How every SQLite file begins (its file format, section 1.3)."""


class StoreError(Exception):
    """The store cannot be opened; the message says which, and why."""


class StoreSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the store is: a SQLite ``file``, or PostgreSQL.

    ``host`` is a name or the folder of a socket; ``pool`` bounds the connections (a migration takes two).
    """

    file: str | None = None
    host: str | None = None
    port: int = 5432
    user: str = "servicespace"
    password: str = ""
    database: str = "servicespace"
    pool: Annotated[int, msgspec.Meta(ge=2)] = 8

    @property
    def place(self) -> str:
        """Where the store is, in a few words."""
        return f"{self.host}:{self.port}/{self.database}" if self.host else str(self.file)

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
            "reset": _keep_session,
        }
        return {"engine": "tortoise.backends.asyncpg", "credentials": credentials}


async def _keep_session(_: object) -> None:
    """Leave a session as it is when it goes back to the pool.

    Nothing here changes a session, and asyncpg's own reset costs another round trip for every statement.
    """


@asynccontextmanager
async def open_store(settings: StoreSettings) -> AsyncGenerator[Connection]:
    """Open the store, bring its tables up to date, and close it at the end.

    Two processes may do so at once: one migrates, the other waits and finds nothing to do. Raises
    ``StoreError`` where there is no store to be opened.
    """
    _check_file(settings)
    async with TortoiseContext() as context:
        try:
            connection = await _opened(context, settings)
        except (BaseORMException, OSError) as error:
            message = f"The store at {settings.place} cannot be opened: {error}"
            raise StoreError(message) from error
        yield connection


async def _opened(context: TortoiseContext, settings: StoreSettings) -> Connection:
    await context.init(config={"connections": {"default": settings.connection()}, "apps": APPS})
    connection = context.db()
    async with _alone(settings, connection):
        await MigrationExecutor(connection, APPS).migrate()
    if settings.host is None:
        await _fold_all_letters(connection)
    else:
        async with _alone(settings, connection):
            await _notify_of_changes(connection)
    return connection


def _check_file(settings: StoreSettings) -> None:
    """Refuse a file that is no SQLite database: Tortoise would wait for it without end."""
    file = Path(settings.file or "")
    if settings.host is None and file.is_file() and file.stat().st_size:
        with file.open("rb") as opened:
            begins = opened.read(len(_SQLITE_HEADER))
        if begins != _SQLITE_HEADER:
            message = f"The store at {settings.place} is not a SQLite database; name another with --data."
            raise StoreError(message)


async def _fold_all_letters(connection: Any) -> None:  # noqa: ANN401 - SQLite's own is no part of the type
    """Have SQLite's LOWER fold every letter, as PostgreSQL's does; its own stops at ASCII."""
    driver = connection._connection  # noqa: SLF001 - Tortoise has no public way to the driver
    await driver.create_function("LOWER", 1, _lower, deterministic=True)


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


async def _notify_of_changes(connection: Connection) -> None:
    """Have PostgreSQL tell who listens of every change that is announced, when it is committed."""
    body = f"BEGIN PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL; END"
    await run(
        connection,
        f"CREATE OR REPLACE FUNCTION {CHANNEL}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
    )
    for table in _ANNOUNCING:
        await run(
            connection,
            f"CREATE OR REPLACE TRIGGER {CHANNEL} AFTER INSERT OR UPDATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {CHANNEL}()",
        )


@asynccontextmanager
async def transaction(connection: Connection) -> AsyncGenerator[Connection]:
    """Give a connection on which all is written, or nothing where the block fails.

    Without a deadline: what is loaded may be long, and who migrates may have to wait.
    """
    async with Session(connection, None, None).transaction() as inner:
        if connection.capabilities.dialect == "sqlite":
            # SQLite takes the writer's place with the first write; taken after a read, it may be too late.
            await inner.run("DELETE FROM auth_user WHERE FALSE", [])
        yield inner.connection


async def run(connection: Connection, text: str) -> None:
    """Run a statement for what it does, not for what it gives."""
    untyped: Any = connection  # what its methods give is partly unknown
    await untyped.execute_query(text)


@asynccontextmanager
async def _alone(settings: StoreSettings, connection: Connection) -> AsyncGenerator[None]:
    """Keep other processes from migrating: Tortoise has no lock of its own."""
    if settings.host is not None:
        async with transaction(connection) as holder:  # a session of its own holds the lock
            await run(holder, f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
            yield
    elif settings.file is not None:
        # In a thread: another task of this process may hold the lock, and could not let go of it.
        with await asyncio.to_thread(_locked, Path(f"{settings.file}.migrating")):
            yield
    else:
        yield


def _locked(path: Path) -> IO[str]:
    file = path.open("w")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file
