"""The public audits of GraphQL over HTTP (npm ``graphql-http``), against the real application."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
import uvicorn

from servicespace.settings import Settings
from servicespace.wiring import create_app
from tests.http.auditing import AUDITS, run_audits
from tests.servicespace.conftest import fill


@pytest.fixture
async def tokens(empty_store: Settings) -> dict[str, str]:
    """Store customers and Users, and give the Users' tokens."""
    return await fill(empty_store)


@pytest.fixture
def url(empty_store: Settings) -> Iterator[str]:
    """Serve the application on a free port for as long as the test lasts."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(empty_store), log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        deadline = monotonic() + 10
        while not server.started and monotonic() < deadline:
            sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/graphql"
        server.should_exit = True
        thread.join(10)


def test_passes_every_audit(tokens: dict[str, str], url: str, tmp_path: Path) -> None:
    results = run_audits(tmp_path, url, tokens["acme"])

    failed = [f"{each['id']} {each['name']}: {each['reason']}" for each in results if each["status"] != "ok"]
    assert failed == []
    assert len(results) == 61


def test_locks_the_audits_without_an_address_to_download_from() -> None:
    lock = (AUDITS / "package-lock.json").read_text()

    assert '"integrity"' in lock
    assert "://" not in lock
