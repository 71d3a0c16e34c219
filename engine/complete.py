"""Values into answers (specification 6.4.3): by the generated functions, and where one fails, value by value.

The generated functions are for what is expected. A batch in which something is not is completed again, each
parent for itself, and a parent that fails again by the rules written out here: what is lost of it are single
values, each where it stands.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import GraphQLError, GraphQLObjectType, Undefined
from graphql.pyutils import inspect

from engine.compile import Answer, Functions, has_items
from engine.field import Batch, Plain, Read
from engine.mask import Admits, Opening
from engine.plan import Field, Scope, Shape

Waiting: TypeAlias = dict[Scope, tuple[list[Any], list[Answer]]]
"""Objects of each Scope, with their answers, whose batch fields are to be filled in."""


@dataclass(eq=False, slots=True)
class Lost:
    """What stands in an answer for a value that could not be had, until errors and nulls are settled."""

    error: Exception


class Completion:
    """The completion of the values of one run; the Collector of its generated functions.

    ``lost`` is everything that is Lost in the answer.
    """

    def __init__(self, functions: Functions, admits: Admits) -> None:
        """Complete by *functions*; *admits* decides for parents behind partial gates."""
        self._functions = functions
        self._admits = admits
        self._waiting: list[tuple[Scope, Sequence[Any], Sequence[Answer]]] = []
        self.lost: list[Lost] = []
        self._answered: list[tuple[Scope, Sequence[Answer]]] = []

    def root(self, scope: Scope, root: object) -> Answer:
        """Answer the root of the operation."""
        with suppress(Exception):
            return self._functions.build(scope)(root, self)
        self._waiting.clear()
        return self._object(scope, root)

    def fill(self, field: Field, values: Sequence[Any], answers: Sequence[Answer]) -> None:
        """Put the values of a batch field, completed, into the answers of their parents."""
        fill = self._functions.fill(field)
        before = len(self._waiting)
        with suppress(Exception):
            fill(values, answers, self)
            return
        del self._waiting[before:]
        for value, answer in zip(values, answers, strict=True):
            before = len(self._waiting)
            with suppress(Exception):
                fill((value,), (answer,), self)
                continue
            del self._waiting[before:]
            answer[field.key] = self.value(field, field.shape, value)

    def take(self) -> Waiting:
        """Give what waits to be filled in, by Scope; from now on it does not wait."""
        taken, self._waiting = self._waiting, []
        waiting: Waiting = {}
        for scope, objects, answers in taken:
            all_objects, all_answers = waiting.setdefault(scope, ([], []))
            all_objects.extend(objects)
            all_answers.extend(answers)
        return waiting

    def lose(self, error: Exception) -> Lost:
        """Give what stands for a value that *error* took."""
        lost = Lost(error)
        self.lost.append(lost)
        return lost

    def release(self) -> None:
        """Forget the errors, when they are settled.

        An error knows the frames that it came through, and they know the answer in which it is Lost: what is
        left of the request would have to wait for the garbage collector.
        """
        for each in self.lost:
            del each.error

    def collect(self, scope: Scope, objects: Sequence[Any], answers: Sequence[Answer]) -> None:
        """Keep objects whose batch fields are to be filled in."""
        self._waiting.append((scope, objects, answers))

    def answered(self, scope: Scope, answers: Sequence[Answer]) -> None:
        """Keep which Scope answered objects whose type is known only from themselves."""
        self._answered.append((scope, answers))

    def types(self) -> Mapping[int, Scope]:
        """Give the Scope of each of these answers by its identity, which is good for as long as the run."""
        return {id(answer): scope for scope, answers in self._answered for answer in answers}

    def admitted(self, field: Field, parent: object) -> bool:
        """Tell whether the gate of a field that is no batch is open to *parent*."""
        match field.opening:
            case Opening.ALL:
                return True
            case Opening.SOME:
                return self._admits(field.resolution.gate, parent)
            case Opening.NONE:
                return False

    def missing(self, field: Field) -> Lost:
        """Lose a value that is null where none may be."""
        return self.lose(TypeError(f"Cannot return null for non-nullable field {field.parent}.{field.name}."))

    def abstract(self, field: Field, shape: Shape, value: Any) -> Answer:  # noqa: ANN401 - an object of any type
        """Answer an object by the generated function of its own type; raises what that raises."""
        scope = _scope_of(field, shape, value)
        answer = self._functions.build(scope)(value, self)
        self.answered(scope, (answer,))
        return answer

    def value(self, field: Field, shape: Shape, value: Any) -> Any:  # noqa: ANN401 - any value
        """Complete one value without a generated function."""
        if isinstance(value, Exception):
            return self.lose(value)
        if value is None or value is Undefined:
            return None if shape.nullable else self.missing(field)
        try:
            return self._given(field, shape, value)
        except Exception as error:  # noqa: BLE001 - it becomes this value's
            return self.lose(error)

    def _given(self, field: Field, shape: Shape, value: Any) -> Any:  # noqa: ANN401 - any value
        if shape.items is not None:
            if not has_items(value):
                where = f"{field.parent}.{field.name}"
                raise GraphQLError(f"Expected Iterable, but did not find one for field '{where}'.")
            return [self.value(field, shape.items, each) for each in value]
        if shape.is_leaf:
            return _serialized(shape.named, value)
        if not shape.is_abstract:
            (scope,) = shape.scopes.values()
            _check_type(scope.type, value)
            return self._object(scope, value)
        scope = _scope_of(field, shape, value)
        answer = self._object(scope, value)
        self.answered(scope, (answer,))
        return answer

    def _object(self, scope: Scope, parent: object) -> Answer:
        answer = {each.key: self._field(scope, each, parent) for each in scope.fields}
        if scope.batches:
            self.collect(scope, (parent,), (answer,))
        return answer

    def _field(self, scope: Scope, field: Field, parent: object) -> Any:  # noqa: ANN401 - any value
        if field.name == "__typename":
            return scope.type.name
        if field.is_batch:
            return None
        try:
            value = _read(field, parent) if self.admitted(field, parent) else None
        except Exception as error:  # noqa: BLE001 - it becomes this field's
            return self.lose(error)
        return self.value(field, field.shape, value)


def _read(field: Field, parent: object) -> object:
    match field.resolution:
        case Plain(attribute):
            return getattr(parent, attribute)
        case Read(function):
            return function(parent)
        case Batch():
            return None  # the field is closed


def _serialized(kind: Any, value: Any) -> Any:  # noqa: ANN401 - a leaf type, and what it serializes
    output = kind.coerce_output_value(value)
    if output is None or output is Undefined:
        # graphql-core's sentence.
        asked = f"`{inspect(kind)}.coerce_output_value({inspect(value)})`"
        raise TypeError(f"Expected {asked} to return non-nullable value, returned: {inspect(output)}")
    return output


def _check_type(kind: GraphQLObjectType, value: object) -> None:
    decides: Any = kind.is_type_of
    if decides is not None and not decides(value, None):
        raise GraphQLError(f"Expected value of type '{kind}' but got: {inspect(value)}.")


def _scope_of(field: Field, shape: Shape, value: object) -> Scope:
    """Give the Scope of an object's own type: the first possible one whose ``is_type_of`` says so."""
    for scope in shape.scopes.values():
        decides: Any = scope.type.is_type_of
        if decides is not None and decides(value, None):
            return scope
    name = shape.named.name
    raise GraphQLError(
        f"Abstract type '{name}' must resolve to an Object type at runtime"
        f" for field '{field.parent}.{field.name}'."
        f" Either the '{name}' type should provide a 'resolve_type' function"
        " or each possible type should provide an 'is_type_of' function."
    )
