"""asyncpg, which has no types of its own, behind the few names that the benchmarks use."""

from typing import Any, TypeAlias

import asyncpg  # type: ignore[import-untyped]  # it has no types # pyright: ignore[reportMissingTypeStubs] - it has no types

from bench.place import Place

Connection: TypeAlias = Any
Pool: TypeAlias = Any
Row: TypeAlias = Any
"""A record: values by column name."""

SIZE = 8
"""Connections of a server, as many as the service has by default."""

_asyncpg: Any = asyncpg


async def connect(place: Place) -> Connection:
    """Open one connection."""
    return await _asyncpg.connect(host=place.host, user="postgres", database=place.database)


async def open_pool(place: Place) -> Pool:
    """Open a server's connections, all at once."""
    return await _asyncpg.create_pool(
        host=place.host,
        user="postgres",
        database=place.database,
        min_size=SIZE,
        max_size=SIZE,
        reset=_keep,
    )


async def _keep(_: Connection) -> None:
    """Leave a connection as it is when it goes back: nothing was set on it, and resetting asks the server."""
