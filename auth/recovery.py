"""Setting a password by a link: the first one, and another for one that was forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from auth.account import Account, AccountState, AccountStoreError, Visit, event, state, typed, visitor
from auth.account_store import (
    Purpose,
    account_of,
    accounts_by_email,
    linked,
    make_link,
    store_password,
    use_link,
    void_links,
)
from auth.attempt import clear_attempts, of_account
from auth.audit import AuditAction, write_down
from auth.browser_session import end_sessions
from auth.key import Secret
from auth.outbox import MailKind, post, posted_since
from auth.password_hash import Passwords
from auth.session import Connection, Session
from auth.store import hold_users, void_user

AGAIN_AFTER: Final = timedelta(minutes=2)
"""How long after a mail the next one may be asked for."""


class LinkError(Exception):
    """The link is unknown, used, expired or replaced, or its User is deactivated: nobody is told which."""


class Recovery:
    """Sets passwords by links; raises ``AccountStoreError`` where the database fails."""

    def __init__(self, connection: Connection, passwords: Passwords, seconds: float = 2.0) -> None:
        """Use *connection*, on which the migrations of auth have run."""
        self._session = Session(connection, seconds, AccountStoreError)
        self._passwords = passwords

    async def forgotten(self, name: str, visit: Visit, now: datetime) -> None:
        """Have a mail with a link sent to the accounts of that username or e-mail address, if there are any.

        To be done after the answer, which is the same for every name. At most one mail in two minutes.
        """
        wanted = typed(name)
        named = await account_of(self._session, wanted)
        if named is not None:
            await self._ask(named, visit, now)
        if "@" not in wanted:
            return
        for each in await accounts_by_email(self._session, wanted):
            if named is None or each.user.username != named.user.username:
                await self._ask(each, visit, now)

    async def whose(self, token: str, now: datetime) -> Account:
        """Give whose link that is, without using it up; raises ``LinkError``."""
        found = await linked(self._session, token, now)
        account = None if found is None else await account_of(self._session, found[0])
        if account is None or not account.user.active:
            raise LinkError
        return account

    async def set_password(self, token: str, password: str, visit: Visit, now: datetime) -> Sequence[str]:
        """Set the password that is typed after a link; give why it is refused, nothing where it is set.

        A password that is refused leaves the link as it is. One that is set ends all sessions, voids all
        tokens and lifts a lock. Raises ``LinkError``.
        """
        account = await self.whose(token, now)
        user = account.user
        second = account.needs_second_factor or account.totp_secret is not None
        refused = await self._passwords.refusals(
            password, username=user.username, email=user.email, second_factor=second
        )
        if refused:
            return refused
        hashed = await self._passwords.hash(password)
        async with self._session.transaction() as inner:
            await hold_users(inner)
            used = await use_link(inner, token, now)
            if used is None:
                raise LinkError
            await store_password(inner, user.username, hashed, now)
            await void_links(inner, user.username)
            await end_sessions(inner, user.username)
            await void_user(inner, user.username, now)
            await clear_attempts(inner, of_account(user.username))
            await post(inner, MailKind.PASSWORD_SET, user, now)
            how = {"by": used[1].value}
            by = visitor(user.username, visit)
            await write_down(inner, event(AuditAction.PASSWORD_SET, by, user.customer, user.username, how))
        return []

    async def link_for(self, username: str, kind: MailKind, now: datetime) -> Secret | None:
        """Make the link of a mail as it goes out; None where the account has no use for it any more."""
        async with self._session.transaction() as inner:
            await hold_users(inner)
            account = await account_of(inner, username)
            if account is None:
                return None
            stands = state(account, now)
            if kind is MailKind.INVITATION and stands is AccountState.INVITED:
                return await make_link(inner, username, Purpose.INVITATION, now)
            has_password = account.password_hash is not None
            if kind is MailKind.RESET and has_password and stands is not AccountState.SUSPENDED:
                return await make_link(inner, username, Purpose.RESET, now)
        return None

    async def _ask(self, account: Account, visit: Visit, now: datetime) -> None:
        stands = state(account, now)
        if stands in {AccountState.CANCELLED, AccountState.SUSPENDED}:
            return
        kind = MailKind.INVITATION if stands is AccountState.INVITED else MailKind.RESET
        user, asker = account.user, visitor("", visit)  # whoever knows the name may ask
        async with self._session.transaction() as inner:
            await hold_users(inner)
            if await posted_since(inner, user.username, kind, now - AGAIN_AFTER):
                return
            await post(inner, kind, user, now)
            told = {"mail": kind.value}
            await write_down(inner, event(AuditAction.RESET_ASKED, asker, user.customer, user.username, told))
