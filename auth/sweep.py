"""Cancelling accounts that nobody used for six months (terms of use 1.5), without prior notice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from auth.account import UNUSED_MONTHS, AccountStoreError, Actor, administers, event, is_unused, months_before
from auth.account_store import account_of, accounts_of, accounts_unused
from auth.administration import shut
from auth.audit import AuditAction, write_down
from auth.session import Connection, Session
from auth.store import UserRecord, hold_users

_BY: Final = Actor(name="operator:sweep")


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """Whose accounts were cancelled, and which customers have no administrator without them."""

    users: tuple[UserRecord, ...]
    unadministered: tuple[str, ...]


async def sweep(
    connection: Connection,
    now: datetime,
    *,
    months: int = UNUSED_MONTHS,
    dry_run: bool = False,
    seconds: float = 2.0,
) -> Swept:
    """Cancel what was unused for *months*, each account in a transaction of its own; nothing in a dry run.

    The last administrator of a customer goes, too: the terms know no exception.
    Then the operator invites one.
    Raises ``AccountStoreError`` where the database fails; run again, it goes on with the rest.
    """
    session = Session(connection, seconds, AccountStoreError)
    found = await accounts_unused(session, months_before(now, months))
    gone = [each.user for each in found if dry_run or await _cancel(session, each.user.username, now, months)]
    return Swept(users=tuple(gone), unadministered=tuple(await _unadministered(session, gone, now)))


async def _cancel(session: Session, username: str, now: datetime, months: int) -> bool:
    """Cancel the account, unless it was used, or cancelled, in between."""
    async with session.transaction() as inner:
        await hold_users(inner)
        account = await account_of(inner, username)
        if account is None or account.cancelled_at is not None or not is_unused(account, now, months):
            return False
        await shut(inner, account, now, for_good=True)
        details = {"unusedMonths": str(months)}
        await write_down(inner, event(AuditAction.CANCELLED, _BY, account.user.customer, username, details))
    return True


async def _unadministered(session: Session, gone: Sequence[UserRecord], now: datetime) -> Sequence[str]:
    """Give the customers that lost an administrator and have none left who can sign in."""
    names = {each.username for each in gone}
    customers = sorted({each.customer for each in gone if each.rights.administrator})
    return [
        customer
        for customer in customers
        if not any(
            administers(each, now) and each.user.username not in names
            for each in await accounts_of(session, customer)
        )
    ]
