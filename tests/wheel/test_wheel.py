"""What one who installs the wheel gets: every file, the locked dependencies alone, commands that work.

Nothing of the checkout is in reach: the wheel is installed into an environment of its own and runs elsewhere.
``make wheel`` runs these tests; ``make test`` leaves them out.
"""

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from tests.test_packages import PACKAGES

ROOT = Path(__file__).parents[2]
UV = os.environ.get("UV", "uv")
READY_WITHIN = 180.0  # seconds, from an empty folder to a loaded demo on a slow machine
STOPPED_WITHIN = 20.0

pytestmark = pytest.mark.wheel


@dataclass(frozen=True, slots=True)
class Installed:
    """The wheel, installed: its command, and an empty home to run it in."""

    command: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV"))}
        return inherited | {"HOME": str(self.home)}

    def run(self, *arguments: str) -> str:
        """Give what the command prints; a failure raises ``CalledProcessError``."""
        done = subprocess.run(
            [self.command, *arguments],
            cwd=self.home,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            timeout=120,
            check=True,
        )
        return done.stdout


@dataclass(frozen=True, slots=True)
class Server:
    """The demo, served by the installed wheel."""

    process: subprocess.Popen[bytes]
    url: str
    data: Path
    log: Path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    home = tmp_path_factory.mktemp("home")
    environment = home / "environment"
    wanted = home / "wanted.txt"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    wanted.write_text(f"servicespace @ {wheel.as_uri()} --hash=sha256:{digest}\n")

    uv("venv", "--python", sys.executable, environment)
    into = ("--python", environment / "bin" / "python")
    uv("pip", "install", *into, "--require-hashes", "-c", ROOT / "requirements.lock", "-r", wanted)
    return Installed(environment / "bin" / "servicespace", home)


@pytest.fixture(scope="module")
def server(installed: Installed) -> Iterator[Server]:
    port, data, log = free_port(), installed.home / "data", installed.home / "demo.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [installed.command, "demo", "--profile", "small", "--port", str(port), "--data", data],
            cwd=installed.home,
            env=installed.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        running = Server(process, f"http://127.0.0.1:{port}", data, log)
        try:
            wait_until_ready(running)
            yield running
        finally:
            process.kill()


def uv(*arguments: str | Path) -> None:
    subprocess.run([UV, *arguments, "--quiet"], check=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if httpx2.get(f"{server.url}/health/ready", timeout=5).is_success:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail(f"the demo is not ready; it said:\n{server.log.read_text()}")


def test_holds_every_file_of_our_packages(wheel: Path) -> None:
    on_disk = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if not name.endswith("/")}

    assert {name for name in inside if ".dist-info/" not in name} == on_disk


def test_explains_each_command(installed: Installed) -> None:
    told = installed.run("--help")

    assert [each for each in ("demo", "serve", "token", "schema", "seed", "import") if each not in told] == []


def test_prints_the_published_schema(installed: Installed) -> None:
    assert installed.run("schema") == (ROOT / "schema.graphql").read_text()


def test_answers_a_query_of_a_demo_user(installed: Installed, server: Server) -> None:
    port = server.url.rpartition(":")[2].rstrip("/")
    token = installed.run("token", "acme-admin", "--data", str(server.data), "--port", port).strip()

    answer = httpx2.post(
        f"{server.url}/graphql",
        json={"query": "{ viewer { __typename } }"},
        headers={"Authorization": f"Bearer {token}"},
    )

    assert answer.status_code == 200
    assert answer.json()["data"] == {"viewer": {"__typename": "Viewer"}}


def test_serves_graphiql_with_all_it_needs(server: Server) -> None:
    page = httpx2.get(server.url, headers={"Accept": "text/html"})
    assets = re.findall(r'(?:src|href)="(/[^"#]+)"', page.text)
    statuses = {each: httpx2.get(httpx2.URL(f"{server.url}/").join(each)).status_code for each in assets}

    assert page.status_code == 200
    assert statuses
    assert set(statuses.values()) == {200}


def test_stops_when_asked_to(server: Server) -> None:
    server.process.send_signal(signal.SIGTERM)

    assert server.process.wait(STOPPED_WITHIN) in (0, -signal.SIGTERM)
