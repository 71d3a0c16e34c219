"""Signing in with a username and a password, and a code where there is a second factor."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from auth.account import Account, AccountStoreError, Visit, event, is_open, typed, visitor
from auth.account_store import account_of, drop_pending, store_rehash, used
from auth.attempt import (
    SOURCE_FORGOTTEN,
    Attempt,
    begin_attempt,
    clear_attempts,
    of_account,
    of_codes,
    of_source,
)
from auth.audit import AuditAction, write_down
from auth.authorization_store import carry_over, end_of_session, ending
from auth.browser_session import (
    Lifetimes,
    OpenSession,
    Step,
    end_session,
    end_session_named,
    end_sessions,
    open_session,
    session_of,
    sessions_of,
)
from auth.failure import write_failure
from auth.key import Secret
from auth.password_hash import Passwords
from auth.second_factor import accepted, use_code
from auth.session import Connection, Session
from auth.store import hold_users, void_user


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """A session that was begun: its id, and what it still waits for."""

    token: Secret
    step: Step


class SignIn:
    """Begins and ends sessions of browsers.

    Every method raises ``AccountStoreError`` where the database fails or is slower than *seconds*.
    """

    def __init__(
        self,
        connection: Connection,
        passwords: Passwords,
        lifetimes: Lifetimes | None = None,
        seconds: float = 2.0,
    ) -> None:
        """Use *connection*, on which the migrations of auth have run."""
        self._session = Session(connection, seconds, AccountStoreError)
        self._passwords = passwords
        self._lifetimes = lifetimes or Lifetimes()

    async def sign_in(
        self, username: str, password: str, visit: Visit, now: datetime, *, before: str | None = None
    ) -> Entered | None:
        """Begin a session; None where that is refused, for whatever reason.

        Every try compares one password, so that the time tells no more than the answer. The session with the
        id *before* ends. Raises ``PasswordsBusyError`` where too many try at once.
        """
        with self._passwords.place(of_source(visit.source)):  # first: who finds none has not tried
            account = await account_of(self._session, typed(username))
            attempt = await self._attempt(account, visit, now)
            matched = await self._matched(account, password, counts=attempt.counts)
        entered = None if matched is None else await self._enter(matched, visit, now, before)
        if entered is None:
            await write_failure(self._session, account, attempt, visit, now)
        return entered

    async def give_code(self, token: str, code: str, visit: Visit, now: datetime) -> Entered | None:
        """Go on with a code of the second factor, or a recovery code; None where it is refused."""
        found = await session_of(self._session, token, self._lifetimes, now)
        if found is None or found.step is not Step.CODE:
            return None
        account = await account_of(self._session, found.username)
        if account is None:
            return None
        attempt = await begin_attempt(self._session, of_codes(found.username), now)
        good = accepted(account, code, now)
        if good is None or not attempt.counts:
            await write_failure(self._session, account, attempt, visit, now)
            return None
        async with self._session.transaction() as inner:
            if not await self._still_waits(inner, account, token, now):
                return None
            if not await use_code(inner, account, good):
                return None
            await clear_attempts(inner, of_codes(found.username))
            return await self._begin(inner, account, visit, ("pwd", "otp"), token, now)

    async def go_on(self, token: str, methods: Sequence[str], visit: Visit, now: datetime) -> Entered | None:
        """Replace a session by one of these methods: after a second factor was set up."""
        found = await session_of(self._session, token, self._lifetimes, now)
        account = None if found is None else await account_of(self._session, found.username)
        if account is None:
            return None
        async with self._session.transaction() as inner:
            if not await self._still_waits(inner, account, token, now):
                return None
            return await self._begin(inner, account, visit, methods, token, now)

    async def session(self, token: str, now: datetime) -> OpenSession | None:
        """Give the session with that id; None where there is none any more."""
        return await session_of(self._session, token, self._lifetimes, now)

    async def sessions(self, username: str, now: datetime) -> Sequence[OpenSession]:
        """Give where that User is signed in."""
        return await sessions_of(self._session, username, self._lifetimes, now)

    async def sign_out(self, token: str, visit: Visit, now: datetime) -> None:
        """End the session with that id, if there is one, and what was signed in to with it."""
        found = await session_of(self._session, token, self._lifetimes, now)
        if found is not None:
            by = visitor(found.username, visit)
            async with self._session.transaction() as inner:
                await end_session(inner, token)
                await drop_pending(inner, found.username)
                end = ending(AuditAction.AUTHORIZATION_ENDED, found.username, visit.source, now)
                await end_of_session(inner, found.name, end)
                await write_down(inner, event(AuditAction.SIGNED_OUT, by, found.customer, found.username))

    async def end(self, username: str, name: str, customer: str, visit: Visit, now: datetime) -> None:
        """End one session of that User by its name."""
        by = visitor(username, visit)
        async with self._session.transaction() as inner:
            if await end_session_named(inner, username, name):
                await drop_pending(inner, username)
                end = ending(AuditAction.AUTHORIZATION_ENDED, username, visit.source, now)
                await end_of_session(inner, name, end)
                await write_down(inner, event(AuditAction.SIGNED_OUT, by, customer, username))

    async def sign_out_everywhere(self, username: str, customer: str, visit: Visit, now: datetime) -> None:
        """End all sessions of that User, and void the tokens that were issued to it."""
        by = visitor(username, visit)
        async with self._session.transaction() as inner:
            await end_sessions(inner, username)
            await drop_pending(inner, username)
            await void_user(inner, username, now)
            await write_down(inner, event(AuditAction.SESSIONS_ENDED, by, customer, username))

    async def _attempt(self, account: Account | None, visit: Visit, now: datetime) -> Attempt:
        """Count the attempt for the account or, where there is none, for the address.

        The lock of an address is none for accounts: it would tell which names there are, and lock an office.
        """
        if account is None:
            return await begin_attempt(self._session, of_source(visit.source), now, SOURCE_FORGOTTEN)
        return await begin_attempt(self._session, of_account(account.user.username), now)

    async def _matched(self, account: Account | None, password: str, *, counts: bool) -> Account | None:
        """Compare, whoever tries; give the account where the password is right and may be tried."""
        stored = None if account is None else account.password_hash
        match = await self._passwords.matches(password, stored, has_place=True)
        if account is None or not (match.is_right and counts and is_open(account)):
            return None
        return await self._rehashed(account, password) if match.is_outdated else account

    async def _rehashed(self, account: Account, password: str) -> Account | None:
        """Store another hash of the same password; None where the password is another one by now."""
        hashed = await self._passwords.hash(password, has_place=True)
        await store_rehash(self._session, account, hashed)
        found = await account_of(self._session, account.user.username)
        if found is None or found.password_hash is None:
            return None
        if found.password_hash != hashed:  # changed in between: hashed anew by another, or another password
            match = await self._passwords.matches(password, found.password_hash, has_place=True)
            if not match.is_right:
                return None
        return msgspec.structs.replace(account, password_hash=found.password_hash)

    async def _still_waits(self, inner: Session, account: Account, token: str, now: datetime) -> bool:
        """Tell whether neither the session nor the account has changed, and keep them so."""
        if not await _is_unchanged(inner, account):
            return False
        return await session_of(inner, token, self._lifetimes, now) is not None

    async def _enter(
        self, account: Account, visit: Visit, now: datetime, before: str | None
    ) -> Entered | None:
        """Begin the session that follows a right password; None where the password was changed since."""
        step = Step.NONE
        if account.totp_secret is not None:
            step = Step.CODE
        elif account.needs_second_factor:
            step = Step.ENROL
        async with self._session.transaction() as inner:
            if not await _is_unchanged(inner, account):
                return None
            await clear_attempts(inner, of_account(account.user.username))
            return await self._begin(inner, account, visit, ("pwd",), before, now, step)

    async def _begin(
        self,
        inner: Session,
        account: Account,
        visit: Visit,
        methods: Sequence[str],
        before: str | None,
        now: datetime,
        step: Step = Step.NONE,
    ) -> Entered:
        ended = None if before is None else await end_session(inner, before)
        token, name = await open_session(inner, account.user, visit, methods, step, now)
        if ended is not None and ended[0] == account.user.username:
            await carry_over(inner, ended[1], name)
        elif ended is not None:
            end = ending(AuditAction.AUTHORIZATION_ENDED, ended[0], visit.source, now)
            await end_of_session(inner, ended[1], end)
        if step is Step.NONE:
            user = account.user
            await used(inner, user.username, now)
            how = {"methods": " ".join(methods)}
            by = visitor(user.username, visit)
            await write_down(inner, event(AuditAction.SIGNED_IN, by, user.customer, user.username, how))
        return Entered(token=token, step=step)


async def _is_unchanged(inner: Session, account: Account) -> bool:
    """Tell whether what *account* signs in with is still so, and keep it so until the transaction ends.

    Comparing a password takes long: a reset in between must not leave a session of the old one.
    """
    await hold_users(inner)
    found = await account_of(inner, account.user.username)
    return (
        found is not None
        and is_open(found)
        and found.password_hash == account.password_hash
        and found.totp_secret == account.totp_secret
        and found.user.valid_from == account.user.valid_from
    )
