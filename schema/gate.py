"""Which feature each coordinate declares: of types, fields, arguments, input fields and enum values."""

from enum import Enum
from typing import Any, Final

from auth.feature import ALWAYS, Closable, Gate

GATE: Final = "gate"
"""The key under which a field or an argument carries its gate in Strawberry's metadata."""

_VALUES: Final[dict[Enum, Closable]] = {}
"""The gates of those values of enums that are not always open."""


def gate_of(definition: Any) -> Gate:
    """Give the gate of a field, argument or input field; GraphQL's own are always open."""
    declared = definition.extensions.get("strawberry-definition")
    return ALWAYS if declared is None else declared.metadata.get(GATE, ALWAYS)


def gate_of_type(kind: Any) -> Gate:
    """Give the gate of a type of the built schema; types that stand for no record are always open."""
    declared = kind.extensions.get("strawberry-definition")
    return getattr(getattr(declared, "origin", None), "gate", ALWAYS)


def declare_value(value: Enum, gate: Gate) -> None:
    """Declare the gate of a value of an enum."""
    if gate is not ALWAYS:
        _VALUES[value] = gate


def gate_of_value(value: Enum) -> Gate:
    """Give the gate of a value of an enum."""
    return _VALUES.get(value, ALWAYS)
