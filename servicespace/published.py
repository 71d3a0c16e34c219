"""``/schema.graphql``: the published schema as a document."""

from functools import partial
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route


def schema_route(sdl: str) -> BaseRoute:
    """Give the route that serves this text, with an ETag that is its hash."""
    etag = f'"{sha256(sdl.encode()).hexdigest()[:32]}"'
    return Route("/schema.graphql", partial(_published, sdl, etag))


async def _published(sdl: str, etag: str, request: Request) -> Response:
    """Answer with the text, or 304 to a client that has it (RFC 9110, section 13.1.2)."""
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if known & {etag, "*"}:
        return Response(status_code=304, headers=headers)
    return PlainTextResponse(sdl, headers=headers)
