"""Errors and nulls, in a second pass over an answer in which something was lost (specification 6.4.4)."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final, TypeAlias

from graphql import GraphQLError, located_error

from engine.compile import Answer
from engine.complete import Lost
from engine.on_error import OnError
from engine.plan import Field, Scope, Shape


class _Bubble(Enum):
    """What a value is that may not be null and is: its parent is null."""

    BUBBLE = "BUBBLE"


_BUBBLE: Final = _Bubble.BUBBLE

Place: TypeAlias = "tuple[Place, str | int] | None"
"""A place in the answer: the place around it, and the key or position there; None is the root."""


def settle(
    root: Scope, answer: Answer, types: Mapping[int, Scope], on_error: OnError = OnError.PROPAGATE
) -> tuple[Answer | None, list[GraphQLError]]:
    """Put nulls where something is Lost; give the errors, with paths.

    A null goes up to the next place that may be null, unless *on_error* leaves it where it is.

    ``types`` says, by the identity of an answer, which Scope gave it where the type is known only from the
    object. Of what is lost below one null, the first takes it there: what comes after in the same object or
    list tells nothing more.
    """
    settling = _Settling(types, on_error)
    settled = settling.object(root, answer, None)
    return (None if settled is _BUBBLE else answer), settling.errors


class _Settling:
    def __init__(self, types: Mapping[int, Scope], on_error: OnError) -> None:
        self.errors: list[GraphQLError] = []
        self._types = types
        self._propagates = on_error is OnError.PROPAGATE

    def object(self, scope: Scope, answer: Answer, place: Place) -> Answer | _Bubble:
        """Settle the fields of one object."""
        for field in scope.fields:
            key = field.key
            value = answer[key]
            if value is not None:
                settled = answer[key] = self._value(field, field.shape, value, (place, key))
                if isinstance(settled, _Bubble):
                    return settled
        return answer

    def _value(self, field: Field, shape: Shape, value: Any, place: Place) -> Any:  # noqa: ANN401 - any value
        settled: Any = value
        if value.__class__ is Lost:
            self.errors.append(located_error(value.error, field.nodes, _path(place)))
            settled = _BUBBLE
        elif shape.items is not None:
            settled = self._list(field, shape.items, value, place)
        elif shape.scopes:
            scope = self._types.get(id(value)) or next(iter(shape.scopes.values()))
            settled = self.object(scope, value, place)
        return None if settled is _BUBBLE and (shape.nullable or not self._propagates) else settled

    def _list(self, field: Field, items: Shape, values: list[Any], place: Place) -> list[Any] | _Bubble:
        for index, value in enumerate(values):
            if value is not None:
                settled = values[index] = self._value(field, items, value, (place, index))
                if isinstance(settled, _Bubble):
                    return settled
        return values


def _path(place: Place) -> Sequence[str | int]:
    path: list[str | int] = []
    while place is not None:
        place, step = place
        path.append(step)
    return path[::-1]
