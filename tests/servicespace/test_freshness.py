"""An answer with something that is not of now says so, whoever executes it and however it is sent."""

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal

import msgspec
import pytest
from starlette.testclient import TestClient

from loaders.operation import Systems
from servicespace import systems
from servicespace.settings import Settings
from servicespace.store import Connection
from servicespace.wiring import create_app
from sources.cache import Kind, Tenant
from sources.cache.entity import EntityCache
from sources.cache.memory import MemoryShelf
from sources.cache.settings import CacheSettings
from sources.errors import SourceUnavailableError
from sources.keys import CustomerCode
from sources.listing import Listing, Page
from sources.scope import Scope
from sources.sql import Database
from sources.ticketing import TicketFilter, TicketingSource, TicketRecord
from sources.ticketing.sql import SqlTicketing
from tests.servicespace.conftest import Service
from tests.sources.cache.kept import Clock, Row

QUERY: Final = "{ tickets { nodes { title } } }"
KIND: Final = Kind("ticketing", "troubleTicket", Row)
AS_OF: Final = {"ticketing": "1970-01-12T13:46:40Z"}


class CachedTicketing(SqlTicketing):
    """Ticketing that reads its lists through an entity cache, and fails when it is told to."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database)
        self.fails = False
        shelf = MemoryShelf(most_entries=10, most_bytes=10**6, most_value_bytes=10**6, clock=clock)
        self._cache = EntityCache(shelf, CacheSettings(), clock)

    async def tickets_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[TicketFilter]
    ) -> Mapping[CustomerCode, Page[TicketRecord]]:
        await self._cache.found(KIND, Tenant(scope.customer, frozenset()), customers, self._fetch)
        return await super().tickets_by_customer(scope, customers, listing)

    async def _fetch(self, keys: Sequence[str]) -> Mapping[str, tuple[Row, ...]]:
        if self.fails:
            raise SourceUnavailableError("ticketing")
        return dict.fromkeys(keys, ())


class Made:
    """What the application is made of: its ticketing, and the time."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.ticketing: CachedTicketing | None = None
        self._embedded = systems.embedded

    def systems(self, connection: Connection, settings: Settings) -> Systems:
        self.ticketing = CachedTicketing(Database(connection, "ticketing"), self.clock)
        ticketing: TicketingSource = self.ticketing
        return replace(self._embedded(connection, settings), ticketing=ticketing)

    def fail(self, seconds: float) -> None:
        """Let ticketing fail, and time pass."""
        assert self.ticketing is not None
        self.ticketing.fails = True
        self.clock.now += seconds


@pytest.fixture(params=["engine", "reference"])
def executor(request: pytest.FixtureRequest) -> Literal["engine", "reference"]:
    """Give each executor."""
    found: Literal["engine", "reference"] = request.param
    return found


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Give what the application is made of."""
    made = Made()
    monkeypatch.setattr("servicespace.systems.embedded", made.systems)
    return made


@pytest.fixture
def service(
    filled: tuple[Settings, dict[str, str]], executor: Literal["engine", "reference"], made: Made
) -> Generator[Service]:
    """Give the application over that ticketing."""
    settings = msgspec.structs.replace(filled[0], executor=executor)
    assert made.ticketing is None
    with TestClient(create_app(settings)) as client:
        yield Service(client, settings, filled[1])


def extensions(service: Service, user: str = "acme", **headers: str) -> Any:  # noqa: ANN401 - JSON
    """Give what the answer to the query says beside its data."""
    token = {"Authorization": f"Bearer {service.tokens[user]}", **headers}
    answer = service.client.post("/graphql", json={"query": QUERY}, headers=token).json()
    assert answer["data"]["tickets"] is None or answer["data"]["tickets"] == {"nodes": []}
    return answer.get("extensions")


def test_an_answer_of_now_says_nothing_of_its_time(service: Service) -> None:
    assert [extensions(service), extensions(service)] == [None, None]


def test_an_answer_with_something_old_says_of_when_it_is(service: Service, made: Made) -> None:
    extensions(service)

    made.fail(20)

    assert extensions(service) == {"asOf": AS_OF}
    assert extensions(service, **{"Coverage-Notices": "none"}) == {"asOf": AS_OF}


def test_another_operation_is_told_nothing_of_it(service: Service, made: Made) -> None:
    extensions(service)
    made.fail(20)
    extensions(service)

    answer = service.ask("{ solutions { nodes { name } } }", service.tokens["acme"])

    assert "extensions" not in answer


def test_another_customer_is_not_given_what_is_old(service: Service, made: Made) -> None:
    extensions(service)
    made.fail(20)

    answer = service.ask(QUERY, service.tokens["other"])

    assert [each["extensions"]["code"] for each in answer["errors"]] == ["SOURCE_UNAVAILABLE"]
    assert "extensions" not in answer


def test_a_stream_of_events_says_it_too(service: Service, made: Made) -> None:
    extensions(service)
    made.fail(20)
    headers = {"Authorization": f"Bearer {service.tokens['acme']}", "Accept": "text/event-stream"}

    stream = service.client.post("/graphql", json={"query": QUERY}, headers=headers).text

    assert '"asOf":{"ticketing":"1970-01-12T13:46:40Z"}' in stream
