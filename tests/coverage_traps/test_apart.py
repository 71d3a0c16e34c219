"""What two customers, or two operations, never share (coverage.md, "Traps"), on each executor."""

import asyncio
from base64 import urlsafe_b64encode

import pytest
from msgspec.structs import replace

from tests.populace import populated
from tests.world import World


@pytest.fixture(params=["engine", "reference"])
async def world(request: pytest.FixtureRequest) -> World:
    """Give the small world with its three customers."""
    made = await populated()
    made.stock = request.param == "reference"
    return made


async def test_one_document_serves_two_customers_each_its_own_part(world: World) -> None:
    query = "{ viewer { username } solutions { nodes { name components { totalCount } } } }"

    first = await world.ask("acme-admin", query)
    other = await world.ask("cobalt-admin", query)
    again = await world.ask("acme-admin", query)

    assert first == again
    assert [each["components"] for each in first["data"]["solutions"]["nodes"]] == [{"totalCount": 2}] * 3
    assert other["data"]["solutions"]["nodes"] == [{"name": "Business Mobile", "components": None}]
    assert "extensions" not in first


async def test_two_operations_at_once_share_no_loader(world: World) -> None:
    query = "{ locations { nodes { name servicePoints { nodes { name } } } } }"
    for customer in ("acme-global", "baker-retail"):
        record = world.ordering.location_shelf.records[customer, "L-1"]
        await world.ordering.save_locations([replace(record, name=f"{customer} 1")])

    one, two = await asyncio.gather(world.ask("acme-admin", query), world.ask("baker-admin", query))

    assert one["data"]["locations"]["nodes"][1]["name"] == "acme-global 1"
    assert two["data"]["locations"]["nodes"][1]["name"] == "baker-retail 1"


async def test_an_operation_sees_what_changed_since_the_one_before(world: World) -> None:
    query = "{ solutions(first: 1) { nodes { id name } } }"
    before = await world.ask("cobalt-admin", query)
    record = world.ordering.solution_shelf.records["cobalt-lite", "S-SIM"]

    await world.ordering.save_solutions([replace(record, name="Renamed")])

    after = await world.ask("cobalt-admin", query)
    assert [each["data"]["solutions"]["nodes"][0]["name"] for each in (before, after)] == [
        "Business Mobile",
        "Renamed",
    ]


async def test_equal_ids_of_two_customers_are_never_taken_for_one(world: World) -> None:
    key = urlsafe_b64encode(b"Location:L-1").decode()
    query = f'{{ node(id: "{key}") {{ ... on Location {{ name tickets {{ totalCount }} }} }} }}'
    for customer in ("acme-global", "cobalt-lite"):
        record = world.ordering.location_shelf.records[customer, "L-1"]
        await world.ordering.save_locations([replace(record, name=customer)])

    answers = await asyncio.gather(*(world.ask(each, query) for each in ("acme-admin", "cobalt-admin") * 2))

    assert [each["data"]["node"]["name"] for each in answers] == ["acme-global", "cobalt-lite"] * 2
    assert [each["data"]["node"]["tickets"]["totalCount"] for each in answers] == [3, 1] * 2
