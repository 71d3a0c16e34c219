"""Input objects, turned into what the sources take."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from ipaddress import IPv4Network
from typing import Any

import pytest
import strawberry

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Feature, Full, Gate
from resolvers.errors import BadUserInputError, CoverageRequiredError
from resolvers.node import NO_KEY
from schema.component import ComponentFilter
from schema.enum import Value, described
from schema.input import plain, required
from schema.range import DateRange, DateTimeRange
from schema.solution import SolutionFilter
from schema.ticket import TicketFilter
from sources import inventory, ordering, ticketing
from sources.condition import Range
from sources.keys import ComponentId, SolutionId
from sources.ordering import SolutionCategory
from sources.ticketing import TicketStatus
from tests.asking import covering

PATH = ("filter",)


def named(name: str, key: str) -> strawberry.ID:
    return strawberry.ID(urlsafe_b64encode(f"{name}:{key}".encode()).decode().rstrip("="))


def given(kind: Any, **fields: Any) -> Any:  # noqa: ANN401 - a type checker wants every field of an input
    """Make an input object of which these fields are given."""
    return kind(**fields)


def refused(asked: object) -> dict[str, object]:
    """Give what a client is told of an input that breaks a rule."""
    with pytest.raises(BadUserInputError) as caught:
        plain(asked, PATH)
    return {"message": caught.value.message, **caught.value.extensions}


def test_asks_nothing_where_nothing_is_given() -> None:
    assert plain(given(TicketFilter), PATH) == ticketing.TicketFilter()


def test_asks_nothing_where_null_is_given() -> None:
    assert plain(given(TicketFilter, status=None, opened=None), PATH) == ticketing.TicketFilter()


def test_takes_values_as_they_are_and_lists_as_sets() -> None:
    asked = given(
        TicketFilter, open=False, status=[TicketStatus.HELD, TicketStatus.HELD], text="slow", external_id=[]
    )

    assert plain(asked, PATH) == ticketing.TicketFilter(
        open=False, status=frozenset({TicketStatus.HELD}), text="slow", external_id=frozenset()
    )


def test_takes_ids_of_its_type_as_keys_and_any_other_as_a_key_that_nothing_has() -> None:
    asked = given(
        TicketFilter,
        solution=[named("Solution", "S1"), named("Ticket", "S2"), strawberry.ID("junk")],
        component=[named("Component", "C1")],
    )

    assert plain(asked, PATH) == ticketing.TicketFilter(
        solution=frozenset({SolutionId("S1"), SolutionId(NO_KEY)}), component=frozenset({ComponentId("C1")})
    )


def test_takes_ranges_as_ranges() -> None:
    morning, noon = datetime(2026, 3, 1, 8, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)

    found = plain(
        given(
            TicketFilter,
            opened=given(DateTimeRange, start=morning, end=noon),
            updated=given(DateTimeRange, start=noon),
        ),
        PATH,
    )

    assert found == ticketing.TicketFilter(opened=Range(morning, noon), updated=Range(noon))


def test_takes_a_network() -> None:
    network = IPv4Network("10.0.0.0/8")

    found = plain(given(ComponentFilter, address=network), PATH)

    assert found == inventory.ComponentFilter(address=network)


def test_takes_an_empty_range() -> None:
    day = date(2026, 3, 1)

    found = plain(given(SolutionFilter, ordered=given(DateRange, start=day, end=day)), PATH)

    assert found == ordering.SolutionFilter(ordered=Range(day, day))


def test_refuses_a_range_that_ends_before_it_starts() -> None:
    asked = given(SolutionFilter, ordered=given(DateRange, start=date(2026, 3, 2), end=date(2026, 3, 1)))

    assert refused(asked) == {
        "message": "The range of `filter.ordered` ends before it starts.",
        "path": ["filter", "ordered"],
        "rule": "RANGE",
    }


def test_names_a_field_as_the_client_does() -> None:
    later, earlier = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)

    told = refused(given(TicketFilter, expected_resolution=given(DateTimeRange, start=later, end=earlier)))

    assert told["path"] == ["filter", "expectedResolution"]


@pytest.mark.parametrize("text", ["a\x00b", "x" * 1_001])
def test_refuses_a_text_that_no_row_can_hold(text: str) -> None:
    told = {
        "message": "`filter.text` takes a text of at most 1000 characters, without NUL.",
        "path": ["filter", "text"],
        "rule": "TEXT",
    }

    assert refused(given(TicketFilter, text=text)) == told
    assert refused(given(TicketFilter, external_id=["fine", text]))["path"] == ["filter", "externalId"]


def test_takes_a_text_of_1000_characters() -> None:
    assert plain(given(TicketFilter, text="x" * 1_000), PATH).text == "x" * 1_000


def needs(value: object, coverage: Coverage, gates: Mapping[str, Gate] | None = None) -> frozenset[Gate]:
    """Give the gates of what a ``filter`` names that are open for some Solutions only."""
    return frozenset(required({"filter": value}, gates or {}, coverage))


def test_refuses_a_field_whose_feature_is_not_covered() -> None:
    asked = given(TicketFilter, component=[named("Component", "C1")])

    with pytest.raises(CoverageRequiredError) as caught:
        needs(asked, covering(INCIDENTS=State.ALL))

    assert caught.value.message == (
        "`filter.component` needs the feature INVENTORY, which your Solutions do not cover."
    )
    assert caught.value.extensions == {"feature": "INVENTORY", "path": ["filter", "component"]}


def test_a_field_that_is_null_is_named_and_one_that_is_left_out_is_not() -> None:
    coverage = covering(INCIDENTS=State.ALL)

    with pytest.raises(CoverageRequiredError):
        needs(given(TicketFilter, component=None), coverage)
    assert needs(given(TicketFilter), coverage) == frozenset()


def test_tells_of_a_field_whose_feature_some_solutions_cover() -> None:
    asked = given(TicketFilter, component=[named("Component", "C1")])

    found = needs(asked, covering(INCIDENTS=State.ALL, INVENTORY={"S1"}))

    assert found == {Feature.INVENTORY}


def test_takes_a_field_that_is_always_open_where_nothing_is_covered() -> None:
    asked = given(SolutionFilter, category=[SolutionCategory.SDWAN])

    assert needs(asked, covering()) == frozenset()
    assert plain(asked, PATH) == ordering.SolutionFilter(category=frozenset({SolutionCategory.SDWAN}))


def test_an_argument_may_have_a_gate_of_its_own() -> None:
    with pytest.raises(CoverageRequiredError) as caught:
        needs("x", covering(), {"filter": Full(Feature.INCIDENTS)})

    assert caught.value.extensions == {"feature": "INCIDENTS", "path": ["filter"]}


def test_an_enum_value_is_named_wherever_it_stands() -> None:
    class Grain(Enum):
        DAY = "DAY"
        MINUTES_5 = "MINUTES_5"

    described(Grain, "Grains.", ALWAYS, DAY="A day.", MINUTES_5=Value(Feature.REPORT_ENHANCED_IP, "Five."))

    for value in (Grain.MINUTES_5, [Grain.DAY, Grain.MINUTES_5]):
        with pytest.raises(CoverageRequiredError) as caught:
            needs(value, covering())
        assert caught.value.extensions == {"feature": "REPORT_ENHANCED_IP", "path": ["filter"]}
    assert needs([Grain.DAY], covering()) == frozenset()
