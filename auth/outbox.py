"""Mails that wait to be sent: written with what they tell of, claimed by one sender at a time.

No mail holds a link: the sender makes it when the mail goes out, so that no table or backup ever has one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

import msgspec
from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from auth.account import seconds_of
from auth.audit import AuditAction, AuditEvent, write_down
from auth.session import Session
from auth.store import UserRecord

FIRST_WAIT: Final = timedelta(seconds=10)
LONGEST_WAIT: Final = timedelta(hours=1)
GIVEN_UP: Final = timedelta(hours=24)
"""After how long a mail that nobody takes is given up."""
CLAIMED: Final = timedelta(minutes=5)
"""For how long a sender has a mail to itself."""
KEPT: Final = timedelta(days=90)
"""For how long is remembered what became of a mail."""


class MailKind(Enum):
    """What a mail tells."""

    INVITATION = "INVITATION"
    RESET = "RESET"
    LOCKED = "LOCKED"
    PASSWORD_SET = "PASSWORD_SET"  # noqa: S105 - the name of a mail


class Delivery(Enum):
    """What became of a mail."""

    WAITING = "WAITING"
    SENT = "SENT"
    REFUSED = "REFUSED"


class OutgoingMail(Model):
    """The table of mails. Times are in seconds since 1970."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(16)
    customer = fields.CharField(64)
    username = fields.CharField(128)
    recipient = fields.CharField(254)
    delivery = fields.CharField(8)
    reason = fields.CharField(254)
    attempts = fields.IntField()
    created_at = fields.BigIntField()
    next_at = fields.BigIntField()
    claimed_until = fields.BigIntField()

    class Meta(Model.Meta):
        """The table's name and indexes."""

        app = "auth"
        table = "auth_mail"
        indexes = (Index(fields=("delivery", "next_at")), Index(fields=("username", "id")))


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail; ``reason`` is why it was refused, or not taken yet, "" for none."""

    id: int
    kind: MailKind
    customer: str
    username: str
    recipient: str
    delivery: Delivery
    reason: str
    attempts: int
    created_at: int


_COLUMNS: Final = (
    "id, kind, customer, username, recipient, delivery, reason, attempts, created_at FROM auth_mail"
)
_NEW: Final = (
    "INSERT INTO auth_mail (kind, customer, username, recipient, delivery, reason, attempts, created_at, "
    "next_at, claimed_until) VALUES (?, ?, ?, ?, 'WAITING', '', 0, ?, ?, 0)"
)
_SINCE: Final = "SELECT id FROM auth_mail WHERE username = ? AND kind = ? AND created_at > ?"
_DROP: Final = "DELETE FROM auth_mail WHERE username = ? AND delivery = 'WAITING'"
_DUE: Final = (
    "SELECT id FROM auth_mail WHERE delivery = 'WAITING' AND next_at <= ? AND claimed_until <= ? "
    "ORDER BY next_at LIMIT 20"
)
_CLAIM: Final = (
    "UPDATE auth_mail SET claimed_until = ?, attempts = attempts + 1 WHERE id = ? AND delivery = 'WAITING' "
    "AND claimed_until <= ? RETURNING id, kind, customer, username, recipient, delivery, reason, attempts, "
    "created_at"
)
_SENT: Final = "UPDATE auth_mail SET delivery = 'SENT', reason = '' WHERE id = ?"
_LATER: Final = "UPDATE auth_mail SET reason = ?, next_at = ?, claimed_until = 0 WHERE id = ?"
_REFUSED: Final = "UPDATE auth_mail SET delivery = 'REFUSED', reason = ? WHERE id = ?"
_WITHDRAW: Final = "DELETE FROM auth_mail WHERE id = ?"
_LATEST: Final = (
    f"SELECT {_COLUMNS} WHERE id IN "  # noqa: S608 - constants
    "(SELECT MAX(id) FROM auth_mail WHERE customer = ? GROUP BY username)"
)
_FORGET: Final = "DELETE FROM auth_mail WHERE created_at < ? AND delivery <> 'WAITING'"


async def post(session: Session, kind: MailKind, user: UserRecord, now: datetime) -> None:
    """Have a mail sent to *user* once the transaction ends."""
    seconds = seconds_of(now)
    await session.run(_NEW, [kind.value, user.customer, user.username, user.email, seconds, seconds])


async def posted_since(session: Session, username: str, kind: MailKind, since: datetime) -> bool:
    """Tell whether such a mail was written to that User after *since*."""
    return bool(await session.run(_SINCE, [username, kind.value, seconds_of(since)]))


async def drop_mails(session: Session, username: str) -> None:
    """Do not send what still waits for that User."""
    await session.run(_DROP, [username])


async def due(session: Session, now: datetime) -> Sequence[int]:
    """Give the numbers of the mails that may be sent now."""
    seconds = seconds_of(now)
    return [each["id"] for each in await session.run(_DUE, [seconds, seconds])]


async def claim(session: Session, number: int, now: datetime) -> Mail | None:
    """Give that mail to one sender; None where another has it."""
    seconds = seconds_of(now)
    rows = await session.run(_CLAIM, [seconds_of(now + CLAIMED), number, seconds])
    return _mail(rows[0]) if rows else None


async def sent(session: Session, mail: Mail) -> None:
    """Note that a server took *mail*."""
    await session.run(_SENT, [mail.id])


async def withdraw(session: Session, mail: Mail) -> None:
    """Do not send *mail*: it has no use any more."""
    await session.run(_WITHDRAW, [mail.id])


async def failed(session: Session, mail: Mail, reason: str, now: datetime, *, for_good: bool) -> Delivery:
    """Note why *mail* was not taken; try again later, unless that is no use any more."""
    told = reason[:254]
    if not for_good and seconds_of(now) - mail.created_at < GIVEN_UP.total_seconds():
        await session.run(_LATER, [told, seconds_of(now + wait_after(mail.attempts)), mail.id])
        return Delivery.WAITING
    async with session.transaction() as inner:
        await inner.run(_REFUSED, [told, mail.id])
        await write_down(
            inner,
            AuditEvent(
                action=AuditAction.MAIL_REFUSED,
                customer=mail.customer,
                subject=mail.username,
                details={"kind": mail.kind.value, "reason": told},
            ),
        )
    return Delivery.REFUSED


def wait_after(attempts: int) -> timedelta:
    """Give how long to wait after so many attempts: twice as long as before, up to an hour."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts - 1, 16)))


async def latest_mails(session: Session, customer: str) -> Mapping[str, Mail]:
    """Give the last mail to each User of *customer*, by username."""
    return {each["username"]: _mail(each) for each in await session.run(_LATEST, [customer])}


async def forget_mails(session: Session, now: datetime) -> None:
    """Remove mails of long ago."""
    await session.run(_FORGET, [seconds_of(now - KEPT)])


def _mail(row: Mapping[str, Any]) -> Mail:
    return Mail(
        id=row["id"],
        kind=MailKind(row["kind"]),
        customer=row["customer"],
        username=row["username"],
        recipient=row["recipient"],
        delivery=Delivery(row["delivery"]),
        reason=row["reason"],
        attempts=row["attempts"],
        created_at=row["created_at"],
    )
