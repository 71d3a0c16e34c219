"""The whole application with its pages for people, a browser, and a real mail server on this machine."""

import asyncio
import re
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from auth.account import Actor, Visit
from auth.administration import Administration
from auth.outbox import MailKind
from auth.password_hash import Cost, Passwords
from auth.recovery import Recovery
from auth.right import Role, everywhere
from auth.store import UserProfile
from auth.viewer import CustomerCode
from servicespace.mail_catcher import MailCatcher
from servicespace.settings import Settings
from servicespace.store import open_store
from servicespace.wiring import create_app

CHEAP = Cost(passes=1, memory=8)
PASSWORD = "quiet heron under brass moon"
OPERATOR = Actor(name="operator:tests")


@dataclass
class Browser:
    """A browser at the service; it keeps cookies, and follows no redirect by itself."""

    client: TestClient
    settings: Settings
    catcher: MailCatcher

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers, follow_redirects=False)

    def token(self, path: str = "/sign-in") -> str:
        """Give the form token of a page."""
        found = re.search(r'name="form_token" value="(\w+)"', self.get(path).text)
        assert found is not None
        return found[1]

    def post(self, path: str, page: str = "/sign-in", **fields: str) -> Response:
        """Send a form as the page *page* has it."""
        form = {"form_token": self.token(page), **fields}
        return self.client.post(path, data=form, follow_redirects=False)

    def sign_in(self, username: str = "ann", password: str = PASSWORD, **fields: str) -> Response:
        return self.post("/sign-in", username=username, password=password, **fields)


async def prepare(settings: Settings) -> None:
    """Store ann, who is active, and bob, who is invited."""
    async with open_store(settings.store) as connection:
        administration = Administration(connection)
        for name in ("ann", "bob"):
            profile = UserProfile(
                username=name,
                customer=CustomerCode("acme"),
                email=f"{name}@acme.example",
                rights=everywhere(Role.READER),
            )
            await administration.invite(profile, OPERATOR, datetime.now(UTC))
        passwords = Passwords(CHEAP)
        recovery = Recovery(connection, passwords)
        await set_password(recovery, "ann")
        passwords.close()
        await connection.execute_script("DELETE FROM auth_mail")


async def set_password(recovery: Recovery, name: str) -> None:
    now = datetime.fromtimestamp(int(datetime.now(UTC).timestamp()), UTC)
    link = await recovery.link_for(name, MailKind.INVITATION, now)
    assert link is not None
    assert await recovery.set_password(link.reveal(), PASSWORD, Visit(), now) == []


async def link_of(settings: Settings, name: str, kind: MailKind) -> str:
    """Make a link as a mail would have it."""
    async with open_store(settings.store) as connection:
        passwords = Passwords(CHEAP)
        link = await Recovery(connection, passwords).link_for(name, kind, datetime.now(UTC))
        passwords.close()
    assert link is not None
    return link.reveal()


@pytest.fixture
async def peopled(empty_store: Settings) -> AsyncGenerator[Settings]:
    """Give the settings of a store with ann and bob."""
    await prepare(empty_store)
    yield empty_store
    await asyncio.sleep(0)


@pytest.fixture
def browser(peopled: Settings) -> Generator[Browser]:
    """Give a browser on this machine."""
    catcher = MailCatcher()
    with TestClient(create_app(peopled, catcher=catcher, cost=CHEAP), base_url="http://localhost") as client:
        yield Browser(client, peopled, catcher)


@pytest.fixture
def secure(peopled: Settings) -> Generator[Browser]:
    """Give a browser that comes by HTTPS."""
    catcher = MailCatcher()
    application = create_app(peopled, catcher=catcher, cost=CHEAP)
    with TestClient(application, base_url="https://portal.example", client=("192.0.2.1", 1)) as client:
        yield Browser(client, peopled, catcher)
