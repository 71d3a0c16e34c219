"""The Users of a customer, for its administrators: who there is, and what is changed about them."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final, NamedTuple, Protocol

from auth.account import AccountState, AccountStoreError, Actor, moment_of
from auth.account_store import Policy
from auth.administration import (
    Administration,
    AdministrationError,
    BeyondOwnError,
    LastAdministratorError,
    Member,
    SelfPromotionError,
    UnknownUserError,
    access_of,
)
from auth.data_scope import with_scopes
from auth.outbox import Mail
from auth.right import Rights, Role, Section
from auth.store import UserProfile
from auth.viewer import CustomerCode
from resolvers import data_scope
from resolvers.context import Context, Info
from resolvers.data_scope import DataScope, GivenScope
from resolvers.errors import BadUserInputError, NotFoundError, NotPermittedError
from resolvers.viewer import SectionRole, roles_of
from sources.errors import SourceUnavailableError

_DOMAIN: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}\.)+[a-z0-9-]{2,63}")


class SecurityPolicy(NamedTuple):
    """What a customer demands of its Users."""

    second_factor: bool
    email_domains: Sequence[str]


class User(NamedTuple):
    """A User as administrators see it."""

    username: str
    email: str
    state: AccountState
    administrator: bool
    roles: Sequence[SectionRole]
    scope: DataScope
    second_factor: bool
    created_at: datetime
    last_used_at: datetime | None
    mail: Mail | None


class GivenRole(Protocol):
    """A role that is given in a section."""

    @property
    def section(self) -> Section:
        """The section."""
        ...

    @property
    def role(self) -> Role:
        """The role there."""
        ...


async def of_customer(parents: Sequence[None], info: Info) -> Sequence[Sequence[User]]:
    """Give the Users of the asker's customer, by name."""
    async with _administration(info.context) as administration:
        members = await administration.members(info.context.customer, datetime.now(UTC))
    return [[_shown(each) for each in members] for _ in parents]


async def named(parents: Sequence[None], info: Info, username: str) -> Sequence[User | None]:
    """Give the User of that name; raises ``NotFoundError`` where the customer has none."""
    return [await _member(info.context, username) for _ in parents]


async def invite(
    parents: Sequence[None],
    info: Info,
    username: str,
    email: str,
    roles: Sequence[GivenRole],
    *,
    administrator: bool,
    scope: GivenScope | None = None,
) -> Sequence[User]:
    """Make a User, who is sent a link to set its password; raises ``ClientError`` where that cannot be."""
    context = info.context
    profile = UserProfile(
        username=username,
        customer=CustomerCode(context.customer),
        email=email,
        rights=rights_of(roles, administrator=administrator),
    )
    profile = with_scopes(profile, await data_scope.given(context, scope))
    async with _administration(context) as administration:
        made = await administration.invite(profile, actor(context), datetime.now(UTC))
    return [await _member(context, made.username) for _ in parents]


async def resend(parents: Sequence[None], info: Info, username: str) -> Sequence[User]:
    """Send another invitation to a User that has no password yet."""
    async with _administration(info.context) as administration:
        await administration.resend(username, actor(info.context), datetime.now(UTC))
    return [await _member(info.context, username) for _ in parents]


async def set_roles(
    parents: Sequence[None],
    info: Info,
    username: str,
    roles: Sequence[GivenRole],
    *,
    administrator: bool | None = None,
) -> Sequence[User]:
    """Give a User these roles, NONE in sections that are not named; nobody raises himself."""
    rights = rights_of(roles, administrator=False)
    async with _administration(info.context) as administration:
        await administration.set_access(
            username,
            actor(info.context),
            datetime.now(UTC),
            roles=rights.roles,
            administrator=administrator,
        )
    return [await _member(info.context, username) for _ in parents]


async def set_scopes(parents: Sequence[None], info: Info, username: str, scope: GivenScope) -> Sequence[User]:
    """Let a User see this and no more; nobody raises himself."""
    scopes = await data_scope.given(info.context, scope)
    async with _administration(info.context) as administration:
        await administration.set_access(username, actor(info.context), datetime.now(UTC), scopes=scopes)
    return [await _member(info.context, username) for _ in parents]


async def deactivate(parents: Sequence[None], info: Info, username: str) -> Sequence[User]:
    """End all that a User has: sessions, tokens and links."""
    async with _administration(info.context) as administration:
        await administration.deactivate(username, actor(info.context), datetime.now(UTC))
    return [await _member(info.context, username) for _ in parents]


async def reactivate(parents: Sequence[None], info: Info, username: str) -> Sequence[User]:
    """Let a User that was deactivated come back."""
    async with _administration(info.context) as administration:
        await administration.reactivate(username, actor(info.context), datetime.now(UTC))
    return [await _member(info.context, username) for _ in parents]


async def policy(parents: Sequence[None], info: Info) -> Sequence[SecurityPolicy]:
    """Give what the asker's customer demands of its Users."""
    async with _administration(info.context) as administration:
        found = await administration.policy(info.context.customer)
    return [SecurityPolicy(found.second_factor, sorted(found.email_domains))] * len(parents)


async def set_policy(
    parents: Sequence[None], info: Info, *, second_factor: bool, email_domains: Sequence[str]
) -> Sequence[SecurityPolicy]:
    """Set what the customer demands of its Users from now on; raises ``ClientError`` for no domain name."""
    domains = frozenset(each.strip().lower() for each in email_domains)
    if not all(_DOMAIN.fullmatch(each) for each in domains):
        raise BadUserInputError("`emailDomains` has what is no domain.", ["emailDomains"], "DOMAIN")
    demanded = Policy(second_factor=second_factor, email_domains=domains)
    async with _administration(info.context) as administration:
        await administration.set_policy(info.context.customer, demanded, actor(info.context))
    return [SecurityPolicy(second_factor, sorted(domains))] * len(parents)


def actor(context: Context) -> Actor:
    """Give the asker as the audit log names it."""
    viewer = context.viewer
    return Actor(name=viewer.username, customer=context.customer, access=access_of(viewer))


def rights_of(roles: Sequence[GivenRole], *, administrator: bool) -> Rights:
    """Give the rights that *roles* make; raises ``BadUserInputError`` for a section that is given twice."""
    given = {each.section: each.role for each in roles}
    if len(given) < len(roles):
        raise BadUserInputError("`roles` gives two roles in one section.", ["roles"], "ONE_PER_SECTION")
    return Rights(administrator=administrator, roles=given)


async def _member(context: Context, username: str) -> User:
    async with _administration(context) as administration:
        return _shown(await administration.member(username, actor(context), datetime.now(UTC)))


@asynccontextmanager
async def _administration(context: Context) -> AsyncGenerator[Administration]:
    """Give the administration of accounts, whose errors are told to the caller."""
    registry = context.registry
    if registry is None:
        raise SourceUnavailableError("accounts", "this service has no accounts of its own")
    try:
        yield registry.administration
    except AccountStoreError as error:
        raise SourceUnavailableError("accounts", str(error)) from error
    except UnknownUserError as error:
        raise NotFoundError(str(error)) from error
    except (BeyondOwnError, SelfPromotionError) as error:
        raise NotPermittedError(str(error)) from error
    except AdministrationError as error:
        rule = "LAST_ADMINISTRATOR" if isinstance(error, LastAdministratorError) else "ACCOUNT"
        raise BadUserInputError(str(error), [], rule) from error


def _shown(member: Member) -> User:
    account = member.account
    user = account.user
    used = account.last_used_at
    return User(
        username=user.username,
        email=user.email,
        state=member.state,
        administrator=user.rights.administrator,
        roles=roles_of(user.rights),
        scope=data_scope.shown(user),
        second_factor=account.totp_secret is not None,
        created_at=moment_of(account.created_at),
        last_used_at=None if used is None else moment_of(used),
        mail=member.mail,
    )
