"""A small schema of the tests' own behind the real endpoint, and a client for it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, cast

import httpx2
import strawberry
from starlette.applications import Starlette

from auth.feature import Feature
from engine.document import Document, DocumentStore
from engine.limits import Limits
from engine.on_error import OnError
from engine.reference import execute
from resolvers.errors import BadUserInputError, CoverageRequiredError, NotFoundError
from servicespace.app import create_http
from servicespace.errors import ErrorCode, UnauthenticatedError, UnavailableError
from servicespace.graphql import GraphQLEndpoint, Served
from servicespace.health import Health, Readiness
from servicespace.ide import ide_routes
from servicespace.request_id import RequestId
from sources.errors import SourceError, SourceRefusedError, SourceTimeoutError, SourceUnavailableError

TOKEN = "good-token"
SDL = "type Query { hello: String }\n"


@strawberry.enum(description="How a ticket stands.")
class TicketStatus(Enum):
    OPEN = "open"
    CLOSED = "closed"


@strawberry.input
class TicketFilter:
    status: list[TicketStatus] | None = None
    number: int | None = None


@dataclass
class FakeContext:
    """Notes what was asked; answers with the extensions that the test gave."""

    viewer: str
    request_id: RequestId
    notices: Mapping[str, object] = field(default_factory=dict[str, object])
    started: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    strict: bool = False
    unplaced: Sequence[SourceError] = ()

    def extensions(self) -> Mapping[str, object]:
        return self.notices

    def unplaced_errors(self) -> Sequence[SourceError]:
        return self.unplaced


Info = strawberry.Info[FakeContext, None]


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, info: Info, name: str = "you") -> str:
        return f"hello {name} from {info.context.viewer}"

    @strawberry.field
    def tickets(self, filter: TicketFilter | None = None, first: int = 25) -> int | None:
        if first > 100:
            raise BadUserInputError("A page has at most 100 rows.", ["first"], "must be 1 to 100")
        return first

    @strawberry.field
    def missing(self) -> int | None:
        raise NotFoundError

    @strawberry.field
    def uncovered(self) -> int | None:
        raise CoverageRequiredError(Feature.INCIDENTS, ["filter", "sla"])

    @strawberry.field
    def broken(self) -> int | None:
        raise RuntimeError("the secret of the broken field")

    @strawberry.field
    def impossible(self) -> int:
        return cast("int", None)

    @strawberry.field
    async def late(self) -> int | None:
        raise SourceTimeoutError("billing", "no answer from 10.0.0.1 in 3 s")

    @strawberry.field
    async def down(self) -> int | None:
        raise SourceUnavailableError("ticketing", "connection refused")

    @strawberry.field
    async def refusing(self) -> int | None:
        raise SourceRefusedError("inventory")

    @strawberry.field
    def odd(self) -> str:
        return "lone \ud800 surrogate"

    @strawberry.field
    async def endless(self, info: Info) -> int | None:
        info.context.started.set()
        try:
            await asyncio.Event().wait()
        finally:
            info.context.stopped.set()
        return None


@strawberry.type
class Mutation:
    @strawberry.mutation
    def shout(self) -> str:
        return "HELLO"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncIterator[int]:
        yield 1


# Strawberry has no public name for the schema of graphql-core that it makes.
_SCHEMA = strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)
TYPES = _SCHEMA._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


async def authenticate(authorization: str | None) -> str:
    if authorization != f"Bearer {TOKEN}":
        raise UnauthenticatedError
    return "ann"


async def ready() -> Health:
    return Health({"store": True, "coverage": True})


@dataclass(frozen=True)
class Stock:
    """Executes on the types of these tests; everybody has all of them."""

    documents: DocumentStore

    def read(self, text: str) -> Document:
        return self.documents.get(text)

    def read_own(self, text: str, context: FakeContext) -> Document:
        del context
        return self.read(text)

    async def execute(
        self,
        document: Document,
        operation: Any,  # noqa: ANN401 - graphql-core's
        variables: Mapping[str, Any],
        context: FakeContext,
        on_error: OnError = OnError.PROPAGATE,
    ) -> Any:  # noqa: ANN401 - graphql-core's
        assert document.ast is not None
        return await execute(TYPES, document.ast, operation, variables, context, on_error=on_error)

    async def subscribe(
        self,
        document: Document,
        operation: Any,  # noqa: ANN401 - graphql-core's
        variables: Mapping[str, Any],
        contexts: AsyncIterator[FakeContext],
        on_error: OnError = OnError.PROPAGATE,
    ) -> AsyncGenerator[tuple[Any, FakeContext]]:
        async for context in contexts:
            yield await self.execute(document, operation, variables, context, on_error), context


@dataclass(frozen=True)
class Own:
    """The schema of who has the token."""

    sdl: str = "type Query { own: String }\n"
    etag: str = '"own"'


async def own_schema(authorization: str, request_id: RequestId) -> Own:
    del request_id
    if authorization == "Bearer nobody-knows":
        raise UnavailableError(ErrorCode.COVERAGE_UNAVAILABLE)
    if authorization == "Bearer broken":
        raise ValueError("the secret of the store")
    await authenticate(authorization)
    return Own()


@dataclass
class FakeApplication:
    """The application under test, and the contexts that it made."""

    limits: Limits = field(default_factory=Limits)
    notices: Mapping[str, object] = field(default_factory=dict[str, object])
    readiness: Readiness = ready
    origins: Sequence[str] = ()
    max_body_size: int = 65_536
    body_seconds: float = 15.0
    contexts: list[FakeContext] = field(default_factory=list[FakeContext])
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def make_context(self, viewer: str, request_id: RequestId) -> FakeContext:
        self.contexts.append(FakeContext(viewer, request_id, self.notices))
        self.asked.set()
        return self.contexts[-1]

    def http(self) -> Starlette:
        served = Served(Stock(DocumentStore(TYPES, self.limits)), authenticate, self.make_context)
        endpoint = GraphQLEndpoint(served, max_body_size=self.max_body_size, body_seconds=self.body_seconds)
        return create_http(
            graphql=endpoint,
            sdl=SDL,
            own=own_schema,
            readiness=self.readiness,
            origins=self.origins,
            pages=ide_routes(),
        )

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[httpx2.AsyncClient]:
        """Give a client with a valid token."""
        transport = httpx2.ASGITransport(app=self.http())
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx2.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
            yield client
