"""A User's browser asks for a client: the authorization endpoint, without its HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from authlib.oauth2.rfc6749 import AccessDeniedError, InvalidRequestError, OAuth2Error
from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError

from auth.audit import AuditAction, AuditEvent
from auth.client import Client, ClientKind
from auth.provider.answers import Consent, Outcome, Redirect, Refusal, SignIn
from auth.provider.case import Case
from auth.provider.lookup import Books
from auth.provider.server import Request, Server
from auth.scope import OPENID
from auth.signed_in import SignedIn

SINCE: Final = "signed_in_since"
"""Our own parameter: from when on a sign-in counts, for who was sent to sign in anew."""
ANEW: Final = 600
"""For how many seconds a new sign-in is new."""
_UNKNOWN: Final = frozenset({"request", "request_uri", "registration"})
"""Parameters that would change the request (RFC 9101): leaving them out would be another request."""
_REFUSED: Final = "The application that sent you here asked for something that it may not ask for."


class Asking:
    """Decides what becomes of a request for authorization."""

    def __init__(self, books: Books) -> None:
        """Look things up in *books*."""
        self._books = books

    async def ask(
        self,
        parameters: Sequence[tuple[str, str]],
        signed_in: SignedIn | None,
        *,
        allowed: bool | None = None,
        source: str = "",
    ) -> Outcome:
        """Decide; *allowed* is what the User answered when it was asked, None before.

        An error is told to the client only at an address that it registered, and to a partner's only for a
        User that it is granted: nobody else is led on from here to where a partner likes (RFC 9700 4.11.2).
        """
        given = dict(parameters)
        if len(given) != len(parameters):  # RFC 6749 section 3.1
            return Refusal(_REFUSED)
        case = await self._books.asking(given, signed_in)
        server, request = Server(case), Request("GET", given)
        try:
            grant = server.get_consent_grant(request, case.user)
        except OAuth2Error as error:
            return self._told(error, given, case)
        try:
            pending = await self._pending(case, given, grant, allowed=allowed)
        except OAuth2Error as error:
            error.redirect_uri, error.state = grant.redirect_uri, given.get("state")
            return self._told(error, given, case)
        if pending is not None:
            return pending
        if allowed:
            await self._remember(case, request.scope, grant.redirect_uri, source)
        _, _, headers = server.create_authorization_response(request, case.user, grant)
        if case.made is not None:
            await self._books.authorizations.authorize(*case.made, source=source)
        return Redirect(self._with_issuer(headers["Location"]))

    async def _pending(
        self,
        case: Case,
        given: Mapping[str, str],
        grant: Any,  # noqa: ANN401 - Authlib's
        *,
        allowed: bool | None,
    ) -> Outcome | None:
        """Give what has to happen first; raises what there is no way around."""
        prompts = given.get("prompt", "").split()
        if given.keys() & _UNKNOWN or given.get("response_mode", "query") != "query":
            raise InvalidRequestError("There are no request objects here, and no response mode but 'query'.")
        if case.user is None or _is_stale(case, given, prompts):
            if "none" in prompts:
                raise LoginRequiredError
            return SignIn({**given, SINCE: str(case.seconds)})
        if not case.admits() or allowed is False:
            raise AccessDeniedError
        assert case.client is not None  # noqa: S101 - validated
        client = case.client.client
        if client.first_party or allowed:
            return None
        scope = grant.request.scope.split()
        known = await self._known(case, grant.redirect_uri)
        if known.issuperset(scope) and "consent" not in prompts:
            return None
        if "none" in prompts:
            raise ConsentRequiredError
        return Consent(client, [each for each in scope if each != OPENID], grant.redirect_uri)

    async def _known(self, case: Case, redirect_uri: str) -> frozenset[str]:
        """Give what the User allowed the client before, where it surely is the same that asks again."""
        assert case.client is not None  # noqa: S101 - validated
        assert case.user is not None  # noqa: S101 - validated
        if not _is_certain(case.client.client, redirect_uri):
            return frozenset()
        return await self._books.authorizations.consented(case.user.username, case.client.client.id)

    async def _remember(self, case: Case, scope: str, redirect_uri: str, source: str) -> None:
        assert case.client is not None  # noqa: S101 - validated
        assert case.user is not None  # noqa: S101 - validated
        client, user = case.client.client, case.user
        event = AuditEvent(
            action=AuditAction.CONSENT_GIVEN,
            customer=user.customer,
            actor=user.username,
            subject=f"client:{client.id}",
            source=source,
            details={"scope": scope},
        )
        if not _is_certain(client, redirect_uri):
            await self._books.authorizations.write(event)
            return
        known = await self._known(case, redirect_uri)
        everything = " ".join(sorted({*known, *scope.split()}))
        await self._books.authorizations.consent(
            user.username, client.id, everything, now=case.seconds, event=event
        )

    def _told(self, error: OAuth2Error, given: Mapping[str, str], case: Case) -> Outcome:
        if error.redirect_uri is None or not _is_trusted(case):
            return Refusal(_REFUSED)
        error.state = given.get("state")
        _, _, headers = error()
        return Redirect(self._with_issuer(dict(headers)["Location"]))

    def _with_issuer(self, location: str) -> str:
        """Give *location* with ``iss`` (RFC 9207), by which a client with several providers tells ours."""
        parts = urlsplit(location)
        query = [*parse_qsl(parts.query, keep_blank_values=True), ("iss", self._books.terms.issuer)]
        return urlunsplit(parts._replace(query=urlencode(query)))


def _is_trusted(case: Case) -> bool:
    """Tell whether the browser may be sent to the client before anything was allowed."""
    if case.client is None:
        return False
    return case.client.client.first_party or case.admits()


def _is_certain(client: Client, redirect_uri: str) -> bool:
    """Tell whether nobody else answers for *client* there: a port, or a scheme, of a device is anybody's."""
    return client.kind is ClientKind.WEB or urlsplit(redirect_uri).scheme == "https"


def _is_stale(case: Case, given: Mapping[str, str], prompts: Sequence[str]) -> bool:
    """Tell whether the User has to sign in anew: asked to, or signed in longer ago than the client takes."""
    assert case.signed_in is not None  # noqa: S101 - who is signed in is looked up with the User
    now = case.seconds
    since = _number(given, SINCE)
    if since is not None and now - ANEW <= since <= case.signed_in.at:
        return False
    longest = _number(given, "max_age")
    return "login" in prompts or (longest is not None and now - case.signed_in.at > longest)


def _number(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):  # noqa: PLR2004 - seconds of 30,000 years
        raise InvalidRequestError(f"The parameter '{name}' is a number of seconds.")
    return int(text)
