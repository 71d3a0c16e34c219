"""Whether this process lives, and whether it can serve."""

from asyncio import timeout
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from logging import getLogger
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

Readiness: TypeAlias = Callable[[], Awaitable[Mapping[str, bool]]]
"""Gives whether each system that this process needs can be reached, by the system's name."""

_SECONDS = 5.0
_NO_STORE = {"Cache-Control": "no-store"}
_log = getLogger(__name__)


def health_routes(readiness: Readiness) -> list[BaseRoute]:
    """Give ``/health/live`` and ``/health/ready``."""
    return [Route("/health/live", _live), Route("/health/ready", partial(_ready, readiness))]


async def _live(_request: Request) -> Response:
    """Answer 200 for as long as the process answers at all."""
    return JSONResponse({"status": "live"}, headers=_NO_STORE)


async def _ready(readiness: Readiness, _request: Request) -> Response:
    """Answer 200 if every system can be reached, else 503; each system is ``up`` or ``down``."""
    try:
        async with timeout(_SECONDS):
            systems = await readiness()
    except Exception:  # noqa: BLE001 - whatever fails, the process is not ready
        _log.warning("readiness could not be told", exc_info=True)
        return JSONResponse({"status": "not ready", "systems": {}}, 503, headers=_NO_STORE)
    ready = all(systems.values())
    states = {name: "up" if up else "down" for name, up in systems.items()}
    payload = {"status": "ready" if ready else "not ready", "systems": states}
    return JSONResponse(payload, 200 if ready else 503, headers=_NO_STORE)
