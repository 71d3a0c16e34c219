"""Strict clients of others complete every flow against a served instance."""

import json
import shutil
import socket
import subprocess
from collections.abc import Generator
from pathlib import Path
from time import time
from typing import Any, Final

import pytest

from servicespace.ide import CLIENT
from servicespace.settings import Settings, at_port
from tests.node import NODE, installed
from tests.servicespace.conftest import fill
from tests.servicespace.provider.browser import CALLBACK, Pages
from tests.servicespace.provider.conftest import register
from tests.serving import serving

HERE: Final = Path(__file__).parent
SCRIPT: Final = HERE.parents[1] / "servicespace" / "graphiql" / "sign-in.js"


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the scripts, and the packages they need, installed from the lock."""
    folder = tmp_path_factory.mktemp("clients")
    for each in ("package.json", "package-lock.json", *(each.name for each in HERE.glob("*.mjs"))):
        shutil.copy(HERE / each, folder)
    installed(folder)
    return folder


@pytest.fixture
async def given(empty_store: Settings) -> tuple[Settings, dict[str, Any]]:
    """Give the settings of a service with Users and clients, and what the scripts are told of it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        settings = at_port(empty_store, probe.getsockname()[1])
    await fill(settings)
    secrets = await register(settings)
    told = {
        "issuer": settings.token.issuer,
        "page": "page",
        "robot": "robot",
        "secret": secrets["robot"],
        "callback": CALLBACK,
        "bye": "https://app.example/bye",
        "who": "acme",
        "graphiql": CLIENT,
        "script": str(SCRIPT),
    }
    return settings, told


@pytest.fixture
def served(given: tuple[Settings, dict[str, Any]]) -> Generator[dict[str, Any]]:
    """Serve it, and give what the scripts are told."""
    settings, told = given
    with serving(settings, settings.http.port, Pages(at=int(time()) - 60)):
        yield told


def run(packages: Path, script: str, told: dict[str, Any]) -> dict[str, Any]:
    """Run a script to its end, and give what it did."""
    done = subprocess.run(
        [NODE, script, json.dumps(told)],
        cwd=packages,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_oauth4webapi_completes_every_flow(packages: Path, served: dict[str, Any]) -> None:
    assert run(packages, "oauth4webapi.mjs", served) == {
        "metadata": served["issuer"],
        "code": "acme",
        "userinfo": "acme@example.com",
        "accessToken": "openid email offline_access portal",
        "refresh": True,
        "revocation": True,
        "afterRevocation": "invalid_grant",
        "clientCredentials": "billing:readonly",
        "introspection": [True, "robot", "acme"],
    }


def test_openid_client_completes_every_flow(packages: Path, served: dict[str, Any]) -> None:
    assert run(packages, "openid-client.mjs", served) == {
        "code": "acme",
        "userinfo": "acme",
        "refresh": True,
        "logout": "https://app.example/bye?state=bye",
        "afterLogout": "invalid_grant",
        "clientCredentials": "billing",
        "introspection": True,
        "afterRevocation": False,
    }


def test_graphiqls_button_signs_in_refreshes_and_signs_out(packages: Path, served: dict[str, Any]) -> None:
    assert run(packages, "graphiql.mjs", served) == {
        "before": "UNAUTHENTICATED",
        "forged": ["", False],
        "who": "Signed in as acme",
        "after": "acme",
        "outage": ["acme", True, "acme", True],
        "refreshed": ["acme", "acme"],
        "left": [f"{served['issuer']}/", False],
    }
