"""The one way a field is declared: what it is, which feature opens it, and where its value comes from."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from auth.coverage import State
from auth.feature import Gate
from resolvers.batch import BatchResolver, resolve_one
from resolvers.connection import window
from resolvers.context import Context, Info, solutions_of
from schema.directives import GATE
from schema.input import plain
from schema.notice import hidden_parts
from sources.listing import Filter, Listing, Order
from sources.record import Record


@dataclass(frozen=True, slots=True)
class Lists:
    """What a list may be asked: its filter, its orders, the order when none is given, and the rows it gives."""

    filter: type
    order: type[Order]
    default: Order
    record: type[Record]
    rows: type[Filter]
    name: str

    def arguments(self) -> list[StrawberryArgument]:
        """Give the arguments of the list, those of Relay among them."""
        return [
            argument("filter", self.filter | None, f"Leaves out {self.name} that do not satisfy it."),
            argument("order_by", self.order, f"The order of the {self.name}.", self.default),
            argument("first", int | None, "How many from the start, 1 to 100; 25 when not given."),
            argument("after", str | None, "Only what comes after this cursor."),
            argument("last", int | None, "How many from the end, 1 to 100."),
            argument("before", str | None, "Only what comes before this cursor."),
        ]

    def listing(self, info: Info, arguments: Mapping[str, Any]) -> Listing[Filter]:
        """Give what the field's *arguments* ask for; counted only where ``totalCount`` is selected.

        Raises ``BadUserInputError`` for arguments that break a rule.
        """
        order = arguments["order_by"] or self.default
        relay = {name: arguments.get(name) for name in ("first", "after", "last", "before")}
        asked = arguments.get("filter")
        return Listing(
            filter=plain(asked, info.context.coverage, ("filter",)) if asked else self.rows(),
            order=order,
            window=window(order, self.record, **relay),
            counted=_selects(info, "totalCount"),
        )


def argument(
    name: str, kind: object, description: str, default: object = strawberry.UNSET
) -> StrawberryArgument:
    """Declare an argument of a field."""
    annotation = StrawberryAnnotation(kind)
    return StrawberryArgument(name, None, annotation, description=description, default=default)


class CoverageExtension(FieldExtension):
    """Decides by the field's gate, before its resolver: what is not covered is null, and no source is asked."""

    def __init__(self, gate: Gate) -> None:
        """Open the field by *gate*."""
        self.gate = gate

    def resolve(self, next_: Callable[..., Any], source: Any, info: Info, **kwargs: Any) -> Any:
        """Give null where the gate is closed to the asker, or to this parent's Solutions."""
        context: Context = info.context
        if context.hidden is None:
            context.hidden = hidden_parts(info._raw_info, context.coverage)  # noqa: SLF001 - no public way
        match context.coverage.state(self.gate):
            case State.NONE:
                return None
            case State.SOME:
                tied = solutions_of(source)
                if tied is not None and not context.coverage.covers(self.gate, tied):
                    return None
            case State.ALL:
                pass
        return next_(source, info, **kwargs)


class BatchExtension(FieldExtension):
    """Resolves a field for all of its parents at once."""

    def __init__(self, batch: BatchResolver, lists: Lists | None) -> None:
        """Resolve by *batch*; with *lists*, its arguments become one ``listing``."""
        self.batch = batch
        self.lists = lists

    def apply(self, field: StrawberryField) -> None:
        """Give the field the arguments of its list."""
        if self.lists is not None:
            field.arguments = self.lists.arguments()

    def resolve(self, next_: Callable[..., Any], source: Any, info: Info, **kwargs: Any) -> Awaitable[Any]:
        """Give the value of one parent, resolved together with the others."""
        del next_
        arguments = kwargs if self.lists is None else {"listing": self.lists.listing(info, kwargs)}
        return resolve_one(self.batch, source, info, arguments)


class ReadExtension(FieldExtension):
    """Reads a field off its parent by a function."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        """Read by *read*."""
        self.read = read

    def resolve(self, next_: Callable[..., Any], source: Any, info: Info, **kwargs: Any) -> Any:
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

    With neither ``batch`` nor ``read`` it is plain: the attribute of its own name on the record. ``batch`` gives
    the values of many parents at once, with ``lists`` a Relay connection of each; ``read`` computes one parent's
    value without asking anybody. Every field has a gate: a feature, or ``ALWAYS``.
    """
    extensions: list[FieldExtension] = []
    if batch is not None:
        extensions = [CoverageExtension(gate), BatchExtension(batch, lists)]
    elif read is not None:
        extensions = [ReadExtension(read)]
    made: Any = strawberry.field(
        description=description,
        extensions=extensions,
        metadata={GATE: gate},
    )
    if arguments:
        made.arguments = list(arguments)
    return made


def _selects(info: Info, name: str) -> bool:
    return any(
        getattr(one, "name", None) == name
        for selected in info.selected_fields
        for one in _flat(selected.selections)
    )


def _flat(selections: Sequence[Any]) -> list[Any]:
    flat: list[Any] = []
    for each in selections:
        is_fragment = not hasattr(each, "arguments")
        flat += _flat(each.selections) if is_fragment else [each]
    return flat
