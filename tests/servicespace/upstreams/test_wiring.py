"""Which systems stand behind the schema in which market."""

import dataclasses
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from servicespace.recent import Recent
from servicespace.snapshots import CoverageSnapshots
from servicespace.upstreams.api import APIS, ApiName, SystemName
from servicespace.upstreams.connector import CONNECTORS, Behind
from servicespace.upstreams.markets import Markets
from servicespace.upstreams.settings import MarketName, Secrets, Upstream
from servicespace.upstreams.wiring import Wires, open_markets
from sources.http import Answer, Query
from sources.http.breaker import State
from sources.http.settings import ApiKey
from sources.keys import CustomerCode
from sources.ordering import Market
from sources.scope import ALL, Scope
from tests.fakes.ordering import FakeOrdering
from tests.populace import SOLUTIONS, populated
from tests.ruling import shipped
from tests.sources.methods import METHODS
from tests.world import World

ACME = CustomerCode("acme-global")  # of INTL
BAKER = CustomerCode("baker-retail")  # of FR
NOBODY = CustomerCode("nobody")


@dataclass
class FakeApi:
    """An API that is never asked."""

    system: str
    secrets: Mapping[str, str]
    state: State = State.CLOSED
    is_open: bool = True

    async def get(self, path: str, query: Query = ()) -> Answer:
        raise NotImplementedError


@dataclass
class Bench:
    """A world, and what is wired over it: each connector is what it was made of."""

    world: World
    apis: dict[str, FakeApi] = field(default_factory=dict[str, FakeApi])
    made: list[str] = field(default_factory=list[str])

    @asynccontextmanager
    async def make(self, upstream: Upstream, secrets: Mapping[str, str]) -> AsyncGenerator[FakeApi]:
        self.made.append(upstream.name)
        api = self.apis[upstream.name] = FakeApi(upstream.system, secrets)
        yield api
        api.is_open = False

    async def known(self, customer: str) -> Mapping[str, frozenset[str]]:
        return {"ticketing": frozenset({f"P-{customer}"})}

    @asynccontextmanager
    async def opened(self, *upstreams: Upstream) -> AsyncGenerator[Markets]:
        systems = self.world.systems
        connectors = dict.fromkeys(SystemName, same)
        wires = Wires(systems, Recent(self.known, 1), connectors=connectors, make=self.make)
        async with open_markets(wires, upstreams, Secrets({"KEY": "hush"})) as markets:
            assert markets.embedded is systems
            yield markets


def same(behind: Behind) -> Behind:
    """Connect nothing: give what there is to connect."""
    return behind


def behind(system: object) -> Behind:
    """Give what a system was made of; it is not embedded."""
    assert isinstance(system, Behind)
    return system


def upstream(api: ApiName, market: MarketName = "all", key: str | None = None) -> Upstream:
    made = Upstream(
        system=APIS[api].system, api=api, market=market, url=f"https://{market.lower()}.example/{api.lower()}"
    )
    return made if key is None else replace(made, credentials=ApiKey(variable=key))


@pytest.fixture
async def bench() -> Bench:
    return Bench(await populated())


@pytest.mark.parametrize("market", [*Market, None])
async def test_all_is_embedded_where_nothing_is_said(bench: Bench, market: Market | None) -> None:
    async with bench.opened() as markets:
        assert markets.of(market) is markets.embedded
        assert markets.degraded() == []


async def test_a_system_of_a_market_is_behind_its_apis_there_and_embedded_elsewhere(bench: Bench) -> None:
    upstreams = [upstream(ApiName.TMF678, "FR"), upstream(ApiName.TMF666, "FR")]

    async with bench.opened(*upstreams) as markets:
        french = markets.of(Market.FR)
        made = behind(french.billing)
        embedded = markets.embedded

        assert {name: reached.api for name, reached in made.apis.items()} == {
            ApiName.TMF678: bench.apis["billing TMF678 FR"],
            ApiName.TMF666: bench.apis["billing TMF666 FR"],
        }
        assert made.apis[ApiName.TMF678].upstream is upstreams[0]
        assert made.embedded is embedded
        assert french.ordering is embedded.ordering
        assert french.ticketing is embedded.ticketing
        assert markets.of(Market.INTL) == embedded
        assert markets.of(None) is embedded


async def test_an_api_is_made_once_for_all_its_markets_and_closed_at_the_end(bench: Bench) -> None:
    async with bench.opened(upstream(ApiName.TMF621, key="KEY")) as markets:
        made = [behind(markets.of(each).ticketing) for each in Market]
        (api,) = bench.apis.values()

        assert bench.made == ["ticketing TMF621"]
        assert [each.apis[ApiName.TMF621].api for each in made] == [api, api]
        assert made[0].placement is not made[1].placement
        assert api.secrets == {"KEY": "hush"}
        assert api.is_open

    assert not api.is_open


async def test_what_is_said_of_a_market_comes_before_what_is_said_of_all(bench: Bench) -> None:
    async with bench.opened(upstream(ApiName.TMF621, "FR"), upstream(ApiName.TMF621)) as markets:
        french, other = (behind(markets.of(each).ticketing) for each in (Market.FR, Market.INTL))

        assert french.apis[ApiName.TMF621].api is bench.apis["ticketing TMF621 FR"]
        assert other.apis[ApiName.TMF621].api is bench.apis["ticketing TMF621"]


async def test_a_system_is_told_its_own_parties(bench: Bench) -> None:
    async with bench.opened(upstream(ApiName.TMF621), upstream(ApiName.TMF639)) as markets:
        systems = markets.of(Market.FR)

        assert await behind(systems.ticketing).parties(ACME) == {"P-acme-global"}
        assert await behind(systems.inventory).parties(ACME) == frozenset()


async def test_a_system_is_told_places_by_the_systems_of_its_market(bench: Bench) -> None:
    bench.world.ordering.diary.lines.clear()

    async with bench.opened(upstream(ApiName.TMF621)) as markets:
        placement = behind(markets.of(Market.FR).ticketing).placement
        places = await placement.products(BAKER, list(SOLUTIONS["baker-retail"]))

    assert {each.solution for each in places.values()} == SOLUTIONS["baker-retail"].keys()
    assert bench.world.calls == ["ordering.service_points 2", "ordering.solutions 2"]


async def test_names_the_systems_that_are_in_trouble(bench: Bench) -> None:
    upstreams = [upstream(ApiName.TMF621, "FR"), upstream(ApiName.TMF639), upstream(ApiName.TMF637)]

    async with bench.opened(*upstreams) as markets:
        bench.apis["ticketing TMF621 FR"].state = State.OPEN
        bench.apis["ordering TMF637"].state = State.PAUSED

        assert markets.degraded() == ["ticketing TMF621 FR", "ordering TMF637"]


async def test_every_system_has_a_connector_that_keeps_its_protocol(bench: Bench) -> None:
    async with bench.opened(*map(upstream, ApiName)) as markets:
        made = {each: behind(getattr(markets.of(Market.FR), each)) for each in SystemName}

    connected = {name: CONNECTORS[name](each) for name, each in made.items()}
    for system, name in METHODS:
        assert callable(getattr(connected[SystemName(system)], name))


async def test_coverage_follows_from_the_ordering_of_the_customers_market(bench: Bench) -> None:
    embedded, french = bench.world.systems, FakeOrdering()
    (solution, *_) = (
        each for (code, _), each in bench.world.ordering.solution_shelf.records.items() if code == BAKER
    )
    await french.save_solutions([solution])
    markets = Markets(embedded, {Market.FR: dataclasses.replace(embedded, ordering=french)})
    bench.world.ordering.diary.lines.clear()

    ordered = await markets.solutions_ordered(scope(BAKER), [BAKER])
    elsewhere = await markets.solutions_ordered(scope(ACME), [ACME])
    nowhere = await markets.solutions_ordered(scope(NOBODY), [NOBODY])

    assert ordered == {BAKER: [solution]}
    assert {each.id for each in elsewhere[ACME]} == SOLUTIONS["acme-global"].keys()
    assert nowhere == {}
    assert french.diary.lines == ["ordering.solutions_ordered 1"]
    assert bench.world.ordering.diary.lines == [
        "ordering.customers 1",
        "ordering.customers 1",
        "ordering.solutions_ordered 1",
        "ordering.customers 1",
    ]


async def test_coverage_costs_what_it_did_where_ordering_is_embedded(bench: Bench) -> None:
    embedded = bench.world.systems
    markets = Markets(embedded, {Market.FR: dataclasses.replace(embedded)})
    bench.world.ordering.diary.lines.clear()

    snapshots = CoverageSnapshots(markets, shipped, 1)
    await snapshots.of(BAKER)

    assert snapshots.market(BAKER) is Market.FR
    assert snapshots.market(ACME) is None
    assert bench.world.calls == ["ordering.customers 1", "ordering.solutions_ordered 1"]


def scope(customer: CustomerCode) -> Scope:
    return Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL)
