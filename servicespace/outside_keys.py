"""The keys of an operator's own provider: fetched from where the settings say, and from nowhere else."""

import asyncio
from collections.abc import Callable
from logging import getLogger
from time import monotonic
from typing import Any, Final

import aiohttp
import msgspec

from auth.key import KeysError, read_keys
from auth.outside import OutsideVerifier
from servicespace.bell import Bell
from servicespace.settings import TokenSettings, is_safe

SECONDS: Final = 5.0
"""How long one fetch may take, all in all."""
MAX_BYTES: Final = 262_144
EVERY: Final = 3_600.0
"""Seconds from one fetch that went well to the next."""
RETRY: Final = 30.0
RENEWED_EVERY: Final = 10.0
"""Seconds from one look for an unknown key to the next: whoever invents key ids makes no load."""
OLDEST: Final = 86_400.0
"""For how many seconds keys are trusted that could not be fetched anew."""
_OK: Final = 200

_log = getLogger(__name__)


class FetchError(Exception):
    """The provider did not answer, or not with what it should."""


class OutsideKeys:
    """Has the verifier trust the keys that the operator's provider publishes."""

    def __init__(
        self, settings: TokenSettings, tokens: OutsideVerifier, clock: Callable[[], float] = monotonic
    ) -> None:
        """Fetch what *settings* name; *clock* tells the time in seconds."""
        self._settings = settings
        self._tokens = tokens
        self._clock = clock
        self._fetched_at = float("-inf")
        self._renewed_at = float("-inf")
        self._alone = asyncio.Lock()

    async def renew(self) -> bool:
        """Fetch the keys, unless that was done a moment ago; tell whether it went well."""
        async with self._alone:
            now = self._clock()
            if now - self._renewed_at < RENEWED_EVERY:
                return now - self._fetched_at < RENEWED_EVERY
            self._renewed_at = now
            return await self.look()

    async def look(self) -> bool:
        """Fetch the keys now, and tell whether that went well; very old ones are trusted no longer."""
        try:
            async with asyncio.timeout(SECONDS), aiohttp.ClientSession() as session:
                keys = read_keys(await _fetched(session, await self._address(session)))
        except (FetchError, KeysError, aiohttp.ClientError, TimeoutError, ValueError) as error:
            _log.warning("the keys of %s cannot be fetched: %r", self._settings.issuer, error)
            if self._clock() - self._fetched_at > OLDEST:
                self._tokens.trust(read_keys(b'{"keys": []}'))
            return False
        self._fetched_at = self._clock()
        self._tokens.trust(keys)
        return True

    async def follow(self) -> None:
        """Fetch again and again, until cancelled."""
        bell = Bell()  # nobody rings it
        while True:
            await bell.wait(0, EVERY if await self.look() else RETRY)

    async def _address(self, session: aiohttp.ClientSession) -> str:
        """Give where the keys are: as set, or as the provider says of itself (OpenID Connect Discovery)."""
        if self._settings.jwks is not None:
            return self._settings.jwks
        where = f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            told = msgspec.json.decode(await _fetched(session, where), type=dict[str, Any])
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise FetchError("no discovery document") from None
        address = told.get("jwks_uri")
        if (
            told.get("issuer") != self._settings.issuer
            or not isinstance(address, str)
            or not is_safe(address)
        ):
            raise FetchError("a discovery document of another issuer, or without a safe jwks_uri")
        return address


async def _fetched(session: aiohttp.ClientSession, address: str) -> bytes:
    """Give what is at *address*, if it is there itself and not too long."""
    async with session.get(address, allow_redirects=False) as response:
        if response.status != _OK:
            raise FetchError(f"status {response.status}")
        body = await response.content.read(MAX_BYTES + 1)
        while len(body) <= MAX_BYTES and not response.content.at_eof():
            body += await response.content.read(MAX_BYTES + 1 - len(body))
        if len(body) > MAX_BYTES:
            raise FetchError("too long")
        return body
