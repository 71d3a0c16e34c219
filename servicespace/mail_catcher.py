"""A mail server of the demo's own: it keeps what it is sent in memory, to be shown at ``/dev/mail``."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from typing import Final

import msgspec
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Sending

_MOST: Final = 200
"""How many mails are kept."""


class CaughtMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail as it arrived; ``text`` is its plain part."""

    number: int
    at: datetime
    recipients: tuple[str, ...]
    subject: str
    text: str


class MailCatcher:
    """Takes any mail, and delivers none."""

    def __init__(self) -> None:
        """Start empty."""
        self.mails: deque[CaughtMail] = deque(maxlen=_MOST)
        self.port = 0
        self._caught = 0

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Listen on a free port of this machine."""
        loop = asyncio.get_running_loop()
        make = partial(SMTP, self, hostname="localhost", loop=loop, enable_SMTPUTF8=True)
        server = await loop.create_server(make, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()

    async def handle_DATA(self, _server: SMTP, _session: Sending, envelope: Envelope) -> str:  # noqa: N802 - as aiosmtpd calls it
        """Keep a mail."""
        content = envelope.content
        message = message_from_bytes(
            content if isinstance(content, bytes) else (content or "").encode(), policy=policy.default
        )
        self._caught += 1
        self.mails.append(
            CaughtMail(
                number=self._caught,
                at=datetime.now(UTC),
                recipients=tuple(envelope.rcpt_tos),
                subject=str(message["Subject"] or ""),
                text=_text(message),
            )
        )
        return "250 kept"


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    return "" if body is None else str(body.get_content())
