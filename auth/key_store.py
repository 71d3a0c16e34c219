"""The keys that sign tokens, and their succession: published a day before they sign, trusted a day after."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from auth.audit import AuditAction, AuditEvent, write_down
from auth.key import PrivateKey, PublicKeys, dump_key, load_key, make_key, public_keys
from auth.session import Session

PUBLISHED: Final = timedelta(days=1)
"""How long a key is published before it signs: who keeps our keys has it by then."""
TRUSTED: Final = timedelta(days=1, hours=1)
"""How long a key is trusted after it signed last: longer than any token that it signed is valid."""

_SIGNING: Final = "SELECT private_jwk FROM auth_signing_key WHERE role = 'signing'"
_NEW: Final = (
    "INSERT INTO auth_signing_key (kid, role, private_jwk, created_at) VALUES (?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING RETURNING kid"
)
_TRUSTED: Final = (
    "SELECT kid, role, private_jwk, created_at FROM auth_signing_key "
    "WHERE retired_at IS NULL OR retired_at > ? ORDER BY id"
)
_RETIRE: Final = "UPDATE auth_signing_key SET role = NULL, retired_at = ? WHERE role = 'signing'"
_PROMOTE: Final = "UPDATE auth_signing_key SET role = 'signing' WHERE kid = ? AND role = 'next' RETURNING kid"
_HOLD: Final = "UPDATE auth_signing_key SET role = role WHERE role = 'next' RETURNING kid, created_at"
"""Holds the next key's row until the transaction ends."""
_DISTRUST: Final = "UPDATE auth_signing_key SET retired_at = ? WHERE retired_at > ?"


class KeyStoreError(Exception):
    """The store of keys failed or was too slow."""


class Ring(msgspec.Struct, frozen=True, kw_only=True):
    """The keys at a moment: the one that signs, and the public ones that are published and trusted."""

    signing: PrivateKey
    trusted: PublicKeys

    def __eq__(self, other: object) -> bool:
        """Tell whether *other* has the same keys in the same roles."""
        return isinstance(other, Ring) and self._names() == other._names()

    def __hash__(self) -> int:
        return hash(self._names())

    def _names(self) -> tuple[str | None, ...]:
        return (self.signing.kid, *(each.kid for each in self.trusted))


class KeyStore:
    """The signing keys in the embedded database. Every method raises ``KeyStoreError`` where that fails."""

    def __init__(self, connection: BaseDBAsyncClient, seconds: float = 2.0) -> None:
        """Use *connection*, on which the migrations of auth have run; *seconds* bound every statement."""
        self._session = Session(connection, seconds, KeyStoreError)

    async def signing(self) -> PrivateKey:
        """Give the key that signs; make it at first use, one for all processes."""
        rows = await self._session.run(_SIGNING, [])
        if not rows:
            key = make_key()
            await self._session.run(_NEW, [key.kid, "signing", dump_key(key), datetime.now(UTC)])
            rows = await self._session.run(_SIGNING, [])
        return load_key(rows[0]["private_jwk"])

    async def trusted(self, now: datetime) -> PublicKeys:
        """Give the public keys that are not retired, oldest first; none before the first use of one."""
        rows = await self._session.run(_TRUSTED, [now])
        return public_keys([load_key(each["private_jwk"]) for each in rows])

    async def ring(self, now: datetime) -> Ring:
        """Give the keys as they are *now*; a next key signs when it was published for long enough."""
        rows = await self._session.run(_TRUSTED, [now])
        if any(each["role"] == "next" and _moment(each["created_at"]) + PUBLISHED <= now for each in rows):
            async with self._session.transaction() as inner:
                await _succeed(inner, now, "", published=PUBLISHED)
            rows = await self._session.run(_TRUSTED, [now])
        if not any(each["role"] == "signing" for each in rows):
            await self.signing()
            rows = await self._session.run(_TRUSTED, [now])
        [signing] = [load_key(each["private_jwk"]) for each in rows if each["role"] == "signing"]
        return Ring(signing=signing, trusted=public_keys([load_key(each["private_jwk"]) for each in rows]))

    async def publish_next(self, now: datetime, by: str) -> bool:
        """Publish the next key, which signs after ``PUBLISHED``; False where there is one already."""
        key = make_key()
        async with self._session.transaction() as inner:
            if not await inner.run(_NEW, [key.kid, "next", dump_key(key), now]):
                return False
            await write_down(
                inner, AuditEvent(action=AuditAction.KEY_PUBLISHED, actor=by, subject=str(key.kid))
            )
        return True

    async def rotate_now(self, now: datetime, by: str, *, compromised: bool = False) -> None:
        """Sign with the next key from now on; *compromised*: what the others signed is void at once."""
        await self.signing()
        await self.publish_next(now, by)
        async with self._session.transaction() as inner:
            await _succeed(inner, now, by, published=timedelta())
            if compromised:
                await inner.run(_DISTRUST, [now, now])


async def _succeed(session: Session, now: datetime, by: str, *, published: timedelta) -> None:
    """Let the next key sign, if it was *published* for that long; another process may have been faster."""
    rows = await session.run(_HOLD, [])
    if not rows or _moment(rows[0]["created_at"]) + published > now:
        return
    await session.run(_RETIRE, [now + TRUSTED])
    await session.run(_PROMOTE, [rows[0]["kid"]])
    await write_down(session, AuditEvent(action=AuditAction.KEY_ROTATED, actor=by, subject=rows[0]["kid"]))


def _moment(stored: Any) -> datetime:  # noqa: ANN401 - SQLite has it as text
    return datetime.fromisoformat(stored) if isinstance(stored, str) else stored
