"""The application with one system behind TM Forum's API and the others embedded, over real HTTP."""

import time
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import httpx2
import pytest
from msgspec.structs import replace

from servicespace.settings import Settings
from servicespace.store import open_store
from servicespace.upstreams.api import ApiName, SystemName
from servicespace.upstreams.settings import MarketName, Secrets, Upstream
from sources.cache.settings import CacheSettings
from sources.http.settings import BreakerSettings
from sources.keys import CustomerCode, SolutionId
from sources.parties.sql import SqlParties
from sources.sql import Database
from sources.tmf.settings import ThingSettings, Version
from tests.servicespace.conftest import fill
from tests.serving import serving as serving_application
from tests.sources.tickets import ticket
from tests.tmf.server import Habits, TmfServer, serving
from tests.tmf.tickets import ticket_json

ACME, OTHER = CustomerCode("acme"), CustomerCode("other")
HUB_TOKEN: Final = "a-token-of-the-hub-of-tickets"
QUERY: Final = "{ solutions { nodes { name tickets(first: 5) { totalCount nodes { title } } } } }"


def thing(customer: CustomerCode, title: str) -> dict[str, Any]:
    """Make a ticket of the Solution of *customer*, as the system has it."""
    record = ticket(customer, f"T-{title}", title=title, solution=SolutionId(f"S-{customer}"))
    return ticket_json(record, (), Version.V5, f"party of {customer}")


@dataclass
class Mixed:
    """The application, the system behind it, and who may ask."""

    settings: Settings
    tokens: dict[str, str]
    tickets: TmfServer

    def upstream(self, market: MarketName = "INTL", **changes: Any) -> Settings:  # noqa: ANN401 - any field
        """Give the settings with tickets behind the system, for the customers of *market*."""
        upstream = Upstream(
            system=SystemName.TICKETING,
            api=ApiName.TMF621,
            url=self.tickets.url,
            market=market,
            retries=0,
            things=ThingSettings(version=Version.V5),
            breaker=BreakerSettings(calls=1),
            hub_variable="HUB",
        )
        return replace(self.settings, upstream=[upstream], secrets=Secrets({"HUB": HUB_TOKEN}), **changes)

    async def call(self, customer: CustomerCode, *parties: str, system: str = "ticketing") -> None:
        """Have *system* know *customer* by *parties*."""
        async with open_store(self.settings.store) as connection:
            await SqlParties(Database(connection, "parties", 10)).set(customer, system, parties)

    @contextmanager
    def served(self, settings: Settings) -> Generator["Served"]:
        with serving_application(settings) as address:
            yield Served(address, self.tokens)


@dataclass
class Served:
    """The application at an address."""

    address: str
    tokens: dict[str, str]

    async def ask(self, customer: CustomerCode) -> Any:  # noqa: ANN401 - JSON
        """Ask for the tickets of the one Solution of *customer*."""
        headers = {"Authorization": f"Bearer {self.tokens[customer]}"}
        async with httpx2.AsyncClient(base_url=self.address, headers=headers) as client:
            return (await client.post("/graphql", json={"query": QUERY})).json()

    async def titles(self, customer: CustomerCode) -> list[str]:
        """Give what the tickets of *customer* are called; none of it failed."""
        answer = await self.ask(customer)
        assert "errors" not in answer
        (solution,) = answer["data"]["solutions"]["nodes"]
        assert solution["name"] == f"S-{customer}"
        titles = [each["title"] for each in solution["tickets"]["nodes"]]
        assert solution["tickets"]["totalCount"] == len(titles)
        return titles


@pytest.fixture
async def mixed(empty_store: Settings) -> AsyncGenerator[Mixed]:
    tokens = await fill(empty_store)
    everything = [thing(ACME, "Down"), thing(OTHER, "Slow")]
    async with serving(TmfServer(Habits(filters=False), {"troubleTicket": everything})) as tickets:
        mixed = Mixed(empty_store, tokens, tickets)
        await mixed.call(ACME, "party of acme")
        yield mixed


async def test_tickets_of_the_system_join_solutions_of_the_store(mixed: Mixed) -> None:
    with mixed.served(mixed.upstream()) as served:
        assert await served.titles(ACME) == ["Down"]


async def test_a_customer_that_the_system_does_not_know_has_nothing_there(mixed: Mixed) -> None:
    with mixed.served(mixed.upstream()) as served:
        assert await served.titles(OTHER) == []
        assert mixed.tickets.asked == []


async def test_customers_of_another_market_are_asked_for_in_the_store(mixed: Mixed) -> None:
    with mixed.served(mixed.upstream("FR")) as served:
        assert await served.titles(ACME) == []
        assert mixed.tickets.asked == []


async def test_who_a_customer_is_there_takes_effect_within_a_second(mixed: Mixed) -> None:
    with mixed.served(mixed.upstream()) as served:
        assert await served.titles(OTHER) == []

        await mixed.call(OTHER, "party of other")
        began = time.monotonic()
        while await served.titles(OTHER) == []:
            assert time.monotonic() - began < 5

        assert time.monotonic() - began < 2  # one, and what a busy machine needs
        assert await served.titles(OTHER) == ["Slow"]


async def test_what_a_hub_notifies_of_is_asked_for_again(mixed: Mixed) -> None:
    event = {"eventType": "troubleTicketCreateEvent", "event": {"troubleTicket": {"id": "T-Up"}}}
    with mixed.served(mixed.upstream()) as served:
        first = await served.titles(ACME)
        mixed.tickets.things["troubleTicket"] = [thing(ACME, "Up")]
        kept = await served.titles(ACME)
        async with httpx2.AsyncClient(base_url=served.address) as client:
            told = await client.post(f"/hub/tmf/ticketing/{HUB_TOKEN}", json=event)
            unknown = await client.post("/hub/tmf/billing/x", json=event)
        after = await served.titles(ACME)

    assert (told.status_code, unknown.status_code) == (204, 404)
    assert (first, kept, after) == (["Down"], ["Down"], ["Up"])


async def test_a_system_in_trouble_is_named_and_takes_nothing_else_with_it(mixed: Mixed) -> None:
    settings = mixed.upstream(cache=CacheSettings(place="off"))
    settings = replace(settings, upstream=[replace(settings.upstream[0], url="http://127.0.0.1:9/")])
    with mixed.served(settings) as served:
        answer = await served.ask(ACME)
        async with httpx2.AsyncClient(base_url=served.address) as client:
            health = await client.get("/health/ready")

    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "SOURCE_UNAVAILABLE"
    assert error["extensions"]["source"] == "ticketing"
    assert (health.status_code, health.json()["status"]) == (200, "ready")
    assert health.json()["degraded"] == ["ticketing TMF621 INTL"]


async def test_without_the_ordering_of_its_market_a_customer_sees_nothing(mixed: Mixed) -> None:
    await mixed.call(ACME, "party of acme", system="ordering")
    dead = Upstream(
        system=SystemName.ORDERING, api=ApiName.TMF637, url="http://127.0.0.1:9/", market="INTL", retries=0
    )
    with mixed.served(replace(mixed.settings, upstream=[dead])) as served:
        answer = await served.ask(ACME)
        async with httpx2.AsyncClient(base_url=served.address) as client:
            health = await client.get("/health/ready")
    with mixed.served(replace(mixed.settings, upstream=[replace(dead, market="FR")])) as served:
        elsewhere = await served.titles(ACME)

    assert answer["errors"][0]["extensions"]["code"] == "COVERAGE_UNAVAILABLE"
    assert "data" not in answer
    assert health.status_code == 200
    assert elsewhere == []


async def test_what_a_system_said_before_it_failed_is_given_with_its_time(mixed: Mixed) -> None:
    settings = mixed.upstream(cache=CacheSettings(seconds={"troubleTicket": 0.001}))
    await mixed.call(OTHER, "party of other")
    with mixed.served(settings) as served:
        began = datetime.now(UTC).replace(microsecond=0)
        await served.titles(ACME)
        mixed.tickets.habits = Habits(status=503)
        old, unknown = await served.ask(ACME), await served.ask(OTHER)

    assert old["data"]["solutions"]["nodes"][0]["tickets"]["nodes"] == [{"title": "Down"}]
    assert "errors" not in old
    assert began <= datetime.fromisoformat(old["extensions"]["asOf"]["ticketing"]) <= datetime.now(UTC)
    assert [each["extensions"]["code"] for each in unknown["errors"]] == ["SOURCE_UNAVAILABLE"]
    assert "extensions" not in unknown
