"""How long an estate behind TM Forum's APIs takes: ``python -m bench.estate``.

A page of a thousand resources (TMF639) and of a thousand changes (TMF655) to what is kept of them; then the
lists and look-ups of a large customer with 12,000 components, all of them kept already: what is left is to
place, to exclude, to filter and to sort. Time of the processor, the best and the middle of many rounds. At
last how long other requests wait at most while such an estate is read that is not kept.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from time import process_time
from typing import Any, Final

from servicespace.memory import settle
from sources.cache import Fetch, Kind, S, Tenant, Uncached
from sources.http import Answer, Query
from sources.inventory import ComponentFilter, ComponentOrder
from sources.inventory.tmf import RESOURCES, TmfInventory
from sources.keys import ComponentId, CustomerCode, ServicePointId, SolutionId
from sources.listing import Listing, Window
from sources.maintenance.tmf import changes
from sources.maintenance.wire import MAINTENANCE
from sources.placement import Place
from sources.scope import ALL, Scope
from sources.tmf.collection import Thing
from sources.tmf.settings import ThingSettings, Version

ROWS: Final = 1_000
COMPONENTS: Final = 12_000
ROUNDS: Final = 20
CUSTOMER: Final = CustomerCode("acme")
WHOLE: Final = Scope(customer=CUSTOMER, solutions=ALL, accounts=ALL, locations=ALL)
FIRST: Final = Listing(
    filter=ComponentFilter(), order=ComponentOrder.NAME_ASC, window=Window(limit=50), counted=True
)
KINDS: Final = ("CE router", "Switch", "Access line", "PE port")


class Kept(Uncached):
    """Everything of the customer, kept."""

    def __init__(self, rows: tuple[Any, ...]) -> None:
        """Keep *rows*."""
        self._rows = rows
        self._by_id = {each.id: (each,) for each in rows}

    async def found(
        self, kind: Kind[S], tenant: Tenant, keys: Collection[str], fetch: Fetch[S]
    ) -> Mapping[str, tuple[S, ...]]:
        """Give what is kept; nothing is ever fetched."""
        del tenant, fetch
        return dict.fromkeys(keys, self._rows) if kind.by == "customer" else self._some(keys)

    def _some(self, keys: Collection[str]) -> Mapping[str, tuple[Any, ...]]:
        return {key: self._by_id[key] for key in keys if key in self._by_id}


class Everywhere:
    """A placement that knows every product."""

    async def products(self, customer: CustomerCode, products: Collection[str]) -> Mapping[str, Place]:
        """Give each product the same Solution."""
        del customer
        return {
            each: Place(service_point=ServicePointId(each), solution=SolutionId("S1")) for each in products
        }

    async def components(
        self, customer: CustomerCode, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, Place]:
        """Know no component."""
        del customer, components
        return {}


class Pages:
    """An API with so many resources, in pages of a thousand."""

    system = "inventory"

    def __init__(self, resources: Sequence[dict[str, Any]]) -> None:
        """Write the pages of *resources* down."""
        self._total = len(resources)
        self._bodies = [
            json.dumps(resources[start : start + ROWS]).encode() for start in range(0, self._total, ROWS)
        ]

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Give a page; there is always something else to be done first."""
        del path
        await asyncio.sleep(0)
        number = int(dict(query)["offset"]) // ROWS
        body = self._bodies[number] if number < len(self._bodies) else b"[]"
        return Answer(status=200, body=body, total=self._total)


class Silent:
    """An API that is never asked."""

    system = "inventory"

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Fail: all that is measured is kept."""
        raise NotImplementedError(path, query)


async def parties(customer: CustomerCode) -> frozenset[str]:
    """Give what the system calls *customer*."""
    del customer
    return frozenset({"9176"})


def main() -> None:
    """Print what each step takes, in milliseconds."""
    settle()
    for version in Version:
        _tell_page(
            RESOURCES, f"{version.value} resources", [_resource(each, version) for each in range(ROWS)]
        )
        _tell_page(
            changes(MAINTENANCE), f"{version.value} changes", [_change(each, version) for each in range(ROWS)]
        )
    resources = [_resource(each, Version.V4) for each in range(COMPONENTS)]
    _tell_turns(resources)
    content = json.dumps(resources).encode()
    rows = tuple(RESOURCES.make(each, CUSTOMER) for each in RESOURCES.read(content).rows)
    inventory = TmfInventory(Silent(), ThingSettings(), parties, Everywhere(), Kept(rows))
    service_points = [ServicePointId(f"P-{number}") for number in range(20)]
    ids = [ComponentId(f"R-{number}") for number in range(50)]
    steps: dict[str, Callable[[], Awaitable[object]]] = {
        "the first 50, counted": partial(inventory.components_by_customer, WHOLE, [CUSTOMER], FIRST),
        "those of 20 service points": partial(
            inventory.components_by_service_point, WHOLE, service_points, FIRST
        ),
        "50 by id": partial(inventory.components, WHOLE, ids),
    }
    print(f"{COMPONENTS} components, kept")  # noqa: T201 - the result
    for name, step in steps.items():
        _tell(name, partial(_awaited, step))


def _tell_page(thing: Thing[Any, Any], name: str, rows: list[dict[str, Any]]) -> None:
    content = json.dumps(rows).encode()
    print(f"{name}: {len(rows)} of {len(content) // len(rows)} bytes")  # noqa: T201 - the result
    _tell("bytes to things", partial(thing.read, content))
    _tell("bytes to what is kept", partial(_made, thing, content))


def _made(thing: Thing[Any, Any], content: bytes) -> list[object]:
    return [thing.make(each, CUSTOMER) for each in thing.read(content).rows]


def _tell_turns(resources: Sequence[dict[str, Any]]) -> None:
    settings = ThingSettings(page_size=ROWS)
    inventory = TmfInventory(Pages(resources), settings, parties, Everywhere())
    longest = [
        asyncio.run(_longest_turn(partial(inventory.components_by_customer, WHOLE, [CUSTOMER], FIRST)))
        for _ in range(5)
    ]
    name = f"others wait while {len(resources)} are read"
    print(f"{name}: best {min(longest):.0f} ms, middle {median(longest):.0f} ms")  # noqa: T201 - the result


async def _longest_turn(step: Callable[[], Awaitable[object]]) -> float:
    """Give how long *step* keeps the loop to itself at most, in milliseconds."""
    reading = asyncio.create_task(_waited(step))
    longest, before = 0.0, process_time()
    while not reading.done():
        await asyncio.sleep(0)
        now = process_time()
        longest, before = max(longest, now - before), now
    return longest * 1_000


def _awaited(step: Callable[[], Awaitable[object]]) -> None:
    asyncio.run(_waited(step))


async def _waited(step: Callable[[], Awaitable[object]]) -> None:
    await step()


def _tell(name: str, step: Callable[[], object]) -> None:
    taken: list[float] = []
    for _ in range(ROUNDS):
        start = process_time()
        step()
        taken.append((process_time() - start) * 1_000)
    print(f"  {name:28} best {min(taken):6.2f} ms, middle {median(taken):6.2f} ms")  # noqa: T201 - the result


def _party(version: Version, role: str) -> dict[str, Any]:
    reference = {
        "id": "9176",
        "href": "https://serverRoot/organization/9176",
        "@referredType": "Organization",
    }
    if version is Version.V4:
        return {**reference, "role": role}
    return {"role": role, "partyOrPartyRole": reference}


def _resource(number: int, version: Version) -> dict[str, Any]:
    """Give a piece of equipment with what real ones have: where it is, what it is reached through."""
    v4 = version is Version.V4
    place = {
        "id": f"L-{number % 200}",
        "href": "https://serverRoot/site/1",
        "@referredType": "GeographicSite",
    }
    values: dict[str, object] = {
        "servicePoint": f"P-{number // 4}",
        "vendor": "Cisco",
        "model": "ISR 1100",
        "ipAddress": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        "bandwidth": {"amount": 100, "units": "Mbps"},
    }
    return {
        "id": f"R-{number}",
        "href": f"https://serverRoot/tmf-api/resourceInventoryManagement/{version.value}/resource/R-{number}",
        "name": f"{KINDS[number % 4]} {number}",
        "category": KINDS[number % 4],
        "serialNumber": f"FOC{number:08d}",
        "administrativeState": "unlocked",
        "operationalState": "enable" if v4 else "enabled",
        "usageState": "active",
        "resourceStatus" if v4 else "allocationStatus": "available" if v4 else "allocated",
        "place": {**place, "role": "installation"} if v4 else [{"role": "installation", "place": place}],
        "resourceRelationship": [
            {"relationshipType": "reliesOn", "resource": {"id": f"R-{number - number % 4}"}}
        ],
        "resourceCharacteristic": [{"name": name, "value": value} for name, value in values.items()],
        "relatedParty": [_party(version, "user")],
        "lastUpdate": datetime(2026, 1, 5, 7, 34, number % 60, tzinfo=UTC).isoformat(),
        "@type": "PhysicalResource",
    }


def _change(number: int, version: Version) -> dict[str, Any]:
    """Give a maintenance of one night that impacts two components."""
    entities = [
        {"id": f"R-{number + each}", "@referredType": "PhysicalResource", "name": f"PE port {number + each}"}
        for each in range(2)
    ]
    return {
        "id": f"CHG-{number:08d}",
        "href": f"https://serverRoot/tmf-api/ChangeManagement/v4/changeRequest/CHG-{number:08d}",
        "description": f"New line cards in the provider edge {number}",
        "requestType": "plannedMaintenance",
        "status": "scheduled",
        "impact": "outage",
        "requestDate": "2026-01-05T07:34:45.968Z",
        "plannedStartTime": "2026-02-05T22:00:00Z",
        "plannedEndTime": "2026-02-06T02:00:00Z",
        "externalReference": [{"id": f"WO-{number}", "externalReferenceType": "workOrder"}],
        "targetEntity": [{"id": "core", "role": "target", "@referredType": "LogicalResource"}],
        "impactEntity": [
            {**each, "role": "impacted"} if version is Version.V4 else {"role": "impacted", "entity": each}
            for each in entities
        ],
        "relatedParty": [_party(version, "customer")],
    }


if __name__ == "__main__":
    main()
