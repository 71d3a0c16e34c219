"""The HTTP application: which path is answered by what."""

from collections.abc import Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from servicespace.health import Readiness, health_routes
from servicespace.published import OwnSchema, schema_route
from servicespace.request import MODE_HEADER, PREFLIGHT_HEADER
from servicespace.transport import Transport

_CLIENT_HEADERS = (
    "Authorization",
    "Content-Type",
    MODE_HEADER,
    "Coverage-Notices",
    "If-None-Match",
    PREFLIGHT_HEADER,
    "X-Request-Id",
)


def create_http(
    *,
    graphql: ASGIApp,
    sdl: str,
    own: OwnSchema,
    readiness: Readiness,
    origins: Sequence[str] = (),
    pages: Sequence[BaseRoute] = (),
    transport: Middleware | None = None,
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """Put the application together from its parts.

    *graphql* answers every method at ``/graphql`` (see ``GraphQLEndpoint``, which also bounds the
    body); *sdl* is the text of ``/schema.graphql``, to who has a token what *own* gives; pages of the
    *origins* may call ``/graphql``. *pages* are those for people; *transport* is what stands before all.
    """
    routes = [
        Route("/graphql", graphql),
        schema_route(sdl, own),
        *health_routes(readiness),
        *pages,
    ]
    middleware = [Middleware(SecurityHeaders), transport or Middleware(Transport)]
    if origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=origins,
                allow_methods=("GET", "POST"),
                allow_headers=_CLIENT_HEADERS,
                expose_headers=("ETag", "X-Request-Id"),
            )
        )
    return Starlette(routes=routes, middleware=middleware, lifespan=lifespan)


class SecurityHeaders:
    """Sets on every answer the headers that keep a browser from guessing types and telling addresses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers where the answer starts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Sender(send))


_SAFE: Final = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))


class _Sender:
    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *_SAFE]
        await self._send(message)
