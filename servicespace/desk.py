"""The desk: who comes in with which token, and what is laid out for them."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from logging import getLogger

from msgspec.structs import replace

from auth.client import CoverageMode, RegisteredClient
from auth.client_store import ClientStoreError
from auth.data_scope import common, with_scopes
from auth.revocation import RevocationError, Revoked
from auth.right import Rights, Role, denied, everywhere
from auth.rule_store import RuleStoreError
from auth.scope import PORTAL, allowed_roles, bounded
from auth.store import UserRecord, UserStoreError
from auth.token import Claims, TokenError, Tokens, UnknownKeyError
from auth.viewer import ClientId, TokenId, Viewer
from resolvers.context import Context, Registry
from servicespace.bell import Bell
from servicespace.errors import ErrorCode, UnauthenticatedError, UnavailableError
from servicespace.follower import EVERY, Follower
from servicespace.key_ring import KeyRing
from servicespace.recent import Recent
from servicespace.request_id import RequestId
from servicespace.snapshots import CoverageSnapshots
from servicespace.upstreams.markets import Markets
from sources import unplaced
from sources.cache import freshness
from sources.errors import SourceError
from sources.keys import CustomerCode

_log = getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verifying:
    """How access tokens are verified.

    ``renew`` looks for new keys, and tells whether there are any; ``follow`` runs beside the requests;
    ``ring`` has the keys that sign, None where another provider's do.
    """

    tokens: Tokens
    renew: Callable[[], Awaitable[bool]]
    follow: Callable[[], Coroutine[object, object, None]]
    ring: KeyRing | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Who comes in with which token, and what is laid out for them."""

    verifying: Verifying
    known: Recent[str, UserRecord | None]
    clients: Recent[str, RegisteredClient | None]
    revoked: Revoked
    coverage: CoverageSnapshots
    markets: Markets
    followers: Sequence[Follower] = ()
    bell: Bell = field(default_factory=Bell)
    registry: Registry | None = None

    async def authenticate(self, authorization: str | None) -> Viewer:
        """Give who has a bearer token; raises ``UnauthenticatedError``, the same for every reason."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise UnauthenticatedError
        try:
            claims = await self._verified(token.strip())
        except TokenError as error:
            _log.info("refused a token: %s", error.reason)
            raise UnauthenticatedError from None
        viewer = await self._admitted(_asked(claims))
        if viewer is None:
            _log.info("refused a token that is revoked, or of somebody who is not, or no longer, let in")
            raise UnauthenticatedError
        return viewer

    async def viewer(self, username: str) -> Viewer | None:
        """Give the User of that name as if it had a token; None where there is no active one."""
        user = await self.known.of(username)
        if user is None or not user.active:
            return None
        now = datetime.now(UTC)
        asked = Viewer(
            user_id=user.id,
            username=username,
            email=user.email,
            customer=user.customer,
            rights=user.rights,
            token_id=TokenId("none"),
            expires_at=now,
            issued_at=max(int(now.timestamp()), user.valid_from),
        )
        return with_scopes(asked, user)

    async def make_context(self, viewer: Viewer, _: RequestId) -> Context:
        """Give a new context, with the customer's coverage pinned to it; fails closed without coverage.

        It is told of what is not fresh and of what could not be placed in the task that asks for it: the one
        that executes the operation.
        """
        customer = CustomerCode(viewer.customer)
        try:
            coverage = await self.coverage.of(customer)
        except (SourceError, RuleStoreError) as error:
            _log.warning("coverage cannot be told: %s", error)
            raise UnavailableError(ErrorCode.COVERAGE_UNAVAILABLE) from None
        scope = None if PORTAL in viewer.scope.split() else allowed_roles(viewer.scope)
        seen = coverage.within(denied(viewer.rights, scope))
        systems = self.markets.of(self.coverage.market(customer))
        return Context(
            viewer,
            seen,
            systems,
            self.registry,
            freshness=freshness.collected(),
            unplaced=unplaced.collected(),
        )

    async def follow(self, viewer: Viewer, named: RequestId) -> AsyncGenerator[Context]:
        """Give a context at once, and a new one whenever the customer's coverage, or a right, is another.

        Ends when the token does, by itself or because it is revoked, and when who has it is no longer let in;
        raises as ``make_context`` does.
        """
        epoch: str | None = None
        while datetime.now(UTC) < viewer.expires_at:
            heard = self.bell.rings
            admitted = await self._admitted(viewer)
            if admitted is None:
                return
            context = await self.make_context(admitted, named)
            if context.coverage.epoch != epoch:
                epoch = context.coverage.epoch
                yield context
            await self.bell.wait(heard, EVERY)

    async def _verified(self, token: str) -> Claims:
        """Verify *token*; where its key is not known, once more after a look for new keys."""
        try:
            return self.verifying.tokens.verify(token, datetime.now(UTC))
        except UnknownKeyError:
            if not await self.verifying.renew():
                raise
        return self.verifying.tokens.verify(token, datetime.now(UTC))

    async def _admitted(self, asked: Viewer) -> Viewer | None:
        """Give *asked* as it stands now; None for who is not, or no longer, let in."""
        try:
            if await self.revoked.holds(asked.token_id, asked.sid):
                return None
            if asked.client == asked.username and not asked.sid:  # no User signed in for it
                return await self._client(asked)
            return await self._user(asked)
        except (UserStoreError, ClientStoreError, RevocationError) as error:
            _log.warning("who may come in cannot be told: %s", error)
            raise UnavailableError(ErrorCode.SOURCE_UNAVAILABLE) from None

    async def _user(self, asked: Viewer) -> Viewer | None:
        user = await self.known.of(asked.username)
        if user is None or not user.active or user.customer != asked.customer:
            return None
        if asked.issued_at < user.valid_from:
            return None
        viewer = _as_user(asked, user)
        return viewer if not asked.sid or asked.client is None else await self._through(viewer, asked.client)

    async def _through(self, viewer: Viewer, client: ClientId) -> Viewer | None:
        """Give a User as it may come in through a client that it signed in to."""
        found = await self.clients.of(client)
        if found is None or not found.client.active:
            return None
        grant = found.grants.get(viewer.customer)
        viewer = replace(viewer, strict=found.client.coverage is CoverageMode.STRICT)
        if grant is None:
            own = found.client.first_party or found.client.owner == viewer.customer
            return viewer if own else None
        return _granted(viewer, found) if grant.active else None

    async def _client(self, asked: Viewer) -> Viewer | None:
        found = await self.clients.of(asked.username)
        if found is None or not found.client.active:
            return None
        grant = found.grants.get(asked.customer)
        if grant is None or not grant.active:
            return None
        viewer = replace(
            with_scopes(asked, grant),
            rights=everywhere(Role.MANAGER),
            strict=found.client.coverage is CoverageMode.STRICT,
        )
        return _granted(viewer, found)  # its scope says what it may


def _asked(claims: Claims) -> Viewer:
    """Give who *claims* say it is: nothing of it is looked up yet, and it may and sees nothing."""
    return Viewer(
        user_id=None,
        username=claims.sub,
        email=None,
        customer=claims.customer,
        rights=Rights(),
        token_id=claims.jti,
        expires_at=claims.expires_at,
        client=ClientId(claims.client_id),
        scope=claims.scope,
        sid=claims.sid,
        issued_at=claims.iat,
    )


def _as_user(asked: Viewer, user: UserRecord) -> Viewer:
    """Give *asked* as *user*, with its data scopes."""
    return replace(with_scopes(asked, user), user_id=user.id, email=user.email, rights=user.rights)


def _granted(viewer: Viewer, registered: RegisteredClient) -> Viewer:
    """Give *viewer* bounded by what the client is granted of the customer."""
    grant = registered.grants[viewer.customer]
    scopes = bounded(bounded(viewer.scope.split(), registered.client.scopes), grant.scopes)
    return replace(with_scopes(viewer, common(viewer, grant)), scope=" ".join(scopes))
