"""What is written down of a password or a code that was wrong."""

from datetime import datetime

from auth.account import Account, Visit, event, is_open, moment_of, visitor
from auth.attempt import Attempt
from auth.audit import AuditAction, write_down
from auth.outbox import MailKind, post
from auth.session import Session


async def write_failure(
    session: Session, account: Account | None, attempt: Attempt, visit: Visit, now: datetime
) -> None:
    """Write down what failed, and tell the User of a lock, once."""
    if not attempt.counts:
        return
    by = visitor("", visit)
    customer, username = ("", "") if account is None else (account.user.customer, account.user.username)
    async with session.transaction() as inner:
        await write_down(inner, event(AuditAction.SIGN_IN_FAILED, by, customer, username))
        if attempt.locks_until is not None:
            until = {"until": moment_of(attempt.locks_until).isoformat()}
            await write_down(inner, event(AuditAction.LOCKED, by, customer, username, until))
            if account is not None and is_open(account):
                await post(inner, MailKind.LOCKED, account.user, now)
