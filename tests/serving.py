"""The whole application behind a real socket, in a thread of its own."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from servicespace.identity.sign_in_pages import SignInPages
from servicespace.settings import Settings
from servicespace.wiring import create_app


@contextmanager
def serving(settings: Settings, port: int = 0, pages: SignInPages | None = None) -> Generator[str]:
    """Serve with *settings* on *port* of this machine, a free one if it is 0; give the address."""
    config = uvicorn.Config(create_app(settings, pages), host="127.0.0.1", port=port, log_level="warning")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < deadline, "the server does not start"
        assert thread.is_alive(), "the server has ended"
        time.sleep(0.01)
    at = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{at}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)
