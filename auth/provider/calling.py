"""A client calls: the endpoints for tokens, introspection and revocation, without their HTTP."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from logging import getLogger
from typing import Any, Final

from auth.account import AccountStoreError
from auth.audit import AuditAction, AuditEvent
from auth.authorization_store import SpentError, ending
from auth.provider.answers import NO_STORE, Answer, refused, unknown_client
from auth.provider.case import Case, Presented
from auth.provider.lookup import Books, MalformedError
from auth.provider.server import Request, Server, is_verifier, who
from auth.scope import OPENID
from auth.token import TokenError
from auth.viewer import ClientId

OK: Final = 200
REFUSED_EVERY: Final = timedelta(minutes=1)
"""How often the audit log has that a client could not be authenticated."""
_MOST_REFUSED: Final = 10_000

_log = getLogger(__name__)


async def _nobody(_: str, __: datetime) -> None:
    """Tell nobody that a User was there."""


@dataclass(slots=True)
class Calling:
    """Answers what clients ask of the provider.

    ``used`` is told of each User whose tokens were refreshed, and when: that counts as a use of its login.
    """

    books: Books
    used: Callable[[str, datetime], Awaitable[None]] = _nobody
    _refused: dict[str, datetime] = field(default_factory=dict[str, datetime])

    async def token(
        self, parameters: Sequence[tuple[str, str]], headers: Mapping[str, str], source: str
    ) -> Answer:
        """Give tokens, for a code, a refresh token or a client's own credentials."""
        found = await self._case(parameters, headers)
        if isinstance(found, Answer):
            return found
        case, form = found
        await self.books.exchanging(case, form)
        answer = _answer(Server(case).create_token_response(Request("POST", form, headers)))
        if answer.status != OK:
            if answer.body.get("error") != "invalid_client" and (used := _used_before(case, form)):
                await self.end(case, used, source)
            return await self._refusal(case, answer, source)
        try:
            await self._store(case, source)
        except SpentError:  # another call with the same was faster
            replay = AuditAction.CODE_REPLAYED if case.code else AuditAction.REFRESH_REUSED
            await self.end(case, replay, source)
            return refused("invalid_grant", "It was used before.")
        return answer

    async def introspection(
        self, parameters: Sequence[tuple[str, str]], headers: Mapping[str, str], source: str
    ) -> Answer:
        """Tell what a token is worth (RFC 7662)."""
        return await self._about("introspection", parameters, headers, source)

    async def revocation(
        self, parameters: Sequence[tuple[str, str]], headers: Mapping[str, str], source: str
    ) -> Answer:
        """Revoke a token (RFC 7009); one that is none, or another client's, is no reason to tell so."""
        return await self._about("revocation", parameters, headers, source)

    async def userinfo(self, token: str) -> Answer:
        """Tell who the User of an access token is (OpenID Connect Core section 5.3)."""
        case = await self.books.case()
        wrong = 'Bearer error="invalid_token"'
        try:
            claims = self.books.tokens.verify(token, case.now)
        except TokenError:
            return Answer(401, {"error": "invalid_token"}, {**NO_STORE, "WWW-Authenticate": wrong})
        scope = await self.books.worth(claims)
        if scope is None:
            return Answer(401, {"error": "invalid_token"}, {**NO_STORE, "WWW-Authenticate": wrong})
        user = await self.books.users.by_username(claims.sub)
        if user is None or claims.of_client or OPENID not in scope.split():
            scarce = 'Bearer error="insufficient_scope", scope="openid"'
            return Answer(403, {"error": "insufficient_scope"}, {**NO_STORE, "WWW-Authenticate": scarce})
        return Answer(OK, who(user, scope), NO_STORE)

    async def end(self, case: Case, action: AuditAction, source: str, actor: str = "") -> None:
        """End the authorization of *case*, and write down why."""
        if case.authorization is not None:
            end = ending(action, actor, source, case.now, case.terms.lifetime)
            await self.books.authorizations.end(case.authorization.id, end)

    async def _case(
        self, parameters: Sequence[tuple[str, str]], headers: Mapping[str, str]
    ) -> tuple[Case, Mapping[str, str]] | Answer:
        """Give the case and its form, or what is answered at once."""
        form = dict(parameters)
        if len(form) != len(parameters):  # RFC 6749 section 3.2
            return refused("invalid_request", "A parameter is there twice.")
        try:
            return await self.books.calling(form, headers), form
        except MalformedError:
            return unknown_client()

    async def _about(
        self, endpoint: str, parameters: Sequence[tuple[str, str]], headers: Mapping[str, str], source: str
    ) -> Answer:
        found = await self._case(parameters, headers)
        if isinstance(found, Answer):
            return found
        case, form = found
        case.presented = await self.books.presented(case, form.get("token", ""))
        if endpoint == "revocation" and case.presented is not None and not _is_askers(case, case.presented):
            case.presented = None  # told as if it were none at all
        answer = _answer(Server(case).create_endpoint_response(endpoint, Request("POST", form, headers)))
        if answer.status == OK and case.revoked is not None:
            await self._revoke(case, case.revoked, source)
        return answer if answer.status == OK else await self._refusal(case, answer, source)

    async def _revoke(self, case: Case, revoked: Presented, source: str) -> None:
        actor = f"client:{revoked.client}"
        if revoked.claims is None:
            case.authorization = revoked.authorization
            await self.end(case, AuditAction.AUTHORIZATION_ENDED, source, actor)
            return
        claims = revoked.claims
        event = AuditEvent(
            action=AuditAction.TOKEN_REVOKED,
            customer=claims.customer,
            actor=actor,
            subject=claims.sub,
            source=source,
            details={"jti": claims.jti, "client": claims.client_id},
        )
        await self.books.authorizations.revoke_token(claims.jti, event, claims.exp, case.now)

    async def _store(self, case: Case, source: str) -> None:
        """Store what follows from tokens that are about to be given; raises ``SpentError``."""
        store = self.books.authorizations
        if case.code is not None:
            await store.exchange(case.code, case.successor, case.seconds)
        elif case.refresh is not None and case.successor is not None:
            await store.rotate(case.refresh, case.successor, case.seconds)
            assert case.user is not None  # noqa: S101 - the refresh token was good
            try:
                await self.used(case.user.username, case.now)
            except AccountStoreError as error:  # the token is spent: not to answer would cost the sign-in
                _log.warning("the use of a login is not noted: %s", error)
        elif case.grant is not None and case.client is not None:
            client = case.client.client.id
            event = AuditEvent(
                action=AuditAction.CLIENT_TOKEN_ISSUED,
                customer=case.grant.customer,
                actor=f"client:{client}",
                subject=f"client:{client}",
                source=source,
            )
            await store.write(event)

    async def _refusal(self, case: Case, answer: Answer, source: str) -> Answer:
        """Give a refusal as it is told; write down that a client could not prove itself, now and then."""
        if answer.body.get("error") != "invalid_client":
            return Answer(answer.status, answer.body, {**answer.headers, **NO_STORE})
        if case.client is not None:
            await self._write_down(case.client.client.id, case.client.client.owner, case.now, source)
        return unknown_client()

    async def _write_down(self, client: ClientId, owner: str, now: datetime, source: str) -> None:
        last = self._refused.get(client)
        if last is not None and now - last < REFUSED_EVERY:
            return
        if len(self._refused) > _MOST_REFUSED:
            self._refused.clear()
        self._refused[client] = now
        action = AuditAction.CLIENT_REFUSED
        await self.books.authorizations.write(
            AuditEvent(action=action, customer=owner, subject=f"client:{client}", source=source)
        )


def _used_before(case: Case, form: Mapping[str, str]) -> AuditAction | None:
    """Tell of a code or a refresh token that is sent a second time, by its own client as far as can be told.

    The client is authenticated. A code alone is anybody's who saw an address: with the verifier only, it is
    its client's. So nobody ends a sign-in with less than could have stolen it.
    """
    of, client = case.authorization, case.client
    if of is None or client is None or of.client != client.client.id or not of.active:
        return None
    if case.code is not None and case.code.used_at is not None:
        proven = is_verifier(form.get("code_verifier", ""), case.code.challenge)
        return AuditAction.CODE_REPLAYED if proven else None
    if case.refresh is not None and case.refresh.used_at is not None:
        return AuditAction.REFRESH_REUSED
    return None


def _is_askers(case: Case, presented: Presented) -> bool:
    return case.client is not None and case.client.client.id == presented.client


def _answer(response: tuple[int, Any, Mapping[str, str]]) -> Answer:
    status, body, headers = response
    return Answer(status, body, {**headers, **NO_STORE})
