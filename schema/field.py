"""The one way a field is declared: what it is, which feature opens it, and where its value comes from."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import strawberry
from graphql import GraphQLResolveInfo
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.nodes import SelectedField, Selection

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Closable, Gate
from resolvers.batch import BatchResolver, resolve_one
from resolvers.connection import window
from resolvers.context import Context, Info, solutions_of
from resolvers.named import JUDGED, judging
from resolvers.notice import notices_of
from schema.directives import directives
from schema.gate import GATE
from schema.input import NODE, may_name, plain, required
from schema.notice import asked_of, hidden_parts
from sources.listing import Filter, Listing, Order
from sources.record import Record
from sources.scope import ALL, Extent


@dataclass(frozen=True, slots=True)
class Lists:
    """What a list may be asked: its filter, its orders and the default one, and the rows that it gives.

    ``filter`` is the input object, ``rows`` what the sources take in its place; ``name`` names rows in words.
    """

    filter: type
    order: type[Order]
    default: Order
    record: type[Record]
    rows: type[Filter]
    name: str

    def arguments(self) -> list[StrawberryArgument]:
        """Give the arguments of the list, those of Relay among them."""
        return [
            argument("filter", self.filter | None, f"Leaves out {self.name} that do not satisfy it.", ALWAYS),
            argument("order_by", self.order, f"The order of the {self.name}.", ALWAYS, self.default),
            argument("first", int | None, "How many from the start, 1 to 100; 25 when not given.", ALWAYS),
            argument("after", str | None, "Only what comes after this cursor.", ALWAYS),
            argument("last", int | None, "How many from the end, 1 to 100.", ALWAYS),
            argument("before", str | None, "Only what comes before this cursor.", ALWAYS),
        ]

    def ids(self) -> Mapping[str, str]:
        """Give the filter's fields that take ids of what the asker may not see, each with the type."""
        fields: Sequence[StrawberryField] = getattr(self.filter, "__strawberry_definition__").fields  # noqa: B009 - Strawberry's own
        named = {each.python_name: each.metadata[NODE] for each in fields}
        return {name: kind for name, kind in named.items() if kind in JUDGED}

    def listing(
        self, info: Info, arguments: Mapping[str, Any], partial: Collection[Gate] = ()
    ) -> Listing[Filter]:
        """Give what the field's *arguments* ask for; counted only where ``totalCount`` is selected.

        They name what the gates *partial* do not open for all Solutions: rows of others are left out. Raises
        ``BadUserInputError`` for arguments that break a rule.
        """
        order: Order = arguments["order_by"]
        relay = {name: arguments.get(name) for name in ("first", "after", "last", "before")}
        asked = arguments.get("filter")
        return Listing(
            filter=plain(asked, ("filter",)) if asked else self.rows(),
            order=order,
            window=window(order, self.record, **relay),
            counted=info.selects("totalCount"),
            measured=info.selects("pageInfo"),
            solutions=_narrowed(info.context.coverage, partial) if partial else ALL,
            ended=_ended(info.context.coverage, partial) if partial else frozenset(),
        )


def argument(
    name: str, kind: object, description: str, gate: Gate, default: object = strawberry.UNSET
) -> StrawberryArgument:
    """Declare an argument of a field, opened by *gate*.

    Raises TypeError for a default behind a gate: nobody could leave the argument out.
    """
    if gate is not ALWAYS and default is not strawberry.UNSET:
        raise TypeError(f"{name} has a gate and a default: whoever may not give it could not leave it out")
    return StrawberryArgument(
        name,
        None,
        StrawberryAnnotation(kind),
        description=description,
        default=default,
        directives=directives(gate),
        metadata={GATE: gate},
    )


class GateExtension(FieldExtension):
    """Decides by the field's gate: what is not covered is null."""

    def __init__(self, gate: Gate) -> None:
        """Open the field by *gate*."""
        self.gate = gate

    def resolve(
        self, next_: Callable[..., Any], source: Any, info: strawberry.Info[Context, None], **kwargs: Any
    ) -> Any:
        """Give the value where the gate is open, else None."""
        tell(info)
        if not is_open(self.gate, source, info.context.coverage):
            return None
        return next_(source, info, **kwargs)


class BatchExtension(GateExtension):
    """Decides by the field's gate; only where it is open, resolves the field for all of its parents at once.

    What is not covered is null, and no source is asked. ``under`` is the gate of the type that the field is
    of: a list is of rows that it shows too, or it would tell of a row what the way back from it hides.
    """

    def __init__(self, gate: Gate, batch: BatchResolver, lists: Lists | None) -> None:
        """Open the field by *gate*, resolve it by *batch*; *lists* make its arguments one ``listing``."""
        super().__init__(gate)
        ids: Mapping[str, str] = {} if lists is None else lists.ids()
        self.batch = judging(batch, gate, ids) if ids else batch
        self.lists = lists
        self.under: Gate = ALWAYS
        self._arguments: Sequence[StrawberryArgument] = ()

    def apply(self, field: StrawberryField) -> None:
        """Give the field the arguments of its list."""
        if self.lists is not None:
            field.arguments = self.lists.arguments()
        self._arguments = field.arguments

    def resolve(
        self, next_: Callable[..., Any], source: Any, info: strawberry.Info[Context, None], **kwargs: Any
    ) -> Awaitable[Any] | None:
        """Give one parent's value, resolved together with the others'; None where a gate is closed."""
        del next_
        tell(info)
        coverage, stock = info.context.coverage, StockInfo(info)
        if not is_open(self.gate, source, coverage):
            return None
        if not all(is_open(gate, source, coverage) for gate in self.asks(kwargs, stock)):
            return None
        nodes = raw_info(info).field_nodes
        return resolve_one(self.batch, source, stock, nodes, partial(self.bind, kwargs, stock))

    def asks(self, arguments: Mapping[str, Any], info: Info) -> frozenset[Closable]:
        """Give the gates that the field's *arguments* need, not open for all Solutions.

        Raises ``CoverageRequiredError`` where one is closed.
        """
        asking = {name: value for name, value in arguments.items() if name in self._gates}
        return required(asking, self._gates, info.context.coverage) if asking else frozenset()

    @cached_property
    def _gates(self) -> Mapping[str, Gate]:
        """The gates of those arguments that may name what the field's own gate does not open."""
        return {
            each.python_name: each.metadata[GATE]
            for each in self._arguments
            if may_name(each.type, self.gate, each.metadata[GATE])
        }

    def bind(self, arguments: Mapping[str, Any], info: Info) -> Mapping[str, Any]:
        """Give what the batch resolver takes for the field's *arguments*: of a list, one ``listing``."""
        if self.lists is None:
            return arguments
        partial: frozenset[Gate] = self.asks(arguments, info)
        if self.under in info.context.coverage.limited:
            partial |= {self.under}
        return {"listing": self.lists.listing(info, arguments, partial)}


@dataclass(frozen=True, slots=True)
class StockInfo:
    """What the stock executor says of a field, as resolvers take it."""

    info: strawberry.Info[Context, None]

    @property
    def context(self) -> Context:
        """What the resolvers of the operation share."""
        return self.info.context

    @property
    def keys(self) -> Sequence[str]:
        """Where the field is in the answer: response keys, without places in lists."""
        return [key for key in raw_info(self.info).path.as_list() if isinstance(key, str)]

    def selects(self, name: str) -> bool:
        """Tell whether a field called *name* is selected of what this one gives."""
        return any(_names(each.selections, name) for each in self.info.selected_fields)


def raw_info(info: strawberry.Info[Context, None]) -> GraphQLResolveInfo[Any]:
    """Give graphql-core's own info: Strawberry has no public way to a field's nodes, or to the operation."""
    return info._raw_info  # noqa: SLF001 - see above # pyright: ignore[reportPrivateUsage, reportUnknownMemberType, reportUnknownVariableType] - see above


def tell(info: strawberry.Info[Context, None]) -> None:
    """Have the context know what coverage hides of the operation, from the first field on."""
    context = info.context
    if context.hidden is None:
        asked = asked_of(raw_info(info))
        context.hidden = notices_of(hidden_parts(asked, context.coverage.state), context.coverage)


def is_open(gate: Gate, source: object, coverage: Coverage) -> bool:
    """Tell whether *gate* is open to the asker for what belongs to *source*.

    A source that is tied to Solutions must be tied to one that covers it.
    """
    if coverage.state(gate) is State.NONE:
        return False
    tied = solutions_of(source)
    return tied is None or coverage.covers(gate, tied)


def _narrowed(coverage: Coverage, gates: Collection[Gate]) -> Extent:
    """Give the Solutions that every one of *gates* is open for, ALL where it is so for all provided ones."""
    found = [each for each in map(coverage.of, gates) if each.state is State.SOME]
    if not found:
        return ALL
    return frozenset[str].intersection(*(each.solutions | each.past for each in found))


def _ended(coverage: Coverage, gates: Collection[Gate]) -> frozenset[str]:
    """Give the Solutions that are no longer provided of which one of *gates* shows nothing any more."""
    return frozenset[str]().union(*map(coverage.gone, gates))


class ReadExtension(FieldExtension):
    """Reads a field off its parent by a function."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        """Read by *read*."""
        self.read = read

    def resolve(
        self, next_: Callable[..., Any], source: Any, info: strawberry.Info[Context, None], **kwargs: Any
    ) -> Any:
        """Give what the function gives."""
        del next_, info, kwargs
        return self.read(source)


def field(
    description: str,
    gate: Gate,
    *,
    batch: BatchResolver | None = None,
    lists: Lists | None = None,
    read: Callable[[Any], Any] | None = None,
    arguments: Sequence[StrawberryArgument] = (),
) -> Any:
    """Declare a field.

    With neither ``batch`` nor ``read`` it is plain: the attribute of its own name on the record. ``batch``
    gives the values of many parents at once, with ``lists`` a Relay connection of each; ``read`` computes one
    parent's value without asking anybody. Every field has a gate: a feature, or ``ALWAYS``; it is decided
    beside that of the field's type, and where it is closed the field is null.
    """
    extensions: list[FieldExtension] = []
    if batch is not None:
        extensions = [BatchExtension(gate, batch, lists)]
    elif read is not None:
        extensions = [ReadExtension(read)]
    made: Any = strawberry.field(description=description, extensions=extensions, metadata={GATE: gate})
    if arguments:
        made.arguments = list(arguments)
    return made


def decide(field: StrawberryField, under: Gate) -> None:
    """Have a *field* of a type with the gate *under* decide by its own gate, where that is another."""
    for each in field.extensions:
        if isinstance(each, BatchExtension):
            each.under = under
            return
    if field.metadata[GATE] not in (under, ALWAYS):
        field.extensions = [*field.extensions, GateExtension(field.metadata[GATE])]  # the last is asked first


def _names(selections: Sequence[Selection], name: str) -> bool:
    return any(
        each.name == name if isinstance(each, SelectedField) else _names(each.selections, name)
        for each in selections
    )
