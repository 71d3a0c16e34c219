"""What administrators and the operator do to accounts: invite, change rights, deactivate."""

import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from unicodedata import normalize

import msgspec

from auth.account import (
    Access,
    Account,
    AccountState,
    AccountStoreError,
    Actor,
    administers,
    event,
    state,
    typed,
)
from auth.account_store import (
    Policy,
    account_of,
    accounts_of,
    cancel_account,
    drop_pending,
    open_account,
    policy_of,
    store_policy,
    used,
    void_links,
)
from auth.address import is_address
from auth.attempt import clear_attempts, of_account, of_codes
from auth.audit import AuditAction, write_down
from auth.authorization_store import forget_consents
from auth.browser_session import end_sessions
from auth.data_scope import NOTHING, DataScopes, is_beyond, with_scopes
from auth.outbox import Mail, MailKind, drop_mails, latest_mails, post
from auth.right import Rights, Role, Section
from auth.session import Connection, Session
from auth.store import (
    UsernameTakenError,
    UserProfile,
    UserRecord,
    hold_users,
    save_user,
    void_user,
)
from auth.viewer import Viewer

_USERNAME: Final = re.compile(r"[\w.@+-]{1,128}")


_NOTHING: Final = with_scopes(Access(rights=Rights()), NOTHING)
"""What a User may do and see that is not there yet."""


class AdministrationError(Exception):
    """What was asked is not done, and nothing is changed; the message says why.

    AdministrationError
    ├── UnknownUserError
    ├── WrongProfileError
    ├── EmailDomainError
    ├── LastAdministratorError
    ├── SelfPromotionError
    ├── BeyondOwnError
    └── WrongStateError
    """


class UnknownUserError(AdministrationError):
    """There is no such User, or it is another customer's: nobody is told which."""

    def __init__(self) -> None:
        super().__init__("There is no such User.")


class WrongProfileError(AdministrationError):
    """A username or an e-mail address that cannot be one, or a username that is not free."""


class EmailDomainError(AdministrationError):
    """The customer does not allow e-mail addresses of that domain."""


class LastAdministratorError(AdministrationError):
    """The customer would be left without an administrator."""

    def __init__(self) -> None:
        super().__init__("This is the last administrator: make another User an administrator first.")


class SelfPromotionError(AdministrationError):
    """Nobody widens his own rights or data scopes."""

    def __init__(self) -> None:
        super().__init__("You cannot raise your own rights: ask another administrator.")


class BeyondOwnError(AdministrationError):
    """Nobody gives rights or data scopes that he lacks himself."""

    def __init__(self) -> None:
        super().__init__("You cannot give more than you have: ask another administrator.")


class WrongStateError(AdministrationError):
    """The account is not in a state in which that can be done."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A User of a customer as its administrators see it; ``mail`` is the last mail to it."""

    account: Account
    state: AccountState
    mail: Mail | None


class Administration:
    """Changes accounts for an ``Actor``, each change in one transaction with its line in the audit log.

    Whether the actor is an administrator at all is asked before. Every method raises an
    ``AdministrationError``, or ``AccountStoreError`` where the database fails.
    """

    def __init__(self, connection: Connection, seconds: float = 2.0) -> None:
        """Use *connection*, on which the migrations of auth have run."""
        self._session = Session(connection, seconds, AccountStoreError)

    async def members(self, customer: str, now: datetime) -> Sequence[Member]:
        """Give the Users of *customer* by name."""
        mails = await latest_mails(self._session, customer)
        return [
            Member(account=each, state=state(each, now), mail=mails.get(each.user.username))
            for each in await accounts_of(self._session, customer)
        ]

    async def member(self, username: str, by: Actor, now: datetime) -> Member:
        """Give one User."""
        account = await _found(self._session, username, by)
        mails = await latest_mails(self._session, account.user.customer)
        return Member(account=account, state=state(account, now), mail=mails.get(username))

    async def policy(self, customer: str) -> Policy:
        """Give what *customer* demands of its Users."""
        return await policy_of(self._session, customer)

    async def set_policy(self, customer: str, policy: Policy, by: Actor) -> None:
        """Set what *customer* demands from now on; who is there stays, whatever its e-mail address."""
        if by.customer not in {None, customer}:
            raise UnknownUserError
        details = {
            "secondFactor": str(policy.second_factor).lower(),
            "emailDomains": " ".join(sorted(policy.email_domains)),
        }
        async with self._session.transaction() as inner:
            await store_policy(inner, customer, policy)
            await write_down(inner, event(AuditAction.POLICY_CHANGED, by, customer, "", details))

    async def invite(self, profile: UserProfile, by: Actor, now: datetime) -> UserRecord:
        """Make a User, and have it sent a link to set its password.

        A name whose account was cancelled may be invited anew.
        """
        profile = _checked(profile)
        if by.customer not in {None, profile.customer}:
            raise UnknownUserError
        async with self._changing() as inner:
            await _check_domain(inner, profile)
            _check_giver(by, _NOTHING, access_of(profile))
            before = await account_of(inner, profile.username)
            if before is not None and state(before, now) is not AccountState.CANCELLED:
                raise WrongProfileError("This username is not free: choose another.")
            try:
                user = await save_user(inner, msgspec.structs.replace(profile, active=True))
            except UsernameTakenError:
                raise WrongProfileError("This username is not free: choose another.") from None
            await open_account(inner, user.username, now)
            await void_user(inner, user.username, now)
            await post(inner, MailKind.INVITATION, user, now)
            await _write(inner, AuditAction.INVITED, user, by, {"email": user.email, **_told(user)})
        return user

    async def resend(self, username: str, by: Actor, now: datetime) -> None:
        """Send another invitation; with it the links of earlier ones are void."""
        async with self._changing() as inner:
            account = await _found(inner, username, by)
            if state(account, now) is not AccountState.INVITED:
                raise WrongStateError("Only a User without a password can be invited again.")
            await drop_mails(inner, username)
            await post(inner, MailKind.INVITATION, account.user, now)
            await _write(inner, AuditAction.INVITED, account.user, by, {"again": "true"})

    async def set_access(
        self,
        username: str,
        by: Actor,
        now: datetime,
        *,
        roles: Mapping[Section, Role] | None = None,
        administrator: bool | None = None,
        scopes: DataScopes | None = None,
    ) -> UserRecord:
        """Change what a User may do and see; what is not given, None, stays as it is.

        Nobody raises himself or gives what he lacks, and one administrator stays.
        """
        async with self._changing() as inner:
            before = (await _found(inner, username, by)).user
            rights = _changed(before.rights, roles, administrator=administrator)
            after = msgspec.structs.replace(
                with_scopes(before, before if scopes is None else scopes), rights=rights
            )
            if by.name == username and widens([access_of(before)], access_of(after)):
                raise SelfPromotionError
            _check_giver(by, access_of(before), access_of(after))
            if before.rights.administrator and not after.rights.administrator:
                await _check_administrators(inner, before, now)
            user = await save_user(inner, after)
            await _write(inner, AuditAction.RIGHTS_CHANGED, user, by, _told(user))
        return user

    async def deactivate(self, username: str, by: Actor, now: datetime) -> None:
        """End all that a User has: sessions, tokens, links and mails; if invited or stagnant, for good."""
        async with self._changing() as inner:
            account = await _found(inner, username, by)
            stands = state(account, now)
            if stands in {AccountState.SUSPENDED, AccountState.CANCELLED}:
                raise WrongStateError("This User is deactivated already.")
            await _check_administrators(inner, account.user, now)
            for_good = stands in {AccountState.INVITED, AccountState.STAGNANT}
            await shut(inner, account, now, for_good=for_good)
            action = AuditAction.CANCELLED if for_good else AuditAction.DEACTIVATED
            await _write(inner, action, account.user, by, {})

    async def reactivate(self, username: str, by: Actor, now: datetime) -> None:
        """Let a User that was deactivated come back, with the password that it had."""
        async with self._changing() as inner:
            account = await _found(inner, username, by)
            if state(account, now) is not AccountState.SUSPENDED:
                raise WrongStateError("Only a User that is deactivated can be activated again.")
            await save_user(inner, msgspec.structs.replace(account.user, active=True))
            await used(inner, username, now)
            await _write(inner, AuditAction.REACTIVATED, account.user, by, {})

    @asynccontextmanager
    async def _changing(self) -> AsyncGenerator[Session]:
        """Give a transaction in which nobody else changes a User: what is checked in it still holds."""
        async with self._session.transaction() as inner:
            await hold_users(inner)
            yield inner


async def shut(session: Session, account: Account, now: datetime, *, for_good: bool) -> None:
    """Deactivate *account* and end all that it has, in a transaction."""
    name = account.user.username
    await save_user(session, msgspec.structs.replace(account.user, active=False))
    await void_user(session, name, now)
    await end_sessions(session, name)
    await drop_pending(session, name)
    await void_links(session, name)
    await drop_mails(session, name)
    for each in (of_account(name), of_codes(name)):
        await clear_attempts(session, each)
    if for_good:
        await cancel_account(session, name, now)
        await forget_consents(session, name)


def access_of(user: UserProfile | Viewer) -> Access:
    """Give what *user* may do and see."""
    return with_scopes(Access(rights=user.rights), user)


def widens(before: Sequence[Access], after: Access) -> bool:
    """Tell whether *after* has anything that none of *before* has."""
    if after.rights.administrator and not any(each.rights.administrator for each in before):
        return True
    if any(
        not any(each.rights.role(section).reaches(after.rights.role(section)) for each in before)
        for section in Section
    ):
        return True
    return is_beyond(before, after)


def _changed(rights: Rights, roles: Mapping[Section, Role] | None, *, administrator: bool | None) -> Rights:
    return Rights(
        administrator=rights.administrator if administrator is None else administrator,
        roles=rights.roles if roles is None else roles,
    )


def _check_giver(by: Actor, before: Access, after: Access) -> None:
    """Raise ``BeyondOwnError`` where *after* has what neither *by* nor *before* has."""
    if by.access is not None and widens([by.access, before], after):
        raise BeyondOwnError


async def _found(session: Session, username: str, by: Actor) -> Account:
    if username != typed(username):  # no name, and perhaps no text of PostgreSQL
        raise UnknownUserError
    account = await account_of(session, username)
    if account is None or by.customer not in {None, account.user.customer}:
        raise UnknownUserError
    return account


async def _check_administrators(session: Session, leaving: UserRecord, now: datetime) -> None:
    """Raise ``LastAdministratorError`` where *leaving* alone can administer the customer."""
    everybody = await accounts_of(session, leaving.customer)
    if {each.user.username for each in everybody if administers(each, now)} == {leaving.username}:
        raise LastAdministratorError


async def _check_domain(session: Session, profile: UserProfile) -> None:
    policy = await policy_of(session, profile.customer)
    if not policy.allows(profile.email):
        allowed = ", ".join(sorted(policy.email_domains))
        raise EmailDomainError(f"E-mail addresses of this domain are not allowed: use one of {allowed}.")


def _checked(profile: UserProfile) -> UserProfile:
    username = normalize("NFC", profile.username).strip()
    email = profile.email.strip()
    if not _USERNAME.fullmatch(username):
        raise WrongProfileError("A username has letters, digits and . _ - + @ only, 128 at the most.")
    if not is_address(email):
        raise WrongProfileError("This is no e-mail address.")
    if "@" in username and username != email:  # else one could be called as another is addressed
        raise WrongProfileError("A username with @ is the User's own e-mail address.")
    return msgspec.structs.replace(profile, username=username, email=email)


def _told(user: UserProfile) -> Mapping[str, str]:
    """Give what *user* may do and see, for the audit log."""
    scopes = {"accounts": user.accounts, "locations": user.locations, "solutions": user.solutions}
    return {
        "administrator": str(user.rights.administrator).lower(),
        **{each.value: role.value for each, role in user.rights.roles.items()},
        **{name: " ".join(sorted(ids)) for name, ids in scopes.items() if ids is not None},
    }


async def _write(
    session: Session, action: AuditAction, user: UserRecord, by: Actor, details: Mapping[str, str]
) -> None:
    await write_down(session, event(action, by, user.customer, user.username, details))
