"""The plainest ``Api``: real HTTP without any of what makes a system's failures bearable."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession
from yarl import URL

from sources.errors import SourceRefusedError, SourceUnavailableError
from sources.http import Answer, Api, Query


@dataclass
class PlainApi:
    """An API at *url*, which ends with a slash."""

    system: str
    url: str
    session: ClientSession

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Read *path* below the URL."""
        whole = URL(self.url + path, encoded=True).with_query(list(query))
        async with self.session.get(whole, allow_redirects=False) as response:
            body = await response.read()
            if response.status == 404:
                return Answer(status=404)
            if response.status >= 500:
                raise SourceUnavailableError(self.system, str(response.status))
            if response.status >= 300:
                raise SourceRefusedError(self.system, str(response.status))
            said = response.headers.get("X-Total-Count", "")
            return Answer(status=response.status, body=body, total=int(said) if said.isdigit() else None)


@asynccontextmanager
async def calling(url: str, system: str = "ticketing") -> AsyncGenerator[Api]:
    """Give the API at *url*."""
    async with ClientSession() as session:
        yield PlainApi(system, url, session)
