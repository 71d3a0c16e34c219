"""Errors and nulls, in a second pass over an answer in which something failed (specification 6.4.4)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graphql import GraphQLError, located_error

from engine.compile import Answer
from engine.execute import Failure
from engine.plan import Field, Scope, Shape


class _Bubble:
    """What a value is that may not be null and is: its parent is null."""


_BUBBLE: Final = _Bubble()


def settle(
    root: Scope, answer: Answer, types: Mapping[int, Scope]
) -> tuple[Answer | None, list[GraphQLError]]:
    """Put nulls where failures stand, up to the next place that may be null, and give the errors with their paths.

    ``types`` says which Scope answered an object whose type is known only from itself.
    """
    settling = _Settling(types)
    settled = settling.object(root, answer, ())
    return (None if isinstance(settled, _Bubble) else settled), settling.errors


class _Settling:
    def __init__(self, types: Mapping[int, Scope]) -> None:
        self.errors: list[GraphQLError] = []
        self._types = types

    def object(self, scope: Scope, answer: Answer, path: Sequence[str | int]) -> Answer | _Bubble:
        """Settle the fields of one object."""
        bubbles = False
        for field in scope.fields:
            value = self._value(field, field.shape, answer[field.key], (*path, field.key))
            bubbles = bubbles or isinstance(value, _Bubble)
            answer[field.key] = value
        return _BUBBLE if bubbles else answer

    def _value(self, field: Field, shape: Shape, value: Any, path: Sequence[str | int]) -> Any:  # noqa: ANN401
        if value.__class__ is Failure:
            self.errors.append(located_error(value.error, field.nodes, list(path)))
            settled: Any = _BUBBLE
        elif value is None:
            return None
        elif shape.items is not None:
            settled = [
                self._value(field, shape.items, each, (*path, place)) for place, each in enumerate(value)
            ]
            if any(isinstance(each, _Bubble) for each in settled):
                settled = _BUBBLE
        elif shape.scopes:
            scope = self._types.get(id(value)) or next(iter(shape.scopes.values()))
            settled = self.object(scope, value, path)
        else:
            return value
        return None if isinstance(settled, _Bubble) and shape.nullable else settled
