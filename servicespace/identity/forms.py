"""Forms of clients and browsers: read within bounds, or not at all."""

import asyncio
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

MAX_BYTES: Final = 16_384
"""How long a form, or a query, may be: an id_token is the longest thing in one."""
MAX_FIELDS: Final = 40
SECONDS: Final = 10.0
"""How long a form may take to arrive."""
_FORM: Final = "application/x-www-form-urlencoded"


class FormError(Exception):
    """A form that cannot be read."""


async def read_form(request: Request) -> Sequence[tuple[str, str]]:
    """Give the fields of a form; those without a value are left out (RFC 6749 section 3.2)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise FormError(f"The body must be {_FORM}.")
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise FormError("The body is too long.")
    except TimeoutError:
        raise FormError("The body took too long.") from None
    return parsed(bytes(body).decode("ascii", "replace"))


def query_of(request: Request) -> Sequence[tuple[str, str]]:
    """Give the parameters of the query; those without a value are left out."""
    return parsed(request.url.query)


def parsed(text: str) -> Sequence[tuple[str, str]]:
    """Give the fields in *text*."""
    if len(text) > MAX_BYTES:
        raise FormError("There is too much of it.")
    try:
        fields = parse_qsl(text, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:
        raise FormError("It cannot be read.") from None
    if any("\0" in name or "\0" in value for name, value in fields):
        raise FormError("It cannot be read.")
    return fields
