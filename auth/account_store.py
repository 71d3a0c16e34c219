"""auth's tables of accounts: credentials, one-time links, and what customers demand."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

import msgspec
from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from auth.account import Account, digest, new_token, seconds_of
from auth.key import Secret
from auth.session import Session
from auth.store import USER_COLUMNS, user_of


class Credential(Model):
    """The table of what Users sign in with. Times are in seconds since 1970.

    ``totp_step`` is the last step of 30 seconds of which a code was used. ``recovery`` are digests.
    """

    username = fields.CharField(128, primary_key=True)
    password_hash = fields.TextField(null=True)
    totp_secret = fields.CharField(64, null=True)
    totp_pending = fields.CharField(64, null=True)
    totp_step = fields.BigIntField()
    recovery = fields.TextField()
    created_at = fields.BigIntField()
    last_used_at = fields.BigIntField(null=True)
    cancelled_at = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_credential"


class OneTimeLink(Model):
    """The table of links that set a password. Of each only the digest is kept."""

    digest = fields.CharField(64, primary_key=True)
    username = fields.CharField(128)
    purpose = fields.CharField(16)
    expires_at = fields.BigIntField()

    class Meta(Model.Meta):
        """The table's name and index."""

        app = "auth"
        table = "auth_link"
        indexes = (Index(fields=("username",)),)


class CustomerPolicy(Model):
    """The table of ``Policy``."""

    customer = fields.CharField(64, primary_key=True)
    second_factor = fields.BooleanField()
    email_domains = fields.TextField()

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_customer_policy"


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer demands: a second factor of its Users, and e-mail domains, any where none is named."""

    second_factor: bool = False
    email_domains: frozenset[str] = frozenset()

    def allows(self, email: str) -> bool:
        """Tell whether a User may have the address *email*."""
        return not self.email_domains or email.rpartition("@")[2].lower() in self.email_domains


class Purpose(Enum):
    """What a one-time link is for."""

    INVITATION = "INVITATION"
    RESET = "RESET"


LIFETIMES: Final[Mapping[Purpose, timedelta]] = MappingProxyType(
    {Purpose.INVITATION: timedelta(hours=24), Purpose.RESET: timedelta(minutes=30)}
)
"""How long a link can be used."""

_ACCOUNT: Final = (
    f"SELECT {', '.join(f'u.{each}' for each in USER_COLUMNS)}, "  # noqa: S608 - constants
    "c.password_hash, c.totp_secret, c.totp_pending, c.totp_step, c.recovery, c.created_at, c.last_used_at, "
    "c.cancelled_at, a.locked_until, p.second_factor FROM auth_user u "
    "LEFT JOIN auth_credential c ON c.username = u.username "
    "LEFT JOIN auth_attempt a ON a.name = 'account:' || u.username "
    "LEFT JOIN auth_customer_policy p ON p.customer = u.customer "
)
_ONE: Final = _ACCOUNT + "WHERE u.username = ?"
_BY_EMAIL: Final = _ACCOUNT + "WHERE LOWER(u.email) = ? ORDER BY u.id LIMIT 5"
_OF_CUSTOMER: Final = _ACCOUNT + "WHERE u.customer = ? ORDER BY u.username"
_UNUSED: Final = (
    _ACCOUNT + "WHERE c.cancelled_at IS NULL AND COALESCE(c.last_used_at, c.created_at) < ? ORDER BY u.id"
)
_NEW: Final = (
    "INSERT INTO auth_credential (username, totp_step, recovery, created_at) VALUES (?, 0, '', ?) "
    "ON CONFLICT (username) DO UPDATE SET password_hash = NULL, totp_secret = NULL, totp_pending = NULL, "
    "totp_step = 0, recovery = '', created_at = excluded.created_at, last_used_at = NULL, cancelled_at = NULL"
)
_PASSWORD: Final = (
    "INSERT INTO auth_credential (username, password_hash, totp_step, recovery, created_at) "  # noqa: S105 - a statement
    "VALUES (?, ?, 0, '', ?) ON CONFLICT (username) DO UPDATE SET password_hash = excluded.password_hash, "
    "totp_pending = NULL"
)
_REHASHED: Final = "UPDATE auth_credential SET password_hash = ? WHERE username = ? AND password_hash = ?"
_USED: Final = (
    "INSERT INTO auth_credential (username, totp_step, recovery, created_at, last_used_at) "
    "VALUES (?, 0, '', ?, ?) ON CONFLICT (username) DO UPDATE SET last_used_at = excluded.last_used_at"
)
_NOT_PENDING: Final = "UPDATE auth_credential SET totp_pending = NULL WHERE username = ?"
_CANCELLED: Final = (
    "INSERT INTO auth_credential (username, totp_step, recovery, created_at, cancelled_at) "
    "VALUES (?, 0, '', ?, ?) ON CONFLICT (username) DO UPDATE SET cancelled_at = excluded.cancelled_at, "
    "password_hash = NULL, totp_secret = NULL, totp_pending = NULL, recovery = ''"
)
_NEW_LINK: Final = "INSERT INTO auth_link (digest, username, purpose, expires_at) VALUES (?, ?, ?, ?)"
_NO_LINK: Final = "DELETE FROM auth_link WHERE username = ? AND purpose = ?"
_NO_LINKS: Final = "DELETE FROM auth_link WHERE username = ?"
_OLD_LINKS: Final = "DELETE FROM auth_link WHERE expires_at <= ?"
_LINK: Final = "SELECT username, purpose FROM auth_link WHERE digest = ? AND expires_at > ?"
_USE_LINK: Final = (
    "DELETE FROM auth_link WHERE digest = ? AND expires_at > ? AND username IN "
    "(SELECT username FROM auth_user WHERE active) RETURNING username, purpose"
)
_POLICY: Final = "SELECT second_factor, email_domains FROM auth_customer_policy WHERE customer = ?"
_SET_POLICY: Final = (
    "INSERT INTO auth_customer_policy (customer, second_factor, email_domains) VALUES (?, ?, ?) "
    "ON CONFLICT (customer) DO UPDATE SET second_factor = excluded.second_factor, "
    "email_domains = excluded.email_domains"
)


async def account_of(session: Session, username: str) -> Account | None:
    """Give the account of that name, None where there is none."""
    rows = await session.run(_ONE, [username])
    return _account(rows[0]) if rows else None


async def accounts_by_email(session: Session, email: str) -> Sequence[Account]:
    """Give the accounts with that address, five at the most: people may share one."""
    return [_account(each) for each in await session.run(_BY_EMAIL, [email.lower()])]


async def accounts_of(session: Session, customer: str) -> Sequence[Account]:
    """Give the accounts of *customer*, by name."""
    return [_account(each) for each in await session.run(_OF_CUSTOMER, [customer])]


async def accounts_unused(session: Session, since: datetime) -> Sequence[Account]:
    """Give the accounts that nobody signed in with since then, those without any credential left out."""
    return [_account(each) for each in await session.run(_UNUSED, [seconds_of(since)])]


async def open_account(session: Session, username: str, now: datetime) -> None:
    """Make the account of a User new: without a password, a second factor or a past."""
    await session.run(_NEW, [username, seconds_of(now)])


async def store_password(session: Session, username: str, hashed: Secret, now: datetime) -> None:
    """Store the hash of a new password; a second factor that is not confirmed may be another's, and goes."""
    await session.run(_PASSWORD, [username, hashed, seconds_of(now)])


async def store_rehash(session: Session, account: Account, hashed: Secret) -> None:
    """Store another hash of the same password, unless the password was changed in between."""
    await session.run(_REHASHED, [hashed, account.user.username, account.password_hash])


async def drop_pending(session: Session, username: str) -> None:
    """Forget the second factor that is not confirmed: it was shown in a session that ends."""
    await session.run(_NOT_PENDING, [username])


async def used(session: Session, username: str, now: datetime) -> None:
    """Note that the account was used: on login, and on the refresh of a token."""
    await session.run(_USED, [username, seconds_of(now), seconds_of(now)])


async def cancel_account(session: Session, username: str, now: datetime) -> None:
    """Note that the account is cancelled, and forget what it signed in with."""
    await session.run(_CANCELLED, [username, seconds_of(now), seconds_of(now)])


async def make_link(session: Session, username: str, purpose: Purpose, now: datetime) -> Secret:
    """Give the token of a new link; older ones of the same purpose are void."""
    token = new_token()
    await session.run(_NO_LINK, [username, purpose.value])
    expires = seconds_of(now + LIFETIMES[purpose])
    await session.run(_NEW_LINK, [digest(token), username, purpose.value, expires])
    return token


async def void_links(session: Session, username: str) -> None:
    """Make every link of the account void."""
    await session.run(_NO_LINKS, [username])


async def linked(session: Session, token: str, now: datetime) -> tuple[str, Purpose] | None:
    """Give whose link that is and what for, without using it up; None where it cannot be used."""
    return _linked(await session.run(_LINK, [digest(token), seconds_of(now)]))


async def use_link(session: Session, token: str, now: datetime) -> tuple[str, Purpose] | None:
    """Use a link up: of many at once one gets it, the others None."""
    return _linked(await session.run(_USE_LINK, [digest(token), seconds_of(now)]))


async def forget_links(session: Session, now: datetime) -> None:
    """Remove the links that are too old."""
    await session.run(_OLD_LINKS, [seconds_of(now)])


async def policy_of(session: Session, customer: str) -> Policy:
    """Give what *customer* demands."""
    rows = await session.run(_POLICY, [customer])
    if not rows:
        return Policy()
    (row,) = rows
    return Policy(
        second_factor=bool(row["second_factor"]), email_domains=frozenset(row["email_domains"].split())
    )


async def store_policy(session: Session, customer: str, policy: Policy) -> None:
    """Store what *customer* demands from now on."""
    domains = " ".join(sorted(each.lower() for each in policy.email_domains))
    await session.run(_SET_POLICY, [customer, policy.second_factor, domains])


def _linked(rows: Sequence[Mapping[str, Any]]) -> tuple[str, Purpose] | None:
    return (rows[0]["username"], Purpose(rows[0]["purpose"])) if rows else None


def _account(row: Mapping[str, Any]) -> Account:
    return Account(
        user=user_of(row),
        created_at=row["created_at"] or 0,
        last_used_at=row["last_used_at"],
        cancelled_at=row["cancelled_at"],
        password_hash=_secret(row["password_hash"]),
        totp_secret=_secret(row["totp_secret"]),
        totp_pending=_secret(row["totp_pending"]),
        totp_step=row["totp_step"] or 0,
        recovery=tuple((row["recovery"] or "").split()),
        locked_until=row["locked_until"] or 0,
        needs_second_factor=bool(row["second_factor"]),
    )


def _secret(stored: str | None) -> Secret | None:
    return None if stored is None else Secret(stored)
