"""Mails, sent to a real server on this machine that takes or refuses them."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial

import msgspec
import pytest
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Sending

from auth.account import Actor
from auth.administration import Administration, Member
from auth.outbox import Delivery
from auth.password_hash import Cost, Passwords
from auth.recovery import Recovery
from auth.store import UserProfile
from auth.viewer import CustomerCode
from servicespace.mail import Mailer, MailSettings
from servicespace.settings import Settings
from servicespace.store import Connection, open_store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Mailbox:
    """A mail server that answers as it is told."""

    def __init__(self, recipient: str = "250 OK", data: str = "250 OK") -> None:
        self.recipient = recipient
        self.data = data
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _server: SMTP, _session: Sending, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, _server: SMTP, _session: Sending, envelope: Envelope) -> str:  # noqa: N802 - as aiosmtpd calls it
        if self.data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.data


@asynccontextmanager
async def listening(mailbox: Mailbox) -> AsyncGenerator[MailSettings]:
    """Serve *mailbox* on a free port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(SMTP, mailbox, hostname="localhost", loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield MailSettings(host="127.0.0.1", port=port, security="none", sender="Portal <portal@example.com>")
    server.close()


def mailer(connection: Connection, settings: MailSettings, now: datetime = NOW) -> Mailer:
    """Give a mailer that believes it is *now*."""
    recovery = Recovery(connection, Passwords(Cost(passes=1, memory=8)))
    return Mailer(connection, recovery, settings, "https://portal.example/", partial(_same, now))


def _same(now: datetime) -> datetime:
    return now


async def invited(connection: Connection, name: str = "ann") -> None:
    profile = UserProfile(username=name, customer=CustomerCode("acme"), email=f"{name}@acme.example")
    await Administration(connection).invite(profile, Actor(name="operator:tests"), NOW)


async def member(connection: Connection) -> Member:
    (found,) = await Administration(connection).members("acme", NOW)
    return found


async def test_sends_an_invitation_with_a_link_in_text_and_html(empty_store: Settings) -> None:
    mailbox = Mailbox()
    async with open_store(empty_store.store) as connection, listening(mailbox) as settings:
        await invited(connection)
        await mailer(connection, settings).send_due()
        await mailer(connection, settings).send_due()
        found = await member(connection)

    (mail,) = mailbox.mails
    parts = [part.get_content() for part in mail.iter_parts() if isinstance(part, EmailMessage)]
    assert (mail["to"], mail["from"]) == ("ann@acme.example", "Portal <portal@example.com>")
    assert mail["auto-submitted"] == "auto-generated"
    links = {link for each in parts for link in re.findall(r"https://\S+?/set\?link=[\w-]{43}", str(each))}
    assert len(links) == 1
    assert found.mail is not None
    assert found.mail.delivery is Delivery.SENT


@pytest.mark.parametrize("refuses", ["recipient", "data"])
async def test_shows_a_mailbox_that_refuses(empty_store: Settings, refuses: str) -> None:
    mailbox = Mailbox(**{refuses: "550 no such mailbox"})
    async with open_store(empty_store.store) as connection, listening(mailbox) as settings:
        await invited(connection)
        await mailer(connection, settings).send_due()
        await mailer(connection, settings, NOW + timedelta(hours=2)).send_due()
        found = await member(connection)

    assert found.mail is not None
    assert (found.mail.delivery, found.mail.reason) == (Delivery.REFUSED, "550 no such mailbox")
    assert found.mail.attempts == 1


@pytest.mark.parametrize("address", ["bob@example..com", "=?utf-8?q??=@x.com", "a@.com", "a@b."])
async def test_sends_the_other_mails_where_one_address_cannot_be_written(
    empty_store: Settings, address: str
) -> None:
    mailbox = Mailbox()
    async with open_store(empty_store.store) as connection, listening(mailbox) as settings:
        await invited(connection, "bob")
        await connection.execute_script(f"UPDATE auth_mail SET recipient = '{address}'")  # noqa: S608 - ours
        await invited(connection)
        await mailer(connection, settings).send_due()

    assert {each["to"] for each in mailbox.mails} == {"ann@acme.example"}


async def test_tries_again_where_a_mailbox_is_full_for_now(empty_store: Settings) -> None:
    mailbox = Mailbox(recipient="451 try later")
    async with open_store(empty_store.store) as connection, listening(mailbox) as settings:
        await invited(connection)
        await mailer(connection, settings).send_due()
        waiting = await member(connection)
        mailbox.recipient = "250 OK"
        await mailer(connection, settings, NOW + timedelta(seconds=5)).send_due()
        early = len(mailbox.mails)
        await mailer(connection, settings, NOW + timedelta(seconds=10)).send_due()
        sent = await member(connection)

    assert waiting.mail is not None
    assert (waiting.mail.delivery, waiting.mail.reason) == (Delivery.WAITING, "451 try later")
    assert (early, len(mailbox.mails)) == (0, 1)
    assert sent.mail is not None
    assert sent.mail.delivery is Delivery.SENT


async def test_tries_again_where_no_server_is_there(empty_store: Settings) -> None:
    settings = MailSettings(host="127.0.0.1", port=1, security="none", sender="portal@example.com")
    async with open_store(empty_store.store) as connection:
        await invited(connection)
        await mailer(connection, settings).send_due()
        found = await member(connection)

    assert found.mail is not None
    assert found.mail.delivery is Delivery.WAITING
    assert "cannot be reached" in found.mail.reason


async def test_speaks_to_no_server_in_the_clear_that_cannot_encrypt(empty_store: Settings) -> None:
    mailbox = Mailbox()
    async with open_store(empty_store.store) as connection, listening(mailbox) as settings:
        await invited(connection)
        await mailer(connection, msgspec.structs.replace(settings, security="starttls")).send_due()
        found = await member(connection)

    assert mailbox.mails == []
    assert found.mail is not None
    assert found.mail.delivery is Delivery.WAITING


async def test_sends_nothing_to_whoever_was_deactivated_in_between(empty_store: Settings) -> None:
    mailbox = Mailbox()
    async with open_store(empty_store.store) as connection, listening(mailbox) as settings:
        await invited(connection)
        await Administration(connection).deactivate("ann", Actor(name="operator:tests"), NOW)
        await mailer(connection, settings).send_due()

    assert mailbox.mails == []


async def test_two_replicas_send_one_mail(empty_store: Settings) -> None:
    mailbox = Mailbox()
    async with (
        open_store(empty_store.store) as connection,
        open_store(empty_store.store) as other,
        listening(mailbox) as settings,
    ):
        await invited(connection)
        await asyncio.gather(mailer(connection, settings).send_due(), mailer(other, settings).send_due())

    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("host", ["mail.example.com", "192.0.2.1"])
def test_refuses_settings_that_send_in_the_clear_over_a_network(host: str) -> None:
    text = f'{{"host": "{host}", "sender": "a@b.example", "security": "none"}}'

    with pytest.raises(msgspec.ValidationError, match="this machine only"):
        msgspec.json.decode(text, type=MailSettings)
