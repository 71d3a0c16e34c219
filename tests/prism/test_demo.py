"""The demo over Prism, started as ``make demo-tmf`` starts it."""

import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import httpx2

from tests.shared import require_shared_data

ROOT: Final = Path(__file__).parents[2]
SECONDS: Final = 150
"""How long the load and four Prisms may take on a busy machine."""


def readme_query() -> str:
    """Give the first query of the README."""
    found = re.search(r"```graphql\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found is not None
    return found.group(1)


def answer(address: str, log: Path, process: subprocess.Popen[bytes]) -> Any:  # noqa: ANN401 - JSON
    """Give what the README's query answers to the first User, as soon as the service is there."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        token = re.search(r"token\s+(\S{100,})", log.read_text())
        try:
            if token is not None:
                headers = {"Authorization": f"Bearer {token.group(1)}"}
                query = {"query": readme_query()}
                return httpx2.post(f"{address}/graphql", json=query, headers=headers, timeout=60).json()
        except httpx2.ConnectError:
            pass
        time.sleep(0.2)
    raise AssertionError(log.read_text()[-2_000:])


def test_answers_the_readmes_query_and_ends_what_it_started(program: Path, tmp_path: Path) -> None:
    require_shared_data()
    (tmp_path / "prism").symlink_to(program.parents[4])
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = tmp_path / "log"
    command = [sys.executable, "-m", "tests.prism.demo", "--port", str(port), "--data", str(tmp_path)]
    with log.open("w") as told:
        process = subprocess.Popen(command, cwd=ROOT, stdout=told, stderr=told)
        try:
            found = answer(f"http://127.0.0.1:{port}", log, process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)

    assert "errors" not in found, found
    (solution,) = found["data"]["solutions"]["nodes"]
    for each in ("invoices", "tickets", "components", "maintenance"):
        assert solution[each]["nodes"], each
    for address in re.findall(
        r'url = "http://127.0.0.1:(\d+)"', (tmp_path / "servicespace.toml").read_text()
    ):
        with socket.socket() as gone:
            assert gone.connect_ex(("127.0.0.1", int(address))) != 0
