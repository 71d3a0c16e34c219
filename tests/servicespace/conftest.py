"""The whole application over a store of its own."""

from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from auth.key_store import KeyStore
from auth.right import Role, everywhere
from auth.store import UserProfile, UserStore
from auth.token import issue_token
from auth.viewer import CustomerCode
from servicespace.settings import Settings
from servicespace.store import open_store
from servicespace.systems import embedded
from servicespace.wiring import create_app
from sources.keys import CustomerCode as OrderingCustomer
from sources.keys import SolutionId
from sources.ordering import (
    CustomerRecord,
    Market,
    PortalOption,
    ProductStatus,
    SolutionCategory,
    SolutionRecord,
)
from sources.ordering.sql import SqlOrdering
from tests.servicespace.intake import Opened, opened


@dataclass
class Service:
    """The application, answering, and who may ask it."""

    client: TestClient
    settings: Settings
    tokens: dict[str, str]

    def ask(self, query: str, token: str | None = None, **variables: object) -> dict[str, Any]:
        """Send a query with *token* and give the answer; request ids are taken out of its errors."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        response = self.client.post(
            "/graphql", json={"query": query, "variables": variables}, headers=headers
        )
        answer: dict[str, Any] = response.json()
        for error in answer.get("errors", ()):
            del error["extensions"]["requestId"]
        return answer


def solution(customer: str, key: str, category: SolutionCategory) -> SolutionRecord:
    """Make a Solution."""
    return SolutionRecord(
        customer=OrderingCustomer(customer),
        id=SolutionId(key),
        name=key,
        category=category,
        status=ProductStatus.ACTIVE,
        market=Market.INTL,
        ordered_on=date(2026, 1, 1),
    )


async def fill(settings: Settings) -> dict[str, str]:
    """Store two customers with a Solution and a User each, and give each User's token."""
    async with open_store(settings.store) as connection:
        ordering = embedded(connection, settings).ordering
        assert isinstance(ordering, SqlOrdering)
        users = UserStore(connection)
        tokens: dict[str, str] = {}
        for code in ("acme", "other"):
            await ordering.save_customers(
                [
                    CustomerRecord(
                        customer=OrderingCustomer(code),
                        id=code,
                        name=code,
                        market=Market.INTL,
                        portal_option=PortalOption.STANDARD,
                    )
                ]
            )
            await ordering.save_solutions([solution(code, f"S-{code}", SolutionCategory.SDWAN)])
            await users.save(
                UserProfile(
                    username=code,
                    customer=CustomerCode(code),
                    email=f"{code}@example.com",
                    rights=everywhere(Role.MANAGER, administrator=True),
                )
            )
            tokens[code] = await token(KeyStore(connection), settings, code)
        return tokens


async def token(keys: KeyStore, settings: Settings, username: str, **changes: object) -> str:
    """Give a token of the User of that name; *changes* make it wrong."""
    arguments: dict[str, Any] = {
        "issuer": settings.token.issuer,
        "audience": settings.token.audience,
        "subject": username,
        "customer": CustomerCode(username),
        "client_id": "tests",
        "scope": "portal",
        "now": datetime.now(UTC),
        "lifetime": timedelta(hours=1),
        **changes,
    }
    return issue_token(await keys.signing(), **arguments)


@pytest.fixture
async def filled(empty_store: Settings) -> tuple[Settings, dict[str, str]]:
    """Give the settings of a store with two customers, and their Users' tokens."""
    return empty_store, await fill(empty_store)


@pytest.fixture
def service(filled: tuple[Settings, dict[str, str]]) -> Generator[Service]:
    """Give the application over that store, started."""
    settings, tokens = filled
    with TestClient(create_app(settings)) as client:
        yield Service(client, settings, tokens)


@pytest.fixture
async def store(empty_store: Settings, tmp_path: Path) -> AsyncGenerator[Opened]:
    """Give an open store with a customer, to take files into."""
    async with opened(empty_store, tmp_path) as store:
        yield store
