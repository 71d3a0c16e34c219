"""What goes on for the sake of the pages while the service runs: mails are sent, what ended is removed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from logging import getLogger
from typing import Final

from auth.account import AccountStoreError
from auth.account_store import forget_links
from auth.attempt import forget_attempts
from auth.browser_session import Lifetimes, forget_sessions
from auth.outbox import forget_mails
from auth.session import Session
from servicespace.beside import beside
from servicespace.identity.identity import Identity
from servicespace.mail import Mailer, MailSettings
from servicespace.mail_catcher import MailCatcher
from servicespace.settings import Settings
from servicespace.store import Connection

_TIDY_EVERY: Final = 600.0
"""Seconds from one removal of what ended to the next."""
_log = getLogger(__name__)


@asynccontextmanager
async def people(
    settings: Settings, identity: Identity, catcher: MailCatcher | None, connection: Connection
) -> AsyncGenerator[None]:
    """Have the pages' services over *connection*, and send mail: to *catcher*, where there is one."""
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(identity.open(connection, settings.source_seconds))
        # The links in mails lead to the issuer, which has pages of ours only where it is us.
        mail = settings.mail if settings.token.provider == "embedded" else None
        if catcher is not None:
            await stack.enter_async_context(catcher.open())
            mail = MailSettings(
                host="127.0.0.1", port=catcher.port, security="none", sender="portal@servicespace.example"
            )
        works = [_tidy(services.session)]
        if mail is not None:
            mailer = Mailer(connection, services.recovery, mail, settings.token.issuer)
            works.append(mailer.run())
        async with beside(works):
            yield


async def _tidy(session: Session) -> None:
    """Remove what ended, until cancelled."""
    while True:
        now = datetime.now(UTC)
        try:
            await forget_attempts(session, now)
            await forget_sessions(session, Lifetimes(), now)
            await forget_links(session, now)
            await forget_mails(session, now)
        except AccountStoreError as error:
            _log.warning("what ended cannot be removed: %s", error)
        await asyncio.sleep(_TIDY_EVERY)
