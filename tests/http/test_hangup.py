"""A client that hangs up: spoken to the application as a server would, message by message."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message, Scope

from servicespace.hangup import WorkLostError, unless_hung_up
from tests.http.served import TOKEN, FakeApplication

SCOPE: Scope = {
    "type": "http",
    "method": "POST",
    "path": "/graphql",
    "raw_path": b"/graphql",
    "root_path": "",
    "scheme": "http",
    "query_string": b"",
    "headers": [
        (b"authorization", f"Bearer {TOKEN}".encode()),
        (b"content-type", b"application/json"),
        (b"content-length", b"many"),
    ],
}


class Connection:
    """What the client sends, and what it got."""

    def __init__(self) -> None:
        self.coming: asyncio.Queue[Message] = asyncio.Queue()
        self.got: list[Message] = []

    async def send(self, message: Message) -> None:
        self.got.append(message)

    def body(self, content: bytes, *, more: bool = False) -> None:
        self.coming.put_nowait({"type": "http.request", "body": content, "more_body": more})

    def hang_up(self) -> None:
        self.coming.put_nowait({"type": "http.disconnect"})


async def test_stops_the_work_of_a_client_that_hangs_up() -> None:
    application, connection = FakeApplication(), Connection()
    connection.body(b'{"query": "{ endless }"}')
    serving = asyncio.create_task(application.http()(dict(SCOPE), connection.coming.get, connection.send))
    await application.asked.wait()
    context = application.contexts[0]
    await context.started.wait()

    connection.hang_up()
    await asyncio.wait_for(serving, 5)

    assert context.stopped.is_set()
    assert connection.got == []


async def test_does_nothing_for_a_client_that_hangs_up_before_it_has_asked() -> None:
    application, connection = FakeApplication(), Connection()
    connection.body(b'{"query": ', more=True)
    connection.hang_up()

    await application.http()(dict(SCOPE), connection.coming.get, connection.send)

    assert (application.contexts, connection.got) == ([], [])


async def test_stops_the_work_when_the_server_stops() -> None:
    application, connection = FakeApplication(), Connection()
    connection.body(b'{"query": "{ endless }"}')
    serving = asyncio.create_task(application.http()(dict(SCOPE), connection.coming.get, connection.send))
    await application.asked.wait()
    await application.contexts[0].started.wait()

    serving.cancel()

    with pytest.raises(asyncio.CancelledError):
        await serving
    assert application.contexts[0].stopped.is_set()


async def give(value: int) -> int:
    return value


async def fail() -> int:
    raise LookupError


async def lose() -> int:
    raise asyncio.CancelledError


async def never() -> Message:
    await asyncio.Event().wait()
    return {}


async def hung_up() -> Message:
    return {"type": "http.disconnect"}


async def broken() -> Message:
    raise ConnectionResetError


async def endless() -> int:
    await asyncio.Event().wait()
    return 0


@pytest.mark.parametrize("receive", [hung_up, broken])
async def test_cancels_the_work_alone(receive: Callable[[], Coroutine[None, None, Message]]) -> None:
    with pytest.raises(ClientDisconnect):
        await unless_hung_up(receive, endless())

    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_gives_what_the_work_gives() -> None:
    assert await unless_hung_up(never, give(7)) == 7


async def test_gives_the_result_of_work_that_was_done_as_the_client_hung_up() -> None:
    assert await unless_hung_up(hung_up, give(7)) == 7


@pytest.mark.parametrize(("work", "error"), [(fail, LookupError), (lose, WorkLostError)])
async def test_raises_what_the_work_raises(
    work: Callable[[], Coroutine[None, None, int]], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await unless_hung_up(never, work())


async def test_raises_where_the_client_hangs_up_first() -> None:
    with pytest.raises(ClientDisconnect):
        await unless_hung_up(hung_up, asyncio.sleep(10, 1))
