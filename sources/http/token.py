"""Tokens by OAuth2 client credentials (RFC 6749 section 4.4): one for all calls, renewed before it ends."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from math import isnan
from time import monotonic
from typing import Final
from urllib.parse import quote_plus

import msgspec
from aiohttp import ClientError, ClientResponse, ClientSession
from aiohttp.http_exceptions import HttpProcessingError

from sources.errors import SourceError, SourceRefusedError, SourceTimeoutError
from sources.http.exchange import bounded
from sources.http.failure import FaultError
from sources.http.settings import ApiSettings, OAuth2

NAME: Final = "token endpoint"
MOST_BYTES: Final = 65_536
LIFETIME: Final = 300.0
"""For how many seconds a token is good whose lifetime is not told."""
LONGEST: Final = 86_400.0
EARLY: Final = 60.0
"""How many seconds before its end a token is renewed; a fifth of its lifetime where that is less."""
AGAIN: Final = 10.0
"""Seconds from one token that was of no use, or was refused to us, to the next: a client whose
credentials are wrong is locked out where it insists."""

_OK, _CLIENT_ERROR, _SERVER_ERROR = 200, 400, 500
_LATER: Final = frozenset({408, 429})
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,8000}")


class _Granted(msgspec.Struct, frozen=True, kw_only=True):
    """A token response (RFC 6749 section 5.1); some servers send the lifetime as text."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - a kind of token
    expires_in: float | str | None = None


class Tokens:
    """The token of one API, and the headers that it is sent in.

    While one is good it is used; shortly before its end the next is fetched beside the calls. Without a good
    one all calls wait for the same fetch, which ends by itself, whoever stops waiting.
    """

    def __init__(
        self,
        settings: ApiSettings,
        client: OAuth2,
        secret: str,
        besides: Mapping[str, str],
        session: ClientSession,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Begin without one; the headers *besides* are sent with it, *clock* tells the time in seconds."""
        self._settings = settings
        self._client = client
        self._secret = secret
        self._besides = besides
        self._session = session
        self._clock = clock
        self._headers: Mapping[str, str] | None = None
        self._ends = self._renew_at = self._replace_at = self._ask_at = float("-inf")
        self._refusal = SourceRefusedError(settings.system)
        self._under_way: asyncio.Task[Mapping[str, str]] | None = None

    async def headers(self) -> Mapping[str, str]:
        """Give the headers with a good token; raises ``SourceError`` where there is none to be had."""
        now = self._clock()
        if self._headers is None or now >= self._ends:
            return await asyncio.shield(self._fetch(now))
        if now >= self._renew_at:
            self._renew_at = now + AGAIN
            if now >= self._ask_at:
                self._fetch(now)
        return self._headers

    def refused(self, headers: Mapping[str, str]) -> bool:
        """Drop the token in *headers*; a system that refuses each one gets a new one only now and then."""
        if headers is not self._headers:
            return True
        now = self._clock()
        if now < self._replace_at:
            return False
        self._replace_at = now + AGAIN
        self._headers = None
        return True

    async def close(self) -> None:
        """End a fetch that is under way."""
        if self._under_way is not None:
            self._under_way.cancel()
            await asyncio.wait([self._under_way])

    def _fetch(self, now: float) -> asyncio.Task[Mapping[str, str]]:
        """Give the fetch that is under way, a new one if there is none; raises a refusal that is fresh."""
        if self._under_way is None:
            if now < self._ask_at:
                raise self._refusal.with_traceback(None)
            self._under_way = asyncio.create_task(self._fetched())
            self._under_way.add_done_callback(self._done)
        return self._under_way

    def _done(self, task: asyncio.Task[Mapping[str, str]]) -> None:
        self._under_way = None
        if not task.cancelled():
            task.exception()  # read, so that nobody is told of an error that no call waited for

    async def _fetched(self) -> Mapping[str, str]:
        try:
            async with asyncio.timeout(self._settings.seconds):
                granted = await self._granted()
        except TimeoutError:
            raise SourceTimeoutError(
                self._settings.system, f"{NAME}: no answer in {self._settings.seconds} s"
            ) from None
        except SourceRefusedError as error:
            self._refusal, self._ask_at = error, self._clock() + AGAIN
            raise
        lifetime = _seconds(granted.expires_in)
        self._ends = self._clock() + lifetime
        self._renew_at = self._ends - min(EARLY, lifetime / 5)
        self._headers = {"Authorization": f"Bearer {granted.access_token}", **self._besides}
        return self._headers

    async def _granted(self) -> _Granted:
        """Ask the token endpoint, which is never followed elsewhere: what it is sent is the secret itself."""
        form, headers = self._request()
        try:
            async with self._session.post(
                self._client.token_url, data=form, headers=headers, allow_redirects=False
            ) as response:
                return await self._read(response)
        except (ClientError, HttpProcessingError, OSError) as error:
            raise self._fault(f"no whole answer ({type(error).__name__})", passing=True) from None

    def _request(self) -> tuple[dict[str, str], dict[str, str]]:
        """Give the form and the headers to send."""
        form = {"grant_type": "client_credentials"}
        if self._client.scope is not None:
            form["scope"] = self._client.scope
        if self._client.in_body:
            return {**form, "client_id": self._client.client_id, "client_secret": self._secret}, {}
        both = f"{quote_plus(self._client.client_id)}:{quote_plus(self._secret)}"
        return form, {"Authorization": f"Basic {b64encode(both.encode()).decode()}"}

    async def _read(self, response: ClientResponse) -> _Granted:
        status = response.status
        if _CLIENT_ERROR <= status < _SERVER_ERROR and status not in _LATER:
            raise SourceRefusedError(self._settings.system, f"{NAME}: status {status}")
        if status != _OK:
            raise self._fault(f"status {status}", passing=status >= _CLIENT_ERROR)
        body = await bounded(response, MOST_BYTES)
        try:
            granted = msgspec.json.decode(body or b"", type=_Granted)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise self._fault("no token response") from None
        if granted.token_type.lower() != "bearer" or not _TOKEN.fullmatch(granted.access_token):
            raise self._fault("no bearer token")
        return granted

    def _fault(self, what: str, *, passing: bool = False) -> SourceError:
        return FaultError(self._settings.system, f"{NAME}: {what}", passing=passing)


def _seconds(told: float | str | None) -> float:
    """Give the lifetime that is *told*, one that can be believed."""
    try:
        found = float(told if told is not None else LIFETIME)
    except ValueError:
        return LIFETIME
    return LIFETIME if isnan(found) else min(max(found, 0.0), LONGEST)
