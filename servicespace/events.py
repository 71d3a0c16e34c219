"""Answers as a stream of events: GraphQL over SSE, distinct connections (the ``graphql-sse`` protocol)."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Final

from starlette.responses import StreamingResponse

from servicespace.request_id import RequestId
from servicespace.responses import encode

MEDIA_TYPE: Final = "text/event-stream"
KEEP_ALIVE: Final = 15.0
"""Seconds of silence after which a comment tells proxies and clients that the stream is alive."""


def wants_events(accept: str | None) -> bool:
    """Tell whether an Accept header names the media type of event streams."""
    named = [each.partition(";")[0].strip().lower() for each in (accept or "").split(",")]
    return MEDIA_TYPE in named


def event_stream(payloads: AsyncGenerator[Mapping[str, object]], named: RequestId) -> StreamingResponse:
    """Give the answer that sends *payloads* as they come, each as ``next``; after the last, ``complete``."""
    return StreamingResponse(
        _events(payloads),
        media_type=f"{MEDIA_TYPE}; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Request-Id": named},
    )


async def _events(payloads: AsyncGenerator[Mapping[str, object]]) -> AsyncGenerator[bytes]:
    coming: asyncio.Future[Mapping[str, object]] = asyncio.ensure_future(anext(payloads))
    try:
        while True:
            done, _ = await asyncio.wait([coming], timeout=KEEP_ALIVE)
            if not done:
                yield b":\n\n"
                continue
            try:
                payload = coming.result()
            except StopAsyncIteration:
                break
            yield b"event: next\ndata: " + encode(payload) + b"\n\n"
            coming = asyncio.ensure_future(anext(payloads))
        yield b"event: complete\ndata:\n\n"
    finally:
        coming.cancel()
        await asyncio.wait([coming])
        await payloads.aclose()
