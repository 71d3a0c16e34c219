"""How an answer is written: its media type, its bytes, its headers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import orjson
from starlette.responses import Response

from servicespace.request_id import RequestId


class MediaType(StrEnum):
    """The media types of a GraphQL answer (GraphQL over HTTP, section 4)."""

    GRAPHQL = "application/graphql-response+json"
    """Its status tells whether the operation was executed."""
    LEGACY = "application/json"
    """Its status is 200 for every well-formed request."""


@dataclass(frozen=True, slots=True)
class _Range:
    """One element of an Accept header."""

    media: str
    quality: float

    def specificity(self, media: MediaType) -> int:
        """Tell how closely the range names the media type: 3 exactly, down to 0 not at all."""
        return {media.value: 3, "application/*": 2, "*/*": 1}.get(self.media, 0)


@lru_cache(maxsize=256)
def negotiate(accept: str | None) -> MediaType | None:
    """Give the media type that an Accept header prefers; None if it takes neither (RFC 9110, section 12.5.1).

    Without a header, or where only a wildcard matches, it is ``application/json``; where
    both are named with the same quality, ``application/graphql-response+json``.
    """
    if accept is None or not accept.strip():
        return MediaType.LEGACY
    ranges = [_range(element) for element in accept.split(",")]
    best: tuple[float, int, bool] | None = None
    chosen: MediaType | None = None
    for media in MediaType:
        matches = [(each.specificity(media), each.quality) for each in ranges if each.specificity(media)]
        if not matches:
            continue
        specificity, quality = max(matches)
        rank = (quality, specificity, (media is MediaType.GRAPHQL) == (specificity == _EXACT))
        if quality > 0 and (best is None or rank > best):
            best, chosen = rank, media
    return chosen


_EXACT = 3


def _range(element: str) -> _Range:
    """Read one element; a quality that is no number between 0 and 1 takes the element out."""
    media, *parameters = (part.strip().lower() for part in element.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            quality = _quality(value.strip())
        elif name.strip() == "charset" and value.strip(' "') not in {"utf-8", "utf8"}:
            quality = 0.0
    return _Range(media, quality)


def _quality(value: str) -> float:
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0


def answer(
    payload: Mapping[str, object],
    status: int,
    media: MediaType,
    named: RequestId,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Give the HTTP answer to the GraphQL request of that id; it is never cached."""
    return Response(
        encode(payload),
        status_code=status,
        media_type=f"{media}; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Request-Id": named, **(headers or {})},
    )


def encode(payload: Mapping[str, object]) -> bytes:
    """Write the payload as JSON in UTF-8, times (in UTC) and days by ISO 8601.

    orjson refuses integers beyond 64 bits and lone surrogates. Both can come from a system
    behind us; then the integers are written as they are, and each surrogate as ``?``.
    """
    try:
        return orjson.dumps(payload, option=orjson.OPT_UTC_Z)
    except orjson.JSONEncodeError:
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_text)
        return text.encode("utf-8", "replace")


def _text(value: object) -> str:
    if not isinstance(value, date):
        raise TypeError(f"{type(value).__name__} is not JSON")
    return value.isoformat().replace("+00:00", "Z")
