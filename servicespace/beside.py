"""What goes on beside the requests, for as long as the service runs."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable
from contextlib import asynccontextmanager
from logging import getLogger
from typing import Final

_AGAIN: Final = 0.5
"""Seconds until what has not ended is cancelled again.

Python 3.11's ``asyncio.wait_for`` loses a cancel that comes together with what it waits for; a mail that is
being sent waits so for each of the server's replies.
"""

_log = getLogger(__name__)


@asynccontextmanager
async def beside(works: Iterable[Coroutine[object, object, None]]) -> AsyncGenerator[None]:
    """Run *works* beside the block, and end them with it; one that ends by itself is told to the log.

    None of them is meant to: without whoever follows changes, what is kept would grow old unnoticed.
    """
    tasks = [asyncio.create_task(each) for each in works]
    for each in tasks:
        each.add_done_callback(_tell)
    try:
        yield
    finally:
        left = set(tasks)
        while left:
            for each in left:
                each.cancel()
            _, left = await asyncio.wait(left, timeout=_AGAIN)


def _tell(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        work = getattr(task.get_coro(), "__qualname__", "a task")
        _log.error("%s ended, start the service anew", work, exc_info=task.exception())
