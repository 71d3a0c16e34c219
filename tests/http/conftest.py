"""The application of these tests, and a client of it."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.http.served import FakeApplication


@pytest.fixture
def application() -> FakeApplication:
    return FakeApplication()


@pytest.fixture
async def client(application: FakeApplication) -> AsyncIterator[httpx2.AsyncClient]:
    async with application.client() as client:
        yield client
