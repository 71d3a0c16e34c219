"""Which page is where."""

from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from servicespace.identity import account, passwords, sign_in
from servicespace.identity.identity import HEADERS, Handler, Identity, answering
from servicespace.identity.templating import rendered
from servicespace.mail_catcher import MailCatcher

_ASSETS = Path(__file__).parent / "assets"


def identity_routes(identity: Identity) -> list[BaseRoute]:
    """Give the pages for people."""
    gets: dict[str, Handler] = {
        "/sign-in": sign_in.show_sign_in,
        "/second-factor": sign_in.show_second_factor,
        "/password/forgotten": passwords.show_forgotten,
        "/password/set": passwords.show_set,
        "/account": account.show_account,
        "/account/second-factor": account.show_enrolment,
    }
    posts: dict[str, Handler] = {
        "/sign-in": sign_in.sign_in,
        "/second-factor": sign_in.second_factor,
        "/sign-out": sign_in.sign_out,
        "/password/forgotten": passwords.forgotten,
        "/password/set": passwords.set_password,
        "/account/second-factor": account.enrol,
        "/account/second-factor/remove": account.remove,
        "/account/sessions/end": account.end_session,
        "/account/sign-out-everywhere": account.sign_out_everywhere,
    }
    return [
        *(Route(path, answering(identity, each), methods=["GET"]) for path, each in gets.items()),
        *(Route(path, answering(identity, each), methods=["POST"]) for path, each in posts.items()),
        Mount("/assets", StaticFiles(directory=_ASSETS)),
    ]


def caught_mail_route(catcher: MailCatcher) -> BaseRoute:
    """Give ``/dev/mail``, which shows what the demo's mail server caught."""
    return Route("/dev/mail", partial(_caught, catcher), methods=["GET"])


async def _caught(catcher: MailCatcher, _: Request) -> Response:
    mails = list(reversed(catcher.mails))
    return HTMLResponse(rendered("dev_mail.html", mails=mails), headers=dict(HEADERS))
