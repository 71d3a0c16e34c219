"""Serves one of the servers in Python until it is stopped: ``python -m bench.served NAME HOST DATABASE``.

NAME is a module of this package with a ``create_app``; nothing of the others is imported.
"""

import importlib
import socket
import sys

import uvicorn

from bench.place import Place
from servicespace.memory import settle


def main(name: str, host: str, database: str) -> None:
    """Serve on a free port of the loopback, which is printed first."""
    app = importlib.import_module(f"bench.{name}").create_app(Place(host, database))
    settle()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)  # noqa: T201 - the benchmark reads it
        config = uvicorn.Config(
            app, loop="uvloop", http="httptools", log_level="warning", server_header=False
        )
        uvicorn.Server(config).run([listening])


if __name__ == "__main__":
    main(*sys.argv[1:])
