"""Schema coordinates, and the gates that open them (GraphQL specification, "Schema Coordinates")."""

import re
from collections.abc import Sequence
from typing import Any, Final

from auth.feature import Gate
from schema.gate import gate_of, gate_of_type, gate_of_value

_COORDINATE: Final = re.compile(r"(?P<type>\w+)(\.(?P<name>\w+)(\((?P<argument>\w+):\))?)?", re.ASCII)


def gates_of(coordinate: str) -> Sequence[Gate] | None:
    """Give the gates of ``Type``, ``Type.field``, ``Type.field(arg:)``, ``Input.field`` or ``Enum.VALUE``.

    All must be open, the type's own among them; None where the published schema has no such coordinate.
    """
    from schema.build import TYPES  # noqa: PLC0415 - the built schema has a field that asks this

    found = _COORDINATE.fullmatch(coordinate)
    kind: Any = TYPES.type_map.get(found["type"]) if found else None
    if found is None or kind is None or kind.name.startswith("__"):
        return None
    gates = [gate_of_type(kind)]
    if found["name"] is None:
        return gates
    value = getattr(kind, "values", {}).get(found["name"])
    if value is not None and found["argument"] is None:
        return [*gates, gate_of_value(value.value)]
    field = getattr(kind, "fields", {}).get(found["name"])
    if field is None:
        return None
    gates.append(gate_of(field))
    if found["argument"] is None:
        return gates
    argument = getattr(field, "args", {}).get(found["argument"])
    return None if argument is None else [*gates, gate_of(argument)]
