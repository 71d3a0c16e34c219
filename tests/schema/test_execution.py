"""How introspection is answered: once for all customers of a fingerprint."""

import asyncio
import json
from collections.abc import Mapping
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from graphql import get_introspection_query

from engine.engine import Engine
from resolvers.context import Context
from schema.execution import Executor
from schema.resolution import make_engine
from schema.view import Views
from servicespace.graphql import GraphQLEndpoint, Served
from tests.asking import asked_by, covering
from tests.populace import populated
from tests.world import World

SLOW = 3
"""So many times slower may a machine be on which the tests run than one that keeps the bounds."""

TYPES = "{ __schema { types { name } } }"


class Counted:
    """An endpoint of its own, and how often its stock executor ran."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.runs = 0
        self.executor = Executor(Views(), None)
        self._run = self.executor._run  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        monkeypatch.setattr(self.executor, "_run", self.run)

    async def run(self, *arguments: Any) -> Any:  # noqa: ANN401 - what the executor's own takes and gives
        self.runs += 1
        return await self._run(*arguments)

    async def ask(self, text: str, context: Context, variables: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        document = self.executor.read(text)
        operation = document.operation(None)
        assert operation is not None
        return (await self.executor.execute(document, operation, variables or {}, context)).data


async def test_introspection_is_executed_once_for_a_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)

    for _ in range(3):
        for coverage in (covering(), covering(BILLING={"S1"}), covering(BILLING={"S2"})):
            await counted.ask(TYPES, asked_by(coverage=coverage))

    assert counted.runs == 2


async def test_answers_are_kept_by_the_variables_that_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)
    text = "query A($name: String!) { __type(name: $name) { name } }"

    for name in ("Ticket", "Invoice", "Ticket"):
        await counted.ask(text, asked_by(), {"name": name, "unused": counted.runs})

    assert counted.runs == 2


async def test_what_asks_for_data_too_is_executed_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)

    for _ in range(2):
        await counted.ask('{ viewer { username } __type(name: "Ticket") { name } }', asked_by())
        await counted.ask("{ __typename }", asked_by())

    assert counted.runs == 4


@pytest.mark.parametrize("engine", [None, make_engine()])
async def test_an_introspection_answer_is_served_again_quickly(engine: Engine | None) -> None:
    world = await populated()
    executor = Executor(Views(), engine)
    endpoint = GraphQLEndpoint(Served(executor, world.authenticate, world.make_context))
    body = json.dumps({"query": get_introspection_query()}).encode()
    first = await _answer(endpoint, body)

    seconds: list[float] = []
    for _ in range(50):
        started = perf_counter()
        again = await _answer(endpoint, body)
        seconds.append(perf_counter() - started)
        assert again == first

    assert len(first) > 100_000
    assert median(seconds) < SLOW * 0.001


async def _answer(endpoint: GraphQLEndpoint[Any, Any], body: bytes) -> bytes:
    """Give the body of the answer to cobalt-admin, without a client around it."""
    exchange = _Exchange(body)
    headers = [(b"authorization", b"Bearer cobalt-admin"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await endpoint(scope, exchange.receive, exchange.send)
    return exchange.answered


class _Exchange:
    def __init__(self, body: bytes) -> None:
        self.messages = [{"type": "http.request", "body": body, "more_body": False}]
        self.answered = b""

    async def receive(self) -> dict[str, Any]:
        if not self.messages:
            await asyncio.Event().wait()  # the client stays
        return self.messages.pop()

    async def send(self, message: Any) -> None:  # noqa: ANN401 - ASGI's
        self.answered += message.get("body", b"")


def test_both_executors_of_the_small_world_share_their_views() -> None:
    assert World(stock=True).executor.views is World().executor.views
