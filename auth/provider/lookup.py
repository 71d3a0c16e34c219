"""What is looked up for a request to the provider, before Authlib decides on it."""

from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import unquote_plus

from auth.authorization_store import AuthorizationStore
from auth.client_store import ClientStore
from auth.key_store import Ring
from auth.provider.case import Case, Presented, Terms
from auth.revocation import RevocationStore, of_authorization, of_token
from auth.scope import bounded, joined
from auth.signed_in import SignedIn
from auth.store import UserRecord, UserStore
from auth.token import Claims, TokenError, Tokens

Clock: TypeAlias = Callable[[], datetime]
"""Tells the time, in UTC."""
Rings: TypeAlias = Callable[[], Awaitable[Ring]]
"""Gives the keys of the moment."""


class MalformedError(Exception):
    """Credentials that are none, or more than one kind of them at once (RFC 6749 section 2.3)."""


@dataclass(frozen=True, slots=True)
class Books:
    """Where things are looked up."""

    terms: Terms
    rings: Rings
    users: UserStore
    clients: ClientStore
    authorizations: AuthorizationStore
    tokens: Tokens
    revocations: RevocationStore
    clock: Clock

    async def case(self) -> Case:
        """Give a case with nothing in it but the keys and the time."""
        return Case(terms=self.terms, ring=await self.rings(), now=self.clock())

    async def asking(self, parameters: Mapping[str, str], signed_in: SignedIn | None) -> Case:
        """Give the case of a request for authorization; who is signed in must be an active User."""
        case = await self.case()
        if client_id := parameters.get("client_id"):
            case.client = await self.clients.by_id(client_id)
        if signed_in is not None:
            user = await self.users.by_username(signed_in.username)
            if user is not None and user.active and user.customer == signed_in.customer:
                case.user, case.signed_in = user, signed_in
        return case

    async def calling(self, form: Mapping[str, str], headers: Mapping[str, str]) -> Case:
        """Give the case of a client's call; raises ``MalformedError``."""
        case = await self.case()
        if client_id := _named(form, headers):
            case.client = await self.clients.by_id(client_id)
        return case

    async def exchanging(self, case: Case, form: Mapping[str, str]) -> None:
        """Look up the code or the refresh token in *form*, and whose it is."""
        if form.get("grant_type") == "authorization_code" and (code := form.get("code")):
            case.code = await self.authorizations.code(code)
        if form.get("grant_type") == "refresh_token" and (refresh := form.get("refresh_token")):
            case.refresh = await self.authorizations.refresh_token(refresh)
        found = case.code or case.refresh
        if found is not None:
            case.authorization = await self.authorizations.by_id(found.sid)
        if case.authorization is not None:
            case.user = await self.users.by_username(case.authorization.username)

    async def presented(self, case: Case, token: str) -> Presented | None:
        """Look up a token, an access token or a refresh token; None where it is neither, or long gone."""
        try:
            claims = self.tokens.verify(token, case.now)
        except TokenError:
            return await self._refresh_token(case, token)
        scope = await self.worth(claims)
        return Presented(client=claims.client_id, active=scope is not None, scope=scope or "", claims=claims)

    async def worth(self, claims: Claims) -> str | None:
        """Give the scopes that an access token that was verified is worth still; None where it is void."""
        if await self.revocations.is_revoked((of_token(claims.jti), of_authorization(claims.sid))):
            return None
        case = await self.case()
        if claims.of_client or claims.sid:
            case.client = await self.clients.by_id(claims.client_id)
            if case.client is None or not case.client.client.active:
                return None
        if claims.of_client:
            assert case.client is not None  # noqa: S101 - looked up above
            case.grant = case.client.grants.get(claims.customer)
            if case.grant is None or not case.grant.active:
                return None
        else:
            case.user = await self.users.by_username(claims.sub)
            if not valid(case.user, claims) or (claims.sid and not case.admits()):
                return None
        return claims.scope if case.client is None else _bounded(claims.scope, case)

    async def _refresh_token(self, case: Case, token: str) -> Presented | None:
        found = await self.authorizations.refresh_token(token)
        of = None if found is None else await self.authorizations.by_id(found.sid)
        if found is None or of is None:
            return None
        sought = Case(terms=self.terms, ring=case.ring, now=case.now, refresh=found, authorization=of)
        sought.client = await self.clients.by_id(of.client)
        sought.user = await self.users.by_username(of.username)
        return Presented(
            client=of.client,
            active=sought.is_fresh(),
            scope=_bounded(of.scope, sought),
            authorization=of,
        )


def valid(user: UserRecord | None, claims: Claims) -> bool:
    """Tell whether *user* is the one that *claims* were issued to, and nothing made them void."""
    return (
        user is not None
        and user.active
        and user.customer == claims.customer
        and claims.iat >= user.valid_from
    )


def _bounded(scope: str, case: Case) -> str:
    """Give what is left of *scope* now that the client may have at most what *case* says."""
    return joined(bounded(scope.split(), case.most))


def _named(form: Mapping[str, str], headers: Mapping[str, str]) -> str | None:
    """Give the id that the client calls itself by."""
    authorization = headers.get("Authorization")
    if authorization is None:
        return form.get("client_id")
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic" or "client_secret" in form:
        raise MalformedError
    try:
        text = b64decode(credentials.strip(), validate=True).decode("utf-8")
    except ValueError:
        raise MalformedError from None
    named, colon, _ = text.partition(":")
    named = unquote_plus(named)
    if not colon or form.get("client_id", named) != named:
        raise MalformedError
    return named
