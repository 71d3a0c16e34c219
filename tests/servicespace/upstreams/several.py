"""A deployment of several systems over real HTTP, any of which can be told to fail.

Solutions and maintenance are embedded; tickets come over TMF621 version 4, bills over TMF678 and TMF666 and
components over TMF639, both version 5. All of it is the small world of ``tests.populace``.
"""

import asyncio
import dataclasses
import time
from asyncio import StreamWriter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, cast

import httpx2
from msgspec.structs import replace

from auth.key_store import KeyStore
from auth.right import Role, everywhere
from auth.store import UserProfile, UserStore
from auth.viewer import CustomerCode as AuthCustomer
from servicespace.settings import Settings
from servicespace.store import open_store
from servicespace.systems import embedded
from servicespace.upstreams.api import APIS, ApiName
from servicespace.upstreams.settings import Secrets, Upstream
from sources.cache.settings import CacheSettings
from sources.http.settings import BreakerSettings
from sources.keys import CustomerCode
from sources.maintenance.sql import SqlMaintenance
from sources.ordering.sql import SqlOrdering
from sources.parties.sql import SqlParties
from sources.sql import Database
from sources.tmf.settings import ThingSettings, Version
from tests.populace import CUSTOMERS, populated
from tests.servicespace.conftest import token
from tests.serving import serving
from tests.sources.http.faulty import Behaviour, Faulty, Seen, answer
from tests.tmf.bills import bill, billing_account, rate
from tests.tmf.resources import resource_json
from tests.tmf.server import Habits, Json, TmfServer
from tests.tmf.tickets import ticket_json
from tests.world import World

SECONDS: Final = 0.4
"""The deadline of a call."""

QUERY: Final = """{
  solutions(first: 10) {
    nodes {
      id
      name
      tickets(first: 5) { totalCount nodes { title priority } }
      invoices(first: 5) { nodes { number issuedOn } }
      components(first: 5) { totalCount nodes { name kind } }
      maintenance(first: 5) { nodes { reference } }
    }
  }
}"""

APIS_OF: Final = {
    ApiName.TMF621: Version.V4,
    ApiName.TMF678: Version.V5,
    ApiName.TMF666: Version.V5,
    ApiName.TMF639: Version.V5,
}

COLLECTIONS: Final = {
    "ticketing": ("troubleTicket",),
    "billing": ("customerBill", "appliedCustomerBillingRate", "billingAccount"),
    "inventory": ("resource",),
}
"""What each system has."""

FIELDS: Final = {"ticketing": "tickets", "billing": "invoices", "inventory": "components"}
"""The field of a Solution that each system fills."""


def party(customer: str) -> str:
    """Give what the systems call *customer*."""
    return f"party-of-{customer}"


@dataclass(frozen=True)
class Told:
    """An answer: what it says, its text, and how many seconds it took."""

    status: int
    said: Any
    text: str
    seconds: float

    def without(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """Give the Solutions without the field *name*."""
        nodes = self.said["data"]["solutions"]["nodes"]
        return [{key: value for key, value in each.items() if key != name} for each in nodes]

    def values(self, name: str) -> list[Any]:
        """Give the field *name* of each Solution."""
        return [each[name] for each in self.said["data"]["solutions"]["nodes"]]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The errors."""
        return cast("list[dict[str, Any]]", self.said.get("errors", []))


@dataclass
class Several:
    """The systems at one address, the settings of the application before them, and who may ask."""

    settings: Settings
    tokens: Mapping[str, str]
    world: World
    system: Faulty
    sound: TmfServer
    address: str = ""
    upstreams: list[Upstream] = field(default_factory=list[Upstream])

    def mend(self) -> None:
        """Have all systems do as they are agreed, and forget what they were asked."""
        for every in COLLECTIONS.values():
            for each in every:
                self.system.on(f"/{each}", serve(self.sound, each))
        self.system.seen.clear()

    def fail(self, system: str, *behaviours: Behaviour) -> None:
        """Have *system* do as told, whatever it is asked for."""
        self.mend()
        for each in COLLECTIONS[system]:
            self.system.on(f"/{each}", *behaviours)

    def asked(self, system: str) -> int:
        """Give how often *system* was asked."""
        return sum(len(self.system.asked(f"/{each}")) for each in COLLECTIONS[system])

    def ask(self, query: str = QUERY, customer: str = "acme-global") -> Told:
        """Ask as the User of *customer*."""
        headers = {"Authorization": f"Bearer {self.tokens[customer]}"}
        began = time.perf_counter()
        with httpx2.Client(base_url=self.address, headers=headers, timeout=30) as client:
            response = client.post("/graphql", json={"query": query})
        seconds = time.perf_counter() - began
        return Told(response.status_code, response.json(), response.text, seconds)

    def health(self) -> Any:  # noqa: ANN401 - JSON
        """Give what ``/health/ready`` says; it is ready."""
        with httpx2.Client(base_url=self.address) as client:
            response = client.get("/health/ready")
        assert response.status_code == 200
        return response.json()

    @contextmanager
    def served(self, executor: str = "engine", **changes: Any) -> Generator["Several"]:  # noqa: ANN401 - any field
        """Serve, with *changes* to each upstream."""
        upstreams = [replace(each, **changes) for each in self.upstreams]
        settings = replace(
            self.settings,
            executor=executor,
            upstream=upstreams,
            cache=CacheSettings(place="off"),
            secrets=Secrets({"SECRET": "hush"}),
        )
        with serving(settings) as address:
            yield dataclasses.replace(self, address=address)


def serve(server: TmfServer, collection: str) -> Behaviour:
    """Do as *server* does with *collection*."""
    return partial(_serve, server, collection)


async def _serve(server: TmfServer, collection: str, seen: Seen, writer: StreamWriter) -> None:
    rows, headers = server.page(collection, dict(seen.query))
    await answer(rows, headers=headers)(seen, writer)


@contextmanager
def several(empty_store: Settings) -> Generator[Several]:
    """Give the deployment over a store that is empty, not yet serving."""
    world = asyncio.run(populated())
    tokens = asyncio.run(_store(world, empty_store))
    sound = TmfServer(Habits(), _sent(world))
    with Faulty() as system:
        found = Several(empty_store, tokens, world, system, sound)
        found.upstreams = [_upstream(api, version, system.url) for api, version in APIS_OF.items()]
        found.mend()
        yield found


def _upstream(api: ApiName, version: Version, url: str) -> Upstream:
    return Upstream(
        system=APIS[api].system,
        api=api,
        url=url,
        seconds=SECONDS,
        most_bytes=100_000,
        things=ThingSettings(version=version, most_rows=1_000),
        breaker=BreakerSettings(calls=10_000),
    )


async def _store(world: World, settings: Settings) -> dict[str, str]:
    """Store what is embedded of *world*, who its customers are elsewhere, and give their Users' tokens."""
    tokens: dict[str, str] = {}
    async with open_store(settings.store) as connection:
        systems = embedded(connection, settings)
        ordering, maintenance = systems.ordering, systems.maintenance
        assert isinstance(ordering, SqlOrdering)
        assert isinstance(maintenance, SqlMaintenance)
        await ordering.save_customers(world.ordering.customer_shelf.records.values())
        await ordering.save_locations(world.ordering.location_shelf.records.values())
        await ordering.save_solutions(world.ordering.solution_shelf.records.values())
        await ordering.save_service_points(world.ordering.service_point_shelf.records.values())
        await maintenance.save_events(world.maintenance.event_shelf.records.values())
        await maintenance.save_impacts(world.maintenance.impact_shelf.records.values())
        for code in CUSTOMERS:
            for system in COLLECTIONS:
                await SqlParties(Database(connection, "parties", 10)).set(
                    CustomerCode(code), system, [party(code)]
                )
            await UserStore(connection).save(
                UserProfile(
                    username=code,
                    customer=AuthCustomer(code),
                    email=f"{code}@example.com",
                    rights=everywhere(Role.MANAGER, administrator=True),
                )
            )
            tokens[code] = await token(KeyStore(connection), settings, code)
    return tokens


def _sent(world: World) -> dict[str, Sequence[Json]]:
    """Give what the systems have, of all customers."""
    billing, five = world.billing, Version.V5
    lines = billing.line_shelf.records.values()
    return {
        "troubleTicket": [
            ticket_json(each, (), Version.V4, party(each.customer))
            for each in world.ticketing.ticket_shelf.records.values()
        ],
        "customerBill": [
            bill(each, five, party(each.customer)) for each in billing.document_shelf.records.values()
        ],
        "appliedCustomerBillingRate": [
            *(rate(each, each.service_point, five) for each in lines),
            *(
                rate(replace(next(iter(lines)), id=f"{each.id}-r", document=each.id), each.solutions[0], five)
                for each in billing.document_shelf.records.values()
            ),
        ],
        "billingAccount": [
            billing_account(each, five, party(each.customer))
            for each in billing.account_shelf.records.values()
        ],
        "resource": [
            resource_json(each, five, each.service_point, party(each.customer))
            for each in world.inventory.component_shelf.records.values()
        ],
    }
