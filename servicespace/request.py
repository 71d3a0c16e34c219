"""A GraphQL request as it was sent: read from the body or the address, and checked, before anything is done.

Whatever is wrong raises ``RefusedError`` with its status: a body is never trusted to be JSON, UTF-8 or small.
"""

from asyncio import timeout
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from engine.on_error import OnError
from servicespace.errors import ErrorCode, RefusedError

PREFLIGHT_HEADER = "GraphQL-Require-Preflight"
"""Any value will do: a page of another origin cannot send it without asking first."""

MODE_HEADER = "Coverage-Mode"
"""``strict``: what is not covered is an unknown name; ``prune``, as without the header: it is null."""

_JSON = "application/json"
_MOST_DIGITS = 18  # of a length; Python refuses to read one of thousands
_PARAMETERS = ("query", "operationName", "variables", "extensions", "onError")


_ON_ERROR = [each.value for each in OnError]


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """What one request asks to be executed."""

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]
    extensions: Mapping[str, Any]
    on_error: OnError


def check_preflight(request: Request) -> None:
    """Raise unless a browser would have asked this server before sending the request (CSRF).

    That is so with a JSON content type or the header ``GraphQL-Require-Preflight``.
    """
    if _content_type(request)[0] != _JSON and PREFLIGHT_HEADER not in request.headers:
        message = f"Send the content type {_JSON} or the header {PREFLIGHT_HEADER}."
        raise RefusedError(403, message, code=ErrorCode.FORBIDDEN)


def is_strict(request: Request, otherwise: bool) -> bool:  # noqa: FBT001 - what the client's own mode is
    """Tell whether the request is to be answered in strict mode, *otherwise* where it does not say.

    Raises ``RefusedError`` for a mode that there is not.
    """
    mode = request.headers.get(MODE_HEADER, "strict" if otherwise else "prune")
    if mode not in {"strict", "prune"}:
        raise RefusedError(400, f"The header {MODE_HEADER} must be strict or prune.")
    return mode == "strict"


async def read_post(request: Request, max_body_size: int, seconds: float) -> GraphQLRequest:
    """Read a request from a JSON body of at most *max_body_size* bytes that arrives within *seconds*.

    A body of any other content type is refused, which is the preflight check of a POST.
    """
    media, charset = _content_type(request)
    if media != _JSON or charset not in {"", "utf-8", "utf8"}:
        message = f"The content type must be {_JSON} in UTF-8."
        raise RefusedError(415, message, headers={"Accept-Post": _JSON})
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise RefusedError(400, "The body must not be compressed.")
    body = await read_body(request, max_body_size, seconds)
    try:
        parameters: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise RefusedError(400, "The body is not JSON in UTF-8.") from None
    if not isinstance(parameters, dict):
        raise RefusedError(400, "The body must be a JSON object.")
    return _checked(cast("dict[str, object]", parameters))


def read_get(request: Request, max_size: int) -> GraphQLRequest:
    """Read a request from the parameters of the address, together at most *max_size* bytes."""
    raw: bytes = request.scope["query_string"]
    if len(raw) > max_size:
        raise RefusedError(414, f"The parameters are longer than {max_size} bytes.")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        raise RefusedError(400, "The parameters are not URL-encoded UTF-8.") from None
    parameters: dict[str, object] = {}
    for name, value in pairs:
        if name in parameters:
            raise RefusedError(400, "A parameter is given twice.")
        parameters[name] = value
    for name in ("variables", "extensions"):
        text = parameters.get(name)
        if isinstance(text, str):
            parameters[name] = _json_parameter(name, text)
    return _checked(parameters)


def _content_type(request: Request) -> tuple[str, str]:
    """Give the media type and the charset of the body, in lower case; empty where there is none."""
    media, *parameters = request.headers.get("content-type", "").lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return media.strip(), value.strip(' "')
    return media.strip(), ""


async def read_body(request: Request, max_body_size: int, seconds: float) -> bytes:
    """Read a body of at most *max_body_size* bytes that arrives within *seconds*; else ``RefusedError``."""
    message = f"The body is larger than {max_body_size} bytes."
    too_large = RefusedError(413, message, headers={"Connection": "close"})
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > _MOST_DIGITS or int(length) > max_body_size):
        raise too_large
    body = bytearray()
    try:
        async with timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > max_body_size:
                    raise too_large
    except TimeoutError:
        message = f"The body did not arrive within {seconds:g} seconds."
        raise RefusedError(408, message, headers={"Connection": "close"}) from None
    return bytes(body)


def _json_parameter(name: str, text: str) -> object:
    if not text:
        return None
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _wrong(name, "must be JSON") from None
    return value


def _checked(parameters: Mapping[str, object]) -> GraphQLRequest:
    """Check the type of each parameter; parameters of other names are let be, as the specification asks."""
    query, name, variables, extensions, on_error = (parameters.get(each) for each in _PARAMETERS)
    if not isinstance(query, str) or not query:
        raise _wrong("query", "must be the text of a GraphQL document")
    if name is not None and not isinstance(name, str):
        raise _wrong("operationName", "must be a string or null")
    if variables is not None and not isinstance(variables, dict):
        raise _wrong("variables", "must be an object or null")
    if extensions is not None and not isinstance(extensions, dict):
        raise _wrong("extensions", "must be an object or null")
    if on_error is not None and on_error not in _ON_ERROR:
        raise _wrong("onError", f"must be {' or '.join(_ON_ERROR)}, or null")
    return GraphQLRequest(
        query=query,
        operation_name=name or None,
        variables=cast("dict[str, Any]", variables or {}),
        extensions=cast("dict[str, Any]", extensions or {}),
        on_error=OnError(on_error or OnError.PROPAGATE),
    )


def _wrong(parameter: str, rule: str) -> RefusedError:
    return RefusedError(
        400, f"The parameter {parameter} {rule}.", extensions={"path": [parameter], "rule": rule}
    )
