"""The examples run, each as a user would run it, against a served instance with a demo customer."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from servicespace.commands.token import token_of
from servicespace.demo.customers import COBALT
from servicespace.demo.load import load
from servicespace.demo.plan import SEED, Plan
from servicespace.demo.profiles import PROFILES
from servicespace.settings import DATABASE_FILE, Settings, in_folder
from servicespace.store import open_store
from tests.node import NODE
from tests.serving import serving

EXAMPLES: Final = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def served(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Give the address and a token of cobalt, whose Solution covers bills and reading incidents only."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(migrated, folder / DATABASE_FILE)
    settings = in_folder(folder)
    token = asyncio.run(_cobalt(settings))
    with serving(settings) as address:
        yield [address, token]


async def _cobalt(settings: Settings) -> str:
    await load(settings.store, Plan(COBALT, PROFILES["tiny"], SEED, date(2026, 11, 23)), _silent)
    async with open_store(settings.store) as connection:
        token = await token_of(connection, settings, "cobalt-admin", timedelta(hours=1))
    assert token is not None
    return token


def _silent(_what: str, _rows: int) -> None:
    """Tell nobody how far the load is."""


def run(*command: str) -> str:
    """Give what a command prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_one_query_shows_what_is_hidden_as_a_sentence(served: list[str]) -> None:

    printed = run(NODE, str(EXAMPLES / "one_query.mjs"), *served)

    assert printed.startswith("Cobalt Mobile (MOBILE)\n")
    assert "  Components: not part of this Solution (PORTAL_OPTION)\n" in printed
    assert "  Maintenance: not part of this Solution (NOT_OFFERED)\n" in printed
    assert "  Bills: " in printed


def test_the_dashboard_says_why_something_is_not_covered(served: list[str]) -> None:
    printed = run(sys.executable, str(EXAMPLES / "coverage_dashboard.py"), *served)

    assert printed.startswith("Cobalt, LITE\n")
    assert "ALL   BILLING " in printed
    assert "NONE  INVENTORY " in printed
    assert "→ a bigger portal option" in printed


def test_the_partner_asks_for_no_more_than_is_covered(served: list[str]) -> None:
    printed = run(sys.executable, str(EXAMPLES / "partner.py"), *served)

    assert "characters, 0 when asked again" in printed
    assert "Ticket.reference: ALL (needs INCIDENTS)" in printed
    assert "Component.name: NONE (needs INVENTORY)" in printed
    assert '"username": "cobalt-admin"' in printed
    assert "refused: Cannot query field 'components' on type 'Query'." in printed


@pytest.mark.parametrize("name", ["coverage_dashboard.py", "partner.py"])
def test_an_example_without_arguments_says_how_it_is_run(name: str) -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name)], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 1
    assert f"python examples/{name} http://127.0.0.1:8000 TOKEN" in done.stderr
