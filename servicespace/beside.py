"""What goes on beside the requests, for as long as the service runs."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable
from contextlib import asynccontextmanager
from logging import getLogger

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
        for each in tasks:
            each.cancel()
        if tasks:
            await asyncio.wait(tasks)


def _tell(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        work = getattr(task.get_coro(), "__qualname__", "a task")
        _log.error("%s ended, start the service anew", work, exc_info=task.exception())
