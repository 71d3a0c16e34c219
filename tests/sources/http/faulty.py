"""A system that fails as it is told to: a real server on this machine, in a thread of its own."""

import asyncio
import gzip
import json
import socket
import struct
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self, TypeAlias
from urllib.parse import parse_qsl

_JSON: Final = "application/json"
_NONE: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that arrived; the names of ``headers`` are in lower case."""

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes


Behaviour: TypeAlias = Callable[[Seen, StreamWriter], Awaitable[None]]
"""What is done with a request; a connection that it leaves open is used again."""


class Faulty:
    """Does on each path what it was told, and writes down what it was asked.

    ``with Faulty() as system: system.on("/ticket", answer([]), reset)`` answers the first request with an
    empty list and resets the connection of all that follow. A path that nothing was said of is 404.
    """

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.port = 0
        self._talks: set[asyncio.Task[None] | None] = set()  # nobody else holds on to one that hangs
        self._told: dict[str, list[Behaviour]] = {}
        self._ready = Event()
        self._loop: asyncio.AbstractEventLoop
        self._end: asyncio.Event
        self._thread = Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        """The address of the server, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def on(self, path: str, *behaviours: Behaviour) -> None:
        """Do the first of *behaviours* with the next request of *path*, and so on; the last stays."""
        self._told[path] = list(behaviours)

    def asked(self, path: str) -> list[Seen]:
        """Give the requests of *path*, in the order of their arrival."""
        return [each for each in self.seen if each.path == path]

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), "the server does not start"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()

    async def _talk(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer one request after the other; whoever goes away, or the end of the server, ends it."""
        self._talks.add(asyncio.current_task())
        with suppress(IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while not writer.is_closing():
                seen = await _request(reader)
                self.seen.append(seen)
                told = self._told.get(seen.path, [answer({"reason": "unknown"}, 404)])
                await (told.pop(0) if len(told) > 1 else told[0])(seen, writer)
        writer.close()


async def _request(reader: StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    path, _, query = target.partition("?")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(method, path, parse_qsl(query, keep_blank_values=True), headers, body)


def answer(
    content: object, status: int = 200, headers: Mapping[str, str] = _NONE, kind: str | None = _JSON
) -> Behaviour:
    """Answer with *content*, as it is if it is bytes, as JSON if not; *kind* None leaves the type out."""
    return partial(_answered, raw(content), status, headers, kind)


def raw(content: object) -> bytes:
    """Give *content* as it is sent."""
    return content if isinstance(content, bytes) else json.dumps(content).encode()


def head(status: int, length: int | None, headers: Mapping[str, str], kind: str | None) -> bytes:
    """Give what comes before a body of *length* bytes, of chunks where that is None."""
    size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    more = [f"{name}: {value}" for name, value in headers.items()]
    kinds = [] if kind is None else [f"Content-Type: {kind}"]
    return "\r\n".join([f"HTTP/1.1 {status} As told", size, *kinds, *more, "", ""]).encode()


async def _answered(
    body: bytes,
    status: int,
    headers: Mapping[str, str],
    kind: str | None,
    _: Seen,
    writer: StreamWriter,
) -> None:
    writer.write(head(status, len(body), headers, kind) + body)
    await writer.drain()


def html(status: int = 200) -> Behaviour:
    """Answer with a page, as proxies and application servers do."""
    return answer(
        b"<!doctype html><title>Oops</title>" + b"<p>at com.example.Trace" * 200, status, kind="text/html"
    )


def redirect(to: str, status: int = 302) -> Behaviour:
    """Send the client elsewhere."""
    return answer(b"", status, {"Location": to})


def late(seconds: float, then: Behaviour) -> Behaviour:
    """Do *then* after *seconds*."""
    return partial(_late, seconds, then)


async def _late(seconds: float, then: Behaviour, seen: Seen, writer: StreamWriter) -> None:
    await asyncio.sleep(seconds)
    await then(seen, writer)


async def hang(_: Seen, __: StreamWriter) -> None:
    """Never answer."""
    await asyncio.Event().wait()


async def reset(_: Seen, writer: StreamWriter) -> None:
    """Reset the connection (RST) instead of an answer."""
    found: socket.socket = writer.get_extra_info("socket")
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def vanish(_: Seen, writer: StreamWriter) -> None:
    """Close the connection without an answer."""
    writer.close()


async def babble(_: Seen, writer: StreamWriter) -> None:
    """Say something that is not HTTP."""
    writer.write(b"220 mail.example ESMTP\r\n\r\n")
    writer.close()


def truncated(content: object, missing: int = 10) -> Behaviour:
    """Close the connection *missing* bytes before the end that was announced."""
    return partial(_truncated, raw(content), missing)


async def _truncated(body: bytes, missing: int, _: Seen, writer: StreamWriter) -> None:
    writer.write(head(200, len(body) + missing, {}, _JSON) + body)
    writer.close()


def drip(content: object, every: float) -> Behaviour:
    """Send the body byte by byte, one *every* so many seconds."""
    return partial(_drip, raw(content), every)


async def _drip(body: bytes, every: float, _: Seen, writer: StreamWriter) -> None:
    writer.write(head(200, len(body), {}, _JSON))
    for each in body:
        await asyncio.sleep(every)
        writer.write(bytes([each]))
        await writer.drain()


def bomb(unpacked: int) -> Behaviour:
    """Answer with a list of *unpacked* bytes that is a thousandth of that on the way (gzip)."""
    packed = gzip.compress(b"[" + b" " * (unpacked - 2) + b"]")
    return answer(packed, headers={"Content-Encoding": "gzip"})


async def endless(_: Seen, writer: StreamWriter) -> None:
    """Begin a list, and never end it."""
    writer.write(head(200, None, {}, _JSON) + b"1\r\n[\r\n")
    while not writer.is_closing():
        writer.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        await writer.drain()


def token(value: str, expires_in: object = 300, **more: object) -> Behaviour:
    """Answer as a token endpoint does that grants *value*."""
    return answer({"access_token": value, "token_type": "Bearer", "expires_in": expires_in, **more})


def taking(value: str, then: Behaviour) -> Behaviour:
    """Do *then* with a request that has the token *value*, and answer 401 to others."""
    return partial(_taking, value, then)


async def _taking(value: str, then: Behaviour, seen: Seen, writer: StreamWriter) -> None:
    known = seen.headers.get("authorization") == f"Bearer {value}"
    await (then if known else answer({"code": "41"}, 401))(seen, writer)


def nowhere() -> str:
    """Give an address on this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
