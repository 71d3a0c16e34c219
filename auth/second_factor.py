"""The second factor: codes of six digits that follow from the time (TOTP, RFC 6238), and recovery codes."""

import re
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest
from secrets import token_bytes
from typing import Final

import msgspec
from pyotp import random_base32
from pyotp.totp import TOTP

from auth.account import Account, AccountStoreError, Visit, digest, event, seconds_of, visitor
from auth.account_store import account_of
from auth.attempt import begin_attempt, clear_attempts, of_account, of_codes, of_source
from auth.audit import AuditAction, write_down
from auth.failure import write_failure
from auth.key import Secret
from auth.password import SHORTEST, normalized
from auth.password_hash import Passwords
from auth.session import Connection, Session

STEP: Final = 30
"""For how many seconds a code is shown; the one before and the one after are taken, too."""
_RECOVERY_CODES: Final = 10

_PENDING: Final = "UPDATE auth_credential SET totp_pending = ? WHERE username = ? AND totp_secret IS NULL"
_CONFIRM: Final = (
    "UPDATE auth_credential SET totp_secret = totp_pending, totp_pending = NULL, totp_step = ?, recovery = ? "
    "WHERE username = ? AND totp_pending = ? RETURNING username"
)
_REMOVE: Final = (
    "UPDATE auth_credential SET totp_secret = NULL, totp_pending = NULL, recovery = '' WHERE username = ?"
)
_USE_STEP: Final = (
    "UPDATE auth_credential SET totp_step = ? WHERE username = ? AND totp_step < ? RETURNING username"
)
_USE_RECOVERY: Final = (
    "UPDATE auth_credential SET recovery = ? WHERE username = ? AND recovery = ? RETURNING username"
)


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """A code that is right: of that *step* of time, or the recovery code of that *digest*."""

    step: int | None = None
    recovery: str = ""


class SecondFactorError(Exception):
    """The second factor cannot be changed so; the message says what to do."""


class SecondFactor:
    """Sets up and removes a User's second factor; raises ``AccountStoreError`` where the database fails."""

    def __init__(
        self, connection: Connection, passwords: Passwords, issuer: str, seconds: float = 2.0
    ) -> None:
        """Use *connection*; *issuer* is what an authenticator shows beside the username."""
        self._session = Session(connection, seconds, AccountStoreError)
        self._passwords = passwords
        self._issuer = issuer

    async def prepare(self, username: str) -> Secret:
        """Give the address (otpauth:) of the secret that an authenticator is to keep; made at first use."""
        account = await account_of(self._session, username)
        if account is None or account.totp_secret is not None:
            raise SecondFactorError("There is a second factor already: remove it first.")
        secret = account.totp_pending
        if secret is None:
            secret = Secret(random_base32())
            await self._session.run(_PENDING, [secret, username])
        return Secret(TOTP(secret.reveal()).provisioning_uri(name=username, issuer_name=self._issuer))

    async def confirm(self, username: str, code: str, visit: Visit, now: datetime) -> Sequence[Secret]:
        """Set it up with a first code, and give the recovery codes, which are shown this once."""
        account = await account_of(self._session, username)
        if account is None or account.totp_pending is None:
            raise SecondFactorError("Begin anew: there is nothing to confirm.")
        step = _step(account.totp_pending, code, now, after=0)
        if step is None:
            raise SecondFactorError("That code is not right. Wait for the next one, and type it in at once.")
        codes = [_recovery_code() for _ in range(_RECOVERY_CODES)]
        digests = " ".join(digest(each.reveal()) for each in codes)
        async with self._session.transaction() as inner:
            if not await inner.run(_CONFIRM, [step, digests, username, account.totp_pending]):
                raise SecondFactorError("Begin anew: there is nothing to confirm.")
            added = AuditAction.SECOND_FACTOR_ADDED
            await write_down(inner, event(added, visitor(username, visit), account.user.customer, username))
        return codes

    async def remove(self, username: str, password: str, visit: Visit, now: datetime) -> None:
        """Remove it, with the password once more; refused where the customer demands a second factor."""
        account = await account_of(self._session, username)
        if account is None or account.totp_secret is None:
            raise SecondFactorError("There is no second factor.")
        if account.needs_second_factor:
            raise SecondFactorError("Your company demands a second factor: it cannot be removed.")
        with self._passwords.place(of_source(visit.source)):
            attempt = await begin_attempt(self._session, of_account(username), now)
            match = await self._passwords.matches(password, account.password_hash, has_place=True)
        if not (match.is_right and attempt.counts):
            await write_failure(self._session, account, attempt, visit, now)
            raise SecondFactorError("That is not your password, or there were too many wrong ones.")
        await clear_attempts(self._session, of_account(username))
        if len(normalized(password)) < SHORTEST:
            raise SecondFactorError(
                f"Without a second factor a password has {SHORTEST} characters or more: change it first, "
                "by a link for a forgotten password."
            )
        async with self._session.transaction() as inner:
            await inner.run(_REMOVE, [username])
            await clear_attempts(inner, of_codes(username))
            removed = AuditAction.SECOND_FACTOR_REMOVED
            await write_down(inner, event(removed, visitor(username, visit), account.user.customer, username))


def accepted(account: Account, code: str, now: datetime) -> Accepted | None:
    """Tell what *code* is; None where it is wrong, or was used."""
    if account.totp_secret is not None:
        step = _step(account.totp_secret, code, now, after=account.totp_step)
        if step is not None:
            return Accepted(step=step)
    key = digest(re.sub(r"[\s-]", "", code).upper())
    return Accepted(recovery=key) if key in account.recovery else None


async def use_code(session: Session, account: Account, code: Accepted) -> bool:
    """Use a code up; tell whether it was still to be had."""
    name = account.user.username
    if code.step is not None:
        return bool(await session.run(_USE_STEP, [code.step, name, code.step]))
    left = " ".join(each for each in account.recovery if each != code.recovery)
    return bool(await session.run(_USE_RECOVERY, [left, name, " ".join(account.recovery)]))


def _step(secret: Secret, code: str, now: datetime, *, after: int) -> int | None:
    """Give the step of time that *code* is of, one after *after*."""
    typed = re.sub(r"\s", "", code)
    totp = TOTP(secret.reveal())
    current = seconds_of(now) // STEP
    for step in (current - 1, current, current + 1):
        right = totp.generate_otp(step)
        if step > after and compare_digest(right.encode(), typed.encode("utf-8", "surrogatepass")):
            return step
    return None


def _recovery_code() -> Secret:
    """Make 80 random bits, as 16 letters and digits."""
    return Secret(b32encode(token_bytes(10)).decode())
