"""Mail on its way out: what waits in the outbox, sent by SMTP, again and again until it is taken."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from ipaddress import ip_address
from logging import getLogger
from typing import Annotated, Final, Literal

import aiosmtplib
import msgspec

from auth.account import AccountStoreError
from auth.outbox import Mail, claim, due, failed, sent, withdraw
from auth.recovery import Recovery
from auth.session import Session
from servicespace.identity.letters import letter, needs_link
from servicespace.store import Connection

EVERY: Final = 1.0
"""Seconds from one look into the outbox to the next."""

_REFUSED: Final = 500
"""From this reply code on a server never takes the mail (RFC 5321 section 4.2.1)."""
_log = getLogger(__name__)


class MailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server that takes our mail, and who it is from.

    ``security`` is how the connection is encrypted: ``none`` goes to this machine only. ``seconds`` bounds
    each mail.
    """

    host: str
    sender: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 587
    user: str = ""
    password: str = ""
    security: Literal["starttls", "tls", "none"] = "starttls"
    seconds: float = 30.0

    def __post_init__(self) -> None:
        """Refuse to send anything over a network in the clear."""
        if self.security == "none" and not _is_loopback(self.host):
            raise ValueError("security = 'none' is for a mail server on this machine only")


class Mailer:
    """Sends what waits in the outbox; of many replicas one sends a mail."""

    def __init__(
        self,
        connection: Connection,
        recovery: Recovery,
        settings: MailSettings,
        base: str,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Send by *settings*; links in mails begin with *base*, the public address of the service."""
        self._session = Session(connection, 2.0, AccountStoreError)
        self._recovery = recovery
        self._settings = settings
        self._base = base.rstrip("/")
        self._clock = clock or _now

    async def run(self) -> None:
        """Send, until cancelled."""
        is_lost = False
        while True:
            try:
                await self.send_due()
                is_lost = False
            except AccountStoreError as error:
                if not is_lost:  # told once, not every second
                    is_lost = True
                    _log.warning("the outbox is out of reach: %s", error)
            except Exception as error:  # noqa: BLE001 - without this task nobody gets any mail
                _log.error("sending mail failed: %s", type(error).__name__)
            await asyncio.sleep(EVERY)

    async def send_due(self) -> None:
        """Send what may be sent now."""
        for number in await due(self._session, self._clock()):
            mail = await claim(self._session, number, self._clock())
            if mail is not None:
                await self._send(mail)

    async def _send(self, mail: Mail) -> None:
        link = None
        if needs_link(mail.kind):
            link = await self._recovery.link_for(mail.username, mail.kind, self._clock())
            if link is None:  # used, cancelled or deactivated in between
                await withdraw(self._session, mail)
                return
        address = None if link is None else f"{self._base}/password/set?link={link.reveal()}"
        try:
            message = letter(mail, self._settings.sender, self._base, address, self._clock())
            await self._hand_over(message)
        except (aiosmtplib.SMTPException, OSError) as error:
            reason, for_good = _verdict(error)
            _log.info("a mail was not taken: %s", reason)
            await failed(self._session, mail, reason, self._clock(), for_good=for_good)
        except Exception as error:  # noqa: BLE001 - one mail that cannot be made must not keep the others
            fault = type(error).__name__
            _log.warning("a mail cannot be made or handed over: %s", fault)
            reason = f"the mail cannot be made or handed over ({fault})"
            await failed(self._session, mail, reason, self._clock(), for_good=True)
        else:
            await sent(self._session, mail)

    async def _hand_over(self, message: EmailMessage) -> None:
        settings = self._settings
        async with asyncio.timeout(settings.seconds):
            await aiosmtplib.send(
                message,
                hostname=settings.host,
                port=settings.port,
                username=settings.user or None,
                password=settings.password or None,
                use_tls=settings.security == "tls",
                start_tls=settings.security == "starttls",
                timeout=settings.seconds,
            )


def _verdict(error: Exception) -> tuple[str, bool]:
    """Give why a mail was not taken, and whether that is the last word on it.

    What a server has against us, such as the password, is not the mailbox's fault and may be put right.
    """
    told = error.recipients[0] if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else error
    if isinstance(told, aiosmtplib.SMTPResponseException):
        against_us = isinstance(told, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPSenderRefused)
        is_last = isinstance(told, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
        reason = " ".join(f"{told.code} {told.message}".split())
        return reason, told.code >= _REFUSED and is_last and not against_us
    return f"the mail server cannot be reached ({type(error).__name__})", False


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _now() -> datetime:
    return datetime.now(UTC)
