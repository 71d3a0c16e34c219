"""``/schema.graphql``: the published schema, or the caller's own, as a document."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, TypeAlias

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from servicespace.errors import RefusedError, internal_told, refusal_told
from servicespace.request_id import RequestId, request_id
from servicespace.responses import MediaType, answer


class Text(Protocol):
    """A schema as a document: its text, and its entity tag, in quotes."""

    @property
    def sdl(self) -> str:
        """The text."""
        ...

    @property
    def etag(self) -> str:
        """The tag."""
        ...


OwnSchema: TypeAlias = Callable[[str, RequestId], Awaitable[Text]]
"""Takes an Authorization header; gives the schema of whoever it is, or raises ``RefusedError``."""

_OWN = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
_PUBLISHED = {"Cache-Control": "no-cache", "Vary": "Authorization"}
_ALWAYS_PUBLISHED = {"Cache-Control": "no-cache"}


def schema_route(sdl: str, own: OwnSchema) -> BaseRoute:
    """Give the route that serves *sdl*, and to who has a token what *own* gives.

    ``?view=published`` asks for *sdl*, whoever asks.
    """
    published = _Published(sdl, f'"{sha256(sdl.encode()).hexdigest()[:32]}"')
    return Route("/schema.graphql", _Schemas(published, own).answer)


@dataclass(frozen=True, slots=True)
class _Published:
    sdl: str
    etag: str


@dataclass(frozen=True, slots=True)
class _Schemas:
    published: _Published
    own: OwnSchema

    async def answer(self, request: Request) -> Response:
        """Answer with a schema; errors are told as those of ``/graphql`` are."""
        named = request_id(request.headers.get("x-request-id"))
        try:
            return await self._answer(request, named)
        except RefusedError as error:
            payload: Mapping[str, object] = {"errors": [refusal_told(error, named)]}
            headers = {**_OWN, "Cache-Control": "no-store", **error.headers}
            return answer(payload, error.status, MediaType.LEGACY, named, headers)
        except Exception as error:  # noqa: BLE001 - the client is told; the log has the traceback
            return answer({"errors": [internal_told(error, named)]}, 500, MediaType.LEGACY, named)

    async def _answer(self, request: Request, named: RequestId) -> Response:
        views = request.query_params.getlist("view")
        if any(each != "published" for each in views):
            raise RefusedError(400, "The parameter view must be published, or absent.")
        if views:
            return _schema(request, self.published, _ALWAYS_PUBLISHED)
        authorization = request.headers.get("authorization")
        if authorization is None:
            return _schema(request, self.published, _PUBLISHED)
        return _schema(request, await self.own(authorization, named), _OWN)


def _schema(request: Request, text: Text, headers: Mapping[str, str]) -> Response:
    """Answer with the text, or 304 to a client that has it (RFC 9110, section 13.1.2)."""
    headers = {"ETag": text.etag, **headers}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if known & {text.etag, "*"}:
        return Response(status_code=304, headers=headers)
    return PlainTextResponse(text.sdl, headers=headers)
