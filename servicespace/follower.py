"""Follows what a store tells of its changes, so that what is known of them is forgotten at once."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from logging import getLogger
from time import monotonic
from typing import Final, Protocol

from servicespace.bell import Bell
from sources.changes import Changes

EVERY: Final = 0.5
"""Seconds from one look to the next: a change takes effect within a second."""
TRUST: Final = 2.0
"""For how many seconds what is known may be believed after a look that went well."""

_log = getLogger(__name__)


class Kept(Protocol):
    """What is known and may change."""

    def forget(self, key: str) -> None:
        """Forget what is known of *key*."""
        ...

    def forget_all(self) -> None:
        """Forget everything."""
        ...

    def trust_until(self, moment: float) -> None:
        """Believe what is known until *moment*, on the clock of the one who says so."""
        ...


class Follower:
    """One store's changes, and what is kept of them.

    While it cannot look, what is kept is believed no longer than without it: nothing is open for longer
    because a store is out of reach.
    """

    def __init__(
        self,
        changes: Callable[[int | None], Awaitable[Changes]],
        kept: Kept,
        *,
        bell: Bell | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Have *kept* forget what *changes*, asked for all after an epoch, tells of.

        Looks when *bell* is rung, too.
        """
        self._bell = bell or Bell()
        self._changes = changes
        self._kept = kept
        self._clock = clock
        self._epoch: int | None = None
        self._is_lost = False

    async def follow(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            heard = self._bell.rings
            with suppress(Exception):  # told by ``look``; the next time it may go well
                await self.look()
            await self._bell.wait(heard, EVERY)

    async def look(self) -> None:
        """Look once; raises whatever looking raises, and then what is kept is not believed any longer."""
        began = self._clock()
        try:
            found = await self._changes(self._epoch)
        except Exception as error:
            if not self._is_lost:  # told once, not twice a second
                self._is_lost = True
                _log.warning("changes cannot be followed: %r", error)
            raise
        self._is_lost = False
        if self._epoch is None:
            self._kept.forget_all()  # what was found before may have changed before this epoch
        for key in found.keys:
            self._kept.forget(key)
        self._epoch = found.epoch
        self._kept.trust_until(began + TRUST)
