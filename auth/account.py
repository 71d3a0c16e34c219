"""An account: a User with what it signs in with, and the state that follows from both."""

import hashlib
from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from secrets import token_urlsafe
from typing import Final
from unicodedata import normalize

import msgspec

from auth.audit import AuditAction, AuditEvent
from auth.data_scope import DataScopes
from auth.key import Secret
from auth.right import Rights
from auth.store import UserRecord

UNUSED_MONTHS: Final = 6
"""After how many months without a login an account is cancelled (terms of use 1.5)."""


class AccountState(Enum):
    """Where an account stands; ``statemachines.json`` names these "portalUser"."""

    INVITED = "INVITED"
    """Without a password yet."""
    ACTIVE = "ACTIVE"
    LOCKED = "LOCKED"
    """After wrong passwords, for some minutes; sessions go on."""
    SUSPENDED = "SUSPENDED"
    """Deactivated; may come back."""
    STAGNANT = "STAGNANT"
    """Unused for ``UNUSED_MONTHS``: the next sweep cancels it."""
    CANCELLED = "CANCELLED"
    """Gone for good; the name may be invited anew."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A User with what it signs in with; times are in seconds since 1970.

    ``recovery`` are the digests of the recovery codes that are left. ``needs_second_factor`` is what the
    customer demands of its Users. ``locked_until`` is when the last lock ends, or ended.
    """

    user: UserRecord
    created_at: int
    last_used_at: int | None = None
    cancelled_at: int | None = None
    password_hash: Secret | None = None
    totp_secret: Secret | None = None
    totp_pending: Secret | None = None
    totp_step: int = 0
    recovery: tuple[str, ...] = ()
    locked_until: int = 0
    needs_second_factor: bool = False


class Access(DataScopes, frozen=True, kw_only=True):
    """What a User may do and see."""

    rights: Rights


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who does something to an account: ``name`` as the audit log has it, from the address ``source``.

    ``customer`` is the only customer whose accounts it may touch, None where that is every one. ``access`` is
    what it has itself, and so may give; None is everything: the operator.
    """

    name: str
    customer: str | None = None
    access: Access | None = None
    source: str = ""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """From where a browser comes: the address ``source``, and what it says of itself."""

    source: str = ""
    agent: str = ""


class AccountStoreError(Exception):
    """The store of accounts failed or was too slow."""


def visitor(username: str, visit: Visit) -> Actor:
    """Give who does something with a browser; the *username* is "" for nobody who is known."""
    return Actor(name=username, source=visit.source)


def event(
    action: AuditAction, by: Actor, customer: str, subject: str, details: Mapping[str, str] | None = None
) -> AuditEvent:
    """Give the line of the audit log for what *by* did to *subject*, a User of *customer*; "" for none."""
    return AuditEvent(
        action=action,
        customer=customer,
        actor=by.name,
        subject=subject,
        source=by.source,
        details=details or {},
    )


def state(account: Account, now: datetime) -> AccountState:
    """Give where *account* stands at *now*."""
    seconds = int(now.timestamp())
    if account.cancelled_at is not None:
        return AccountState.CANCELLED
    if not account.user.active:
        return AccountState.SUSPENDED
    if account.password_hash is None:
        return AccountState.INVITED
    if account.locked_until > seconds:
        return AccountState.LOCKED
    if is_unused(account, now):
        return AccountState.STAGNANT
    return AccountState.ACTIVE


def is_open(account: Account) -> bool:
    """Tell whether somebody may sign in to *account* at all."""
    return account.user.active and account.cancelled_at is None and account.password_hash is not None


def administers(account: Account, now: datetime) -> bool:
    """Tell whether that is an administrator who can sign in: here, or at the operator's own provider."""
    if not (account.user.rights.administrator and account.user.active):
        return False
    has_credential = account.created_at > 0
    return not has_credential or state(account, now) in {AccountState.ACTIVE, AccountState.LOCKED}


def is_unused(account: Account, now: datetime, months: int = UNUSED_MONTHS) -> bool:
    """Tell whether *account* was not used for *months* before *now*; one never used, since it was made."""
    used = account.created_at if account.last_used_at is None else account.last_used_at
    return used < int(months_before(now, months).timestamp())


def months_before(now: datetime, months: int) -> datetime:
    """Give the same day and time *months* earlier, or the last day of that month where it is shorter."""
    index = now.year * 12 + now.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return now.replace(year=year, month=month, day=min(now.day, monthrange(year, month)[1]))


def typed(name: str) -> str:
    """Give a name as it may be looked up: what somebody typed, without what no name has."""
    shown = "".join(each for each in normalize("NFC", name) if each.isprintable())
    return shown.strip()[:255]


def seconds_of(now: datetime) -> int:
    """Give *now* in whole seconds since 1970."""
    return int(now.timestamp())


def moment_of(seconds: int) -> datetime:
    """Give a time that is stored in seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def new_token() -> Secret:
    """Make 32 random bytes that are handed out once, as text for an address or a cookie."""
    return Secret(token_urlsafe(32))


def digest(token: str) -> str:
    """Give what is stored of a token: its SHA-256.

    A slow hash would add nothing: nobody guesses 32 random bytes.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
