"""Hashes of passwords (argon2id, RFC 9106), made and compared in a few threads of their own."""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from secrets import token_bytes
from typing import Final, TypeVar

import msgspec
from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from auth.key import Secret
from auth.password import LONGEST, normalized, refusals

T = TypeVar("T")

MOST_OF_SOURCE: Final = 4
"""How many passwords from one address are compared, or wait for it, at once."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What one hash costs: *passes* over *memory* KiB.

    The defaults are above the least that OWASP asks for (46 MiB, one pass), and take 100 to 400 ms.
    """

    passes: int = 4
    memory: int = 65_536


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a password is the one; ``is_outdated`` where its hash was made at another cost."""

    is_right: bool
    is_outdated: bool = False


class PasswordsBusyError(Exception):
    """So many passwords are being compared that one more is not taken."""


class Passwords:
    """Hashes and compares passwords, *threads* at once, without holding the event loop.

    At most *most_waiting* wait for that; more raise ``PasswordsBusyError``. ``compared`` counts comparisons.
    """

    def __init__(self, cost: Cost | None = None, *, threads: int = 2, most_waiting: int = 64) -> None:
        """Hash at *cost*, which tests make cheap."""
        made = cost or Cost()
        self.compared = 0
        self._hasher = PasswordHasher(made.passes, made.memory, parallelism=1, type=Type.ID)
        self._nobody = _unmatched(self._hasher)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="password")
        self._most: Final = threads + most_waiting
        self._under_way = 0
        self._of_source: dict[str, int] = {}

    @contextmanager
    def place(self, source: str) -> Generator[None]:
        """Keep a place for one at a time of what is compared in the block, which is refused no more.

        Raises ``PasswordsBusyError`` where all places are taken, or too many of them by *source*.
        """
        taken = self._of_source.get(source, 0)
        if taken >= MOST_OF_SOURCE or self._under_way >= self._most:
            raise PasswordsBusyError
        self._under_way += 1
        self._of_source[source] = taken + 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._of_source[source] -= 1
            if not self._of_source[source]:
                del self._of_source[source]

    async def hash(self, password: str, *, has_place: bool = False) -> Secret:
        """Give a hash of *password*, with its salt and cost."""
        return await self._in_thread(partial(self._hashed, password), has_place=has_place)

    async def matches(self, password: str, stored: str | None, *, has_place: bool = False) -> Match:
        """Compare *password* with a hash; without one it takes as long, and is wrong."""
        return await self._in_thread(partial(self._compared, password, stored), has_place=has_place)

    async def refusals(
        self, password: str, *, username: str, email: str, second_factor: bool = False
    ) -> Sequence[str]:
        """Tell why *password* is refused, as ``auth.password`` does: that takes long for some."""
        judged = partial(refusals, password, username=username, email=email, second_factor=second_factor)
        return await self._in_thread(judged)

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], T], *, has_place: bool = False) -> T:
        if not has_place and self._under_way >= self._most:
            raise PasswordsBusyError
        self._under_way += not has_place
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._under_way -= not has_place

    def _hashed(self, password: str) -> Secret:
        return Secret(self._hasher.hash(_encoded(password)))

    def _compared(self, password: str, stored: str | None) -> Match:
        self.compared += 1
        against = (stored or self._nobody).encode()  # a Secret gives itself away to nobody else
        try:
            self._hasher.verify(against, _encoded(password))
        except (VerificationError, InvalidHashError):
            return Match(is_right=False)
        if stored is None or len(normalized(password)) > LONGEST:
            return Match(is_right=False)
        return Match(is_right=True, is_outdated=self._hasher.check_needs_rehash(against))


def _encoded(password: str) -> bytes:
    return normalized(password)[: LONGEST + 1].encode("utf-8", "surrogatepass")


def _unmatched(hasher: PasswordHasher) -> str:
    """Give a hash of the same cost that no password has: to compare with where there is none."""
    salt, digest = (b64encode(token_bytes(size)).rstrip(b"=").decode() for size in (16, 32))
    return (
        f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}${salt}${digest}"
    )
