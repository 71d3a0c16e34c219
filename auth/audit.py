"""The audit log: what happened to accounts, tokens and rights, by whom; lines are added, never changed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

import msgspec
from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.indexes import Index
from tortoise.models import Model

from auth.session import Session

_AT_ONCE: Final = 1_000
"""How many lines one statement reads."""


class AuditError(Exception):
    """The audit log failed or was too slow; what was to be written down did not happen, either."""


class AuditAction(Enum):
    """What happened."""

    USER_CHANGED = "USER_CHANGED"
    RIGHTS_CHANGED = "RIGHTS_CHANGED"
    INVITED = "INVITED"
    PASSWORD_SET = "PASSWORD_SET"  # noqa: S105 - the name of an event
    RESET_ASKED = "RESET_ASKED"
    SIGNED_IN = "SIGNED_IN"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    LOCKED = "LOCKED"
    SIGNED_OUT = "SIGNED_OUT"
    SESSIONS_ENDED = "SESSIONS_ENDED"
    SECOND_FACTOR_ADDED = "SECOND_FACTOR_ADDED"
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED"
    DEACTIVATED = "DEACTIVATED"
    REACTIVATED = "REACTIVATED"
    CANCELLED = "CANCELLED"
    POLICY_CHANGED = "POLICY_CHANGED"
    MAIL_REFUSED = "MAIL_REFUSED"
    CLIENT_CREATED = "CLIENT_CREATED"
    CLIENT_SECRET_ROTATED = "CLIENT_SECRET_ROTATED"  # noqa: S105 - the action's name
    CLIENT_REVOKED = "CLIENT_REVOKED"
    CLIENT_GRANTED = "CLIENT_GRANTED"
    CLIENT_REFUSED = "CLIENT_REFUSED"
    CLIENT_TOKEN_ISSUED = "CLIENT_TOKEN_ISSUED"  # noqa: S105 - the action's name
    CONSENT_GIVEN = "CONSENT_GIVEN"
    AUTHORIZATION_MADE = "AUTHORIZATION_MADE"
    AUTHORIZATION_ENDED = "AUTHORIZATION_ENDED"
    CODE_REPLAYED = "CODE_REPLAYED"
    REFRESH_REUSED = "REFRESH_REUSED"
    TOKEN_REVOKED = "TOKEN_REVOKED"  # noqa: S105 - the action's name
    KEY_PUBLISHED = "KEY_PUBLISHED"
    KEY_ROTATED = "KEY_ROTATED"


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the log.

    ``customer`` is the code of the customer it concerns, "" for none. ``actor`` is who did it: a username,
    ``client:ID``, ``operator:NAME`` or "" for nobody who is known; ``subject`` to whom or what. ``source`` is
    the address it came from, "" for none. ``details`` never hold a secret.
    """

    action: AuditAction
    customer: str = ""
    actor: str = ""
    subject: str = ""
    source: str = ""
    details: Mapping[str, str] = {}


class AuditLine(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it is stored: ``id`` counts up, ``at`` is when it was written down."""

    id: int
    at: datetime
    event: AuditEvent


class AuditEntry(Model):
    """The table of ``AuditLine``: the database changes and removes none."""

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    action = fields.CharField(64)
    customer = fields.CharField(64)
    actor = fields.CharField(160)
    subject = fields.CharField(160)
    source = fields.CharField(64)
    details: fields.JSONField[dict[str, str]] = fields.JSONField()

    class Meta(Model.Meta):
        """The table's name and index."""

        app = "auth"
        table = "auth_audit"
        indexes = (Index(fields=("customer", "id")),)


_WRITE: Final = (
    "INSERT INTO auth_audit (at, action, customer, actor, subject, source, details) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_COLUMNS: Final = "id, at, action, customer, actor, subject, source, details"
_ALL: Final = f"SELECT {_COLUMNS} FROM auth_audit WHERE id > ? ORDER BY id LIMIT {_AT_ONCE}"  # noqa: S608 - constants
_NEWEST: Final = f"SELECT {_COLUMNS} FROM auth_audit WHERE customer = ? AND id < ? ORDER BY id DESC LIMIT ?"  # noqa: S608 - constants


class AuditLog:
    """The audit log in the embedded database. Every method raises ``AuditError`` where that fails."""

    def __init__(self, connection: BaseDBAsyncClient, seconds: float = 2.0) -> None:
        """Use *connection*, on which the migrations of auth have run; *seconds* bound every statement."""
        self._session = Session(connection, seconds, AuditError)

    async def write(self, event: AuditEvent) -> None:
        """Write *event* down, now."""
        await write_down(self._session, event)

    async def newest(self, customer: str, before: int | None = None, limit: int = 100) -> Sequence[AuditLine]:
        """Give lines that concern *customer*, newest first, those older than the line *before*."""
        rows = await self._session.run(_NEWEST, [customer, 2**62 if before is None else before, limit])
        return [_line(each) for each in rows]

    async def all(self) -> AsyncIterator[AuditLine]:
        """Give every line, oldest first."""
        last = 0
        while rows := await self._session.run(_ALL, [last]):
            for each in rows:
                yield _line(each)
            last = rows[-1]["id"]


async def write_down(session: Session, event: AuditEvent) -> None:
    """Write *event* down in *session*: in the transaction that does what it tells of."""
    values = [event.action.value, event.customer, event.actor[:160], event.subject[:160], event.source[:64]]
    details = msgspec.json.encode(dict(event.details)).decode()
    await session.run(_WRITE, [datetime.now(UTC), *values, details])


def _line(row: Mapping[str, Any]) -> AuditLine:
    at: datetime | str = row["at"]
    event = AuditEvent(
        action=AuditAction(row["action"]),
        customer=row["customer"],
        actor=row["actor"],
        subject=row["subject"],
        source=row["source"],
        details=msgspec.json.decode(row["details"], type=dict[str, str]),
    )
    return AuditLine(id=row["id"], at=datetime.fromisoformat(at) if isinstance(at, str) else at, event=event)
