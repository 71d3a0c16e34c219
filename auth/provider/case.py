"""What a request to the provider is about, looked up before Authlib decides, and what is stored after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Final

import msgspec

from auth.authorization_store import Authorization, Code, RefreshToken
from auth.client import ClientGrant, ClientKind, RegisteredClient, hashed
from auth.key_store import Ring
from auth.scope import bounded
from auth.signed_in import SignedIn
from auth.store import UserRecord
from auth.token import LIFETIME, Claims, issue_token

CODE_LIFETIME: Final = timedelta(seconds=60)
"""How long an authorization code can be exchanged."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Whose tokens these are, and how long things last.

    Refresh tokens end ``family`` after the User's sign-in, and ``idle`` after the last of them was used.
    """

    issuer: str
    audience: str
    lifetime: timedelta = LIFETIME
    code: timedelta = CODE_LIFETIME
    family: timedelta = timedelta(days=30)
    idle: timedelta = timedelta(hours=8)


class Presented(msgspec.Struct, frozen=True, kw_only=True):
    """A token that a client presents to have it explained or revoked.

    ``claims`` are an access token's; a refresh token has its ``authorization``. ``active`` tells whether it
    is worth anything, and ``scope`` what is left of its scopes.
    """

    client: str
    active: bool
    scope: str
    claims: Claims | None = None
    authorization: Authorization | None = None


@dataclass(slots=True)
class Case:
    """One request: the facts, and the effects.

    ``client`` is who says it asks; what proves it is for Authlib to check. ``most`` are the scopes that it
    may have here at most.
    """

    terms: Terms
    ring: Ring
    now: datetime
    client: RegisteredClient | None = None
    user: UserRecord | None = None
    signed_in: SignedIn | None = None
    code: Code | None = None
    refresh: RefreshToken | None = None
    authorization: Authorization | None = None
    presented: Presented | None = None
    grant: ClientGrant | None = None
    made: tuple[Authorization, Code] | None = None
    successor: str | None = None
    revoked: Presented | None = None

    @property
    def seconds(self) -> int:
        """The time, in seconds since 1970."""
        return int(self.now.timestamp())

    @property
    def most(self) -> tuple[str, ...]:
        """The scopes that the client may have at most, of the customer that this is about."""
        if self.client is None:
            return ()
        client = self.client.client
        if self.grant is not None:
            return bounded(client.scopes, self.grant.scopes)
        if client.first_party or client.kind is ClientKind.SERVICE or self.user is None:
            return client.scopes
        grant = self.client.grants.get(self.user.customer)
        return client.scopes if grant is None else bounded(client.scopes, grant.scopes)

    def admits(self) -> bool:
        """Tell whether Users of the User's customer may sign in to the client at all."""
        if self.client is None or self.user is None:
            return False
        client = self.client.client
        grant = self.client.grants.get(self.user.customer)
        if grant is not None:
            return grant.active
        return client.first_party or client.owner == self.user.customer

    def holds(self) -> bool:
        """Tell whether the authorization is in force: nothing ended it, and its User may still sign in."""
        of, user = self.authorization, self.user
        if of is None or user is None or not of.active or not user.active:
            return False
        if user.customer != of.customer or of.created_at < user.valid_from or not self.admits():
            return False
        return self.seconds < of.expires_at

    def is_fresh(self) -> bool:
        """Tell whether the refresh token can be used."""
        if self.refresh is None or self.refresh.used_at is not None or self.authorization is None:
            return False
        return self.holds() and self.seconds - self.authorization.used_at < self.terms.idle.total_seconds()

    def is_exchangeable(self) -> bool:
        """Tell whether the code can be exchanged."""
        if self.code is None or self.code.used_at is not None or self.seconds >= self.code.expires_at:
            return False
        return self.holds()

    def authorize(self, code: str, *, scope: str, redirect_uri: str, challenge: str, nonce: str) -> None:
        """Make the authorization, and its *code*, of who is signed in."""
        assert self.signed_in is not None  # noqa: S101 - asked for before
        assert self.user is not None  # noqa: S101 - asked for before
        assert self.client is not None  # noqa: S101 - asked for before
        made_at = max(self.seconds, self.user.valid_from)
        sid = token_urlsafe(24)
        authorization = Authorization(
            id=sid,
            client=self.client.client.id,
            username=self.user.username,
            customer=self.user.customer,
            scope=scope,
            session=self.signed_in.session,
            authenticated_at=self.signed_in.at,
            methods=self.signed_in.methods,
            created_at=made_at,
            used_at=made_at,
            expires_at=self.seconds + int(self.terms.family.total_seconds()),
        )
        kept = Code(
            hash=hashed(code),
            sid=sid,
            redirect_uri=redirect_uri,
            challenge=challenge,
            nonce=nonce,
            expires_at=self.seconds + int(self.terms.code.total_seconds()),
        )
        self.made = authorization, kept

    def access_token(self, scope: str) -> str:
        """Give an access token of *scope*: of the authorization's User, or of the client itself."""
        assert self.client is not None  # noqa: S101 - authenticated before
        client = self.client.client.id
        if self.grant is not None:
            subject, customer, sid, valid_from = str(client), self.grant.customer, "", 0
        else:
            assert self.user is not None  # noqa: S101 - looked up before
            assert self.authorization is not None  # noqa: S101 - looked up before
            subject, customer = self.user.username, self.user.customer
            sid, valid_from = self.authorization.id, self.user.valid_from
        return issue_token(
            self.ring.signing,
            issuer=self.terms.issuer,
            audience=self.terms.audience,
            subject=subject,
            customer=customer,
            client_id=client,
            scope=scope,
            sid=sid,
            valid_from=valid_from,
            now=self.now,
            lifetime=self.terms.lifetime,
        )

    def refresh_token(self) -> str:
        """Give a new refresh token of the authorization."""
        self.successor = token_urlsafe(32)
        return self.successor
