"""The whole application behind a real socket, in a thread of its own."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from servicespace.settings import Settings
from servicespace.wiring import create_app


@contextmanager
def serving(settings: Settings) -> Generator[str]:
    """Serve with *settings* on a free port of this machine; give the address."""
    config = uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < deadline, "the server does not start"
        assert thread.is_alive(), "the server has ended"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)
