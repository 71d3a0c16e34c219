"""A client that hangs up stops its work: Starlette lets it run on."""

from asyncio import FIRST_COMPLETED, create_task, wait
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

T = TypeVar("T")


class WorkLostError(Exception):
    """Work that ended in a cancellation which nobody asked for: an error of ours."""


async def unless_hung_up(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Give what the work gives; cancel it and raise ``ClientDisconnect`` if the client hangs up first.

    The request's body must have been read, since what still arrives of it is thrown away.
    """
    working = create_task(work)
    listening = create_task(_hung_up(receive))
    try:
        await wait({working, listening}, return_when=FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        if working.cancelled():
            raise WorkLostError("the work was cancelled, but not because the client hung up")
        return working.result()
    finally:
        working.cancel()
        listening.cancel()
        await wait({working, listening})


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
