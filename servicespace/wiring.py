"""The composition root: which real source stands behind each protocol, and how a request gets its context."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from logging import getLogger

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Receive, Scope, Send

from auth.administration import Administration
from auth.password_hash import Cost
from auth.right import denied
from auth.rule_book import RuleBook
from auth.rule_store import RuleStore, RuleStoreError
from auth.store import UserRecord, UserStore, UserStoreError
from auth.token import TokenError, TokenVerifier
from auth.viewer import TokenId, Viewer
from loaders.operation import Systems
from resolvers.context import Context, Identity
from schema.build import sdl
from schema.execution import Executor
from schema.resolution import make_engine
from schema.view import View, Views
from servicespace.announcements import listen_to_postgres, listen_to_valkey
from servicespace.app import create_http
from servicespace.bell import Bell
from servicespace.errors import ErrorCode, UnauthenticatedError, UnavailableError
from servicespace.follower import EVERY, Follower
from servicespace.graphql import GraphQLEndpoint, Served
from servicespace.identity.identity import Identity
from servicespace.identity.people import people
from servicespace.identity.routes import caught_mail_route, identity_routes
from servicespace.mail_catcher import MailCatcher
from servicespace.recent import Recent
from servicespace.request_id import RequestId
from servicespace.settings import Settings
from servicespace.snapshots import CoverageSnapshots
from servicespace.store import Connection, open_store, run
from servicespace.transport import Transport
from sources.billing.sql import SqlBilling
from sources.changes import Changes
from sources.errors import SourceError
from sources.inventory.sql import SqlInventory
from sources.keys import CustomerCode
from sources.maintenance.sql import SqlMaintenance
from sources.ordering.sql import SqlOrdering
from sources.sql import Database
from sources.ticketing.sql import SqlTicketing

_log = getLogger(__name__)


def embedded(connection: Connection, settings: Settings) -> Systems:
    """Give the systems that live in the embedded store."""
    seconds = settings.source_seconds
    return Systems(
        ordering=SqlOrdering(Database(connection, "ordering", seconds)),
        billing=SqlBilling(Database(connection, "billing", seconds)),
        ticketing=SqlTicketing(Database(connection, "ticketing", seconds)),
        inventory=SqlInventory(Database(connection, "inventory", seconds)),
        maintenance=SqlMaintenance(Database(connection, "maintenance", seconds)),
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """Who comes in with which token, and what is laid out for them."""

    users: UserStore
    known: Recent[str, UserRecord | None]
    tokens: TokenVerifier
    coverage: CoverageSnapshots
    systems: Systems
    followers: Sequence[Follower] = ()
    bell: Bell = field(default_factory=Bell)
    identity: Identity | None = None

    async def authenticate(self, authorization: str | None) -> Viewer:
        """Give the User of a bearer token; raises ``UnauthenticatedError``, the same for every reason."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise UnauthenticatedError
        try:
            claims = self.tokens.verify(token.strip(), datetime.now(UTC))
        except TokenError as error:
            _log.info("refused a token: %s", error.reason)
            raise UnauthenticatedError from None
        try:
            user = await self.known.of(claims.sub)
        except UserStoreError as error:
            _log.warning("the Users are out of reach: %s", error)
            raise UnavailableError(ErrorCode.SOURCE_UNAVAILABLE) from None
        if user is None or not user.active or user.customer != claims.customer:
            _log.info("refused a token of a User that is not, or no longer, of its customer")
            raise UnauthenticatedError
        return _viewer(user, claims.jti, claims.expires_at)

    async def viewer(self, username: str) -> Viewer | None:
        """Give the User of that name as if it had a token; None where there is no active one."""
        user = await self.known.of(username)
        if user is None or not user.active:
            return None
        return _viewer(user, TokenId("none"), datetime.now(UTC))

    async def make_context(self, viewer: Viewer, _: RequestId) -> Context:
        """Give a new context, with the customer's coverage pinned to it; fails closed without coverage."""
        try:
            coverage = await self.coverage.of(CustomerCode(viewer.customer))
        except (SourceError, RuleStoreError) as error:
            _log.warning("coverage cannot be told: %s", error)
            raise UnavailableError(ErrorCode.COVERAGE_UNAVAILABLE) from None
        return Context(viewer, coverage.within(denied(viewer.rights)), self.systems, self.identity)

    async def follow(self, viewer: Viewer, named: RequestId) -> AsyncGenerator[Context]:
        """Give a context at once, and a new one whenever the customer's coverage is another.

        Ends when the token does, and when the User is no longer active; raises as ``make_context`` does.
        """
        epoch: str | None = None
        while datetime.now(UTC) < viewer.expires_at:
            heard = self.bell.rings
            user = await self.known.of(viewer.username)
            if user is None or not user.active or user.customer != viewer.customer:
                return
            context = await self.make_context(viewer, named)
            if context.coverage.epoch != epoch:
                epoch = context.coverage.epoch
                yield context
            await self.bell.wait(heard, EVERY)


def _viewer(user: UserRecord, token: TokenId, expires_at: datetime) -> Viewer:
    return Viewer(
        user_id=user.id,
        username=user.username,
        email=user.email,
        customer=user.customer,
        accounts=user.accounts,
        locations=user.locations,
        solutions=user.solutions,
        rights=user.rights,
        token_id=token,
        expires_at=expires_at,
    )


async def make_desk(connection: Connection, settings: Settings) -> Desk:
    """Give the desk over the embedded store; the first one makes the key that signs tokens."""
    users = UserStore(connection, settings.source_seconds)
    await users.signing_key()
    tokens = TokenVerifier(await users.keys(), settings.token.issuer, settings.token.audience)
    systems = embedded(connection, settings)
    rules = RuleStore(connection, settings.source_seconds)
    await rules.ensure_shipped()
    books = Recent(partial(_book, rules), settings.coverage_seconds)
    coverage = CoverageSnapshots(
        systems.ordering,
        partial(books.of, ""),
        settings.coverage_seconds,
        grace_months=settings.grace_months,
    )
    known = Recent(users.by_username, settings.user_seconds)
    ordering = SqlOrdering(Database(connection, "ordering", settings.source_seconds))
    bell = Bell()
    followers = [
        Follower(ordering.changes, coverage.recent, bell=bell),
        Follower(partial(_changed, rules.changes), books, bell=bell),
        Follower(partial(_changed, users.changes), known, bell=bell),
    ]
    identity = Identity(Administration(connection, settings.source_seconds))
    return Desk(users, known, tokens, coverage, systems, followers, bell, identity)


async def _book(rules: RuleStore, _: str) -> RuleBook:
    return await rules.book()


async def _changed(
    changes: Callable[[int | None], Awaitable[tuple[int, Sequence[str]]]], after: int | None
) -> Changes:
    epoch, keys = await changes(after)
    return Changes(epoch, keys)


def executor(settings: Settings) -> Executor:
    """Give what runs the operations: by the engine, or the reference executor where the settings say so."""
    return Executor(Views(), None if settings.executor == "reference" else make_engine())


class LateEndpoint:
    """``/graphql``, and the schemas of customers, from the moment that the store is open.

    The server takes no request before.
    """

    def __init__(self) -> None:
        """Start with nothing behind it."""
        self.endpoint: GraphQLEndpoint[Viewer, Context] | None = None
        self.connection: Connection | None = None
        self.desk: Desk | None = None
        self.views: Views | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        assert self.endpoint is not None, "the lifespan has not started"  # noqa: S101 - a fault of ours
        await self.endpoint(scope, receive, send)

    async def schema(self, authorization: str, named: RequestId) -> View:
        """Give the schema of whoever has that token; raises as ``Desk`` does."""
        assert self.desk is not None, "the lifespan has not started"  # noqa: S101 - a fault of ours
        assert self.views is not None, "the lifespan has not started"  # noqa: S101 - a fault of ours
        viewer = await self.desk.authenticate(authorization)
        context = await self.desk.make_context(viewer, named)
        return self.views.of(context.coverage)

    async def ready(self) -> Mapping[str, bool]:
        """Tell whether the store answers."""
        if self.connection is None:
            return {"store": False}
        await run(self.connection, "SELECT 1")
        return {"store": True}


def create_app(
    settings: Settings, *, catcher: MailCatcher | None = None, cost: Cost | None = None
) -> Starlette:
    """Give the whole application; the store is opened when it starts and closed when it stops.

    With a *catcher*, which is the demo's, mails go there and are shown. *cost* is that of passwords.
    """
    late = LateEndpoint()
    identity = Identity(public=settings.token.issuer, notices=settings.notice, cost=cost)
    pages = identity_routes(identity)
    if catcher is not None:
        pages.append(caught_mail_route(catcher))
    return create_http(
        graphql=late,
        sdl=sdl(),
        own=late.schema,
        readiness=late.ready,
        origins=settings.http.origins,
        pages=pages,
        transport=Middleware(Transport, proxies=settings.http.proxies, public=settings.token.issuer),
        lifespan=partial(_lifespan, settings, late, partial(people, settings, identity, catcher)),
    )


def _following(settings: Settings, desk: Desk) -> Iterator[Coroutine[object, object, None]]:
    """Give what runs beside the requests: those who follow changes, and who wakes them."""
    yield from (each.follow() for each in desk.followers)
    if settings.store.host is not None:
        yield listen_to_postgres(settings.store, desk.bell)
    if settings.valkey is not None:
        yield listen_to_valkey(settings.valkey, desk.bell)


@asynccontextmanager
async def _lifespan(
    settings: Settings,
    late: LateEndpoint,
    pages: Callable[[Connection], AbstractAsyncContextManager[None]],
    _: Starlette,
) -> AsyncGenerator[None]:
    async with open_store(settings.store) as connection, pages(connection):
        desk = await make_desk(connection, settings)
        runs = executor(settings)
        served = Served(runs, desk.authenticate, desk.make_context, desk.follow)
        late.desk, late.views = desk, runs.views
        late.endpoint = GraphQLEndpoint(
            served,
            max_body_size=settings.http.max_body_size,
            body_seconds=settings.http.body_seconds,
        )
        late.connection = connection
        following = [asyncio.create_task(each) for each in _following(settings, desk)]
        try:
            yield
        finally:
            for each in following:
                each.cancel()
            await asyncio.wait(following)
