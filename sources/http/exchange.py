"""One GET as HTTP has it: redirects at home, a body within its bound, and what each status means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ServerDisconnectedError,
)
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from sources.errors import SourceRefusedError
from sources.http import Answer
from sources.http.failure import FaultError, UnauthorizedError

MOST_REDIRECTS: Final = 2

_OK, _PARTIAL, _UNAUTHORIZED, _NOT_FOUND, _NOT_IMPLEMENTED = 200, 206, 401, 404, 501
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LATER: Final = frozenset({408, 429})
"""Refused for now: Request Timeout and Too Many Requests."""
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_DIGITS: Final = 15
"""How long a number of rows or seconds may be."""


class ConnectionLostError(ClientError):
    """The system let go of a connection before it answered."""


async def once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Send a request once (a middleware): aiohttp itself would send it again after a lost connection.

    That would be beside the retry budget, and twice the calls for a system that goes down.
    """
    try:
        return await handler(request)
    except ClientConnectorError:
        raise
    except (ClientOSError, ServerDisconnectedError):
        raise ConnectionLostError from None


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a system: where to, what it is called in the log, and how long the body may be."""

    system: str
    url: URL
    name: str
    most_bytes: int

    def fault(self, what: str, *, passing: bool = False, counts: bool = True) -> FaultError:
        """Make the error that says *what* happened to this call."""
        return FaultError(self.system, f"{self.name}: {what}", passing=passing, counts=counts)


async def exchange(session: ClientSession, call: Call, headers: Mapping[str, str]) -> Answer:
    """Give what the system answers.

    Raises ``FaultError``, ``UnauthorizedError`` (401) or ``SourceRefusedError`` (another 4xx). What aiohttp
    says of an error holds the whole URL, so only its kind is told.
    """
    url = call.url
    for _ in range(1 + MOST_REDIRECTS):
        try:
            async with session.get(url, headers=headers, allow_redirects=False) as response:
                if response.status not in _REDIRECTS:
                    return await _answer(call, response)
                url = _target(call, url, response.headers.get("Location"))
        except (ClientError, HttpProcessingError, OSError) as error:
            raise call.fault(f"no whole answer ({type(error).__name__})", passing=True) from None
    raise call.fault(f"more than {MOST_REDIRECTS} redirects")


async def _answer(call: Call, response: ClientResponse) -> Answer:
    status = response.status
    if status in (_OK, _PARTIAL):
        total = _number(response.headers.get("X-Total-Count"))
        return Answer(status=status, body=await _body(call, response), total=total)
    if status == _NOT_FOUND:
        return Answer(status=status)
    told = f"{call.name}: status {status}"
    if status in _LATER or status >= _SERVER_ERROR:
        raise FaultError(
            call.system,
            told,
            passing=status != _NOT_IMPLEMENTED,
            after=_wait(response.headers),
            counts=status >= _SERVER_ERROR,
        )
    if status == _UNAUTHORIZED:
        raise UnauthorizedError(call.system, told)
    if status >= _CLIENT_ERROR:
        raise SourceRefusedError(call.system, told)
    raise FaultError(call.system, told)


async def _body(call: Call, response: ClientResponse) -> bytes:
    kind = response.headers.get("Content-Type", "")
    if kind and "json" not in kind.lower():
        raise call.fault("another type of content than JSON")
    body = await bounded(response, call.most_bytes)
    if body is None:
        # not held against the system: whoever asks for much must not have it taken from the others
        raise call.fault(f"longer than {call.most_bytes} bytes", counts=False)
    body = body.removeprefix(_BYTE_ORDER_MARK)
    if body.lstrip()[:1] not in (b"{", b"["):
        raise call.fault("no JSON")
    return body


async def bounded(response: ClientResponse, most: int) -> bytes | None:
    """Give the body, None where it is longer than *most* bytes, which are then not read.

    aiohttp unpacks a body piece by piece, as we read, so one that is small only while packed ends here too.
    """
    if (response.content_length or 0) > most:
        return None
    pieces: list[bytes] = []
    left = most
    async for piece in response.content.iter_any():
        left -= len(piece)
        if left < 0:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _target(call: Call, url: URL, location: str | None) -> URL:
    """Give where a redirect leads to: never off the host, where our credentials are nobody's business."""
    try:
        target = url.join(URL(location or ""))
        at_home = target.origin() == url.origin() and target.user is None and target.password is None
    except ValueError:
        raise call.fault("redirected to no URL") from None
    if not location or not at_home:
        raise call.fault("redirected elsewhere")
    return target


def _number(text: str | None) -> int | None:
    """Give a number that is not negative, None for anything else (domain.md section 5, trap 22)."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > _DIGITS:
        return None
    return int(text)


def _wait(headers: Mapping[str, str]) -> float | None:
    """Give how many seconds ``Retry-After`` asks for; a time is held against the system's own ``Date``."""
    text = headers.get("Retry-After", "").strip()
    seconds = _number(text)
    if seconds is not None:
        return float(seconds)
    until = _time(text)
    if until is None:
        return None
    return max(0.0, (until - (_time(headers.get("Date", "")) or datetime.now(UTC))).total_seconds())


def _time(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
