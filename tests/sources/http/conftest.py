"""A faulty system, and APIs that call it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from typing import Any, Protocol

import pytest
from msgspec.structs import replace

from sources.http.client import HttpApi
from sources.http.settings import ApiSettings
from tests.sources.http.faulty import Faulty


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Calling(Protocol):
    """Opens an API with settings that differ from the usual ones, until the end of the test."""

    def __call__(
        self,
        secrets: Mapping[str, str] = ...,
        clock: Callable[[], float] | None = ...,
        **changes: Any,  # noqa: ANN401 - any setting
    ) -> Awaitable[HttpApi]: ...


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def system() -> Iterator[Faulty]:
    """Give a system that fails as it is told to."""
    with Faulty() as found:
        yield found


class Opener:
    """Opens APIs of one system."""

    def __init__(self, system: Faulty, clock: Callable[[], float], stack: AsyncExitStack) -> None:
        self._url = system.url
        self._clock = clock
        self._stack = stack

    async def __call__(
        self,
        secrets: Mapping[str, str] = {},
        clock: Callable[[], float] | None = None,
        **changes: Any,  # noqa: ANN401 - any setting
    ) -> HttpApi:
        settings = replace(ApiSettings(system="ticketing", url=self._url, retries=0), **changes)
        return await self._stack.enter_async_context(HttpApi(settings, secrets, clock or self._clock))


@pytest.fixture
async def calling(system: Faulty, clock: Clock) -> AsyncGenerator[Calling]:
    """Give what opens APIs of the system, without retries unless asked for, on a clock that stands still."""
    async with AsyncExitStack() as stack:
        yield Opener(system, clock, stack)
