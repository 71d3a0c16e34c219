"""auth's way into its tables: statements with a deadline, and transactions."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar, cast

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import (
    TortoiseContext,
    _current_context,  # pyright: ignore[reportPrivateUsage] - see _within
    get_current_context,
)
from tortoise.exceptions import BaseORMException

T = TypeVar("T")


class Session:
    """A connection, each of whose statements has a deadline in seconds.

    What the database does wrong, or too slowly, is raised as *failure*, with the name of the fault.
    """

    def __init__(self, connection: BaseDBAsyncClient, seconds: float, failure: type[Exception]) -> None:
        """Use *connection*, on which the migrations of auth have run."""
        self._connection = connection
        self._seconds = seconds
        self._failure = failure
        self._context = get_current_context()

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
        try:
            with _within(self._context):
                async with self._connection._in_transaction() as inner:  # noqa: SLF001 - the public way needs a global # pyright: ignore[reportPrivateUsage] - see there
                    yield Session(inner, self._seconds, self._failure)
        except (BaseORMException, OSError) as error:
            raise self._failure(type(error).__name__) from error

    def _written(self, statement: str) -> str:
        """Give *statement* as the database has it."""
        return statement if self._connection.capabilities.dialect == "sqlite" else _numbered(statement)

    async def _timed(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._seconds):
                return await work
        except (BaseORMException, OSError) as error:  # a TimeoutError is an OSError
            raise self._failure(type(error).__name__) from error


@contextmanager
def _within(context: TortoiseContext | None) -> Generator[None]:
    """Run the block in *context*, in which the store was opened.

    A transaction of Tortoise needs one, and the task of a request has none: a server starts it in a context
    of its own. The public ways are one context for the whole process, and one that only one task may enter.
    """
    if context is None or get_current_context() is not None:
        yield
        return
    token = _current_context.set(context)
    try:
        yield
    finally:
        _current_context.reset(token)


def _numbered(statement: str) -> str:
    """Give *statement* with ``$1``, ``$2`` … in place of ``?``, as PostgreSQL has it."""
    first, *rest = statement.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, start=1))
