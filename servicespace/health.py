"""Whether this process lives, and whether it can serve."""

from asyncio import timeout
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from logging import getLogger
from typing import NamedTuple, TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route


class Health(NamedTuple):
    """Whether each part that this process needs is there, by its name.

    ``degraded`` are the systems behind us that are in trouble: without one its own parts of an answer are
    missing, and another process would not have them either.
    """

    parts: Mapping[str, bool]
    degraded: Sequence[str] = ()


Readiness: TypeAlias = Callable[[], Awaitable[Health]]
"""Tells how this process is."""

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
    """Answer 200 if every part is there, else 503; each is ``up`` or ``down``."""
    try:
        async with timeout(_SECONDS):
            health = await readiness()
    except Exception:  # noqa: BLE001 - whatever fails, the process is not ready
        _log.warning("readiness could not be told", exc_info=True)
        return _told(Health({}), ready=False)
    return _told(health, ready=all(health.parts.values()))


def _told(health: Health, *, ready: bool) -> Response:
    payload = {
        "status": "ready" if ready else "not ready",
        "systems": {name: "up" if up else "down" for name, up in health.parts.items()},
        "degraded": list(health.degraded),
    }
    return JSONResponse(payload, 200 if ready else 503, headers=_NO_STORE)
