"""Input objects: declared field by field, and turned into what the sources take."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, dataclass_transform

import msgspec
import strawberry
from strawberry.types.base import StrawberryObjectDefinition

from auth.feature import Gate
from resolvers.errors import BadUserInputError
from resolvers.node import key_of
from sources.condition import Range

T = TypeVar("T")

NODE: Final = "node"
"""The key under which an input field of ids names the type that they are ids of."""


def input_field(description: str, gate: Gate, *, node: str | None = None) -> Any:
    """Declare a field of an input object; *node* names the type of which its values are global ids."""
    made: Any = strawberry.field(
        description=description, default=strawberry.UNSET, metadata={"gate": gate, NODE: node}
    )
    return made


@dataclass_transform(kw_only_default=True, field_specifiers=(input_field,))
def input_of(rows: type[msgspec.Struct], description: str) -> Callable[[type[T]], type[T]]:
    """Declare an input object that becomes *rows*, field by field of the same name."""

    def declare(cls: type[T]) -> type[T]:
        declared = strawberry.input(cls, description=description)
        declared.rows = rows  # type: ignore[attr-defined]
        return declared

    return declare


def plain(value: Any) -> Any:
    """Give the struct that an input object stands for.

    Lists become frozensets, global ids keys of their type: an id of another type, or of nothing, a key that no
    row has. Raises ``BadUserInputError`` for a range whose end comes before its start.
    """
    definition: StrawberryObjectDefinition = value.__strawberry_definition__
    given: dict[str, Any] = {}
    for each in definition.fields:
        found = getattr(value, each.python_name)
        if found is not None and found is not strawberry.UNSET:
            given[each.python_name] = _value(found, each.metadata.get(NODE), each.python_name)
    return value.rows(**given)


def _value(found: Any, node: str | None, name: str) -> Any:
    if hasattr(found, "__strawberry_definition__"):
        inner = plain(found)
        if isinstance(inner, Range):
            _check(inner, name)
        return inner
    if isinstance(found, list):
        return frozenset(found if node is None else (key_of(node, one) for one in found))
    return found


def _check(bounds: Range[Any], name: str) -> None:
    if bounds.start is not None and bounds.end is not None and bounds.end < bounds.start:
        message = f"The range of `{name}` ends before it starts."
        raise BadUserInputError(message, ["filter", name], "RANGE")
