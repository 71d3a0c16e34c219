"""What each mail says."""

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from types import MappingProxyType
from typing import Final

import msgspec

from auth.outbox import Mail, MailKind
from servicespace.identity.templating import rendered


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A mail's words; ``action`` is what its link does, None where it has none."""

    subject: str
    says: tuple[str, ...]
    action: str | None = None
    ends: tuple[str, ...] = ()


_LETTERS: Final[Mapping[MailKind, Letter]] = MappingProxyType(
    {
        MailKind.INVITATION: Letter(
            subject="Your account for the customer portal",
            says=(
                "An account for the customer portal was made for you.",
                "Choose a password to begin. The link works once, for 24 hours.",
            ),
            action="Choose a password",
            ends=("If you do not expect this, ignore it: without a password nobody can sign in.",),
        ),
        MailKind.RESET: Letter(
            subject="Choose a new password for the customer portal",
            says=(
                "Somebody, probably you, asked for a new password.",
                "The link works once, for 30 minutes. Using it signs you out everywhere.",
            ),
            action="Choose a new password",
            ends=("If it was not you, ignore this mail: your password stays as it is.",),
        ),
        MailKind.LOCKED: Letter(
            subject="Signing in to your account is locked for some minutes",
            says=(
                "There were three wrong passwords or codes, so signing in is locked for some minutes.",
                "Where you are signed in already, nothing changes.",
            ),
            ends=(
                "If it was not you, somebody is guessing: tell your administrator.",
                "You can ask for a new password on the sign-in page during the lock, too.",
            ),
        ),
        MailKind.PASSWORD_SET: Letter(
            subject="Your password for the customer portal was set",
            says=("The password of your account was set just now, and all earlier sessions were ended.",),
            ends=(
                "If it was not you, ask for a new password on the sign-in page and tell your administrator.",
            ),
        ),
    }
)


def needs_link(kind: MailKind) -> bool:
    """Tell whether such a mail has a link that works once."""
    return _LETTERS[kind].action is not None


def letter(mail: Mail, sender: str, base: str, link: str | None, now: datetime) -> EmailMessage:
    """Give *mail* as it is sent, in plain text and HTML; *base* is the public address of the service."""
    words = _LETTERS[mail.kind]
    values = {"letter": words, "username": mail.username, "link": link, "base": base}
    message = EmailMessage()
    message["Subject"] = words.subject
    message["From"] = sender
    message["To"] = mail.recipient
    message["Date"] = format_datetime(now)
    domain = sender.rpartition("@")[2].strip("<> ")
    message["Message-ID"] = f"<{mail.kind.value.lower()}-{mail.id}-{mail.created_at}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered("mail.txt", **values))
    message.add_alternative(rendered("mail.html", **values), subtype="html")
    return message
