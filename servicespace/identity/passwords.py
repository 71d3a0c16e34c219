"""``/password/forgotten`` and ``/password/set``."""

from datetime import datetime
from logging import getLogger

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from auth.account import AccountStoreError, Visit
from auth.recovery import LinkError
from servicespace.identity.browsing import visit_of
from servicespace.identity.identity import Identity, posted

_log = getLogger(__name__)


async def show_forgotten(identity: Identity, request: Request) -> Response:
    """Ask whose password was forgotten."""
    return identity.page(request, "forgotten.html")


async def forgotten(identity: Identity, request: Request) -> Response:
    """Answer everybody alike; what there is to do is done after the answer."""
    form = await posted(identity, request)
    response = identity.page(request, "forgotten_sent.html")
    response.background = BackgroundTask(
        _send, identity, form.get("name", ""), visit_of(request), identity.clock()
    )
    return response


async def show_set(identity: Identity, request: Request) -> Response:
    """Show the form behind a link; looking at it uses nothing up."""
    link = request.query_params.get("link", "")
    return await _form(identity, request, link, [])


async def set_password(identity: Identity, request: Request) -> Response:
    """Take a password."""
    form = await posted(identity, request)
    link, password = form.get("link", ""), form.get("password", "")
    if password != form.get("again", ""):
        return await _form(identity, request, link, ["The two are not the same: type them again."])
    try:
        refused = await identity.services.recovery.set_password(
            link, password, visit_of(request), identity.clock()
        )
    except LinkError:
        return _void(identity, request)
    if refused:
        return await _form(identity, request, link, refused)
    response = identity.page(request, "password_set.html")
    await identity.browsing.sign_out(request, response)
    return response


async def _send(identity: Identity, name: str, visit: Visit, now: datetime) -> None:
    try:
        await identity.services.recovery.forgotten(name, visit, now)
    except AccountStoreError as error:
        _log.warning("a link that was asked for is not sent: %s", error)


async def _form(identity: Identity, request: Request, link: str, errors: object) -> Response:
    try:
        account = await identity.services.recovery.whose(link, identity.clock())
    except LinkError:
        return _void(identity, request)
    return identity.page(
        request,
        "set_password.html",
        403 if errors else 200,
        link=link,
        username=account.user.username,
        shortest=8 if account.needs_second_factor or account.totp_secret is not None else 15,
        errors=errors,
    )


def _void(identity: Identity, request: Request) -> Response:
    return identity.page(request, "link_void.html", 403)
