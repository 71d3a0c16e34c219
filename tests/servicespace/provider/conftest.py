"""The application with its provider, clients of every kind, and a browser in which Users are signed in."""

import asyncio
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, time

import pytest
from starlette.testclient import TestClient

from auth.client import Client, ClientGrant, ClientKind
from auth.client_store import ClientStore
from auth.viewer import ClientId, CustomerCode
from servicespace.settings import DATABASE_FILE, Settings, in_folder
from servicespace.store import open_store
from servicespace.wiring import create_app
from tests.servicespace.conftest import fill
from tests.servicespace.provider.browser import CALLBACK, FORM_TOKEN, Application, Pages, cookie

SCOPES = ("openid", "profile", "email", "offline_access")


def clients() -> list[Client]:
    """Give a client of each kind: the operator's own page, a partner's page, server and service."""
    return [
        Client(
            id=ClientId("page"),
            name="The portal",
            kind=ClientKind.BROWSER,
            first_party=True,
            redirect_uris=(CALLBACK, "http://127.0.0.1/native", "com.example.app:/back"),
            logout_uris=("https://app.example/bye",),
            scopes=(*SCOPES, "portal"),
        ),
        Client(
            id=ClientId("partner-page"),
            name="Partner <b>page</b>",
            kind=ClientKind.BROWSER,
            redirect_uris=(CALLBACK, "http://127.0.0.1/native", "com.example.app:/back"),
            scopes=(*SCOPES, "billing"),
            owner="acme",
        ),
        Client(
            id=ClientId("partner-web"),
            name="Partner server",
            kind=ClientKind.WEB,
            redirect_uris=(CALLBACK,),
            scopes=(*SCOPES, "billing", "incidents:readonly"),
            owner="acme",
        ),
        Client(
            id=ClientId("robot"),
            name="Partner robot",
            kind=ClientKind.SERVICE,
            scopes=("billing", "quotes-orders"),
            owner="acme",
        ),
    ]


@dataclass
class Place:
    """The application, answering, and its clients by id."""

    client: TestClient
    settings: Settings
    pages: Pages
    applications: dict[str, Application]

    def __getitem__(self, name: str) -> Application:
        """Give the client of that id."""
        return self.applications[name]

    def ask(self, token: str) -> int:
        """Ask GraphQL with *token* and give the status."""
        return self.client.post(
            "/graphql", json={"query": "{ __typename }"}, headers={"Authorization": f"Bearer {token}"}
        ).status_code

    def within_a_second(self, status: int, token: str) -> None:
        """Ask until the answer is *status*, for a second and what a busy machine needs."""
        until = monotonic() + 2
        while self.ask(token) != status:
            assert monotonic() < until

    def consent(self, application: str, scope: str, who: str = "acme") -> None:
        """Have *who* allow the application *scope*."""
        asked = self[application].authorize(who, scope=scope)
        request = asked.request.url.query.decode()
        form = {"form_token": FORM_TOKEN, "request": request, "answer": "allow"}
        self.client.post("/oauth/consent", data=form, headers=cookie(who), follow_redirects=False)


async def register(settings: Settings) -> dict[str, str | None]:
    """Store the clients and what they are granted, and give their secrets."""
    secrets: dict[str, str | None] = {}
    now = datetime.now(UTC)
    async with open_store(settings.store) as connection:
        store = ClientStore(connection)
        for each in clients():
            secret = await store.create_client(each, by="acme", now=now)
            secrets[each.id] = None if secret is None else secret.encode().decode()
        for customer in ("acme", "other"):
            grant = ClientGrant(customer=CustomerCode(customer), scopes=("billing", "quotes-orders:readonly"))
            await store.grant(ClientId("robot"), grant, by="acme")
    return secrets


@pytest.fixture(scope="session")
def stocked(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str | None]]:
    """Give a store with two customers, a User each and clients, to be copied, and the clients' secrets."""
    folder = tmp_path_factory.mktemp("stocked")
    shutil.copy(migrated, folder / DATABASE_FILE)
    return folder / DATABASE_FILE, asyncio.run(_stock(in_folder(folder)))


async def _stock(settings: Settings) -> dict[str, str | None]:
    await fill(settings)
    return await register(settings)


@pytest.fixture
def registered(
    stocked: tuple[Path, dict[str, str | None]], tmp_path: Path
) -> tuple[Settings, dict[str, str | None]]:
    """Give the settings of a copy of that store, and the secrets of its clients."""
    file, secrets = stocked
    shutil.copy(file, tmp_path / DATABASE_FILE)
    return in_folder(tmp_path), secrets


@pytest.fixture
def place(registered: tuple[Settings, dict[str, str | None]]) -> Generator[Place]:
    """Give the application over that store, started."""
    settings, secrets = registered
    pages = Pages(at=int(time()) - 60)
    with TestClient(create_app(settings, pages)) as client:
        yield Place(
            client,
            settings,
            pages,
            {each: Application(client, each, secret) for each, secret in secrets.items()},
        )
