"""The coordinates of a customer's own schema, each with the features that open it."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Gate
from schema.gate import gate_of, gate_of_type
from schema.view import own_types

Gates: TypeAlias = tuple[Gate, ...]
"""What has to be open for something to be in a schema, the nearest first."""


def coordinates(coverage: Coverage) -> Mapping[str, Gates]:
    """Give what a customer with this *coverage* finds in its schema, each with all that opens it.

    By ``Type.field``, ``Type.field(arg:)``, ``Enum.VALUE`` or ``Input.field``: the gates of the field, of its
    type, and of the shortest way that leads to the type.
    """
    types = own_types(lambda gate: coverage.state(gate) is not State.NONE).type_map
    found: dict[str, Gates] = {}
    for name, gates in _gates(types).items():
        kind: Any = types[name]
        for field, definition in _fields(kind).items():
            found[f"{name}.{field}"] = (gate_of(definition), *gates)
            for argument in getattr(definition, "args", ()):
                found[f"{name}.{field}({argument}:)"] = found[f"{name}.{field}"]
        for value in getattr(kind, "values", ()):
            found[f"{name}.{value}"] = gates
    return found


def _gates(types: Mapping[str, Any]) -> Mapping[str, Gates]:
    """Give what opens each type: its own gate, and those of the shortest way to it."""
    named = {name: kind for name, kind in types.items() if not name.startswith("__")}
    roots = [name for name in ("Query", "Mutation", "Subscription") if name in named]
    gated = [name for name, kind in named.items() if gate_of_type(kind) is not ALWAYS]
    found: dict[str, Gates] = {}
    # No field leads to what only an interface stands for: it comes after what fields lead to.
    for name in (*roots, *gated, *named):
        _explore(named, found, name)
    return found


def _explore(types: Mapping[str, Any], found: dict[str, Gates], begin: str) -> None:
    """Write down in *found* the gates of *begin*, and of what can be reached from there first."""
    if begin in found:
        return
    found[begin] = (gate_of_type(types[begin]),)
    ahead = deque([begin])
    while ahead:
        name = ahead.popleft()
        for target, gate in _targets(types[name]):
            if target not in found:
                found[target] = (gate_of_type(types[target]), gate, *found[name])
                ahead.append(target)


def _targets(kind: Any) -> Iterator[tuple[str, Gate]]:  # noqa: ANN401 - graphql-core's types are known to the schema alone
    """Give the types to which the fields and arguments of *kind* lead, each with the field's gate."""
    for definition in _fields(kind).values():
        gate = gate_of(definition)
        yield str(definition.type).strip("[]!"), gate
        for argument in getattr(definition, "args", {}).values():
            yield str(argument.type).strip("[]!"), gate


def _fields(kind: Any) -> Mapping[str, Any]:  # noqa: ANN401 - graphql-core's types are known to the schema alone
    fields: Mapping[str, Any] = getattr(kind, "fields", {})
    return fields
