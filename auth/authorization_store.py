"""What Users let clients do: authorizations, the codes and refresh tokens issued from them, consents."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from auth.account import seconds_of
from auth.audit import AuditAction, AuditEvent, write_down
from auth.client import hashed
from auth.revocation import of_authorization, of_token, revoke
from auth.session import Session
from auth.token import LIFETIME
from auth.viewer import ClientId, CustomerCode


class AuthorizationStoreError(Exception):
    """The store of authorizations failed or was too slow."""


class SpentError(Exception):
    """A code or a refresh token that was used in between, or whose authorization has ended."""


class Authorization(msgspec.Struct, frozen=True, kw_only=True):
    """A User's sign-in to a client; times are in seconds since 1970.

    ``id`` is the ``sid`` of all tokens issued from it; ``session`` the browser's that it was made in.
    ``authenticated_at`` is when the User signed in, ``methods`` how; tokens were last issued at ``used_at``.
    """

    id: str
    client: ClientId
    username: str
    customer: CustomerCode
    scope: str
    session: str
    authenticated_at: int
    methods: tuple[str, ...]
    created_at: int
    used_at: int
    expires_at: int
    active: bool = True


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """An authorization code as it is stored; ``challenge`` is PKCE's, by S256."""

    hash: str
    sid: str
    redirect_uri: str
    challenge: str
    nonce: str
    expires_at: int
    used_at: int | None = None


class RefreshToken(msgspec.Struct, frozen=True, kw_only=True):
    """A refresh token as it is stored."""

    hash: str
    sid: str
    created_at: int
    used_at: int | None = None


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """Why an authorization ends, and until when what was issued from it would have been valid."""

    action: AuditAction
    actor: str
    source: str
    until: int
    now: datetime


def ending(
    action: AuditAction, actor: str, source: str, now: datetime, lifetime: timedelta = LIFETIME
) -> Ending:
    """Give why an authorization ends now: no access token of that *lifetime* is valid any more."""
    return Ending(action=action, actor=actor, source=source, until=seconds_of(now + 2 * lifetime), now=now)


_COLUMNS: Final = (
    "id, client, username, customer, scope, session, authenticated_at, methods, created_at, used_at, "
    "expires_at, active"
)
_AUTHORIZATION: Final = f"SELECT {_COLUMNS} FROM auth_authorization WHERE id = ?"  # noqa: S608 - constants
_CARRY_OVER: Final = "UPDATE auth_authorization SET session = ? WHERE session = ?"
_OF_SESSION: Final = f"SELECT {_COLUMNS} FROM auth_authorization WHERE session = ? AND active"  # noqa: S608 - constants
_NEW: Final = f"INSERT INTO auth_authorization ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - constants
_USE: Final = "UPDATE auth_authorization SET used_at = ? WHERE id = ? AND active RETURNING id"
_END: Final = "UPDATE auth_authorization SET active = ? WHERE id = ? AND active RETURNING username"
_CODE: Final = (
    "SELECT hash, sid, redirect_uri, challenge, nonce, expires_at, used_at FROM auth_code WHERE hash = ?"
)
_NEW_CODE: Final = (
    "INSERT INTO auth_code (hash, sid, redirect_uri, challenge, nonce, expires_at) VALUES (?, ?, ?, ?, ?, ?)"
)
_SPEND_CODE: Final = "UPDATE auth_code SET used_at = ? WHERE hash = ? AND used_at IS NULL RETURNING hash"
_REFRESH: Final = "SELECT hash, sid, created_at, used_at FROM auth_refresh_token WHERE hash = ?"
_NEW_REFRESH: Final = "INSERT INTO auth_refresh_token (hash, sid, created_at) VALUES (?, ?, ?)"
_SPEND_REFRESH: Final = (
    "UPDATE auth_refresh_token SET used_at = ? WHERE hash = ? AND used_at IS NULL RETURNING hash"
)
_OLD: Final = (
    "DELETE FROM auth_code WHERE sid IN (SELECT id FROM auth_authorization WHERE expires_at < ?)",
    "DELETE FROM auth_refresh_token WHERE sid IN (SELECT id FROM auth_authorization WHERE expires_at < ?)",
    "DELETE FROM auth_authorization WHERE expires_at < ?",
)
"""Codes and refresh tokens are kept as long as their authorization: a second use must be noticed."""
_CONSENT: Final = "SELECT scope FROM auth_consent WHERE username = ? AND client = ?"
_CONSENTED: Final = (
    "INSERT INTO auth_consent (username, client, scope, given_at) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (username, client) DO UPDATE SET scope = excluded.scope, given_at = excluded.given_at"
)
_NO_CONSENTS: Final = "DELETE FROM auth_consent WHERE username = ?"


class AuthorizationStore:
    """The authorizations in the embedded database.

    ``seconds`` bounds every statement. Every method raises ``AuthorizationStoreError`` where the database
    fails or is slower.
    """

    def __init__(self, connection: BaseDBAsyncClient, seconds: float = 2.0) -> None:
        """Use *connection*, on which the migrations of auth have run."""
        self._session = Session(connection, seconds, AuthorizationStoreError)

    async def by_id(self, sid: str) -> Authorization | None:
        """Give the authorization of that id, in force or not; None if there is none."""
        rows = await self._session.run(_AUTHORIZATION, [sid])
        return _authorization(rows[0]) if rows else None

    async def code(self, code: str) -> Code | None:
        """Give what is stored of *code*, used or not; None if there is none."""
        rows = await self._session.run(_CODE, [hashed(code)])
        return msgspec.convert(rows[0], Code) if rows else None

    async def refresh_token(self, token: str) -> RefreshToken | None:
        """Give what is stored of the refresh token *token*, used or not; None if there is none."""
        rows = await self._session.run(_REFRESH, [hashed(token)])
        return msgspec.convert(rows[0], RefreshToken) if rows else None

    async def authorize(self, made: Authorization, code: Code, *, source: str) -> None:
        """Store a new authorization with its code; forget what has expired long ago."""
        async with self._session.transaction() as inner:
            for each in _OLD:
                await inner.run(each, [made.created_at])
            values = msgspec.structs.asdict(made) | {"methods": " ".join(made.methods)}
            await inner.run(_NEW, list(values.values()))
            *stored, _ = msgspec.structs.astuple(code)
            await inner.run(_NEW_CODE, stored)
            await write_down(inner, _event(AuditAction.AUTHORIZATION_MADE, made, made.username, source))

    async def exchange(self, code: Code, refresh: str | None, now: int) -> None:
        """Spend *code*, for the refresh token *refresh* where there is one; raises ``SpentError``."""
        async with self._session.transaction() as inner:
            await _spend(inner, _SPEND_CODE, code.hash, code.sid, now)
            if refresh is not None:
                await inner.run(_NEW_REFRESH, [hashed(refresh), code.sid, now])

    async def rotate(self, token: RefreshToken, successor: str, now: int) -> None:
        """Spend *token* for its *successor*; raises ``SpentError``."""
        async with self._session.transaction() as inner:
            await _spend(inner, _SPEND_REFRESH, token.hash, token.sid, now)
            await inner.run(_NEW_REFRESH, [hashed(successor), token.sid, now])

    async def end(self, sid: str, ending: Ending) -> None:
        """End an authorization: its refresh tokens now, its access tokens within a second everywhere."""
        async with self._session.transaction() as inner:
            rows = await inner.run(_AUTHORIZATION, [sid])
            if rows:
                await _end(inner, _authorization(rows[0]), ending)

    async def end_session(self, session: str, ending: Ending) -> None:
        """End every authorization that was made in a browser's session: whoever signs out is out."""
        async with self._session.transaction() as inner:
            await end_of_session(inner, session, ending)

    async def revoke_token(self, jti: str, event: AuditEvent, until: int, now: datetime) -> None:
        """Revoke one access token, and write *event* down."""
        async with self._session.transaction() as inner:
            await revoke(inner, [of_token(jti)], until, now)
            await write_down(inner, event)

    async def write(self, event: AuditEvent) -> None:
        """Write *event* down."""
        await write_down(self._session, event)

    async def consented(self, username: str, client: ClientId) -> frozenset[str]:
        """Give the scopes that the User allowed the client once and for all."""
        rows = await self._session.run(_CONSENT, [username, client])
        return frozenset(rows[0]["scope"].split()) if rows else frozenset()

    async def consent(
        self, username: str, client: ClientId, scope: str, *, now: int, event: AuditEvent
    ) -> None:
        """Remember that the User allowed the client *scope*, and write *event* down."""
        async with self._session.transaction() as inner:
            await inner.run(_CONSENTED, [username, client, scope, now])
            await write_down(inner, event)


async def end_of_session(session: Session, name: str, ending: Ending) -> None:
    """End every authorization that was made in the browser's session *name*, in a transaction."""
    for each in await session.run(_OF_SESSION, [name]):
        await _end(session, _authorization(each), ending)


async def carry_over(session: Session, before: str, after: str) -> None:
    """Have what was made in the browser's session *before* end with the one that took its place."""
    await session.run(_CARRY_OVER, [after, before])


async def forget_consents(session: Session, username: str) -> None:
    """Forget what the User allowed any client: the name may be another person's one day."""
    await session.run(_NO_CONSENTS, [username])


async def _spend(session: Session, statement: str, key: str, sid: str, now: int) -> None:
    """Use a code or a refresh token once, if its authorization is in force."""
    if not await session.run(_USE, [now, sid]) or not await session.run(statement, [now, key]):
        raise SpentError


async def _end(session: Session, ended: Authorization, ending: Ending) -> None:
    if await session.run(_END, [False, ended.id]):
        await revoke(session, [of_authorization(ended.id)], ending.until, ending.now)
    await write_down(session, _event(ending.action, ended, ending.actor, ending.source))


def _event(action: AuditAction, of: Authorization, actor: str, source: str) -> AuditEvent:
    details = {"client": of.client, "scope": of.scope, "sid": of.id}
    return AuditEvent(
        action=action,
        customer=of.customer,
        actor=actor,
        subject=of.username,
        source=source,
        details=details,
    )


def _authorization(row: Mapping[str, Any]) -> Authorization:
    values = {**row, "methods": tuple(row["methods"].split()), "active": bool(row["active"])}
    return msgspec.convert(values, Authorization)
