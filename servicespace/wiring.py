"""The composition root: which real source stands behind each protocol, and how a request gets its context."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from typing import Final, TypeAlias

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Receive, Scope, Send

from auth.account import AccountStoreError
from auth.account_store import used
from auth.administration import Administration
from auth.audit import AuditLog
from auth.authorization_store import AuthorizationStore
from auth.client import Client, ClientKind
from auth.client_store import ClientStore
from auth.key import public_keys
from auth.key_store import KeyStore
from auth.outside import Outside, OutsideVerifier
from auth.password_hash import Cost
from auth.provider.calling import Calling
from auth.provider.case import Terms
from auth.provider.lookup import Books
from auth.revocation import RevocationStore, Revoked
from auth.rule_book import RuleBook
from auth.rule_store import RuleStore
from auth.scope import OFFLINE, OPENID, PORTAL
from auth.session import Session
from auth.store import UserStore
from auth.token import TokenVerifier
from auth.viewer import ClientId, Viewer
from resolvers.context import Context, Registry
from schema.build import sdl
from schema.execution import Executor
from schema.resolution import make_engine
from schema.view import View, Views
from servicespace.announcements import listen_to_postgres, listen_to_valkey
from servicespace.app import create_http
from servicespace.bell import Bell
from servicespace.beside import beside
from servicespace.desk import Desk, Verifying
from servicespace.follower import Follower
from servicespace.forgetting import open_cache
from servicespace.graphql import GraphQLEndpoint, Served
from servicespace.health import Health
from servicespace.hub import Hubs, hub_routes
from servicespace.ide import CLIENT, ide_routes
from servicespace.identity.identity import Identity
from servicespace.identity.people import people
from servicespace.identity.provider import LateProvider, Provider
from servicespace.identity.routes import caught_mail_route, identity_routes
from servicespace.identity.sign_in_pages import SignInPages
from servicespace.key_ring import KeyRing
from servicespace.mail_catcher import MailCatcher
from servicespace.outside_keys import OutsideKeys
from servicespace.recent import Recent
from servicespace.request_id import RequestId
from servicespace.settings import Settings
from servicespace.snapshots import CoverageSnapshots
from servicespace.store import Connection, open_store, run
from servicespace.systems import open_systems, parties_in
from servicespace.transport import Transport
from servicespace.upstreams.listeners import listeners
from servicespace.upstreams.markets import Markets
from sources.cache import Cache
from sources.cache.settings import CacheSettings
from sources.changes import Changes
from sources.ordering.sql import SqlOrdering
from sources.sql import Database

_NOTHING_TO_KEEP: Final = CacheSettings(place="off")
"""The cache where all systems are embedded."""

Endpoint: TypeAlias = GraphQLEndpoint[Viewer, Context]
"""``/graphql``, for who has a token."""


@asynccontextmanager
async def open_desk(
    connection: Connection, settings: Settings, cache: Cache | None = None
) -> AsyncGenerator[Desk]:
    """Give the desk over the embedded store and the systems of the settings, open until the end.

    Nothing that those say is kept without a *cache*. The first one makes the key that signs tokens.
    """
    async with open_systems(connection, settings, cache) as systems:
        bell = Bell()
        changes = parties_in(connection, settings).changes
        also = [Follower(changes, systems.parties, bell=bell)] if settings.upstream else []
        yield await _desk(connection, settings, systems.markets, bell, also)


async def _desk(
    connection: Connection, settings: Settings, markets: Markets, bell: Bell, also: Sequence[Follower]
) -> Desk:
    seconds = settings.source_seconds
    rules = RuleStore(connection, seconds)
    await rules.ensure_shipped()
    books = Recent(partial(_book, rules), settings.coverage_seconds)
    coverage = CoverageSnapshots(
        markets,
        partial(books.of, ""),
        settings.coverage_seconds,
        grace_months=settings.grace_months,
    )
    users, clients = UserStore(connection, seconds), ClientStore(connection, seconds)
    known = Recent(users.by_username, settings.user_seconds)
    registered = Recent(clients.by_id, settings.user_seconds)
    revocations = RevocationStore(connection, seconds)
    revoked = Revoked(revocations)
    ordering = SqlOrdering(Database(connection, "ordering", seconds))
    followers = [
        *also,
        Follower(ordering.changes, coverage.recent, bell=bell),
        Follower(partial(_changed, rules.changes), books, bell=bell),
        Follower(partial(_changed, users.changes), known, bell=bell),
        Follower(partial(_changed, clients.changes), registered, bell=bell),
        Follower(partial(_changed, revocations.changes), revoked, bell=bell),
    ]
    verifying = await _verifying(connection, settings, bell)
    registry = Registry(Administration(connection, seconds), clients, AuditLog(connection, seconds))
    return Desk(verifying, known, registered, revoked, coverage, markets, followers, bell, registry)


async def _verifying(connection: Connection, settings: Settings, bell: Bell) -> Verifying:
    """Give what verifies access tokens: our own, or those of the operator's provider."""
    token = settings.token
    if token.provider == "outside":
        named = ("issuer", "audience", "username_claim", "customer_claim", "customers", "algorithms", "types")
        outside = OutsideVerifier(Outside(**{each: getattr(token, each) for each in named}))
        keys = OutsideKeys(token, outside)
        return Verifying(outside, keys.renew, keys.follow)
    tokens = TokenVerifier(public_keys([]), token.issuer, token.audience)
    ring = KeyRing(KeyStore(connection, settings.source_seconds), tokens, bell=bell)
    await ring.look()
    return Verifying(tokens, ring.renew, ring.follow, ring)


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
        self.endpoint: Endpoint | None = None
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

    async def ready(self) -> Health:
        """Tell whether the store answers and coverage can be told, and which systems are in trouble."""
        if self.connection is None or self.desk is None:
            return Health({"store": False})
        await run(self.connection, "SELECT 1")
        parts = {"store": True, "coverage": await self.desk.coverage.is_ready()}
        return Health(parts, self.desk.markets.degraded())


def create_app(
    settings: Settings,
    pages: SignInPages | None = None,
    *,
    catcher: MailCatcher | None = None,
    cost: Cost | None = None,
) -> Starlette:
    """Give the whole application; the store is opened when it starts and closed when it stops.

    Users sign in with *pages*, our own where none are given. With a *catcher*, which is the demo's, mails go
    there and are shown. *cost* is that of passwords.
    """
    late, provider = LateEndpoint(), LateProvider()
    is_ours = settings.token.provider == "embedded"
    identity = Identity(public=settings.token.issuer, notices=settings.notice, cost=cost)
    public = settings.token.issuer if is_ours else None
    routes = list(ide_routes(public))
    if is_ours:
        routes += [*identity_routes(identity), *provider.routes()]
    if catcher is not None:
        routes.append(caught_mail_route(catcher))
    hubs = Hubs(listeners(settings.upstream, settings.secrets))
    routes += hub_routes(hubs)
    inside = partial(people, settings, identity, catcher)
    opened = _Opened(late, provider, pages or identity.browsing, inside, hubs)
    return create_http(
        graphql=late,
        sdl=sdl(),
        own=late.schema,
        readiness=late.ready,
        origins=settings.http.origins,
        pages=routes,
        transport=Middleware(Transport, proxies=settings.http.proxies, public=public or ""),
        lifespan=partial(_lifespan, settings, opened),
    )


def _following(settings: Settings, desk: Desk) -> Iterator[Coroutine[object, object, None]]:
    """Give what runs beside the requests: those who follow changes, and who wakes them."""
    yield from (each.follow() for each in desk.followers)
    yield desk.verifying.follow()
    if settings.store.host is not None:
        yield listen_to_postgres(settings.store, desk.bell)
    if settings.valkey is not None:
        yield listen_to_valkey(settings.valkey, desk.bell)


def _provider(connection: Connection, settings: Settings, desk: Desk, pages: SignInPages) -> Provider | None:
    """Give our own OpenID provider; None where the operator has another."""
    if desk.verifying.ring is None:
        return None
    seconds = settings.source_seconds
    books = Books(
        terms=Terms(issuer=settings.token.issuer, audience=settings.token.audience),
        rings=desk.verifying.ring.ring,
        users=UserStore(connection, seconds),
        clients=ClientStore(connection, seconds),
        authorizations=AuthorizationStore(connection, seconds),
        tokens=desk.verifying.tokens,
        revocations=RevocationStore(connection, seconds),
        clock=partial(datetime.now, UTC),
    )
    accounts = Session(connection, seconds, AccountStoreError)
    return Provider(books, Calling(books, partial(used, accounts)), pages)


async def _register(books: Books, issuer: str) -> None:
    """Register the page of GraphiQL as a client of our own."""
    home = f"{issuer.rstrip('/')}/"
    client = Client(
        id=ClientId(CLIENT),
        name="GraphiQL",
        kind=ClientKind.BROWSER,
        first_party=True,
        redirect_uris=(home,),
        logout_uris=(home,),
        scopes=(OPENID, OFFLINE, PORTAL),
    )
    await books.clients.ensure(client, now=books.clock())


@dataclass(frozen=True, slots=True)
class _Opened:
    """What answers once the store is open, and what goes on while it is."""

    late: LateEndpoint
    provider: LateProvider
    pages: SignInPages
    people: Callable[[Connection], AbstractAsyncContextManager[None]]
    hubs: Hubs


@asynccontextmanager
async def _lifespan(settings: Settings, opened: _Opened, _: Starlette) -> AsyncGenerator[None]:
    late, provider = opened.late, opened.provider
    async with (
        open_store(settings.store) as connection,
        opened.people(connection),
        open_cache(settings.cache if settings.upstream else _NOTHING_TO_KEEP, settings.valkey) as cache,
        open_desk(connection, settings, cache) as desk,
    ):
        opened.hubs.cache = cache
        opened.hubs.customers_of = parties_in(connection, settings).customers
        provider.provider = _provider(connection, settings, desk, opened.pages)
        if provider.provider is not None:
            await _register(provider.provider.books, settings.token.issuer)
        runs = executor(settings)
        served = Served(runs, desk.authenticate, desk.make_context, desk.follow, attrgetter("strict"))
        late.desk, late.views = desk, runs.views
        late.endpoint = GraphQLEndpoint(
            served,
            max_body_size=settings.http.max_body_size,
            body_seconds=settings.http.body_seconds,
        )
        late.connection = connection
        async with beside(_following(settings, desk)):
            yield
