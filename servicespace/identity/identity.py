"""What the pages for people have in common: the services behind them, how they look, what they refuse."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from auth.account import AccountStoreError
from auth.browser_session import Lifetimes
from auth.password_hash import Cost, Passwords, PasswordsBusyError
from auth.recovery import Recovery
from auth.second_factor import SecondFactor
from auth.session import Session
from auth.sign_in import SignIn
from servicespace.identity.browsing import FORM_TOKEN, Browsing
from servicespace.identity.forms import FormError, read_form
from servicespace.identity.notices import PortalNotice, shown
from servicespace.identity.templating import rendered
from servicespace.store import Connection

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}


class FormRefusedError(Exception):
    """A form that is not read, or is not one of ours."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the pages ask, over an open store."""

    sign_in: SignIn
    recovery: Recovery
    second_factor: SecondFactor
    session: Session
    passwords: Passwords


class Identity:
    """The pages' surroundings; the services are there once the store is open."""

    def __init__(
        self,
        *,
        public: str,
        notices: Sequence[PortalNotice] = (),
        cost: Cost | None = None,
        lifetimes: Lifetimes | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Show *notices*; *public* is the address by which browsers know the service."""
        self.clock: Callable[[], datetime] = clock or _now
        self.browsing = Browsing(self._sign_in, self.clock, public)
        self._notices = notices
        self._cost = cost
        self._lifetimes = lifetimes
        self._services: Services | None = None

    @property
    def services(self) -> Services:
        """What the pages ask."""
        assert self._services is not None, "the lifespan has not started"  # noqa: S101 - a fault of ours
        return self._services

    @asynccontextmanager
    async def open(self, connection: Connection, seconds: float) -> AsyncGenerator[Services]:
        """Have the services over *connection*, each of whose statements may take *seconds*."""
        passwords = Passwords(self._cost)
        self._services = Services(
            SignIn(connection, passwords, self._lifetimes, seconds),
            Recovery(connection, passwords, seconds),
            SecondFactor(connection, passwords, "servicespace", seconds),
            Session(connection, seconds, AccountStoreError),
            passwords,
        )
        try:
            yield self._services
        finally:
            passwords.close()

    def notices(self) -> Sequence[PortalNotice]:
        """Give the notices to be shown now."""
        return shown(self._notices, self.clock())

    def page(self, request: Request, template: str, status: int = 200, **values: object) -> Response:
        """Give a page, whose forms carry the token of this browser."""
        token = self.browsing.form_token(request)
        response = HTMLResponse(
            rendered(template, **{FORM_TOKEN: token, **values}), status, headers=dict(HEADERS)
        )
        self.browsing.keep(request, response)
        return response

    def _sign_in(self) -> SignIn:
        return self.services.sign_in


Handler: TypeAlias = Callable[[Identity, Request], Awaitable[Response]]


def answering(identity: Identity, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Give an endpoint that answers by *handler*, and tells in a page what goes wrong."""
    return partial(_answer, identity, handler)


async def _answer(identity: Identity, handler: Handler, request: Request) -> Response:
    try:
        return await handler(identity, request)
    except FormRefusedError:
        told = "This form was not sent from a page of ours, or is too old. Open the page again and repeat it."
        return identity.page(request, "refused.html", 403, title="That did not work", told=told)
    except (AccountStoreError, PasswordsBusyError):
        told = "Too much is going on just now. Try again in a moment."
        response = identity.page(request, "refused.html", 503, title="Try again soon", told=told)
        response.headers["Retry-After"] = "5"
        return response


async def posted(identity: Identity, request: Request) -> Mapping[str, str]:
    """Give the fields of a form that a page of ours sent; raises ``FormRefusedError`` for any other."""
    try:
        form = dict(await read_form(request))
    except FormError:
        raise FormRefusedError from None
    if not identity.browsing.check_form(request, form):
        raise FormRefusedError
    return form


def see_other(path: str) -> Response:
    """Have the browser ask for *path*."""
    return RedirectResponse(path, 303, headers={"Cache-Control": "no-store"})


def _now() -> datetime:
    return datetime.now(UTC)
