"""The OpenID provider over HTTP: ``/oauth/*`` and its discovery documents."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from logging import getLogger
from typing import Final, TypeAlias
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from auth.account import AccountStoreError
from auth.authorization_store import AuthorizationStoreError
from auth.client_store import ClientStoreError
from auth.key_store import KeyStoreError
from auth.provider.answers import Answer, Consent, Redirect, Refusal, SignIn, refused
from auth.provider.asking import Asking
from auth.provider.calling import Calling
from auth.provider.leaving import Leaving
from auth.provider.lookup import Books
from auth.provider.metadata import metadata
from auth.revocation import RevocationError
from auth.scope import EMAIL, FEATURES, OFFLINE, PORTAL, PROFILE, READONLY
from auth.signed_in import SignedIn
from auth.store import UserStoreError
from servicespace.identity.forms import FormError, parsed, query_of, read_form
from servicespace.identity.pages import page
from servicespace.identity.sign_in_pages import SignInPages
from servicespace.transport import source_of

Handler: TypeAlias = Callable[["Provider", Request], Awaitable[Response]]
"""Answers a request at one path of the provider."""

STORES: Final = (
    AccountStoreError,
    AuthorizationStoreError,
    ClientStoreError,
    KeyStoreError,
    RevocationError,
    UserStoreError,
)
"""What is raised where the store is out of reach."""
_STALE: Final = "The page is no longer good."
_OWN_WORDS: Final = {
    PORTAL: "Everything that you may do",
    PROFILE: "Your username and customer",
    EMAIL: "Your e-mail address",
    OFFLINE: "All of this while you are away, until you sign out",
}
_log = getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Provider:
    """The parts of the provider, and the pages that it sends Users to."""

    books: Books
    calling: Calling
    pages: SignInPages

    @property
    def asking(self) -> Asking:
        """What decides on requests for authorization."""
        return Asking(self.books)

    @property
    def leaving(self) -> Leaving:
        """What decides on requests to leave."""
        return Leaving(self.books)


class LateProvider:
    """The provider's endpoints, from the moment that the store is open."""

    def __init__(self) -> None:
        """Start with nothing behind them."""
        self.provider: Provider | None = None

    def routes(self) -> Sequence[BaseRoute]:
        """Give the routes."""
        return [
            self._route("/.well-known/openid-configuration", _metadata, "GET"),
            self._route("/.well-known/oauth-authorization-server", _metadata, "GET"),
            self._route("/oauth/jwks", _jwks, "GET"),
            self._route("/oauth/authorize", _authorize, "GET", "POST"),
            self._route("/oauth/consent", _consent, "POST"),
            self._route("/oauth/token", _token, "POST"),
            self._route("/oauth/introspect", _introspect, "POST"),
            self._route("/oauth/revoke", _revoke, "POST"),
            self._route("/oauth/userinfo", _userinfo, "GET", "POST"),
            self._route("/oauth/logout", _logout, "GET", "POST"),
            self._route("/oauth/logout/confirm", _confirm_logout, "POST"),
        ]

    def _route(self, path: str, handler: Handler, *methods: str) -> Route:
        return Route(path, _Endpoint(self, handler).answer, methods=list(methods))


@dataclass(frozen=True, slots=True)
class _Endpoint:
    late: LateProvider
    handler: Handler

    async def answer(self, request: Request) -> Response:
        """Answer; what cannot be read is the sender's fault, a store out of reach nobody's."""
        assert self.late.provider is not None, "the lifespan has not started"  # noqa: S101 - a fault of ours
        try:
            return await self.handler(self.late.provider, request)
        except FormError as error:
            return _told(refused("invalid_request", str(error)))
        except STORES as error:
            _log.warning("the provider cannot answer: %s", error)
            return _told(refused("temporarily_unavailable", "Try again soon.", 503))


async def _metadata(provider: Provider, _: Request) -> Response:
    return JSONResponse(metadata(provider.books.terms.issuer), headers={"Cache-Control": "max-age=300"})


async def _jwks(provider: Provider, _: Request) -> Response:
    ring = await provider.books.rings()
    keys = [each.as_dict(private=False) for each in ring.trusted]
    return JSONResponse({"keys": keys}, headers={"Cache-Control": "max-age=300"})


async def _authorize(provider: Provider, request: Request) -> Response:
    if request.method == "POST":  # a cookie that is Lax does not come with it: it is asked for anew
        return _go(f"/oauth/authorize?{urlencode(await read_form(request))}")
    try:
        parameters = query_of(request)
    except FormError:
        return page("oauth_refused.html", 400, reason="The address is not complete.")
    return await _asked(provider, request, parameters, allowed=None)


async def _consent(provider: Provider, request: Request) -> Response:
    form = dict(await read_form(request))
    signed_in = await provider.pages.signed_in(request)
    if signed_in is None or not provider.pages.check_form(request, form):
        return page("oauth_refused.html", 403, reason=_STALE)
    parameters = parsed(form.get("request", ""))
    return await _asked(provider, request, parameters, allowed=form.get("answer") == "allow")


async def _asked(
    provider: Provider, request: Request, parameters: Sequence[tuple[str, str]], *, allowed: bool | None
) -> Response:
    """Answer a request for authorization."""
    signed_in = await provider.pages.signed_in(request)
    outcome = await provider.asking.ask(
        parameters, signed_in, allowed=allowed, source=source_of(request.scope)
    )
    match outcome:
        case Redirect(location):
            return _go(location)
        case SignIn(back_to):
            leads_to = f"/oauth/authorize?{urlencode(back_to)}"
            return _go(provider.pages.sign_in_url(leads_to, again=signed_in is not None))
        case Consent():
            return _consent_page(provider, request, outcome, parameters, signed_in)
        case Refusal(reason):
            return page("oauth_refused.html", 400, reason=reason)


def _consent_page(
    provider: Provider,
    request: Request,
    asked: Consent,
    parameters: Sequence[tuple[str, str]],
    signed_in: SignedIn | None,
) -> Response:
    return page(
        "oauth_consent.html",
        leads_to=asked.redirect_uri,
        client=asked.client,
        site=provider.books.terms.issuer,
        username="" if signed_in is None else signed_in.username,
        scopes=[_described(each) for each in asked.scopes],
        form_token=provider.pages.form_token(request),
        request=urlencode(parameters),
    )


async def _token(provider: Provider, request: Request) -> Response:
    form = await read_form(request)
    return _told(await provider.calling.token(form, _headers(request), source_of(request.scope)))


async def _introspect(provider: Provider, request: Request) -> Response:
    form = await read_form(request)
    return _told(await provider.calling.introspection(form, _headers(request), source_of(request.scope)))


async def _revoke(provider: Provider, request: Request) -> Response:
    form = await read_form(request)
    return _told(await provider.calling.revocation(form, _headers(request), source_of(request.scope)))


async def _userinfo(provider: Provider, request: Request) -> Response:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return _told(await provider.calling.userinfo(token.strip() if scheme.lower() == "bearer" else ""))


async def _logout(provider: Provider, request: Request) -> Response:
    if request.method == "POST":  # a cookie that is Lax does not come with it: it is asked for anew
        return _go(f"/oauth/logout?{urlencode(await read_form(request))}")
    return await _left(provider, request, query_of(request), confirmed=False)


async def _confirm_logout(provider: Provider, request: Request) -> Response:
    form = dict(await read_form(request))
    if not provider.pages.check_form(request, form):
        return page("oauth_refused.html", 403, reason=_STALE)
    return await _left(provider, request, parsed(form.get("request", "")), confirmed=True)


async def _left(
    provider: Provider, request: Request, parameters: Sequence[tuple[str, str]], *, confirmed: bool
) -> Response:
    """Answer a request to leave."""
    signed_in = await provider.pages.signed_in(request)
    leave = await provider.leaving.leave(
        parameters, signed_in, confirmed=confirmed, source=source_of(request.scope)
    )
    if leave.confirm and signed_in is not None:
        return page(
            "oauth_logout.html",
            leads_to=leave.location,
            username=signed_in.username,
            form_token=provider.pages.form_token(request),
            request=urlencode(parameters),
        )
    response = page("oauth_signed_out.html") if leave.location is None else _go(leave.location)
    if signed_in is not None:
        await provider.pages.sign_out(request, response)
    return response


def _described(scope: str) -> Mapping[str, str]:
    """Give a scope in words."""
    if scope in _OWN_WORDS:
        return {"name": "", "text": _OWN_WORDS[scope]}
    feature = FEATURES[scope.removesuffix(READONLY)]
    reads = "Read only: " if scope.endswith(READONLY) else ""
    return {"name": scope, "text": f"{reads}{feature.description}"}


def _headers(request: Request) -> Mapping[str, str]:
    """Give the one header that Authlib looks at."""
    authorization = request.headers.get("authorization")
    return {} if authorization is None else {"Authorization": authorization}


def _go(location: str) -> Response:
    return RedirectResponse(location, 303, {"Cache-Control": "no-store"})


def _told(answer: Answer) -> Response:
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-type"}
    return JSONResponse(dict(answer.body), answer.status, headers)
