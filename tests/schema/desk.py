"""A small schema with mutations, a subscription and every kind of gate, declared as the published one is."""

from collections.abc import Mapping, Sequence
from copy import copy
from enum import Enum
from typing import Annotated, Any, Final

import msgspec
import strawberry
from graphql import ExecutionResult, GraphQLSchema

from auth.coverage import Coverage, FeatureCoverage, State
from auth.feature import ALWAYS, Feature, Full
from resolvers.context import Context, Info
from schema.enum import Value, described
from schema.execution import Executor
from schema.field import argument, field
from schema.input import input_field, input_of
from schema.node import interface_type, object_type
from schema.resolution import make_engine
from schema.view import Views
from tests.asking import asked_by, covering

RAN: Final[list[str]] = []
"""What was done, in its order."""


class Grain(Enum):
    """How fine a report is."""

    HOUR = "hour"
    MINUTE = "minute"


described(
    Grain,
    "How fine a report is.",
    ALWAYS,
    HOUR="By the hour.",
    MINUTE=Value(Feature.REPORT_ENHANCED_IP, "By the minute."),
)


class Rows(msgspec.Struct):
    """What an input object stands for; these resolvers take it as it is."""


@input_of(Rows, "Where something is.")
class PlaceInput:
    """An input object within another."""

    site: str | None = input_field("The site.", ALWAYS)
    component: str | None = input_field("The component.", Feature.INVENTORY)


@input_of(Rows, "What is reported.")
class ReportInput:
    """An input object."""

    title: str | None = input_field("In short.", ALWAYS)
    ticket: str | None = input_field("The ticket that it follows.", Feature.INCIDENTS)
    grain: Grain | None = input_field("How fine.", ALWAYS)
    grains: list[Grain] | None = input_field("How fine, several.", ALWAYS)
    place: PlaceInput | None = input_field("Where.", ALWAYS)
    places: list[PlaceInput] | None = input_field("Where, several.", ALWAYS)


async def _noted(parents: Sequence[Any], info: Info, **arguments: object) -> Sequence[Any]:
    RAN.append(" ".join([*info.keys, *sorted(arguments)]))
    return ["done"] * len(parents)


async def _receipts(parents: Sequence[Any], info: Info, **arguments: object) -> Sequence[Any]:
    RAN.append(" ".join([*info.keys, *sorted(arguments)]))
    made: Any = Receipt  # whose fields are no arguments to a type checker
    return [made(number=None, series=None, ticket=None)] * len(parents)


async def _nothing(parents: Sequence[Any], info: Info) -> Sequence[Any]:
    del info
    return [None] * len(parents)


def _input() -> Any:  # noqa: ANN401 - Strawberry's
    return argument("input", ReportInput, "What.", ALWAYS)


def _grain() -> Any:  # noqa: ANN401 - Strawberry's
    return argument("grain", Grain | None, "How fine.", ALWAYS)


@interface_type("What has a mark.", ALWAYS)
class Marked:
    """An interface of which one implementation lacks a field that is not covered."""

    mark: str | None = field("The mark.", ALWAYS)
    price: str | None = field("The price.", ALWAYS)


@object_type("A mark that has a price for some.")
class Priced(Marked):
    """Implements the interface, and gates one of its fields."""

    mark: str | None = field("The mark.", ALWAYS)
    price: str | None = field("The price.", Feature.BILLING)


@interface_type("What only disconnecting gives.", Feature.DISCONNECTS)
class Cessation:
    """An interface behind a gate."""

    reason: str | None = field("Why.", Feature.DISCONNECTS)


@object_type("An ending of a sort.")
class Ended(Cessation):
    """Open, although its interface is not."""

    gate = ALWAYS

    reason: str | None = field("Why.", Feature.DISCONNECTS)
    on: str | None = field("When.", ALWAYS)


@object_type("What is left of billing.")
class Bill:
    """Nothing of it is there without billing."""

    total: str | None = field("How much.", Feature.BILLING)


@object_type("What came of it.")
class Receipt:
    """A payload."""

    number: str | None = field("The number.", ALWAYS, batch=_noted)
    series: str | None = field("The values.", ALWAYS, batch=_noted, arguments=[_grain()])
    ticket: str | None = field("The ticket.", Feature.INCIDENTS, batch=_noted, arguments=[_grain()])


Paper = Annotated[Bill | Receipt, strawberry.union("Paper", description="Something printed.")]


@object_type("What is asked.")
class Query:
    """The root of queries."""

    report: str | None = field(
        "A report.",
        ALWAYS,
        batch=_noted,
        arguments=[
            _grain(),
            argument("input", ReportInput | None, "What.", ALWAYS),
            argument("device", str | None, "Of which device.", Feature.CHANGES_FROM_DEVICE),
        ],
    )
    order: str | None = field(
        "An order.",
        ALWAYS,
        batch=_noted,
        arguments=[argument("quote", str, "Of which quote.", Feature.QUOTES_ORDERS)],
    )
    marked: Marked | None = field("Something with a mark.", ALWAYS, batch=_nothing)
    priced: Priced | None = field("Something with a price.", ALWAYS, batch=_nothing)
    ended: Ended | None = field("Something that ended.", ALWAYS, batch=_nothing)
    paper: Paper | None = field("Something printed.", ALWAYS, batch=_nothing)
    bill: Bill | None = field("A bill.", ALWAYS, batch=_nothing)


@object_type("What is changed.")
class Mutation:
    """The root of mutations."""

    report: Receipt | None = field("Reports.", Full(Feature.INCIDENTS), batch=_receipts, arguments=[_input()])
    note: Receipt | None = field("Notes.", ALWAYS, batch=_receipts, arguments=[_input()])
    mark: str | None = field(
        "Marks.",
        ALWAYS,
        batch=_noted,
        arguments=[
            argument("text", str | None, "The mark.", ALWAYS),
            argument("on_all", bool | None, "On all there are.", Full(Feature.SELFCARE)),
            argument("grain", Grain, "How fine.", ALWAYS, Grain.HOUR),
        ],
    )


@object_type("What is followed.")
class Subscription:
    """The root of subscriptions."""

    changed: str | None = field("What changed.", Feature.INCIDENTS, batch=_noted, arguments=[_grain()])
    noticed: str | None = field("What was noticed.", ALWAYS, batch=_noted, arguments=[_grain()])


SCHEMA: Final = strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)
# Strawberry has no public name for the schema of graphql-core that it makes.
TYPES: Final[GraphQLSchema] = SCHEMA._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def write(types: GraphQLSchema) -> str:
    """Give *types*, a part of this schema, as text."""
    view = copy(SCHEMA)
    view._schema = types  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return view.as_str()


VIEWS: Final = Views(TYPES, write=write)
EXECUTORS: Final[Mapping[str, Executor]] = {
    "engine": Executor(VIEWS, make_engine(types=TYPES)),
    "reference": Executor(VIEWS, None),
}


def open_to(*gates: Feature | Full) -> Coverage:
    """Make a coverage to which all of *gates* is open, and nothing else."""
    known = covering(
        **{each.feature.name if isinstance(each, Full) else each.name: State.ALL for each in gates}
    )
    managed: dict[Feature, FeatureCoverage] = {
        each.feature: known.features[each.feature] for each in gates if isinstance(each, Full)
    }
    read = {each: known.features[each] for each in gates if isinstance(each, Feature)}
    return Coverage("7", read, managed)


async def execute(
    executor: Executor,
    text: str,
    coverage: Coverage,
    variables: Mapping[str, Any] | None = None,
    *,
    strict: bool = False,
) -> tuple[ExecutionResult, Context]:
    """Execute the operation of a valid document; gives its context too."""
    context = asked_by(coverage=coverage)
    context.strict = strict
    document = executor.read_own(text, context)
    assert document.errors == (), document.errors
    operation = document.operation(None)
    assert operation is not None
    return await executor.execute(document, operation, variables or {}, context), context
