"""The schemas of the demo's customers, recorded: what `/schema.graphql` and introspection tell each.

``make bless`` writes them anew; read the diff as what a customer gains or loses.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from graphql import GraphQLSchema, build_client_schema, build_schema, get_introspection_query

from schema.build import sdl
from servicespace.app import create_http
from servicespace.demo.customers import ACME, BAKER, COBALT
from servicespace.demo.ordering import order
from servicespace.demo.plan import SEED, Plan
from servicespace.demo.profiles import PROFILES
from servicespace.graphql import GraphQLEndpoint, Served
from servicespace.health import Health
from servicespace.request_id import RequestId
from tests.schema.coordinates import own_types
from tests.world import PERSONAS, VIEWS, World

FOLDER: Final = Path(__file__).parent / "published"
RECORDED: Final = ["acme-admin", "baker-admin", "cobalt-admin", "nobody-admin"]


async def demo() -> World:
    """Give a world in which the demo's customers ordered what they order there."""
    world = World()
    profiles = {ACME: PROFILES["medium"], BAKER: PROFILES["small"], COBALT: PROFILES["tiny"]}
    for customer, profile in profiles.items():
        estate = order(Plan(customer, profile, SEED, date(2026, 11, 23)))
        await world.ordering.save_customers([estate.customer])
        await world.ordering.save_solutions(estate.solutions)
    return world


def coordinates(types: GraphQLSchema) -> Iterator[str]:
    """Give everything that a schema has a name for."""
    for kind in own_types(types):
        yield kind.name
        for name in getattr(kind, "values", {}):
            yield f"{kind.name}.{name}"
        for name, each in getattr(kind, "fields", {}).items():
            yield f"{kind.name}.{name}: {each.type}"
            yield from (
                f"{kind.name}.{name}({at}: {of.type})" for at, of in getattr(each, "args", {}).items()
            )


async def ready() -> Health:
    return Health({})


async def fetched(world: World, persona: str, **headers: str) -> httpx2.Response:
    """Give the answer of ``/schema.graphql`` to *persona*."""
    served = Served(world.executor, world.authenticate, world.make_context)
    app = create_http(graphql=GraphQLEndpoint(served), sdl=sdl(), own=world.schema, readiness=ready)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client:
        return await client.get("/schema.graphql", headers={"Authorization": f"Bearer {persona}", **headers})


@pytest.mark.parametrize("persona", RECORDED)
async def test_a_persona_fetches_the_schema_that_is_recorded(
    persona: str, request: pytest.FixtureRequest
) -> None:
    file = FOLDER / f"{persona}.graphql"

    response = await fetched(await demo(), persona)

    if request.config.getoption("--bless"):
        file.write_text(response.text)
    assert response.text == file.read_text()


@pytest.mark.parametrize("mode", ["prune", "strict"])
@pytest.mark.parametrize("stock", [False, True])
@pytest.mark.parametrize("persona", RECORDED)
async def test_introspection_tells_a_persona_the_same(persona: str, mode: str, *, stock: bool) -> None:
    world = await demo()
    world.stock = stock

    answer = await world.ask(persona, get_introspection_query(), headers={"Coverage-Mode": mode})

    told: Any = answer["data"]
    recorded = build_schema((FOLDER / f"{persona}.graphql").read_text())
    assert set(coordinates(build_client_schema(told))) == set(coordinates(recorded))


async def test_each_customer_of_the_demo_has_a_schema_of_its_own() -> None:
    world = await demo()
    texts = {persona: (FOLDER / f"{persona}.graphql").read_text() for persona in RECORDED}

    contexts = {each: await world.make_context(PERSONAS[each], RequestId("test")) for each in RECORDED}

    assert len(set(texts.values())) == len(RECORDED)
    assert len({VIEWS.fingerprint(each.coverage) for each in contexts.values()}) == len(RECORDED)


async def test_the_schema_is_not_sent_again_to_who_has_it() -> None:
    world = await demo()
    tags = {persona: (await fetched(world, persona)).headers["ETag"] for persona in RECORDED}

    again = await fetched(world, "baker-admin", **{"If-None-Match": tags["baker-admin"]})
    other = await fetched(world, "baker-admin", **{"If-None-Match": tags["cobalt-admin"]})

    assert (again.status_code, other.status_code) == (304, 200)
