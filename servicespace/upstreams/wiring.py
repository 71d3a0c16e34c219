"""Which systems stand behind the schema in each market, made of what the settings say."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol, TypeAlias

from loaders.operation import Systems
from servicespace.recent import Recent
from servicespace.upstreams.api import ApiName, SystemName
from servicespace.upstreams.connector import CONNECTORS, Behind, Connector, Reached
from servicespace.upstreams.markets import Markets
from servicespace.upstreams.placement import SystemsPlacement
from servicespace.upstreams.settings import Secrets, Upstream, in_market
from sources.cache import Cache, Uncached
from sources.http import Api
from sources.http.breaker import State
from sources.http.client import HttpApi
from sources.keys import CustomerCode
from sources.ordering import Market

Known: TypeAlias = Recent[str, Mapping[str, frozenset[str]]]
"""The parties that each customer is, by system."""


class WatchedApi(Api, Protocol):
    """An API that tells how it is."""

    @property
    def state(self) -> State:
        """Whether calls go out."""
        ...


MakeApi: TypeAlias = Callable[[Upstream, Mapping[str, str]], AbstractAsyncContextManager[WatchedApi]]
"""Makes an API of what the settings say of it, and of its secrets."""

Reachable: TypeAlias = Sequence[tuple[Upstream, WatchedApi]]
"""What the settings say, and the API made of it."""


@dataclass(frozen=True, slots=True)
class Wires:
    """What systems that are not embedded are wired with; *parties* say who a customer is there."""

    embedded: Systems
    parties: Known
    cache: Cache = field(default_factory=Uncached)
    connectors: Mapping[SystemName, Connector] = field(default_factory=lambda: CONNECTORS)
    make: MakeApi = HttpApi


@asynccontextmanager
async def open_markets(
    wires: Wires, upstreams: Sequence[Upstream], secrets: Secrets
) -> AsyncGenerator[Markets]:
    """Make the systems of each market, and let go of their connections at the end.

    An API is made once, whatever the number of markets that it serves.
    """
    async with AsyncExitStack() as stack:
        apis = [
            (each, await stack.enter_async_context(wires.make(each, secrets.of(each)))) for each in upstreams
        ]
        of_market = {market: _systems(wires, apis, market) for market in Market} if apis else {}
        yield Markets(wires.embedded, of_market, partial(_degraded, apis))


def _systems(wires: Wires, apis: Reachable, market: Market) -> Systems:
    made: list[Systems] = []
    placement = SystemsPlacement(partial(made.__getitem__, 0))
    behind = {each: _reached(apis, each, market) for each in SystemName}
    connected: dict[str, Any] = {
        system.value: wires.connectors[system](
            Behind(reached, partial(_parties, wires.parties, system), placement, wires.cache, wires.embedded)
        )
        for system, reached in behind.items()
        if reached
    }
    made.append(replace(wires.embedded, **connected))
    return made[0]


def _reached(apis: Reachable, system: SystemName, market: Market) -> Mapping[ApiName, Reached]:
    """Give what *system* is behind for *market*."""
    chosen = in_market([upstream for upstream, _ in apis], system, market.value)
    return {
        upstream.api: Reached(api, upstream) for upstream, api in apis if chosen.get(upstream.api) is upstream
    }


async def _parties(known: Known, system: SystemName, customer: CustomerCode) -> frozenset[str]:
    return (await known.of(customer)).get(system.value, frozenset())


def _degraded(apis: Reachable) -> Sequence[str]:
    """Name the upstreams that are not asked as they were: their systems are in trouble."""
    return [upstream.name for upstream, api in apis if api.state is not State.CLOSED]
