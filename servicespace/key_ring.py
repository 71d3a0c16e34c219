"""The signing keys of a running process: followed as they change, looked up anew for an unknown one."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from logging import getLogger
from time import monotonic
from typing import Final

from auth.key_store import KeyStore, KeyStoreError, Ring
from auth.token import TokenVerifier
from servicespace.bell import Bell
from servicespace.follower import EVERY

RENEWED_EVERY: Final = 1.0
"""Seconds from one look for an unknown key to the next: whoever invents key ids makes no load."""

_log = getLogger(__name__)


class KeyRing:
    """Has the verifier trust the keys that the store has, within a second of a change."""

    def __init__(
        self,
        store: KeyStore,
        tokens: TokenVerifier,
        *,
        bell: Bell | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Look in *store*; *clock* tells the time in seconds."""
        self._store = store
        self._tokens = tokens
        self._bell = bell or Bell()
        self._clock = clock
        self._renewed_at = float("-inf")
        self._ring: Ring | None = None

    async def ring(self) -> Ring:
        """Give the keys; raises ``KeyStoreError`` where they were never found."""
        return self._ring or await self.look()

    async def look(self) -> Ring:
        """Look at the store now; what changed is trusted, or not, from here on."""
        found = await self._store.ring(datetime.now(UTC))
        if found != self._ring:
            self._tokens.trust(found.trusted)
            self._ring = found
        return found

    async def renew(self) -> bool:
        """Look now, unless that was done a moment ago; tell whether it was worth the look."""
        now = self._clock()
        if now - self._renewed_at < RENEWED_EVERY:
            return False
        self._renewed_at = now
        before = self._ring
        with suppress(KeyStoreError):
            return await self.look() != before
        return False

    async def follow(self) -> None:
        """Look again and again, until cancelled."""
        is_lost = False
        while True:
            heard = self._bell.rings
            try:
                await self.look()
                is_lost = False
            except KeyStoreError as error:
                if not is_lost:  # told once, not twice a second
                    _log.warning("the keys cannot be followed: %s", error)
                is_lost = True
            await self._bell.wait(heard, EVERY)
