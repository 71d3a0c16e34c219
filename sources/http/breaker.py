"""A system in trouble is left alone, and asked once in a while whether it is well again."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from logging import getLogger
from time import monotonic
from typing import Final, TypeAlias

from sources.http.settings import BreakerSettings

_SLOTS: Final = 10
"""Into how many parts a window is cut: a part is forgotten as a whole."""

_log = getLogger(__name__)

Era: TypeAlias = int
"""The time between two changes of a breaker's mind; what was asked in one says nothing in the next."""


class State(Enum):
    """How an API is doing; with PAUSED it asked us to wait (Retry-After)."""

    CLOSED = "closed"
    PAUSED = "paused"
    OPEN = "open"


@dataclass(slots=True)
class _Slot:
    since: float
    calls: int = 0
    failed: int = 0
    slow: int = 0


class Breaker:
    """Counts how the calls of one API end, and lets none out while most end badly.

    A call asks ``admit`` for the era it goes out in, and comes back with it to ``record`` or ``give_up``.
    While the breaker is open one probe an interval goes out: the interval begins with the probe, whether that
    comes back or not.
    """

    def __init__(
        self,
        system: str,
        settings: BreakerSettings,
        slow_seconds: float,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Begin closed; *system* is for the log, *clock* tells the time in seconds."""
        self._system = system
        self._settings = settings
        self._slow_seconds = slow_seconds
        self._clock = clock
        self._slots: deque[_Slot] = deque()
        self._era: Era = 0
        self._probe_at: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether calls are held back."""
        return self._probe_at is not None

    def admit(self) -> Era | None:
        """Give the era that a call may go out in, None where it must not go out."""
        if self._probe_at is not None:
            now = self._clock()
            if now < self._probe_at:
                return None
            self._probe_at = now + self._settings.probe_seconds
        return self._era

    def record(self, era: Era, seconds: float, *, failed: bool = False) -> None:
        """Take down how a call ended, and how many *seconds* it took."""
        if era != self._era:
            return
        slow = seconds > self._slow_seconds
        if self._probe_at is not None:
            if not failed and not slow:
                self._close()
            return
        slot = self._slot(self._clock())
        slot.calls += 1
        if failed or slow:
            slot.failed += failed
            slot.slow += 1
            if self._is_over():
                self._open()

    def give_up(self, era: Era, seconds: float) -> None:
        """Take down a call that was cancelled after *seconds*: nothing is known of it unless that is long."""
        if seconds > self._slow_seconds:
            self.record(era, seconds, failed=True)

    def _slot(self, now: float) -> _Slot:
        slots, window = self._slots, self._settings.window_seconds
        while slots and slots[0].since <= now - window:
            slots.popleft()
        if not slots or slots[-1].since <= now - window / _SLOTS:
            slots.append(_Slot(now))
        return slots[-1]

    def _is_over(self) -> bool:
        calls = sum(each.calls for each in self._slots)
        if calls < self._settings.calls:
            return False
        failed = sum(each.failed for each in self._slots)
        slow = sum(each.slow for each in self._slots)
        return failed >= self._settings.failed * calls or slow >= self._settings.slow * calls

    def _open(self) -> None:
        self._era += 1
        self._probe_at = self._clock() + self._settings.probe_seconds
        self._slots.clear()
        _log.warning(
            "%s: in trouble, left alone but for a call every %s s", self._system, self._settings.probe_seconds
        )

    def _close(self) -> None:
        self._era += 1
        self._probe_at = None
        _log.warning("%s: well again", self._system)
