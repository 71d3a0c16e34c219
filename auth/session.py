"""auth's way into its tables: statements with a deadline, and transactions."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias, TypeVar, cast

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient, TransactionContext
from tortoise.context import (
    _current_context,  # pyright: ignore[reportPrivateUsage] - there is no public way to set it for one task
    get_current_context,
)

T = TypeVar("T")

Connection: TypeAlias = BaseDBAsyncClient
"""The database, as those who begin sessions are handed it."""


class Session:
    """A connection, each of whose statements has a deadline in seconds, None for none.

    What the database does wrong, or too slowly, is raised as *failure*, with the name of the fault, or as it
    is where that is None.
    """

    def __init__(
        self, connection: BaseDBAsyncClient, seconds: float | None, failure: type[Exception] | None
    ) -> None:
        """Use *connection*, on which the migrations of auth have run."""
        self._connection = connection
        self._context = get_current_context()
        self._seconds = seconds
        self._failure = failure

    @property
    def connection(self) -> Connection:
        """The connection itself, for others who write in the same transaction."""
        return self._connection

    async def run(self, statement: str, values: Sequence[object]) -> list[dict[str, Any]]:
        """Run *statement*, which has a ``?`` for each of *values*; Tortoise logs both at DEBUG."""
        untyped: Any = self._connection  # Tortoise gives bare dicts
        asked = untyped.execute_query_dict(self._written(statement), list(values))
        return cast("list[dict[str, Any]]", await self._timed(asked))

    async def run_many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Run *statement* once for each of *rows*, in one call."""
        untyped: Any = self._connection  # Tortoise takes bare lists
        await self._timed(untyped.execute_many(self._written(statement), [list(each) for each in rows]))

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator["Session"]:
        """Give a session in which all is written, or nothing where the block fails."""
        # Tortoise begins a transaction only where its context is current; a request has not inherited it.
        current = _current_context.set(get_current_context() or self._context)
        transaction = self._connection._in_transaction()  # noqa: SLF001 - the public way needs a global # pyright: ignore[reportPrivateUsage] - see there
        try:
            inner = await self._timed(self._begun(transaction))
            try:
                yield Session(inner, self._seconds, self._failure)
                await self._timed(inner.commit())
            except BaseException:
                await self._undone(transaction)
                raise
            await self._timed(transaction.__aexit__(None, None, None))
        finally:
            _current_context.reset(current)

    async def _begun(self, transaction: TransactionContext) -> TransactionalDBClient:
        """Begin *transaction* wholly or not at all.

        One that is cancelled while it begins has the connection, or SQLite's one lock, already: whoever asks
        next would wait for ever.
        """
        try:
            return await transaction.__aenter__()
        except BaseException:
            if hasattr(transaction, "token"):  # it has what it holds from before this is set
                await self._undone(transaction)
            raise

    async def _undone(self, transaction: TransactionContext) -> None:
        """Roll *transaction* back and let its connection go, whatever the database says of it."""
        with suppress(
            Exception
        ):  # the first error is the one to tell; the database drops what lost its client
            async with asyncio.timeout(self._seconds):
                await transaction.__aexit__(*sys.exc_info())

    def _written(self, statement: str) -> str:
        """Give *statement* as the database has it."""
        return statement if self._connection.capabilities.dialect == "sqlite" else _numbered(statement)

    async def _timed(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._seconds):
                return await work
        except Exception as error:  # the drivers' errors have no base in common with Tortoise's
            if self._failure is None:
                raise
            raise self._failure(type(error).__name__) from error


def _numbered(statement: str) -> str:
    """Give *statement* with ``$1``, ``$2`` … in place of ``?``, as PostgreSQL has it."""
    first, *rest = statement.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, start=1))
