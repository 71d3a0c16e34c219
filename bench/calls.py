"""``python -m bench.calls``: what a call of a system behind us costs here, and how late a deadline is.

The system is a server on this machine, in a process of its own: processor time is the caller's alone.
"""

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Final

import typer
from aiohttp import ClientSession

from sources.errors import SourceError
from sources.http.client import HttpApi
from sources.http.settings import ApiSettings, BreakerSettings

ROWS: Final = b'[{"id": "TT-1", "name": "No dial tone", "status": "inProgress"}]'
HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
CALLS: Final = 3_000
SECONDS: Final = 0.2
HANGS: Final = 30

Once = Callable[[], Awaitable[object]]


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each request at once, but for those of ``/hang``."""
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"GET /hang"):
                writer.write(HEAD % len(ROWS) + ROWS)
    writer.close()


async def _serve(told: Connection) -> None:
    server = await asyncio.start_server(_talk, "127.0.0.1", 0)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def served(told: Connection) -> None:
    """Serve, and tell the port."""
    asyncio.run(_serve(told))


async def cost(once: Once) -> float:
    """Give the processor time of one call in microseconds, the median of five rounds."""
    rounds: list[float] = []
    for _ in range(5):
        began = process_time()
        for _ in range(CALLS):
            await once()
        rounds.append((process_time() - began) / CALLS * 1e6)
    return median(rounds)


async def bare(session: ClientSession, url: str) -> bytes:
    """Ask with aiohttp alone."""
    async with session.get(url) as response:
        return await response.read()


async def refused(api: HttpApi) -> None:
    """Ask an API that holds the call back."""
    with suppress(SourceError):
        await api.get("ticket")


async def late(api: HttpApi) -> float:
    """Give by how many milliseconds a call of what hangs ends after its deadline."""
    began = perf_counter()
    with suppress(SourceError):
        await api.get("hang")
    return (perf_counter() - began - SECONDS) * 1e3


async def usual(url: str) -> None:
    """Measure a call that goes well."""
    settings = ApiSettings(system="ticketing", url=url)
    async with ClientSession() as session, HttpApi(settings) as api:
        alone = await cost(partial(bare, session, f"{url}/ticket"))
        whole = await cost(partial(api.get, "ticket", [("relatedParty.id", "P-1"), ("limit", "100")]))
    typer.echo(f"processor time of a call: {whole:.0f} µs, with aiohttp alone {alone:.0f} µs")


async def held_back() -> None:
    """Measure a call while the breaker is open."""
    breaker = BreakerSettings(calls=1, probe_seconds=600.0)
    settings = ApiSettings(system="ticketing", url="http://127.0.0.1:1", retries=0, breaker=breaker)
    async with HttpApi(settings) as api:
        await refused(api)
        once = await cost(partial(refused, api))
    typer.echo(f"processor time with the breaker open: {once:.0f} µs")


async def hanging(url: str) -> None:
    """Measure a call of a system that hangs."""
    breaker = BreakerSettings(calls=10_000)
    settings = ApiSettings(system="ticketing", url=url, seconds=SECONDS, breaker=breaker)
    async with HttpApi(settings) as api:
        over = [await late(api) for _ in range(HANGS)]
    worst = quantiles(over, n=20)[-1]
    typer.echo(f"a system that hangs: {median(over):.1f} ms after the deadline, p95 {worst:.1f} ms")


async def measure(url: str) -> None:
    """Measure all, and print a line for each."""
    await usual(url)
    await held_back()
    await hanging(url)


def main() -> None:
    """Start the system, measure, end it."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=served, args=(theirs,), daemon=True)
    process.start()
    try:
        asyncio.run(measure(f"http://127.0.0.1:{ours.recv()}"))
    finally:
        process.terminate()


if __name__ == "__main__":
    main()
