"""An API of a system behind us, over HTTP: each call within its deadline, whatever the system does."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from time import monotonic
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote, urlencode

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from sources.errors import SourceError, SourceTimeoutError
from sources.http import Answer, Query
from sources.http.address import leads_nowhere
from sources.http.breaker import Breaker, State
from sources.http.bulkhead import Bulkhead, FullError
from sources.http.credentials import Proof, proof
from sources.http.exchange import Call, exchange, once
from sources.http.failure import FaultError, UnauthorizedError, speaks_against
from sources.http.hedge import Latencies, hedged
from sources.http.retry import Pause, RetryBudget, retried
from sources.http.settings import ApiSettings

_HEADERS: Final = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": "servicespace",
}
_NONE: Final[Mapping[str, str]] = {}


@dataclass(slots=True)
class Counts:
    """What became of the calls since the start: ``sent`` has retries and hedges in it."""

    asked: int = 0
    sent: int = 0
    failed: int = 0
    held_back: int = 0


class HttpApi:
    """One API of one system; keeps ``sources.http.Api``, and is to be entered before it is asked.

    A call goes through these, from the outside in: the deadline, retries, the hedge, a pause that the system
    asked for, the breaker, the bulkhead, credentials, and the exchange itself. A fault is told to the
    breaker once for each exchange, not once for each call.
    """

    def __init__(
        self,
        settings: ApiSettings,
        secrets: Mapping[str, str] = _NONE,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Call what *settings* say, with *secrets* by the names of their variables.

        *clock* tells the time in seconds. Raises ``ValueError`` where a secret is missing or cannot be sent.
        """
        missing = sorted(each for each in settings.variables if not secrets.get(each))
        if missing:
            raise ValueError(f"the secret {missing[0]} is missing")
        broken = sorted(each for each in settings.variables if not secrets[each].isprintable())
        if broken:
            raise ValueError(f"the secret {broken[0]} has characters that cannot be sent, maybe a line end")
        self.counts = Counts()
        self._settings = settings
        self._secrets = secrets
        self._clock = clock
        self._breaker = Breaker(settings.system, settings.breaker, settings.slow_seconds, clock)
        self._bulkhead = Bulkhead(settings.connections, settings.waiting_seconds)
        self._budget = RetryBudget()
        self._pause = Pause(clock)
        self._latencies = Latencies()
        self._session: ClientSession
        self._proof: Proof

    @property
    def system(self) -> str:
        """The system's name, as in ``SourceError``."""
        return self._settings.system

    @property
    def state(self) -> State:
        """Whether calls go out, as far as is known; no call is made."""
        if self._breaker.is_open:
            return State.OPEN
        return State.PAUSED if self._pause.left else State.CLOSED

    async def __aenter__(self) -> Self:
        """Be ready for calls; the first one connects."""
        # the bulkhead bounds the connections and get() the time; cookies and the environment's proxies
        # would tie one customer's call to another's
        self._session = ClientSession(
            connector=TCPConnector(limit=0),
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=None, sock_connect=None),
            headers=_HEADERS,
            middlewares=(once,),
        )
        self._proof = proof(self._settings, self._secrets, self._session, self._clock)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of all connections."""
        await self._proof.close()
        await self._session.close()

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Read *path*, which is escaped already and begins below the base URL without a slash.

        A path with an empty or a dot segment, as a hostile id makes it, is answered 404 without a call.
        Raises ``SourceTimeoutError``, ``SourceUnavailableError`` or ``SourceRefusedError``, whose messages
        have the first segment of the path only: what follows may be the id of a customer's thing.
        """
        if leads_nowhere(path):
            return Answer(status=404)
        self.counts.asked += 1
        call = self._call(path, query)
        seconds = self._settings.seconds
        try:
            async with asyncio.timeout(seconds) as deadline:
                ends = deadline.when() or 0.0
                ask = partial(self._hedged if self._settings.hedge else self._ask, call, ends)
                return await retried(ask, self._settings.retries, self._budget, ends)
        except TimeoutError:
            raise SourceTimeoutError(self.system, f"{call.name}: no answer in {seconds} s") from None

    def _call(self, path: str, query: Query) -> Call:
        """Make the call of *path*; a comma stays as it is, because it means "or" to some systems."""
        text = f"{self._settings.base}{path}"
        if query:
            text = f"{text}?{urlencode(query, quote_via=quote, safe=',')}"
        first, slash, _ = path.partition("/")
        name = f"GET {first}/…" if slash else f"GET {first}"
        return Call(self.system, URL(text, encoded=True), name, self._settings.most_bytes)

    async def _hedged(self, call: Call, ends: float) -> Answer:
        usual = self._latencies.usual
        if usual is None or self._breaker.is_open:
            return await self._ask(call, ends)
        return await hedged(partial(self._ask, call, ends), usual, self._may_hedge)

    def _may_hedge(self) -> bool:
        return not self._breaker.is_open and not self._bulkhead.is_full and self._budget.spend()

    async def _ask(self, call: Call, ends: float) -> Answer:
        """Ask once, if the system may be asked at all."""
        pause = self._pause.left
        if pause:
            if pause >= ends - asyncio.get_running_loop().time():
                self.counts.held_back += 1
                raise call.fault("the system asked to be left alone", counts=False)
            await asyncio.sleep(pause)
        era = self._breaker.admit()
        if era is None:
            self.counts.held_back += 1
            raise call.fault("the system is in trouble and left alone", counts=False)
        try:
            async with self._bulkhead:
                return await self._watched(call, era)
        except FullError:
            raise call.fault("all connections are in use", counts=False) from None

    async def _watched(self, call: Call, era: int) -> Answer:
        """Ask, and tell the breaker how it ended."""
        self.counts.sent += 1
        began = self._clock()
        try:
            answer = await self._proven(call)
        except asyncio.CancelledError:
            self._breaker.give_up(era, self._clock() - began)
            raise
        except SourceError as error:
            self.counts.failed += 1
            self._breaker.record(era, self._clock() - began, failed=speaks_against(error))
            if isinstance(error, FaultError) and error.after is not None:
                self._pause.begin(error.after)
            raise
        seconds = self._clock() - began
        self._breaker.record(era, seconds)
        self._latencies.add(seconds)
        return answer

    async def _proven(self, call: Call) -> Answer:
        """Ask with our credentials, and once more with a fresh token where they are refused."""
        headers = await self._proof.headers()
        try:
            return await exchange(self._session, call, headers)
        except UnauthorizedError:
            if not self._proof.refused(headers):
                raise
        return await exchange(self._session, call, await self._proof.headers())
