"""``python -m bench.joined``: the dashboard with tickets, bills and components behind HTTP.

Three systems of TM Forum's APIs answer after 50 ms each; Solutions and maintenance are embedded. Writes
``bench/joined.md``.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import httpx2
import typer

from bench.cores import DATABASE_CORE, SERVER_CORE, pinned
from bench.database import postgres
from bench.figures import Figure, measured
from bench.folder import DATA, HERE
from bench.joined_settings import settings_file
from bench.loading import ensure
from bench.machine import load_average, machine
from bench.place import Place
from bench.query import DASHBOARD
from bench.report import figures_table
from bench.settings import settings_of
from bench.shape import Shape, scaled
from bench.tokens import tokens
from servicespace.store import open_store
from servicespace.systems import embedded
from sources.parties.sql import SqlParties
from sources.sql import Database
from tests.tmf.sent import Spoken, party_of, things_of

PAGE: Final = HERE / "joined.md"
LATENCY: Final = 50
"""Milliseconds until a system answers."""
DEADLINE: Final = 1.0
"""Seconds that a call may take, in the runs with a system that hangs."""
SYSTEMS: Final = ("ticketing", "billing", "inventory")
WITHOUT: Final = "\n".join(line for line in DASHBOARD.splitlines() if "components(" not in line)
"""The dashboard without what the hanging system has."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A service, what is behind it, and the tokens of its customers."""

    service: str
    stub: str
    tokens: Sequence[str]

    def time(self, document: str, token: str, *, whole: bool = True) -> float:
        """Ask *document*, and give how many milliseconds it took; *whole* where nothing may be missing."""
        start = time.perf_counter()
        answer = httpx2.post(
            f"{self.service}/graphql",
            json={"query": document},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        took = (time.perf_counter() - start) * 1_000
        if answer.status_code != 200 or ("errors" in answer.json()) is whole:  # noqa: PLR2004 - HTTP's own
            raise SystemExit(f"status {answer.status_code}: {answer.text[:500]}")
        return took

    def times(self, document: str, count: int, *, whole: bool = True) -> list[float]:
        """Ask *document* *count* times, each time for the next customer."""
        return [self.time(document, token, whole=whole) for token in islice(cycle(self.tokens), count)]

    def calls(self) -> int:
        """Give how many calls the systems have had since the last look."""
        return int(httpx2.get(self.stub).text)

    def hang(self, *collections: str) -> None:
        """Have the systems never answer for *collections* from now on."""
        httpx2.post(self.stub, json=collections)


@contextmanager
def _running(command: Sequence[str], core: int | None) -> Generator[subprocess.Popen[bytes]]:
    log = (DATA / "joined.log").open("ab")
    process = subprocess.Popen(  # noqa: S603 - commands of our own
        pinned(command, core), cwd=HERE.parent, stdout=subprocess.PIPE, stderr=log
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)
        log.close()


@contextmanager
def _stub() -> Generator[str]:
    command = [sys.executable, "-m", "bench.stub", str(DATA / "sent.json"), str(LATENCY)]
    with _running(command, DATABASE_CORE) as process:
        assert process.stdout is not None  # noqa: S101 - opened as a pipe
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/"


@contextmanager
def _service(place: Place, stub: str, cache: str, deadline: float, port: int) -> Generator[str]:
    """Serve with the systems of *stub*; *cache* is where their answers are kept."""
    file = settings_file(place, stub, cache, deadline)
    command = [
        str(Path(sys.executable).with_name("servicespace")),
        "serve",
        "--config",
        str(file),
        "--port",
        f"{port}",
    ]
    address = f"http://127.0.0.1:{port}"
    with _running(command, SERVER_CORE) as process:
        until = time.monotonic() + 30
        while True:
            try:
                httpx2.get(f"{address}/health/ready", timeout=5).raise_for_status()
            except httpx2.HTTPError:
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit(f"the service does not start: see {DATA / 'joined.log'}") from None
                time.sleep(0.1)
            else:
                yield address
                return


async def _prepare(host: str, place: Place, shape: Shape) -> list[str]:
    """Load what is missing, say who the customers are elsewhere, and give a token for each."""
    await ensure(host, shape, typer.echo)
    settings = settings_of(place)
    async with open_store(settings.store) as connection:
        things = await things_of(embedded(connection, settings), shape.codes(), Spoken())
        (DATA / "sent.json").write_text(json.dumps(things))
        parties = SqlParties(Database(connection, "parties", 10))
        for code in shape.codes():
            for system in SYSTEMS:
                await parties.set(code, system, [party_of(code)])
    return await tokens(place, shape)


def _fresh(asking: Asking, count: int) -> list[Figure]:
    asking.times(DASHBOARD, len(asking.tokens))
    asking.calls()
    times = asking.times(DASHBOARD, count)
    calls = asking.calls() / count
    return [
        measured("whole answer, nothing kept: every request asks the systems", times, "ms", 130),
        measured("calls to the systems for it", [calls], "", 8),
    ]


def _kept(asking: Asking, count: int) -> list[Figure]:
    asking.times(DASHBOARD, 2 * len(asking.tokens))
    asking.calls()
    times = asking.times(DASHBOARD, count)
    calls = asking.calls() / count
    return [
        measured("whole answer, with the cache as it is by default", times, "ms", 130),
        measured("calls to the systems for it", [calls], "", 8),
    ]


def _hanging(asking: Asking, count: int) -> list[Figure]:
    """Ask for more than the hanging system has, and beside that for what the others have."""
    alone = asking.times(WITHOUT, count)
    asking.hang("resource")
    asking.times(DASHBOARD, 2, whole=False)
    whole = asking.times(DASHBOARD, 10, whole=False)
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(partial(asking.times, DASHBOARD, 20, whole=False))
        siblings = asking.times(WITHOUT, count)
        beside.cancel()
    bound = DEADLINE * 1_000 + 50
    return [
        measured(f"components hang, deadline {DEADLINE:g} s: whole answer", whole, "ms", bound),
        measured("what the others have, asked alone", alone, "ms", None),
        measured("the same, while requests hang", siblings, "ms", None),
    ]


def main(requests: int = 40) -> None:
    """Measure, and write the page; about three minutes."""
    before, shape = load_average(), scaled(0)
    with postgres() as database:
        place = Place(database.host, shape.database)
        known = asyncio.run(_prepare(database.host, place, shape))
        figures: list[Figure] = []
        with _stub() as stub:
            for cache, deadline, measure in (
                ("off", 5.0, _fresh),
                ("process", 5.0, _kept),
                ("off", DEADLINE, _hanging),
            ):
                with _service(place, stub, cache, deadline, 8765) as service:
                    figures += measure(Asking(service, stub, known), requests)
    PAGE.write_text(_page(figures, before))
    typer.echo(PAGE.read_text())


def _page(figures: Sequence[Figure], before: Sequence[float]) -> str:
    on = machine()
    return "\n".join(
        [
            "# The dashboard, joined over HTTP\n",
            "Written by `make bench-joined`. Tickets (TMF621 v4), bills (TMF678 v5) and components (TMF639",
            f"v5) come from systems that answer after {LATENCY} ms; Solutions and maintenance are embedded.",
            "Each request is for the next of 8 customers, each with 50 Solutions, 2,000 tickets, 1,200",
            "invoices and 1,500 components. Medians, and the range in brackets.\n",
            *figures_table(figures),
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {on.processor}, {on.cores} cores; load average",
            f"before {before[0]:.2f}. The service has a core to itself; the systems, the database and who",
            "asks share the other.\n",
        ]
    )


if __name__ == "__main__":
    typer.run(main)
