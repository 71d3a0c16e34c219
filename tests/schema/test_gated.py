"""Fields, arguments and enum values with a gate of their own, on both executors."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any, Final

import pytest
import strawberry
from graphql import GraphQLSchema
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Feature
from engine.document import DocumentStore
from engine.plan import Planner, UnplannableError
from resolvers.batch import reads
from resolvers.context import Info
from schema.enum import Value, described
from schema.execution import Executor
from schema.field import argument, field
from schema.node import object_type, record_type
from schema.resolution import make_engine, mask_of
from schema.view import Views
from sources.keys import CustomerCode, SolutionId
from sources.ordering import Market, ProductStatus, SolutionCategory, SolutionRecord
from tests.asking import asked_by, covering

ASKED: Final[list[str]] = []


class Grain(Enum):
    """How fine something is measured."""

    DAY = "DAY"
    MINUTES_5 = "MINUTES_5"


described(
    Grain,
    "How fine.",
    ALWAYS,
    DAY="By the day.",
    MINUTES_5=Value(Feature.REPORT_ENHANCED_IP, "By five minutes."),
)


def row(key: str) -> SolutionRecord:
    return SolutionRecord(
        customer=CustomerCode("acme"),
        id=SolutionId(key),
        name=key,
        offer=f"offer {key}",
        category=SolutionCategory.SDWAN,
        status=ProductStatus.ACTIVE,
        market=Market.INTL,
        ordered_on=date(2026, 1, 1),
    )


async def rows(parents: Sequence[Any], info: Info) -> Sequence[Sequence[SolutionRecord]]:
    del info
    return [[row("S1"), row("S2")] for _ in parents]


@reads("offer")
def shout(solution: SolutionRecord) -> str:
    ASKED.append(f"shout {solution.id}")
    return (solution.offer or "").upper()


@reads("id")
async def measure(parents: Sequence[SolutionRecord], info: Info, grain: Grain | None = None) -> Sequence[str]:
    del info
    ASKED.append(f"measured {' '.join(each.id for each in parents)}")
    return [f"{each.id} {(grain or Grain.DAY).value}" for each in parents]


@record_type(SolutionRecord, "A thing.", ALWAYS)
class Thing:
    """A thing of a Solution."""

    name: str = field("Its name.", ALWAYS)
    offer: str | None = field("Plain, and gated.", Feature.INVENTORY)
    category: SolutionCategory | None = field("An enum, and gated.", Feature.INVENTORY)
    shouted: str | None = field("Read, and gated.", Feature.INVENTORY, read=shout)
    measured: str | None = field(
        "By a grain.",
        Feature.REPORT_PERFORMANCE,
        batch=measure,
        arguments=[argument("grain", Grain, "How fine.", ALWAYS, Grain.DAY)],
    )
    filtered: str | None = field(
        "By a gated argument.",
        ALWAYS,
        batch=measure,
        arguments=[argument("grain", Grain | None, "How fine.", Feature.BILLING)],
    )


@object_type("The root.")
class Root:
    """The root."""

    things: list[Thing] | None = field("Two things.", ALWAYS, batch=rows)


TYPES: Final[GraphQLSchema] = getattr(strawberry.Schema(query=Root), "_schema")  # noqa: B009 - no public name
VIEWS: Final = Views(TYPES, write=str)
EXECUTORS: Final = {
    "engine": Executor(VIEWS, make_engine(types=TYPES)),
    "reference": Executor(VIEWS, None),
}


@pytest.fixture(params=EXECUTORS)
def executor(request: pytest.FixtureRequest) -> Executor:
    """Give each executor, with nothing asked."""
    ASKED.clear()
    return EXECUTORS[request.param]


async def answer(executor: Executor, query: str, coverage: Coverage) -> tuple[Any, list[Any]]:
    """Give the data and what the errors say."""
    document = executor.read(query)
    operation = document.operation(None)
    assert document.errors == ()
    assert operation is not None
    result = await executor.execute(document, operation, {}, asked_by(coverage=coverage))
    errors = [getattr(each.original_error, "extensions", each) for each in result.errors or ()]
    return (result.data or {}).get("things"), errors


PLAIN: Final = "{ things { name offer category shouted } }"


async def test_a_gated_field_is_null_where_its_feature_is_not_covered(executor: Executor) -> None:
    data, errors = await answer(executor, PLAIN, covering())

    hidden = {"offer": None, "category": None, "shouted": None}
    assert (data, errors) == ([{"name": "S1", **hidden}, {"name": "S2", **hidden}], [])
    assert ASKED == []


async def test_a_gated_field_is_null_for_what_its_solution_does_not_cover(executor: Executor) -> None:
    data, errors = await answer(executor, PLAIN, covering(INVENTORY={"S2"}))

    assert data == [
        {"name": "S1", "offer": None, "category": None, "shouted": None},
        {"name": "S2", "offer": "offer S2", "category": "SDWAN", "shouted": "OFFER S2"},
    ]
    assert errors == []
    assert ASKED == ["shout S2"]


async def test_a_gated_field_is_there_where_all_cover_it(executor: Executor) -> None:
    data, _ = await answer(executor, PLAIN, covering(INVENTORY=State.ALL))

    assert [each["shouted"] for each in data] == ["OFFER S1", "OFFER S2"]


async def test_an_argument_tier_needs_its_own_feature(executor: Executor) -> None:
    coverage = covering(REPORT_PERFORMANCE=State.ALL)

    day, no_errors = await answer(executor, "{ things { measured } }", coverage)
    fine, errors = await answer(executor, "{ things { measured(grain: MINUTES_5) } }", coverage)

    assert (day, no_errors) == ([{"measured": "S1 DAY"}, {"measured": "S2 DAY"}], [])
    assert fine == [{"measured": None}, {"measured": None}]
    assert errors == [{"feature": "REPORT_ENHANCED_IP", "path": ["grain"]}] * 2
    assert ASKED == ["measured S1 S2"]


async def test_an_argument_tier_is_open_for_the_solutions_that_cover_it(executor: Executor) -> None:
    coverage = covering(REPORT_PERFORMANCE=State.ALL, REPORT_ENHANCED_IP={"S2"})

    data, errors = await answer(executor, "{ things { measured(grain: MINUTES_5) } }", coverage)

    assert (data, errors) == ([{"measured": None}, {"measured": "S2 MINUTES_5"}], [])
    assert ASKED == ["measured S2"]


async def test_nobody_is_asked_where_no_parent_is_open_to_an_argument(executor: Executor) -> None:
    coverage = covering(REPORT_PERFORMANCE=State.ALL, REPORT_ENHANCED_IP={"S9"})

    data, errors = await answer(executor, "{ things { measured(grain: MINUTES_5) } }", coverage)

    assert (data, errors) == ([{"measured": None}, {"measured": None}], [])
    assert ASKED == []


async def test_a_gated_argument_is_refused_only_where_it_is_given(executor: Executor) -> None:
    left_out, none = await answer(executor, "{ things { filtered } }", covering())
    given, errors = await answer(executor, "{ things { filtered(grain: DAY) } }", covering())

    assert (left_out, none) == ([{"filtered": "S1 DAY"}, {"filtered": "S2 DAY"}], [])
    assert given == [{"filtered": None}, {"filtered": None}]
    assert errors == [{"feature": "BILLING", "path": ["grain"]}] * 2


def test_a_field_without_a_gated_argument_declared_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Odd\.measured\(grain:\) has no gate: declare it with `argument`"):
        _declare_odd()


def test_a_gated_argument_has_no_default() -> None:
    with pytest.raises(TypeError, match="grain has a gate and a default"):
        argument("grain", Grain, "How fine.", Feature.BILLING, Grain.DAY)


def _declare_odd() -> object:
    @object_type("Odd.")
    class Odd:
        """A field whose argument says nothing of a gate."""

        measured: str | None = field(
            "By a grain.",
            ALWAYS,
            batch=measure,
            arguments=[StrawberryArgument("grain", None, StrawberryAnnotation(Grain))],
        )

    return Odd


def test_a_gate_that_was_not_foreseen_is_not_planned() -> None:
    document = DocumentStore(TYPES).get("{ things { offer } }")
    operation = document.operation(None)
    assert operation is not None

    planner = Planner(TYPES, {}, {}, mask_of(covering()), met=frozenset())

    with pytest.raises(UnplannableError, match="was not foreseen"):
        planner.plan(operation)
