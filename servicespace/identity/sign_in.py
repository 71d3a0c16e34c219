"""``/sign-in``, ``/second-factor`` and ``/sign-out``."""

from typing import Final

import segno
from starlette.requests import Request
from starlette.responses import Response

from auth.browser_session import Step
from auth.second_factor import SecondFactorError
from auth.sign_in import Entered
from servicespace.identity.browsing import local, session_token, visit_of
from servicespace.identity.identity import Identity, posted, see_other

REFUSED: Final = (
    "That did not work. Check your username and password. After three wrong ones, signing in is locked for "
    "some minutes; a new password can be asked for at any time."
)
"""What everybody is told who cannot sign in, for whatever reason."""
_WRONG_CODE: Final = (
    "That code was not taken. Wait for the next one; after three wrong ones there is a pause of some minutes."
)


async def show_sign_in(identity: Identity, request: Request) -> Response:
    """Show the form, or lead on who is signed in already and is not to do so again."""
    back_to = local(request.query_params.get("next"))
    if "again" not in request.query_params and await identity.browsing.signed_in(request) is not None:
        return see_other(back_to)
    return _form(identity, request, back_to)


async def sign_in(identity: Identity, request: Request) -> Response:
    """Take a username and a password."""
    form = await posted(identity, request)
    back_to = local(form.get("next"))
    username = form.get("username", "")
    entered = await identity.services.sign_in.sign_in(
        username,
        form.get("password", ""),
        visit_of(request),
        identity.clock(),
        before=session_token(request),
    )
    if entered is None:
        return _form(identity, request, back_to, status=403, error=REFUSED, username=username[:128])
    return _entered(identity, request, entered, back_to)


async def show_second_factor(identity: Identity, request: Request) -> Response:
    """Ask for a code, or have a second factor set up where the customer demands one."""
    session = await identity.browsing.session(request)
    back_to = local(request.query_params.get("next"))
    if session is None:
        return see_other(identity.browsing.sign_in_url(back_to))
    if session.step is Step.CODE:
        return identity.page(request, "second_factor.html", next=back_to, error=None)
    if session.step is Step.ENROL:
        return await enrolment(identity, request, session.username, back_to)
    return see_other(back_to)


async def second_factor(identity: Identity, request: Request) -> Response:
    """Take a code."""
    form = await posted(identity, request)
    back_to = local(form.get("next"))
    session = await identity.browsing.session(request)
    token = session_token(request)
    if session is None or token is None or session.step is Step.NONE:
        return see_other(identity.browsing.sign_in_url(back_to))
    code = form.get("code", "")[:64]
    if session.step is Step.ENROL:
        return await _enrol(identity, request, session.username, code, back_to)
    entered = await identity.services.sign_in.give_code(token, code, visit_of(request), identity.clock())
    if entered is None:
        return identity.page(request, "second_factor.html", 403, next=back_to, error=_WRONG_CODE)
    return _entered(identity, request, entered, back_to)


async def sign_out(identity: Identity, request: Request) -> Response:
    """End the session."""
    await posted(identity, request)
    response = see_other("/sign-in")
    await identity.browsing.sign_out(request, response)
    return response


async def enrolment(
    identity: Identity,
    request: Request,
    username: str,
    back_to: str,
    error: str | None = None,
    *,
    action: str = "/second-factor",
    otherwise: str | None = None,
) -> Response:
    """Show the secret that an authenticator is to keep, as a picture and in letters.

    Where the second factor is set up by now, leads to *otherwise*: to sign in with it, if nothing is said.
    """
    try:
        uri = (await identity.services.second_factor.prepare(username)).reveal()
    except SecondFactorError:
        return see_other(otherwise or identity.browsing.sign_in_url(back_to))
    picture = segno.make(uri, micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")
    secret = uri.partition("secret=")[2].partition("&")[0]
    return identity.page(
        request,
        "enrol.html",
        403 if error else 200,
        picture=picture,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        next=back_to,
        error=error,
        action=action,
    )


async def _enrol(identity: Identity, request: Request, username: str, code: str, back_to: str) -> Response:
    """Set up the second factor that is demanded, and sign in with it."""
    visit = visit_of(request)
    try:
        codes = await identity.services.second_factor.confirm(username, code, visit, identity.clock())
    except SecondFactorError as error:
        return await enrolment(identity, request, username, back_to, str(error))
    entered = await identity.services.sign_in.go_on(
        session_token(request) or "", ("pwd", "otp"), visit, identity.clock()
    )
    response = identity.page(
        request, "recovery_codes.html", codes=[each.reveal() for each in codes], next=back_to
    )
    if entered is not None:
        identity.browsing.begin(request, response, entered.token)
    return response


def _form(
    identity: Identity,
    request: Request,
    back_to: str,
    *,
    status: int = 200,
    error: str | None = None,
    username: str = "",
) -> Response:
    return identity.page(
        request,
        "sign_in.html",
        status,
        next=back_to,
        error=error,
        username=username,
        notices=identity.notices(),
    )


def _entered(identity: Identity, request: Request, entered: Entered, back_to: str) -> Response:
    """Begin the session, and lead on.

    By a page, not a redirect: a browser holds the redirects that follow a form against ``form-action``, and
    from here the way may lead to the site of an OpenID client.
    """
    if entered.step is not Step.NONE:
        response = identity.page(request, "lead_on.html", to=_second_factor_url(identity, back_to))
    else:
        response = identity.page(request, "lead_on.html", to=back_to)
    identity.browsing.begin(request, response, entered.token)
    return response


def _second_factor_url(identity: Identity, back_to: str) -> str:
    return identity.browsing.sign_in_url(back_to).replace("/sign-in", "/second-factor", 1)
