"""From a planned Scope to one generated Python function that answers all of its objects.

The function takes objects and a Collector and gives a dict for each. Leaves and nested plain objects are one
expression an object; batch fields are left as None, and the objects are handed to the Collector, to be filled in.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, Final, Protocol, TypeAlias

from graphql import GraphQLEnumType

from engine.field import Batch, Plain, Read
from engine.plan import Field, Plan, Scope, Shape

Answer: TypeAlias = dict[str, Any]


class Collector(Protocol):
    """What a generated function reports to while it runs."""

    def collect(self, number: int, objects: Sequence[Any], answers: Sequence[Answer]) -> None:
        """Take the objects of the Scope of that number, with their answers, to be filled in."""
        ...

    def missing(self, field: Field) -> object:
        """Give what stands for a null where *field* may not be null."""
        ...

    def abstract(self, field: Field, shape: Shape, value: Any) -> Any:  # noqa: ANN401 - an object of any type
        """Answer an object whose type is known only from itself."""
        ...


Build: TypeAlias = Callable[[Sequence[Any], Collector], list[Answer]]
"""Gives the answer of each object, in order; raises whatever reading or serializing raises."""

_OWN_OUTPUT: Final = {"String": "str", "ID": "str", "Boolean": "bool"}
"""Scalars whose values of exactly this class are their own output."""

_INLINE: Final = 4
"""How deep plain objects are written into the expression of their parent; deeper ones are called."""


def compile_plan(plan: Plan) -> Mapping[int, Build]:
    """Give the function of each Scope of *plan*, by number."""
    source = _Source()
    for scope in plan.scopes:
        source.function(scope)
    # Nothing that a client wrote is in the text: keys, attributes and types come in as names bound to values.
    exec(compile("\n".join(source.lines), "<plan>", "exec"), source.names)  # noqa: S102 - see above
    return {scope.number: source.names[f"scope_{scope.number}"] for scope in plan.scopes}


class _Source:
    """The text of the functions, and the values that it names."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}
        self._numbers = count()

    def function(self, scope: Scope) -> None:
        """Write the function of *scope*."""
        self.lines += [
            f"def scope_{scope.number}(objects, run):",
            f"    answers = [{self._object(scope, 'o', 0)} for o in objects]",
        ]
        if scope.batches:
            self.lines.append(f"    run.collect({scope.number}, objects, answers)")
        self.lines.append("    return answers")

    def _object(self, scope: Scope, parent: str, depth: int) -> str:
        entries = (
            f"{self._bound(each.key)}: {self._value(scope, each, parent, depth)}" for each in scope.fields
        )
        return f"{{{', '.join(entries)}}}"

    def _value(self, scope: Scope, field: Field, parent: str, depth: int) -> str:
        if field.name == "__typename":
            return self._bound(scope.type.name)
        match field.resolution:
            case Batch():
                return "None"
            case Plain(attribute):
                read = f"{parent}.{attribute}"
            case Read(function):
                read = f"{self._bound(function)}({parent})"
        return self._completed(field, field.shape, read, depth)

    def _completed(self, field: Field, shape: Shape, read: str, depth: int) -> str:
        """Give the expression that completes what *read* gives (specification 6.4.3)."""
        value = f"v{next(self._numbers)}"
        given = self._given(field, shape, value, depth)
        absent = "None" if shape.nullable else f"run.missing({self._bound(field)})"
        return f"({given} if ({value} := {read}) is not None else {absent})"

    def _given(self, field: Field, shape: Shape, value: str, depth: int) -> str:
        if shape.items is not None:
            item = f"i{next(self._numbers)}"
            return f"[{self._completed(field, shape.items, item, depth)} for {item} in {value}]"
        if shape.is_leaf:
            return self._leaf(shape.named, value)
        if shape.is_abstract:
            return f"run.abstract({self._bound(field)}, {self._bound(shape)}, {value})"
        (scope,) = shape.scopes.values()
        if scope.batches or depth >= _INLINE:
            return f"scope_{scope.number}(({value},), run)[0]"
        return self._object(scope, value, depth + 1)

    def _leaf(self, kind: Any, value: str) -> str:  # noqa: ANN401 - a scalar or an enum
        if isinstance(kind, GraphQLEnumType):
            return f"{self._bound(output_names(kind))}[{value}]"
        serialize = self._bound(kind.coerce_output_value)
        own = _OWN_OUTPUT.get(kind.name)
        if own is not None:
            return f"({value} if {value}.__class__ is {own} else {serialize}({value}))"
        if kind.name == "Int":
            fits = f"{value}.__class__ is int and -2147483649 < {value} < 2147483648"
            return f"({value} if {fits} else {serialize}({value}))"
        return f"{serialize}({value})"

    def _bound(self, value: object) -> str:
        name = f"n{next(self._numbers)}"
        self.names[name] = value
        return name


def output_names(kind: GraphQLEnumType) -> Mapping[Any, str]:
    """Give the name of each value of an enum, for members of a Python enum as for plain values."""
    wrapped: Any = getattr(kind, "wrapped_cls", None)
    names: dict[Any, str] = {}
    for name, value in kind.values.items():
        names[wrapped(value.value) if wrapped is not None else value.value] = name
    return names
