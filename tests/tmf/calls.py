"""How the tests call a system of theirs: as the service does."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sources.http import Api
from sources.http.client import HttpApi
from sources.http.settings import ApiSettings


@asynccontextmanager
async def calling(url: str, system: str = "ticketing") -> AsyncGenerator[Api]:
    """Give the API at *url*."""
    async with HttpApi(ApiSettings(system=system, url=url)) as api:
        yield api
