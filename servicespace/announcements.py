"""How replicas hear of a change at once: from PostgreSQL itself, or through Valkey.

An announcement says only that there is something to look for. Whoever misses one finds the change with its
next look (``servicespace.follower``), so nothing that goes wrong here is an error of anybody's.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from logging import getLogger
from typing import Any, Final, cast

import asyncpg  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs] - it has none
import valkey.asyncio
from valkey.exceptions import ValkeyError

from servicespace.bell import Bell
from servicespace.store import CHANNEL, StoreSettings

RETRY: Final = 5.0
"""Seconds from one attempt to listen to the next."""
_SECONDS: Final = 5.0
"""How long a connection may take."""

_log = getLogger(__name__)


async def listen_to_postgres(settings: StoreSettings, bell: Bell) -> None:
    """Ring *bell* for each change that the database notifies of, until cancelled."""
    await again_and_again("PostgreSQL", partial(_postgres, settings, bell))


async def listen_to_valkey(url: str, bell: Bell) -> None:
    """Ring *bell* for each change that somebody announced at *url*, until cancelled."""
    await again_and_again("Valkey", partial(_valkey, url, bell))


async def announce(url: str | None) -> None:
    """Announce at the Valkey at *url*, if there is one, that something changed."""
    if url is None:
        return
    try:
        async with client_of(url) as client:
            await client.publish(CHANNEL, "")
    except (ValkeyError, OSError) as error:
        _log.warning("a change cannot be announced through Valkey: %s", error)


async def again_and_again(what: str, listen: Callable[[], Awaitable[None]]) -> None:
    """Listen, and anew ``RETRY`` seconds after that failed, until cancelled."""
    is_lost = False
    while True:
        try:
            await listen()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValkeyError) as error:
            if not is_lost:  # told once, not at each attempt
                _log.warning("announcements of %s cannot be heard: %r", what, error)
            is_lost = True
        await asyncio.sleep(RETRY)


async def _postgres(settings: StoreSettings, bell: Bell) -> None:
    connect: Any = cast("Any", asyncpg).connect
    connection = await connect(
        host=settings.host,
        port=settings.port,
        user=settings.user,
        password=settings.password,
        database=settings.database,
        timeout=_SECONDS,
    )
    try:
        gone = asyncio.Event()
        connection.add_termination_listener(partial(_set, gone))
        await connection.add_listener(CHANNEL, partial(_ring, bell))
        bell.ring()  # for what was announced before
        await gone.wait()
    finally:
        connection.terminate()


async def _valkey(url: str, bell: Bell) -> None:
    async with (
        client_of(url) as client,
        client.pubsub() as channel,
    ):
        await channel.subscribe(CHANNEL)
        async for _ in channel.listen():  # the first says that we listen
            bell.ring()


def client_of(url: str) -> Any:  # noqa: ANN401 - its own types are partly unknown
    """Give a client of the Valkey at *url*."""
    return cast("Any", valkey.asyncio).from_url(url, socket_connect_timeout=_SECONDS)


def _ring(bell: Bell, *_: object) -> None:
    bell.ring()


def _set(event: asyncio.Event, *_: object) -> None:
    event.set()
