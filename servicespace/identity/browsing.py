"""Browsers: the cookie of their session, and the proof that a form is one of ours."""

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from auth.account import Visit
from auth.browser_session import OpenSession
from auth.key import Secret
from auth.sign_in import SignIn
from auth.signed_in import SignedIn
from servicespace.transport import source_of

FORM_TOKEN: Final = "form_token"  # noqa: S105 - the name of a field
_SESSION: Final = "servicespace-session"
_FORM: Final = "servicespace-form"


class Browsing:
    """Who is signed in with a browser, and where it signs in.

    Over HTTPS the cookies are ``__Host-`` ones: no other site, and no subdomain, can set them. Over plain
    HTTP, which is served to this machine only, browsers take no such cookie.
    """

    def __init__(self, sign_in: Callable[[], SignIn], clock: Callable[[], datetime], public: str) -> None:
        """Ask what *sign_in* gives; *public* is the address by which browsers know the service."""
        self._sign_in = sign_in
        self._clock = clock
        self._public = origin_of(public)

    async def signed_in(self, request: Request) -> SignedIn | None:
        """Give the User whose browser sent *request*; None for nobody, or nobody any more."""
        session = await self.session(request)
        return None if session is None else session.signed_in()

    async def session(self, request: Request) -> OpenSession | None:
        """Give the session of a browser, even if it still waits for a second factor."""
        token = session_token(request)
        return None if token is None else await self._sign_in().session(token, self._clock())

    def sign_in_url(self, back_to: str, *, again: bool = False) -> str:
        """Give the local address of the page to sign in, which leads on to *back_to*, a local one too.

        *again* has those sign in, too, who are signed in already.
        """
        parameters = {"next": local(back_to), **({"again": "1"} if again else {})}
        return f"/sign-in?{urlencode(parameters)}"

    def form_token(self, request: Request) -> str:
        """Give what a form has to send along as ``form_token``.

        It follows from the cookie of the session; before there is one, from a cookie for forms, which
        ``keep`` sets: so nobody can be signed in to another's account unawares, either.
        """
        secret = session_token(request) or request.cookies.get(_name(request, _FORM))
        if not secret:
            secret = getattr(request.state, "form_secret", None) or token_urlsafe(32)
            request.state.form_secret = secret
        return _token(secret)

    def check_form(self, request: Request, form: Mapping[str, str]) -> bool:
        """Tell whether *form* was sent by a page of ours, in this browser's session."""
        if not self._is_own_site(request):
            return False
        sent = form.get(FORM_TOKEN, "").encode("utf-8", "replace")
        secrets = (session_token(request), request.cookies.get(_name(request, _FORM)))
        return any(each and hmac.compare_digest(_token(each).encode(), sent) for each in secrets)

    def keep(self, request: Request, response: Response) -> None:
        """Set the cookie for forms, where one was made for *request*."""
        secret = getattr(request.state, "form_secret", None)
        if secret is not None:
            _set(request, response, _FORM, secret)

    def begin(self, request: Request, response: Response, token: Secret) -> None:
        """Have the browser keep the id of its new session."""
        _set(request, response, _SESSION, token.reveal())
        _unset(request, response, _FORM)

    async def sign_out(self, request: Request, response: Response) -> None:
        """End the session of this browser, and have *response* take its cookie away."""
        token = session_token(request)
        if token is not None:
            await self._sign_in().sign_out(token, visit_of(request), self._clock())
        _unset(request, response, _SESSION)

    def _is_own_site(self, request: Request) -> bool:
        """Tell whether the browser says that a page of ours sent the form.

        A page with ``Referrer-Policy: no-referrer`` has its forms say ``Origin: null``; then, in a browser
        that has no ``Sec-Fetch-Site``, the token alone must do.
        """
        site = request.headers.get("sec-fetch-site")
        if site is not None and site != "same-origin":
            return False
        origin = request.headers.get("origin")
        if origin is None or (origin == "null" and site in {None, "same-origin"}):
            return True
        own = origin_of(f"{request.url.scheme}://{request.headers.get('host', '')}")
        return origin_of(origin) in {own, self._public}


def session_token(request: Request) -> str | None:
    """Give the id of the session in a browser's cookie."""
    return request.cookies.get(_name(request, _SESSION)) or None


def visit_of(request: Request) -> Visit:
    """Give from where a browser comes."""
    return Visit(source=source_of(request.scope), agent=request.headers.get("user-agent", ""))


def local(address: str | None, otherwise: str = "/account") -> str:
    r"""Give *address* if it leads to a page of ours, else *otherwise*.

    Browsers read ``//host``, ``/\host`` and addresses with control characters as other sites' addresses.
    """
    if not address or not address.startswith("/") or address.startswith("//") or len(address) > 4_096:  # noqa: PLR2004 - longer than any of ours
        return otherwise
    if "\\" in address or any(not "!" <= each <= "~" for each in address):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address


def origin_of(address: str) -> str:
    """Give scheme, host and port of *address*, without the port that the scheme has anyway."""
    scheme, _, rest = address.lower().partition("://")
    host = rest.partition("/")[0]
    default = {"http": ":80", "https": ":443"}.get(scheme, "")
    return f"{scheme}://{host.removesuffix(default) if default else host}"


def _token(secret: str) -> str:
    return hmac.new(secret.encode("utf-8", "replace"), b"a form of servicespace", sha256).hexdigest()


def _name(request: Request, name: str) -> str:
    return f"__Host-{name}" if _is_secure(request) else name


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _set(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(
        _name(request, name), value, path="/", secure=_is_secure(request), httponly=True, samesite="lax"
    )


def _unset(request: Request, response: Response, name: str) -> None:
    response.delete_cookie(
        _name(request, name), path="/", secure=_is_secure(request), httponly=True, samesite="lax"
    )
