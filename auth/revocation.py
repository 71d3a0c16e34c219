"""Access tokens that are void before their time: by their ``jti``, or the ``sid`` they were issued from."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from math import inf
from time import monotonic
from typing import Final

from tortoise.backends.base.client import BaseDBAsyncClient

from auth.epochs import Epochs
from auth.session import Session

_EPOCHS: Final = Epochs("auth_revocation", "name", "until")
_REVOKE: Final = (
    "INSERT INTO auth_revocation (name, until, epoch) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
    "epoch = excluded.epoch, "
    "until = CASE WHEN excluded.until > auth_revocation.until THEN excluded.until "
    "ELSE auth_revocation.until END"
)
_SWEEP: Final = "DELETE FROM auth_revocation WHERE until < ? AND name <> ''"
_CHANGED: Final = "SELECT name, until, epoch FROM auth_revocation WHERE epoch > ?"
_FOUND: Final = "SELECT name FROM auth_revocation WHERE name IN (?, ?)"


class RevocationError(Exception):
    """The store of revocations failed or was too slow."""


def of_token(jti: str) -> str:
    """Give the name under which one access token is revoked."""
    return f"jti:{jti}"


def of_authorization(sid: str) -> str:
    """Give the name under which all access tokens of an authorization are revoked."""
    return f"sid:{sid}"


class RevocationStore:
    """What was revoked, in the embedded database, until the tokens would have expired by themselves."""

    def __init__(self, connection: BaseDBAsyncClient, seconds: float = 2.0) -> None:
        """Use *connection*, on which the migrations of auth have run; *seconds* bound every statement."""
        self._session = Session(connection, seconds, RevocationError)

    async def revoke(self, names: Iterable[str], until: int, now: datetime) -> None:
        """Revoke *names* until *until*, in seconds since 1970."""
        async with self._session.transaction() as inner:
            await revoke(inner, names, until, now)

    async def changes(self, after: int | None) -> tuple[int, Sequence[str]]:
        """Give the newest epoch, and what was revoked after *after* as ``Revoked`` takes it; all for None."""
        rows = await self._session.run(_CHANGED, [0 if after is None else after])
        names = [f"{each['until']} {each['name']}" for each in rows if each["name"]]
        return max((int(each["epoch"]) for each in rows), default=after or 0), names

    async def is_revoked(self, names: tuple[str, str]) -> bool:
        """Tell whether one of *names* is revoked."""
        return bool(await self._session.run(_FOUND, names))


async def revoke(session: Session, names: Iterable[str], until: int, now: datetime) -> None:
    """Revoke *names* in *session*, a transaction; forget those that have expired by themselves."""
    epoch = await _EPOCHS.count(session)
    await session.run(_SWEEP, [int(now.timestamp())])
    for each in names:
        await session.run(_REVOKE, [each, until, epoch])


class Revoked:
    """What is revoked, in memory: kept by a ``Follower``.

    While the store's changes cannot be followed, the store is asked for each token.
    """

    def __init__(
        self, store: RevocationStore, *, most: int = 100_000, clock: Callable[[], float] = monotonic
    ) -> None:
        """Start with nothing known; when more than *most* are kept, the expired ones are forgotten."""
        self._store = store
        self._most = most
        self._clock = clock
        self._trusted_until = -inf
        self._until: dict[str, int] = {}

    async def holds(self, jti: str, sid: str) -> bool:
        """Tell whether a token, or the authorization it came from, is revoked; raises ``RevocationError``."""
        names = (of_token(jti), of_authorization(sid))
        if self._clock() < self._trusted_until:
            return any(each in self._until for each in names)
        return await self._store.is_revoked(names)

    def forget(self, key: str) -> None:
        """Take in what the store told of one revocation."""
        until, _, name = key.partition(" ")
        self._until[name] = int(until)
        if len(self._until) > self._most:
            now = datetime.now(UTC).timestamp()
            self._until = {each: ends for each, ends in self._until.items() if ends >= now}

    def forget_all(self) -> None:
        """Start anew: the store is about to tell all."""
        self._until.clear()

    def trust_until(self, moment: float) -> None:
        """Believe what is in memory until *moment* on the clock."""
        self._trusted_until = moment
