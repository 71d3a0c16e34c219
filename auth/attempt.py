"""Wrong names and passwords: three lock for a minute, each further three for twice as long (terms 1.4)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final

import msgspec
from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from auth.account import seconds_of
from auth.session import Session

MOST: Final = 3
"""How many wrong attempts lock."""
SHORTEST_LOCK: Final = timedelta(minutes=1)
LONGEST_LOCK: Final = timedelta(minutes=15)
FORGOTTEN: Final = timedelta(days=1)
"""After how long without an attempt what was wrong with an account is forgotten."""
SOURCE_FORGOTTEN: Final = timedelta(minutes=15)
"""The same for an address: others come from it, too."""
MOST_ROWS: Final = 100_000
"""How many names and addresses are remembered."""


class AttemptCount(Model):
    """The table of attempts by the name of what they are counted for. Times are in seconds since 1970."""

    name = fields.CharField(160, primary_key=True)
    failures = fields.IntField()
    locks = fields.IntField()
    locked_until = fields.BigIntField()
    at = fields.BigIntField()

    class Meta(Model.Meta):
        """The table's name and index."""

        app = "auth"
        table = "auth_attempt"
        indexes = (Index(fields=("at",)),)


class Tries(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of attempts; those under way count as wrong until they are found right."""

    failures: int = 0
    locks: int = 0
    locked_until: int = 0
    at: int = 0


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt: whether it counts, and whether it begins a lock, until then, if it is wrong."""

    counts: bool
    locks_until: int | None = None


_HOLD: Final = (
    "INSERT INTO auth_attempt (name, failures, locks, locked_until, at) VALUES (?, 0, 0, 0, ?) "
    "ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING failures, locks, locked_until, at"
)
"""Holds the row until the transaction ends: attempts at once are counted one after the other."""
_STORE: Final = "UPDATE auth_attempt SET failures = ?, locks = ?, locked_until = ?, at = ? WHERE name = ?"
_CLEAR: Final = "DELETE FROM auth_attempt WHERE name = ?"
_FORGET: Final = "DELETE FROM auth_attempt WHERE at < ? AND locked_until < ?"
_TOO_MANY: Final = (
    "DELETE FROM auth_attempt WHERE name IN (SELECT name FROM auth_attempt ORDER BY at DESC LIMIT ? OFFSET ?)"
)


def of_account(username: str) -> str:
    """Give the name under which wrong passwords of a User are counted."""
    return f"account:{username}"


def of_codes(username: str) -> str:
    """Give the name under which wrong codes of a User's second factor are counted."""
    return f"codes:{username}"


def of_source(source: str) -> str:
    """Give the name under which unknown usernames from an address are counted; IPv6 by /64."""
    try:
        address = ip_address(source)
    except ValueError:
        return f"source:{source[:64]}"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return f"source:{address.ipv4_mapped}"
        return f"source:{ip_network((int(address), 64), strict=False)}"
    return f"source:{address}"


def counted(tries: Tries, now: int, forgotten: timedelta = FORGOTTEN) -> tuple[Attempt, Tries]:
    """Count one attempt more, at *now*; one during a lock does not count, and makes it no longer."""
    if now < tries.locked_until:
        return Attempt(counts=False), tries
    if now - max(tries.at, tries.locked_until) >= forgotten.total_seconds():
        tries = Tries()
    failures = tries.failures + 1
    if failures < MOST:
        return Attempt(counts=True), Tries(
            failures=failures, locks=tries.locks, locked_until=tries.locked_until, at=now
        )
    longest = int(LONGEST_LOCK.total_seconds())
    lock = min(longest, int(SHORTEST_LOCK.total_seconds()) << min(tries.locks, 8))
    until = now + lock
    return Attempt(counts=True, locks_until=until), Tries(locks=tries.locks + 1, locked_until=until, at=now)


async def begin_attempt(
    session: Session, name: str, now: datetime, forgotten: timedelta = FORGOTTEN
) -> Attempt:
    """Count an attempt before it is looked at, in a transaction of its own.

    So those at once cannot be more than those that are allowed; ``clear_attempts`` follows where it is right.
    """
    seconds = seconds_of(now)
    async with session.transaction() as inner:
        (row,) = await inner.run(_HOLD, [name, seconds])
        attempt, tries = counted(_tries(row), seconds, forgotten)
        await inner.run(_STORE, [tries.failures, tries.locks, tries.locked_until, tries.at, name])
    return attempt


async def clear_attempts(session: Session, name: str) -> None:
    """Forget what was wrong, and lift the lock."""
    await session.run(_CLEAR, [name])


async def forget_attempts(session: Session, now: datetime) -> None:
    """Remove what is forgotten, and the oldest of too many."""
    seconds = seconds_of(now)
    await session.run(_FORGET, [seconds - int(FORGOTTEN.total_seconds()), seconds])
    await session.run(_TOO_MANY, [MOST_ROWS, MOST_ROWS])


def _tries(row: Mapping[str, Any]) -> Tries:
    return Tries(failures=row["failures"], locks=row["locks"], locked_until=row["locked_until"], at=row["at"])
