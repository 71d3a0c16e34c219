"""``/graphql``: from an HTTP request to an executed operation and its answer."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from engine.document import Document
from engine.executes import Executes
from engine.failure import failures
from engine.reference import is_request_error
from servicespace.errors import ErrorCode, RefusedError, all_told, internal_told, refusal_told, unplaced_told
from servicespace.events import event_stream, wants_events
from servicespace.hangup import unless_hung_up
from servicespace.request import GraphQLRequest, check_preflight, is_strict, read_get, read_post
from servicespace.request_id import RequestId, request_id
from servicespace.responses import MediaType, answer, negotiate
from sources.errors import SourceError

V = TypeVar("V")
"""Whoever asks, as ``authenticate`` gives it."""

Payload: TypeAlias = dict[str, object]
"""A GraphQL answer: ``data`` (absent where nothing was executed), ``errors``, ``extensions``."""


class Context(Protocol):
    """What the resolvers of one operation share."""

    strict: bool
    """Whether what coverage hides is an unknown name; set before the document is read."""

    def extensions(self) -> Mapping[str, object]:
        """Give what the answer's ``extensions`` say, by name; asked once, when all is resolved."""
        ...

    def unplaced_errors(self) -> Sequence[SourceError]:
        """Give the errors of systems that could not tell where things stand; asked once, at the end."""
        ...


C = TypeVar("C", bound=Context)
"""The context, as ``make_context`` gives it."""


def _never(_: object) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Served(Generic[V, C]):
    """What stands behind the endpoint."""

    executor: Executes[C]
    authenticate: Callable[[str | None], Awaitable[V]]
    """Takes the Authorization header; raises ``UnauthenticatedError`` for every token that is not valid."""
    make_context: Callable[[V, RequestId], Awaitable[C]]
    """Makes the context of one operation; no two operations share one."""
    follow: Callable[[V, RequestId], AsyncIterator[C]] | None = None
    """Makes a context for each event of a subscription, the first at once; None where there are no events."""
    is_strict: Callable[[V], bool] = _never
    """Tells whether a request that does not name its mode is strict: set for the client of who asks."""


@dataclass(frozen=True, slots=True)
class _Asked(Generic[V]):
    """A request that is let in."""

    request: Request
    asks: GraphQLRequest
    viewer: V
    named: RequestId
    strict: bool


class GraphQLEndpoint(Generic[V, C]):
    """The ASGI application at ``/graphql``, for every method.

    It checks in this order and reads nothing before it must: method (405), token (401), Accept (406),
    mode (400), preflight of a GET (403), content type (415), body (400, 408, 413); then the document; then
    the operation. Whatever happens, the answer is JSON, and an error has a code and the request's id.
    """

    def __init__(
        self, served: Served[V, C], *, max_body_size: int = 65_536, body_seconds: float = 15.0
    ) -> None:
        self._served = served
        self._max_body_size = max_body_size
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a client that hung up gets no answer."""
        request = Request(scope, receive)
        named = request_id(request.headers.get("x-request-id"))
        media = negotiate(request.headers.get("accept"))
        try:
            response = await self._answer(request, media, named)
        except ClientDisconnect:
            return
        except RefusedError as error:
            payload: Payload = {"errors": [refusal_told(error, named)]}
            response = answer(payload, error.status, media or MediaType.LEGACY, named, error.headers)
        except Exception as error:  # noqa: BLE001 - the client is told; the log has the traceback
            payload = {"errors": [internal_told(error, named)]}
            response = answer(payload, 500, media or MediaType.LEGACY, named)
        await response(scope, receive, send)

    async def _answer(self, request: Request, media: MediaType | None, named: RequestId) -> Response:
        """Give the answer to a request that is let in; raise ``RefusedError`` for any other."""
        if request.method not in {"GET", "POST"}:
            raise RefusedError(405, "Use GET or POST.", headers={"Allow": "GET, POST"})
        viewer = await self._served.authenticate(request.headers.get("authorization"))
        streams = wants_events(request.headers.get("accept"))
        if media is None and not streams:
            raise RefusedError(406, f"Accept {MediaType.GRAPHQL} or {MediaType.LEGACY}.")
        strict = is_strict(request, self._served.is_strict(viewer))
        if request.method == "GET":
            check_preflight(request)
            asks = read_get(request, self._max_body_size)
        else:
            asks = await read_post(request, self._max_body_size, self._body_seconds)
        asked = _Asked(request, asks, viewer, named, strict=strict)
        if streams:
            return await self._stream(asked)
        payload = await unless_hung_up(request.receive, self._run(asked))
        executed = "data" in payload or media is MediaType.LEGACY
        return answer(payload, 200 if executed else 400, media or MediaType.LEGACY, named)

    async def _stream(self, asked: _Asked[V]) -> Response:
        """Give the events of what is asked: of a subscription one for each change, else a single one."""
        document, _ = await self._read(asked)
        operation = document.operation(asked.asks.operation_name)
        follow = self._served.follow
        if document.errors or operation is None or operation.operation.value != "subscription":
            return event_stream(self._once(asked), asked.named)
        if follow is None:
            raise _unresolved(asked.asks, found=True)
        contexts = self._moded(follow(asked.viewer, asked.named), asked)
        executed = self._served.executor.subscribe(
            document, operation, asked.asks.variables, contexts, asked.asks.on_error
        )
        return event_stream(self._payloads(executed, asked), asked.named)

    async def _once(self, asked: _Asked[V]) -> AsyncGenerator[Payload]:
        yield await self._run(asked)

    async def _moded(self, contexts: AsyncIterator[C], asked: _Asked[V]) -> AsyncGenerator[C]:
        async for context in contexts:
            context.strict = asked.strict
            yield context

    async def _payloads(
        self, executed: AsyncIterator[tuple[Any, C]], asked: _Asked[V]
    ) -> AsyncGenerator[Payload]:
        """Give the answer of each event; an error of ours ends them."""
        try:
            async for result, context in executed:
                yield _payload(result, context, asked)
        except RefusedError as error:
            yield {"errors": [refusal_told(error, asked.named)]}
        except Exception as error:  # noqa: BLE001 - the client is told; the log has the traceback
            yield {"errors": [internal_told(error, asked.named)]}

    async def _run(self, asked: _Asked[V]) -> Payload:
        """Execute what is asked, if it can be."""
        asks, named = asked.asks, asked.named
        document, context = await self._read(asked)
        operation = document.operation(asks.operation_name)
        if asked.request.method == "GET" and operation and operation.operation.value != "query":
            raise RefusedError(405, "Use POST for anything but a query.", headers={"Allow": "POST"})
        if document.ast is None or document.errors:
            return {"errors": all_told(failures(document.errors), named)}
        if operation is None or operation.operation.value == "subscription":
            return {"errors": [refusal_told(_unresolved(asks, found=operation is not None), named)]}
        if context is None:
            context = await self._context(asked)
        executed = self._served.executor.execute
        result = await executed(document, operation, asks.variables, context, asks.on_error)
        return _payload(result, context, asked)

    async def _read(self, asked: _Asked[V]) -> tuple[Document, C | None]:
        """Give the document, and a context if it took one: a mistake is told by what the customer may see."""
        executor, text = self._served.executor, asked.asks.query
        document = None if asked.strict else executor.read(text)
        if document is not None and (document.ast is None or not document.errors):
            return document, None
        context = await self._context(asked)
        return executor.read_own(text, context), context

    async def _context(self, asked: _Asked[V]) -> C:
        context = await self._served.make_context(asked.viewer, asked.named)
        context.strict = asked.strict
        return context


def _payload(result: Any, context: Context, asked: _Asked[Any]) -> Payload:  # noqa: ANN401 - graphql-core's
    """Give the answer that says what became of an operation."""
    errors = all_told(failures(result.errors), asked.named)
    if is_request_error(result):
        return {"errors": errors}
    errors += [unplaced_told(each, asked.named) for each in context.unplaced_errors()]
    payload: Payload = {"data": result.data}
    if errors:
        payload["errors"] = errors
    silent = asked.request.headers.get("coverage-notices") == "none"
    extensions = {k: v for k, v in context.extensions().items() if not (silent and k == "coverage")}
    if extensions:
        payload["extensions"] = extensions
    return payload


def _unresolved(asks: GraphQLRequest, *, found: bool) -> RefusedError:
    """Say why a valid document has no operation to execute."""
    if found:
        message = "Ask for a subscription with `Accept: text/event-stream`."
    elif asks.operation_name is None:
        message = (
            "The document does not have exactly one operation: name the one to execute in operationName."
        )
    else:
        message = f"The document has no operation named '{asks.operation_name}'."
    return RefusedError(400, message, code=ErrorCode.OPERATION_RESOLUTION_FAILURE)
