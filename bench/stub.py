"""Systems behind the service, each answer after a while: ``python -m bench.stub FILE MILLISECONDS``.

FILE has the things of all collections. What is asked is heeded; the bodies are made before and kept, so that
the time of an answer is the latency and little else.
"""

import asyncio
import json
import socket
import sys
from pathlib import Path
from typing import Final

from aiohttp import web

from tests.tmf.server import Habits, TmfServer

_PAGE: Final = 5_000


class Stub:
    """A ``TmfServer`` with a latency, that counts and may hang."""

    def __init__(self, server: TmfServer, seconds: float) -> None:
        """Answer as *server* does, *seconds* later."""
        self._server = server
        self._seconds = seconds
        self._known: dict[str, web.Response] = {}
        self._calls = 0
        self._hanging: frozenset[str] = frozenset()

    async def collection(self, request: web.Request) -> web.Response:
        """Give a page of a collection."""
        self._calls += 1
        if request.match_info["collection"] in self._hanging:
            await asyncio.get_running_loop().create_future()
        await asyncio.sleep(self._seconds)
        known = self._known.get(request.path_qs)
        if known is None:
            known = self._known[request.path_qs] = await self._server.collection(request)
        assert isinstance(known.body, bytes)  # noqa: S101 - made of a text
        total = {"X-Total-Count": known.headers["X-Total-Count"]}
        return web.Response(body=known.body, content_type="application/json", headers=total)

    async def calls(self, _: web.Request) -> web.Response:
        """Give how many calls there were since the last look."""
        calls, self._calls = self._calls, 0
        return web.json_response(calls)

    async def hang(self, request: web.Request) -> web.Response:
        """Never answer for the collections named in the body from now on."""
        self._hanging = frozenset(await request.json())
        return web.json_response(sorted(self._hanging))


async def main(stub: Stub) -> None:
    """Serve on a free port of the loopback, which is printed first, until the process ends."""
    application = web.Application()
    application.router.add_get("/", stub.calls)
    application.router.add_post("/", stub.hang)
    application.router.add_get("/{collection}", stub.collection)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await web.SockSite(runner, listening).start()
        print(listening.getsockname()[1], flush=True)  # noqa: T201 - the benchmark reads it
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    things = json.loads(Path(sys.argv[1]).read_text())
    asyncio.run(main(Stub(TmfServer(Habits(cap=_PAGE), things), float(sys.argv[2]) / 1_000)))
