"""Sessions of browsers: an opaque id in a cookie, of which only the digest is stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final
from uuid import uuid4

import msgspec
from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from auth.account import Visit, digest, new_token, seconds_of
from auth.key import Secret
from auth.session import Session
from auth.signed_in import SignedIn
from auth.store import UserRecord
from auth.viewer import CustomerCode

_SEEN_EVERY: Final = 60
"""Seconds after which a session that goes on is noted again."""


class Step(Enum):
    """What a session still waits for before anybody is signed in."""

    NONE = ""
    CODE = "CODE"
    """A code of the second factor."""
    ENROL = "ENROL"
    """That a second factor is set up, as the customer demands."""


class BrowserSession(Model):
    """The table of sessions. Times are in seconds since 1970, ``name`` is no secret."""

    digest = fields.CharField(64, primary_key=True)
    name = fields.CharField(32, unique=True)
    username = fields.CharField(128)
    step = fields.CharField(8)
    methods = fields.CharField(32)
    at = fields.BigIntField()
    seen_at = fields.BigIntField()
    source = fields.CharField(64)
    agent = fields.CharField(160)

    class Meta(Model.Meta):
        """The table's name and index."""

        app = "auth"
        table = "auth_browser_session"
        indexes = (Index(fields=("username",)),)


class Lifetimes(msgspec.Struct, frozen=True, kw_only=True):
    """How long a session lasts: unused, in all, and before the second factor is given."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    waiting: timedelta = timedelta(minutes=10)


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session that goes on; nobody is signed in with it while ``step`` waits for something."""

    name: str
    username: str
    customer: CustomerCode
    at: int
    seen_at: int
    methods: tuple[str, ...]
    step: Step
    source: str
    agent: str

    def signed_in(self) -> SignedIn | None:
        """Give who is signed in."""
        if self.step is not Step.NONE:
            return None
        return SignedIn(
            session=self.name,
            username=self.username,
            customer=self.customer,
            at=self.at,
            methods=self.methods,
        )


_COLUMNS: Final = (
    "s.name, s.username, s.step, s.methods, s.at, s.seen_at, s.source, s.agent, u.customer "
    "FROM auth_browser_session s JOIN auth_user u ON u.username = s.username "
    "WHERE u.active AND s.at >= u.valid_from AND s.at > ? AND s.seen_at > ?"
)
_NEW: Final = (
    "INSERT INTO auth_browser_session (digest, name, username, step, methods, at, seen_at, source, agent) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ONE: Final = f"SELECT {_COLUMNS} AND s.digest = ?"
_OF_USER: Final = f"SELECT {_COLUMNS} AND s.username = ? AND s.step = '' ORDER BY s.seen_at DESC"
_SEEN: Final = "UPDATE auth_browser_session SET seen_at = ? WHERE digest = ? AND seen_at < ?"
_END: Final = "DELETE FROM auth_browser_session WHERE digest = ? RETURNING username, name"
_END_NAMED: Final = "DELETE FROM auth_browser_session WHERE username = ? AND name = ? RETURNING name"
_END_ALL: Final = "DELETE FROM auth_browser_session WHERE username = ?"
_FORGET: Final = "DELETE FROM auth_browser_session WHERE at < ? OR seen_at < ?"


async def open_session(
    session: Session, user: UserRecord, visit: Visit, methods: Sequence[str], step: Step, now: datetime
) -> tuple[Secret, str]:
    """Begin a session, and give its id, which is told nobody else, and its name."""
    token, name = new_token(), uuid4().hex
    at = max(seconds_of(now), user.valid_from)
    agent = "".join(each for each in visit.agent if each.isprintable())[:160]
    named = [digest(token), name, user.username, step.value, " ".join(methods)]
    await session.run(_NEW, [*named, at, at, visit.source[:64], agent])
    return token, name


async def session_of(session: Session, token: str, lifetimes: Lifetimes, now: datetime) -> OpenSession | None:
    """Give the session with that id, and note that it is used; None where there is none any more."""
    key, seconds = digest(token), seconds_of(now)
    rows = await session.run(_ONE, [*_ends(lifetimes, now), key])
    found = _open(rows[0]) if rows else None
    if found is None:
        return None
    if found.step is not Step.NONE and seconds - found.at >= lifetimes.waiting.total_seconds():
        return None
    if seconds - found.seen_at >= _SEEN_EVERY:
        await session.run(_SEEN, [seconds, key, seconds])
    return found


async def sessions_of(
    session: Session, username: str, lifetimes: Lifetimes, now: datetime
) -> Sequence[OpenSession]:
    """Give the sessions in which that User is signed in, the one seen last first."""
    return [_open(each) for each in await session.run(_OF_USER, [*_ends(lifetimes, now), username])]


async def end_session(session: Session, token: str) -> tuple[str, str] | None:
    """End the session with that id; give its User and its name, None where there is none."""
    rows = await session.run(_END, [digest(token)])
    return (rows[0]["username"], rows[0]["name"]) if rows else None


async def end_session_named(session: Session, username: str, name: str) -> bool:
    """End that session of the User; tell whether there was one."""
    return bool(await session.run(_END_NAMED, [username, name]))


async def end_sessions(session: Session, username: str) -> None:
    """End all sessions of the User."""
    await session.run(_END_ALL, [username])


async def forget_sessions(session: Session, lifetimes: Lifetimes, now: datetime) -> None:
    """Remove what has ended."""
    await session.run(_FORGET, _ends(lifetimes, now))


def _ends(lifetimes: Lifetimes, now: datetime) -> list[int]:
    """Give when a session must have begun, and been seen, at the latest."""
    return [seconds_of(now - lifetimes.absolute), seconds_of(now - lifetimes.idle)]


def _open(row: Mapping[str, Any]) -> OpenSession:
    return OpenSession(
        name=row["name"],
        username=row["username"],
        customer=CustomerCode(row["customer"]),
        at=row["at"],
        seen_at=row["seen_at"],
        methods=tuple(row["methods"].split()),
        step=Step(row["step"]),
        source=row["source"],
        agent=row["agent"],
    )
