"""Input objects: declared field by field, and turned into what the sources take."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple, TypeGuard, TypeVar, cast, dataclass_transform

import msgspec
import strawberry
from strawberry.types.base import StrawberryContainer, StrawberryObjectDefinition
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.utils.str_converters import to_camel_case

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Closable, Gate
from resolvers.errors import BadUserInputError, closed_error
from resolvers.node import key_of
from schema.directives import show_gates
from schema.gate import GATE, gate_of_value
from sources.condition import Range

T = TypeVar("T")

NODE: Final = "node"
"""The key under which an input field of ids names the type that they are ids of."""

TEXT_LENGTH: Final = 1_000
"""Characters of a text that is searched for; SQLite takes no pattern of 50,000 bytes."""


def input_field(
    description: str, gate: Gate, *, node: str | None = None, default: object = strawberry.UNSET
) -> Any:
    """Declare a field of an input object; *node* names the type of which its values are global ids."""
    made: Any = strawberry.field(description=description, default=default, metadata={GATE: gate, NODE: node})
    return made


@dataclass_transform(kw_only_default=True, field_specifiers=(input_field,))
def input_of(
    rows: type[msgspec.Struct], description: str, gate: Gate = ALWAYS
) -> Callable[[type[T]], type[T]]:
    """Declare an input object that becomes *rows*, field by field of the same name, opened by *gate*."""

    def declare(cls: type[T]) -> type[T]:
        declared: Any = strawberry.input(cls, description=description)
        show_gates(declared, gate)
        declared.gate = gate
        declared.rows = rows
        return cast("type[T]", declared)

    return declare


def input_type(description: str, gate: Gate = ALWAYS) -> Callable[[type[T]], type[T]]:
    """Declare an input object that resolvers take as it is, opened by *gate*."""

    def declare(cls: type[T]) -> type[T]:
        declared: Any = strawberry.input(cls, description=description)
        show_gates(declared, gate)
        declared.gate = gate
        return cast("type[T]", declared)

    return declare


class Named(NamedTuple):
    """A coordinate that an argument's value names: its gate, and the path from the argument's name on."""

    gate: Closable
    path: tuple[str, ...]


def named(value: Any, gate: Gate, path: tuple[str, ...]) -> Iterator[Named]:
    """Give each gated coordinate that *value*, given for a coordinate behind *gate*, names.

    An input field that is null is named like any other; one that is left out is not. Enum values are named
    wherever they stand.
    """
    if gate is not ALWAYS:
        yield Named(gate, path)
    if isinstance(value, Enum):
        own = gate_of_value(value)
        if own is not ALWAYS:
            yield Named(own, path)
    elif _is_list(value):
        for one in value:
            yield from named(one, ALWAYS, path)
    elif hasattr(value, "__strawberry_definition__"):
        definition: StrawberryObjectDefinition = value.__strawberry_definition__
        for each in definition.fields:
            found = getattr(value, each.python_name)
            if found is not strawberry.UNSET:
                yield from named(found, each.metadata[GATE], (*path, to_camel_case(each.python_name)))


def required(
    arguments: Mapping[str, Any], gates: Mapping[str, Gate], coverage: Coverage
) -> frozenset[Closable]:
    """Give the gates of what the *arguments* name that are not open for all Solutions.

    *gates* are those of the arguments themselves, all by their Python names. Raises what ``closed_error``
    gives for what is closed: left out silently, it would give wrong rows.
    """
    partial: set[Closable] = set()
    for name, value in arguments.items():
        if value is strawberry.UNSET:
            continue
        for gate, path in named(value, gates.get(name, ALWAYS), (to_camel_case(name),)):
            state = coverage.state(gate)
            if state is State.NONE:
                raise closed_error(coverage, gate, path)
            if gate in coverage.limited:
                partial.add(gate)
    return frozenset(partial)


def may_name(kind: Any, gate: Gate, given: Gate) -> bool:
    """Tell whether a value of *kind*, for a coordinate behind *given*, may name what *gate* does not open."""
    if given not in (ALWAYS, gate):
        return True
    while isinstance(kind, StrawberryContainer):
        kind = kind.of_type
    if isinstance(kind, StrawberryEnumDefinition):
        members: Any = kind.wrapped_cls
        return any(gate_of_value(each) not in (ALWAYS, gate) for each in members)
    definition: StrawberryObjectDefinition | None = getattr(kind, "__strawberry_definition__", None)
    fields = definition.fields if definition is not None else ()
    return any(may_name(each.type, gate, each.metadata[GATE]) for each in fields)


def plain(value: Any, path: tuple[str, ...]) -> Any:
    """Give the struct that an input object stands for; *path* leads to it from the argument's name on.

    Lists become frozensets, global ids keys of their type: an id of another type, or of nothing, a key that
    no row has. Raises ``BadUserInputError`` for a range whose end comes before its start and for a text that
    no row can hold.
    """
    definition: StrawberryObjectDefinition = value.__strawberry_definition__
    given: dict[str, Any] = {}
    for each in definition.fields:
        found = getattr(value, each.python_name)
        if found is not None and found is not strawberry.UNSET:
            inner = (*path, to_camel_case(each.python_name))
            given[each.python_name] = _value(found, each.metadata[NODE], inner)
    return value.rows(**given)


def _value(found: Any, node: str | None, path: tuple[str, ...]) -> Any:
    if hasattr(found, "__strawberry_definition__"):
        inner = plain(found, path)
        return _checked_range(inner, path) if found.rows is Range else inner
    if _is_list(found):
        return frozenset(_single(one, node, path) for one in found)
    return _single(found, node, path)


def _is_list(found: Any) -> TypeGuard[list[Any]]:
    return isinstance(found, list)


def _single(found: Any, node: str | None, path: tuple[str, ...]) -> Any:
    if node is not None:
        return key_of(node, found)
    if isinstance(found, str) and (len(found) > TEXT_LENGTH or "\x00" in found):
        message = f"`{'.'.join(path)}` takes a text of at most {TEXT_LENGTH} characters, without NUL."
        raise BadUserInputError(message, path, "TEXT")
    return found


def _checked_range(bounds: Range[Any], path: tuple[str, ...]) -> Range[Any]:
    if bounds.start is not None and bounds.end is not None and bounds.end < bounds.start:
        message = f"The range of `{'.'.join(path)}` ends before it starts."
        raise BadUserInputError(message, path, "RANGE")
    return bounds
