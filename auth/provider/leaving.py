"""A User leaves a client: RP-initiated logout, without its HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from joserfc import jws
from joserfc.errors import JoseError

from auth.audit import AuditAction
from auth.authorization_store import Authorization, Ending, ending
from auth.client import Client
from auth.key import ALGORITHM
from auth.provider.case import Case
from auth.provider.lookup import Books
from auth.signed_in import SignedIn


class _Hint(msgspec.Struct, frozen=True):
    """What is read of an id_token that may have expired."""

    iss: str
    aud: str
    sid: Annotated[str, msgspec.Meta(min_length=1)]


class _Header(msgspec.Struct, frozen=True):
    typ: str = "JWT"


@dataclass(frozen=True, slots=True)
class Leave:
    """What becomes of a wish to leave.

    ``confirm``: the User has to say so first. ``location`` is where the browser goes then, None for a page of
    our own.
    """

    client: Client | None
    location: str | None
    confirm: bool = False


class Leaving:
    """Decides on requests to leave (OpenID Connect RP-Initiated Logout 1.0)."""

    def __init__(self, books: Books) -> None:
        """Look things up in *books*."""
        self._books = books

    async def leave(
        self,
        parameters: Sequence[tuple[str, str]],
        signed_in: SignedIn | None,
        *,
        confirmed: bool = False,
        source: str = "",
    ) -> Leave:
        """End the session that the hint is of; without a hint of this session only when *confirmed*.

        The browser goes to an address only if the client registered exactly that one.
        """
        given = dict(parameters)
        case = await self._books.case()
        hinted = await self._hinted(case, given.get("id_token_hint", ""))
        client = await self._client(given, hinted)
        location = _location(given, client)
        if signed_in is None:
            if hinted is not None:  # the client alone says so: what else was signed in to goes on
                end = _ending(case, f"client:{hinted.client}", source)
                await self._books.authorizations.end(hinted.id, end)
            return Leave(client, location)
        ours = hinted is not None and hinted.session == signed_in.session
        if not (ours or confirmed):
            return Leave(client, location, confirm=True)
        await self._end(case, signed_in.session, signed_in.username, source)
        if hinted is not None and hinted.username == signed_in.username:
            await self._end(case, hinted.session, hinted.username, source)
        return Leave(client, location)

    async def _end(self, case: Case, session: str, username: str, source: str) -> None:
        await self._books.authorizations.end_session(session, _ending(case, username, source))

    async def _hinted(self, case: Case, hint: str) -> Authorization | None:
        """Give the authorization that an id_token of ours came from, expired or not."""
        try:
            token = jws.deserialize_compact(hint, case.ring.trusted, algorithms=[ALGORITHM])
            header = msgspec.convert(token.headers(), _Header)
            claims = msgspec.json.decode(token.payload, type=_Hint)
        except (JoseError, ValueError, msgspec.MsgspecError):
            return None
        if claims.iss != self._books.terms.issuer or header.typ.lower() != "jwt":
            return None
        of = await self._books.authorizations.by_id(claims.sid)
        return of if of is not None and of.client == claims.aud else None

    async def _client(self, given: Mapping[str, str], hinted: Authorization | None) -> Client | None:
        named = given.get("client_id", None if hinted is None else hinted.client)
        if not named or (hinted is not None and named != hinted.client):
            return None
        found = await self._books.clients.by_id(named)
        return None if found is None or not found.client.active else found.client


def _ending(case: Case, actor: str, source: str) -> Ending:
    return ending(AuditAction.AUTHORIZATION_ENDED, actor, source, case.now, case.terms.lifetime)


def _location(given: Mapping[str, str], client: Client | None) -> str | None:
    uri = given.get("post_logout_redirect_uri")
    if client is None or uri is None or uri not in client.logout_uris:
        return None
    if "state" not in given:
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode({'state': given['state']})}"
