"""What is written down of a password or a code that was wrong."""

from datetime import datetime

from auth.account import Account, Visit, is_open, moment_of
from auth.attempt import Attempt
from auth.audit import AuditAction, AuditEvent, write_down
from auth.outbox import MailKind, post
from auth.session import Session


async def write_failure(
    session: Session, account: Account | None, attempt: Attempt, visit: Visit, now: datetime
) -> None:
    """Write down what failed, and tell the User of a lock, once."""
    if not attempt.counts:
        return
    async with session.transaction() as inner:
        await write_down(inner, _event(AuditAction.SIGN_IN_FAILED, account, visit, {}))
        if attempt.locks_until is not None:
            until = {"until": moment_of(attempt.locks_until).isoformat()}
            await write_down(inner, _event(AuditAction.LOCKED, account, visit, until))
            if account is not None and is_open(account):
                await post(inner, MailKind.LOCKED, account.user, now)


def _event(action: AuditAction, account: Account | None, visit: Visit, details: dict[str, str]) -> AuditEvent:
    return AuditEvent(
        action=action,
        customer="" if account is None else account.user.customer,
        actor="",
        subject="" if account is None else account.user.username,
        source=visit.source,
        details=details,
    )
