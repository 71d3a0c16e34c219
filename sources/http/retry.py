"""A read is tried again after a failure that may pass: with jitter, and within a budget."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from time import monotonic
from typing import Final, TypeVar

import stamina

from sources.http.failure import FaultError

T = TypeVar("T")

FIRST_WAIT: Final = 0.05
"""Seconds before the first retry; twice as long before each further one."""
JITTER: Final = 0.05
"""Up to so many seconds are added by chance."""
LONGEST_WAIT: Final = 0.5
"""Seconds before a retry at most; what a system asks for (Retry-After) may be more."""
LONGEST_PAUSE: Final = 60.0
"""For how many seconds a system may ask to be left alone: what asks for a day is a mistake."""


class RetryBudget:
    """How many more calls an API may be sent than it was asked for: a tenth, and ten at once.

    Without it, a system that begins to fail is called three times as often, which is the end of it.
    """

    def __init__(self, share: float = 0.1, most: float = 10.0) -> None:
        """Earn *share* of a retry with each call, and keep at most *most*."""
        self._share = share
        self._most = most
        self._left = most

    def earn(self) -> None:
        """Count a call that was asked for."""
        self._left = min(self._most, self._left + self._share)

    def spend(self) -> bool:
        """Take one retry out, if there is one."""
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Pause:
    """For how long a system asked to be left alone (RFC 9110 section 10.2.3)."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin with none; *clock* tells the time in seconds."""
        self._clock = clock
        self._until = float("-inf")

    @property
    def left(self) -> float:
        """How many seconds are left of it."""
        return max(0.0, self._until - self._clock())

    def begin(self, seconds: float) -> None:
        """Leave the system alone for *seconds*, unless that is unheard of."""
        self._until = max(self._until, self._clock() + min(seconds, LONGEST_PAUSE))


class _Again:
    """Decides for one call whether it is tried again after an error: stamina's backoff hook."""

    def __init__(self, retries: int, budget: RetryBudget, ends: float) -> None:
        self.begun = 0
        self._retries = retries
        self._budget = budget
        self._ends = ends

    def __call__(self, error: Exception) -> bool | float:
        """Give whether, or after how many seconds."""
        if not isinstance(error, FaultError) or not error.passing or self.begun == self._retries:
            return False
        wait = error.after or min(FIRST_WAIT * 2**self.begun, LONGEST_WAIT) + JITTER
        left = self._ends - asyncio.get_running_loop().time()
        if wait >= left or not self._budget.spend():
            return False
        self.begun += 1
        return error.after or True


async def retried(ask: Callable[[], Awaitable[T]], retries: int, budget: RetryBudget, ends: float) -> T:
    """Give the answer of *ask*, which is tried again up to *retries* times; raises the last error.

    A retry that could not begin before *ends*, in the loop's time, is not waited for: the error is told at
    once.
    """
    budget.earn()
    try:
        return await ask()
    except FaultError as error:
        if not error.passing or not retries:
            raise
        failure = [error]
    # stamina takes 40 µs for a call that goes well, so it hears of the others only
    caller = stamina.AsyncRetryingCaller(
        attempts=None, timeout=None, wait_initial=FIRST_WAIT, wait_max=LONGEST_WAIT, wait_jitter=JITTER
    )
    return await caller(_Again(retries, budget, ends), partial(_again, failure, ask))


async def _again(failure: list[FaultError], ask: Callable[[], Awaitable[T]]) -> T:
    """Fail as the first time did; from then on, ask."""
    if failure:
        raise failure.pop()
    return await ask()
