"""One system's way into the embedded database, through Tortoise ORM's connection."""

import asyncio
from collections.abc import Sequence
from typing import Any

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.indexes import Index

from sources.condition import Link
from sources.errors import SourceTimeoutError, SourceUnavailableError
from sources.part import Parts
from sources.statement import Dialect, Postgres, Sql, Sqlite


class Row:
    """What every table of the embedded systems has: the tenant and the id, unique together, tenant first."""

    serial = fields.BigIntField(primary_key=True)
    customer = fields.CharField(64)
    id = fields.CharField(128)


def index(*columns: str) -> Index:
    """Give the index that serves lists by *columns* within a tenant, in keyset order."""
    return Index(fields=("customer", *columns, "id"))


class LinkRow:
    """What every table of a Link has: the tenant, beside the owner's id and the key."""

    serial = fields.BigIntField(primary_key=True)
    customer = fields.CharField(64)


def link_indexes(link: Link, *more: str) -> tuple[Index, Index]:
    """Give the indexes that serve *link* by key, in its order, and by owner.

    *more* columns belong to the key.
    """
    key = (link.column, *more)
    return (
        Index(fields=("customer", *key, *link.sorts, link.owner)),
        Index(fields=("customer", link.owner, *key)),
    )


def part_indexes(parts: Parts) -> tuple[Index, ...]:
    """Give the indexes that serve *parts* by each of their keys, in the rows' order, and by owner.

    The last has all that may be asked of one part, the worst first to be found.
    """
    by_key = (Index(fields=("customer", key, *parts.sorts, parts.owner)) for key in parts.keys)
    return (*by_key, Index(fields=("customer", parts.owner, "rank", *parts.keys)))


class Database:
    """The embedded database as one system uses it.

    ``seconds`` bounds every read, the wait for a connection included (Tortoise sets no bound). Past it,
    ``SourceTimeoutError``; where the database fails, ``SourceUnavailableError``; never a library's error.
    """

    def __init__(self, connection: BaseDBAsyncClient, system: str, seconds: float = 2.0) -> None:
        """Speak for *system* over *connection*."""
        self._connection: Any = connection  # its methods' own types are partly unknown
        self._failing = _Failing(system)
        self._seconds = seconds
        is_sqlite = connection.capabilities.dialect == "sqlite"
        self.dialect: Dialect = Sqlite() if is_sqlite else Postgres()
        self._fetch = self._executed if is_sqlite else self._fetched

    async def rows(self, statement: Sql) -> Sequence[Sequence[Any]]:
        """Give the rows of *statement*, each with its columns in the order of the statement."""
        text, parameters = statement
        with self._failing:
            async with asyncio.timeout(self._seconds):
                return await self._fetch(self.dialect.finish(text), parameters)

    async def write(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run *text* once for each of *rows*, encoded here, all or none."""
        if rows:
            with self._failing:
                await self._connection.execute_many(*self._many(text, rows))

    async def write_together(self, *steps: tuple[str, Sequence[Sequence[Any]]]) -> None:
        """Do what ``write`` does for each of *steps*, all or none."""
        with self._failing:
            async with self._connection._in_transaction() as inner:  # noqa: SLF001 - the public way needs a global
                for text, rows in steps:
                    await inner.execute_many(*self._many(text, rows))

    def _many(self, text: str, rows: Sequence[Sequence[Any]]) -> tuple[str, list[list[Any]]]:
        """Give *text* and *rows* as the driver takes them."""
        encode = self.dialect.encode
        return self.dialect.finish(text), [[encode(value) for value in row] for row in rows]

    async def _executed(self, text: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
        rows: Sequence[Sequence[Any]]
        _, rows = await self._connection.execute_query(text, parameters)
        return rows

    async def _fetched(self, text: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Ask asyncpg itself: Tortoise would look through the text of each statement first."""
        async with self._connection.acquire_connection() as session:
            rows: Sequence[Sequence[Any]] = await session.fetch(text, *parameters)
            return rows


class _Failing:
    """Makes every error inside the block one of *system*'s."""

    def __init__(self, system: str) -> None:
        self._system = system

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raise ``SourceTimeoutError`` or ``SourceUnavailableError`` for what went wrong, if anything did."""
        if isinstance(error, TimeoutError):
            raise SourceTimeoutError(self._system) from error
        # asyncpg's and aiosqlite's errors have no base in common with Tortoise's.
        if isinstance(error, Exception):
            raise SourceUnavailableError(self._system) from error
