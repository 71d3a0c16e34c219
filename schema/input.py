"""Input objects: declared field by field, and turned into what the sources take."""

from collections.abc import Callable
from typing import Any, Final, TypeGuard, TypeVar, cast, dataclass_transform

import msgspec
import strawberry
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.utils.str_converters import to_camel_case

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Feature, Gate
from resolvers.errors import BadUserInputError, CoverageRequiredError
from resolvers.node import key_of
from schema.directives import DECIDES, GATE, show_gates
from sources.condition import Range

T = TypeVar("T")

NODE: Final = "node"
"""The key under which an input field of ids names the type that they are ids of."""

TEXT_LENGTH: Final = 1_000
"""Characters of a text that is searched for; SQLite takes no pattern of 50,000 bytes."""


def input_field(description: str, gate: Gate, *, node: str | None = None) -> Any:
    """Declare a field of an input object; *node* names the type of which its values are global ids."""
    made: Any = strawberry.field(
        description=description, default=strawberry.UNSET, metadata={GATE: gate, DECIDES: True, NODE: node}
    )
    return made


@dataclass_transform(kw_only_default=True, field_specifiers=(input_field,))
def input_of(
    rows: type[msgspec.Struct], description: str, gate: Gate = ALWAYS
) -> Callable[[type[T]], type[T]]:
    """Declare an input object that becomes *rows*, field by field of the same name, opened by *gate*."""

    def declare(cls: type[T]) -> type[T]:
        declared: Any = strawberry.input(cls, description=description)
        show_gates(declared, gate)
        declared.rows = rows
        return cast("type[T]", declared)

    return declare


def plain(value: Any, coverage: Coverage, path: tuple[str, ...]) -> Any:
    """Give the struct that an input object stands for; *path* leads to it from the argument's name on.

    Lists become frozensets, global ids keys of their type: an id of another type, or of nothing, a key that
    no row has. Raises ``BadUserInputError`` for a range whose end comes before its start and for a text that
    no row can hold, ``CoverageRequiredError`` for a field whose feature is not covered: left out silently, it
    would give wrong rows.
    """
    definition: StrawberryObjectDefinition = value.__strawberry_definition__
    given: dict[str, Any] = {}
    for each in definition.fields:
        found = getattr(value, each.python_name)
        if found is None or found is strawberry.UNSET:
            continue
        name = to_camel_case(each.python_name)
        _check_gate(each.metadata[GATE], coverage, (*path, name))
        given[each.python_name] = _value(found, each.metadata[NODE], coverage, (*path, name))
    return value.rows(**given)


def _value(found: Any, node: str | None, coverage: Coverage, path: tuple[str, ...]) -> Any:
    if hasattr(found, "__strawberry_definition__"):
        inner = plain(found, coverage, path)
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


def _check_gate(gate: Gate, coverage: Coverage, path: tuple[str, ...]) -> None:
    if isinstance(gate, Feature) and coverage.state(gate) is State.NONE:
        message = f"`{'.'.join(path)}` needs the feature {gate.value}, which your Solutions do not cover."
        raise CoverageRequiredError(message, gate.value, path)


def _checked_range(bounds: Range[Any], path: tuple[str, ...]) -> Range[Any]:
    if bounds.start is not None and bounds.end is not None and bounds.end < bounds.start:
        message = f"The range of `{'.'.join(path)}` ends before it starts."
        raise BadUserInputError(message, path, "RANGE")
    return bounds
