"""``/account``: who is signed in, where else, and with what."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from auth.account_store import account_of
from auth.second_factor import SecondFactorError
from auth.signed_in import SignedIn
from servicespace.identity.browsing import session_token, visit_of
from servicespace.identity.identity import Identity, posted, see_other
from servicespace.identity.sign_in import enrolment


async def show_account(identity: Identity, request: Request) -> Response:
    """Show the account of who is signed in."""
    who = await identity.browsing.signed_in(request)
    if who is None:
        return see_other(identity.browsing.sign_in_url("/account"))
    return await _page(identity, request, who)


async def end_session(identity: Identity, request: Request) -> Response:
    """End one session, here or elsewhere."""
    form = await posted(identity, request)
    who = await identity.browsing.signed_in(request)
    if who is not None:
        await identity.services.sign_in.end(
            who.username, form.get("session", "")[:32], who.customer, visit_of(request), identity.clock()
        )
    return see_other("/account")


async def sign_out_everywhere(identity: Identity, request: Request) -> Response:
    """End all sessions, this one too, and void all tokens."""
    await posted(identity, request)
    who = await identity.browsing.signed_in(request)
    response = see_other("/sign-in")
    if who is not None:
        await identity.services.sign_in.sign_out_everywhere(
            who.username, who.customer, visit_of(request), identity.clock()
        )
        await identity.browsing.sign_out(request, response)
    return response


async def show_enrolment(identity: Identity, request: Request) -> Response:
    """Show the secret for an authenticator."""
    who = await identity.browsing.signed_in(request)
    if who is None:
        return see_other(identity.browsing.sign_in_url("/account"))
    return await _enrolment(identity, request, who)


async def enrol(identity: Identity, request: Request) -> Response:
    """Set up a second factor with its first code."""
    form = await posted(identity, request)
    who = await identity.browsing.signed_in(request)
    if who is None:
        return see_other(identity.browsing.sign_in_url("/account"))
    visit = visit_of(request)
    try:
        codes = await identity.services.second_factor.confirm(
            who.username, form.get("code", "")[:64], visit, identity.clock()
        )
    except SecondFactorError as error:
        return await _enrolment(identity, request, who, str(error))
    entered = await identity.services.sign_in.go_on(
        session_token(request) or "", ("pwd", "otp"), visit, identity.clock()
    )
    response = identity.page(
        request, "recovery_codes.html", codes=[each.reveal() for each in codes], next="/account"
    )
    if entered is not None:
        identity.browsing.begin(request, response, entered.token)
    return response


async def remove(identity: Identity, request: Request) -> Response:
    """Remove the second factor."""
    form = await posted(identity, request)
    who = await identity.browsing.signed_in(request)
    if who is None:
        return see_other(identity.browsing.sign_in_url("/account"))
    try:
        await identity.services.second_factor.remove(
            who.username, form.get("password", ""), visit_of(request), identity.clock()
        )
    except SecondFactorError as error:
        return await _page(identity, request, who, str(error))
    return see_other("/account")


async def _enrolment(
    identity: Identity, request: Request, who: SignedIn, error: str | None = None
) -> Response:
    return await enrolment(
        identity,
        request,
        who.username,
        "/account",
        error,
        action="/account/second-factor",
        otherwise="/account",
    )


async def _page(identity: Identity, request: Request, who: SignedIn, error: str | None = None) -> Response:
    account = await account_of(identity.services.session, who.username)
    found = await identity.services.sign_in.sessions(who.username, identity.clock())
    sessions = [
        {
            "name": each.name,
            "is_this": each.name == who.session,
            "since": datetime.fromtimestamp(each.at, UTC),
            "seen": datetime.fromtimestamp(each.seen_at, UTC),
            "source": each.source,
            "agent": each.agent,
        }
        for each in found
    ]
    return identity.page(
        request,
        "account.html",
        403 if error else 200,
        who=who,
        email="" if account is None else account.user.email,
        has_second_factor=account is not None and account.totp_secret is not None,
        needs_second_factor=account is not None and account.needs_second_factor,
        codes_left=0 if account is None else len(account.recovery),
        sessions=sessions,
        error=error,
    )
