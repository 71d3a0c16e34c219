"""A client that hangs up stops its work: Starlette lets it run on."""

from asyncio import CancelledError, Task, create_task, current_task
from collections.abc import Coroutine
from contextlib import suppress
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
    working = current_task()
    assert working is not None  # noqa: S101 - nothing else can wait for us
    listening = create_task(_cancel_when_hung_up(receive, working))
    try:
        return await work
    except CancelledError:
        if listening.done() and working.uncancel() == 0:
            raise ClientDisconnect from None
        if working.cancelling():
            raise
        raise WorkLostError("the work was cancelled, but not because the client hung up") from None
    finally:
        listening.cancel()


async def _cancel_when_hung_up(receive: Receive, working: Task[Any]) -> None:
    with suppress(Exception):  # if nothing can be heard of the client, neither can it hear the answer
        while (await receive())["type"] != "http.disconnect":
            pass
    working.cancel()
