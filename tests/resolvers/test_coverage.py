"""Coverage explained, on both executors: the same over the served schema."""

from datetime import date
from typing import Any, Final

import pytest
from msgspec.structs import replace

from auth.feature import Feature
from sources.ordering import ProductStatus
from tests.populace import populated
from tests.world import World


@pytest.fixture(params=["engine", "reference"])
async def world(request: pytest.FixtureRequest) -> World:
    """Give the small world, run by each executor."""
    made = await populated()
    made.stock = request.param == "reference"
    return made


async def data(world: World, persona: str, query: str) -> Any:  # noqa: ANN401 - JSON
    """Give what *persona* is answered, without any error."""
    answer = await world.ask(persona, query)
    assert "errors" not in answer
    return answer["data"]


async def test_the_viewer_is_told_of_every_feature(world: World) -> None:
    found = await data(
        world,
        "baker-admin",
        "{ viewer { coverage { feature state level reason coveredBy solutions { name } since until } } }",
    )

    told = {each["feature"]: each for each in found["viewer"]["coverage"]}
    assert list(told) == [each.value for each in Feature]
    assert told["MAINTENANCE"]["state"] == "SOME"
    assert told["MAINTENANCE"]["reason"] == "NOT_ORDERED"
    assert told["MAINTENANCE"]["solutions"] == [{"name": "Business Internet"}]
    assert told["MAINTENANCE"]["since"] == "2026-03-02"  # the day of the order of what does not cover it
    assert told["MAINTENANCE"]["until"] is None
    assert "SDWAN" in told["MAINTENANCE"]["coveredBy"]
    assert told["REPORT_ENHANCED_IP"] == {
        "feature": "REPORT_ENHANCED_IP",
        "state": "NONE",
        "level": "NONE",
        "reason": "PORTAL_OPTION",
        "coveredBy": [],
        "solutions": [],
        "since": None,
        "until": None,
    }
    assert told["CONTACTS"]["state"] == "ALL"


OF_SOLUTIONS: Final = """{
  solutions { nodes {
    name
    coverage(features: [MAINTENANCE, BILLING]) { feature state reason solutions { name } }
  } }
}"""


async def test_a_solution_is_explained_by_itself(world: World) -> None:
    found = await data(world, "baker-admin", OF_SOLUTIONS)

    internet, mobile = found["solutions"]["nodes"]
    assert internet["coverage"][0] == {
        "feature": "MAINTENANCE",
        "state": "ALL",
        "reason": None,
        "solutions": [{"name": "Business Internet"}],
    }
    assert mobile["coverage"][0] == {
        "feature": "MAINTENANCE",
        "state": "NONE",
        "reason": "NOT_ORDERED",
        "solutions": [],
    }
    assert [each["coverage"][1]["state"] for each in (internet, mobile)] == ["ALL", "ALL"]


async def test_a_solution_that_ended_covers_nothing_any_more(world: World) -> None:
    record = world.ordering.solution_shelf.records["baker-retail", "S-NET"]
    gone = replace(record, status=ProductStatus.TERMINATED, terminated_on=date(2020, 1, 1))
    await world.ordering.save_solutions([gone])

    found = await data(world, "baker-admin", OF_SOLUTIONS)

    internet, mobile = found["solutions"]["nodes"]
    assert [(each["state"], each["reason"]) for each in internet["coverage"]] == [("NONE", "TERMINATED")] * 2
    assert [each["state"] for each in mobile["coverage"]] == ["NONE", "ALL"]


async def test_tells_before_a_query_what_a_coordinate_needs(world: World) -> None:
    answer = await world.ask(
        "cobalt-admin",
        """{ coverageOf(coordinates: [
          "Component.tickets", "Ticket", "TicketFilter.component", "Query.tickets(filter:)", "Solution.name",
          "CoverageState.ALL", "Ticket.gone", "gone", "Query.tickets(gone:)", "__Type.name"
        ]) { coordinate state needs { feature state } } }""",
    )

    told = answer["data"]["coverageOf"]
    incidents = {"feature": "INCIDENTS", "state": "ALL"}
    inventory = {"feature": "INVENTORY", "state": "NONE"}
    assert [each and each["needs"] for each in told] == [
        [inventory, incidents],
        [incidents],
        [incidents, inventory],
        [incidents],
        [],
        [],
        None,
        None,
        None,
        None,
    ]
    assert [each["state"] for each in told if each] == ["NONE", "ALL", "NONE", "ALL", "ALL", "ALL"]
    assert [each["path"] for each in answer["errors"]] == [["coverageOf", place] for place in (6, 7, 8, 9)]
    assert {each["extensions"]["code"] for each in answer["errors"]} == {"NOT_FOUND"}


async def test_refuses_more_than_100_coordinates(world: World) -> None:
    asked = ", ".join(['"Ticket"'] * 101)

    answer = await world.ask("acme-admin", f"{{ coverageOf(coordinates: [{asked}]) {{ state }} }}")

    assert answer["data"] == {"coverageOf": None}
    assert answer["errors"][0]["extensions"]["rule"] == "LIST_SIZE"


async def test_the_catalog_names_the_services_that_each_feature_covers(world: World) -> None:
    found = await data(
        world,
        "cobalt-admin",
        """{
          own: featureCatalog { feature neverGated description services { category level } }
          more: featureCatalog(features: [REPORT_ENHANCED_IP]) {
            services(categories: [SDWAN, MOBILE], markets: [INTL, FR], portalOptions: [PREMIUM]) {
              category market portalOption level since until
            }
          }
        }""",
    )

    own = {each["feature"]: each for each in found["own"]}
    assert list(own) == [each.value for each in Feature]
    assert own["INVENTORY"]["services"] == []  # not under LITE
    assert {"category": "MOBILE", "level": "READ"} in own["INCIDENTS"]["services"]
    assert [each["feature"] for each in found["own"] if each["neverGated"]] == [
        "CONTACTS",
        "ACCOUNT_SETTINGS",
        "ONLINE_HELP",
        "PORTAL_NOTICES",
    ]
    assert found["more"] == [
        {
            "services": [
                {
                    "category": "SDWAN",
                    "market": market,
                    "portalOption": "PREMIUM",
                    "level": "PAID",
                    "since": None,
                    "until": None,
                }
                for market in ("INTL", "FR")
            ]
        }
    ]
