"""A schema of the engine's tests, each field declared once for the engine and for the stock executor.

A Plot has a field of every kind: leaves, lists, objects, interfaces and unions, plain and in batches,
nullable and not. The root has all of them too. What a Plot's attribute gives is what the test says; an
exception said with ``Raise`` is raised, another stands as a value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
)

from engine.execute import BatchLengthError
from engine.field import RESOLUTION, Batch, Info, Plain, Read, Resolution
from engine.mask import Admits, Mask, Opening, admits_all

Fields = dict[str, GraphQLField]

Said: TypeAlias = Any
"""What a test says of an attribute, and what graphql-core leaves open."""


@dataclass(frozen=True)
class Raise:
    """Said of an attribute that raises."""

    error: Exception


class Thing:
    """An object of which a test says what its attributes give; what is not said is null."""

    def __init__(self, **said: Said) -> None:
        self.said = said

    def __repr__(self) -> str:
        return f"a {type(self).__name__}"

    def get(self, name: str) -> Said:
        return self.said.get(name)

    def __getattr__(self, name: str) -> Said:
        if name.startswith("_"):
            raise AttributeError(name)
        value = self.get(name)
        if isinstance(value, Raise):
            raise value.error
        return value


class Plot(Thing):
    """Stands for Plot, and for the root."""


class Stone(Thing):
    """Stands for Stone."""


class Hedge(Thing):
    """Stands for Hedge."""


class Weed(Thing):
    """Stands for no type of the schema."""


@dataclass
class Context:
    """What the stock executor's resolvers go by in place of a plan's mask, and a record of the batches."""

    mask: Mask = field(default_factory=Mask)
    admits: Admits = admits_all
    broken: frozenset[str] = frozenset()
    """Batch fields that fail, whoever the parents are."""

    def __post_init__(self) -> None:
        self.calls: list[tuple[tuple[str, ...], int]] = []


async def _said(name: str, parents: Sequence[Thing], info: Info, **arguments: Said) -> Said:
    """Give what each parent says of *name*: for a whole batch by the first parent's ``batch_`` attribute."""
    info.context.calls.append((tuple(info.keys), len(parents)))
    if name in info.context.broken:
        raise LookupError(f"{name} is broken")
    whole: Said = parents[0].get(f"batch_{name}")
    if isinstance(whole, Raise):
        raise whole.error
    if whole is not None:
        return await whole(parents, info, **arguments)
    return [_one(parent.get(name), arguments) for parent in parents]


def _one(value: Said, arguments: Mapping[str, Any]) -> Said:
    if isinstance(value, Raise):
        return value.error
    return value(**arguments) if callable(value) else value


def shout(parent: Thing) -> Said:
    return parent.shout


def bind(arguments: Mapping[str, Any], _: Info) -> Mapping[str, Any]:
    """Hand the arguments on as they are."""
    return arguments


def declare(
    kind: Said, resolution: Resolution, arguments: dict[str, GraphQLArgument] | None = None
) -> GraphQLField:
    """Declare a field for both executors."""
    return GraphQLField(kind, arguments, _stock(resolution), extensions={RESOLUTION: resolution})


def _stock(resolution: Resolution) -> Callable[..., Any]:
    match resolution:
        case Plain(attribute):
            return partial(_plain, attribute)
        case Read(read):
            return partial(_read, read)
        case Batch():
            return partial(_batch, resolution)


def _plain(attribute: str, parent: Said, _: Said) -> Said:
    return getattr(parent, attribute)


def _read(read: Callable[[Any], Any], parent: Said, _: Said) -> Said:
    return read(parent)


@dataclass
class StockInfo:
    """The engine's Info, of the stock executor's."""

    context: Said
    keys: Sequence[str]

    def selects(self, name: str) -> bool:
        raise NotImplementedError(name)


async def _batch(batch: Batch, parent: Said, info: Said, **arguments: Said) -> Said:
    context: Context = info.context
    opening = context.mask.opening(batch.gate)
    if opening is Opening.NONE or (opening is Opening.SOME and not context.admits(batch.gate, parent)):
        return None
    told = StockInfo(context, [each for each in info.path.as_list() if isinstance(each, str)])
    values: object = await batch.resolve([parent], told, **batch.bind(arguments, told))
    return _only(values)


def _only(values: Said) -> Said:
    if not isinstance(values, Sequence) or isinstance(values, str) or len(values) != 1:  # pyright: ignore[reportUnknownArgumentType] - of any items
        raise BatchLengthError("of_name was asked for 1 parents and did not give a value for each")
    return values[0]  # pyright: ignore[reportUnknownVariableType] - of any items


def batch(name: str, kind: Said, arguments: dict[str, GraphQLArgument] | None = None) -> GraphQLField:
    """Declare a batch field whose gate has its name."""
    resolve: Said = partial(_said, name)
    resolve.__qualname__ = "of_name"
    return declare(kind, Batch(resolve, bind, gate=name), arguments)


def plain(name: str, kind: Said) -> GraphQLField:
    """Declare a field that is the attribute of its name."""
    return declare(kind, Plain(name))


def is_a(kind: type[Thing], value: object, _: object) -> bool:
    """Tell whether a value stands for a type; a Thing that says ``kin`` fails to tell."""
    if isinstance(value, Thing) and isinstance(value.get("kin"), Raise):
        raise value.get("kin").error
    return isinstance(value, kind)


def write_day(value: Said) -> Said:
    """Write a day; the first of April is nothing."""
    text: str = date.isoformat(value)
    return None if text.endswith("04-01") else text


Season = GraphQLEnumType("Season", {"SPRING": 1, "SUMMER": 2, "LATE": 2, "AUTUMN": None})
Day = GraphQLScalarType("Day", serialize=write_day)
Filter: GraphQLInputObjectType = GraphQLInputObjectType(
    "Filter",
    lambda: {
        "season": GraphQLInputField(Season),
        "names": GraphQLInputField(GraphQLList(GraphQLNonNull(GraphQLString))),
        "most": GraphQLInputField(GraphQLNonNull(GraphQLInt), default_value=3),
        "inner": GraphQLInputField(Filter),
    },
)
must: Said = GraphQLNonNull
many: Said = GraphQLList

Named = GraphQLInterfaceType("Named", lambda: {"name": plain("name", GraphQLString), "kinds": _kinds()})
Living = GraphQLInterfaceType(
    "Living",
    lambda: {
        "name": plain("name", GraphQLString),
        "kinds": _kinds(),
        "height": plain("height", must(GraphQLInt)),
    },
    interfaces=[Named],
)


def _kinds() -> GraphQLField:
    return batch("kinds", many(must(Named)))


def _plot_fields() -> Fields:
    named = {
        "name": plain("name", GraphQLString),
        "kinds": _kinds(),
        "shout": declare(GraphQLString, Read(shout)),
    }
    leaves: dict[str, Said] = {
        "id": GraphQLID,
        "count": GraphQLInt,
        "size": GraphQLFloat,
        "open": GraphQLBoolean,
    }
    leaves |= {"season": Season, "day": Day, "text": GraphQLString}
    fields = named | {name: plain(name, kind) for name, kind in leaves.items()}
    fields |= {f"must_{name}": plain(f"must_{name}", must(kind)) for name, kind in leaves.items()}
    fields |= {f"some_{name}": plain(f"some_{name}", many(must(kind))) for name, kind in leaves.items()}
    objects = {"plot": PLOT, "stone": STONE, "named": Named, "living": Living, "thing": ANY}
    for name, kind in objects.items():
        for prefix, make in (("", plain), ("next_", batch)):
            for wrapping, wrapped in _wrappings(kind).items():
                fields[f"{prefix}{wrapping}{name}"] = make(f"{prefix}{wrapping}{name}", wrapped)
    for number, wrapped in enumerate(_grids(GraphQLInt)):
        fields[f"grid{number}"] = plain(f"grid{number}", wrapped)
        fields[f"next_grid{number}"] = batch(f"next_grid{number}", wrapped)
    fields["label"] = batch("label", GraphQLString, _label_arguments())
    fields["must_label"] = batch("must_label", must(GraphQLString))
    return fields


def _wrappings(kind: Said) -> dict[str, Any]:
    return {"": kind, "must_": must(kind), "many_": many(kind), "every_": must(many(must(kind)))}


def _grids(kind: Said) -> list[Any]:
    """Give lists of lists with every combination of non-null, from none to all."""
    return [
        outer(many(middle(many(inner(kind)))))
        for outer in (_as_is, must)
        for middle in (_as_is, must)
        for inner in (_as_is, must)
    ]


def _as_is(kind: Said) -> Said:
    return kind


def _label_arguments() -> dict[str, GraphQLArgument]:
    return {
        "text": GraphQLArgument(GraphQLString, default_value="none"),
        "times": GraphQLArgument(must(GraphQLInt), default_value=1),
        "season": GraphQLArgument(Season),
        "filter": GraphQLArgument(Filter),
        "grid": GraphQLArgument(many(many(must(GraphQLInt)))),
    }


STONE = GraphQLObjectType(
    "Stone",
    lambda: {
        "name": plain("name", GraphQLString),
        "kinds": _kinds(),
        "weight": plain("weight", GraphQLFloat),
        "next_plot": batch("next_plot", PLOT),
    },
    interfaces=[Named],
    is_type_of=partial(is_a, Stone),
)
HEDGE = GraphQLObjectType(
    "Hedge",
    lambda: {
        "name": plain("name", GraphQLString),
        "kinds": _kinds(),
        "height": plain("height", must(GraphQLInt)),
        "plot": plain("plot", PLOT),
    },
    interfaces=[Named, Living],
    is_type_of=partial(is_a, Hedge),
)
PLOT: GraphQLObjectType = GraphQLObjectType(
    "Plot", _plot_fields, interfaces=[Named], is_type_of=partial(is_a, Plot)
)
ANY = GraphQLUnionType("Any", [STONE, PLOT])
QUERY = GraphQLObjectType("Query", _plot_fields)
MUTATION = GraphQLObjectType(
    "Mutation", {"count": plain("count", GraphQLInt), "text": plain("text", GraphQLString)}
)
TYPES = GraphQLSchema(QUERY, MUTATION, types=[HEDGE, STONE, PLOT])
