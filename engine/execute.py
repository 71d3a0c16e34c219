"""Runs a plan level by level: each field with work to do is called once, with all the parents of its Scope."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import GraphQLError, GraphQLObjectType, get_argument_values
from graphql.execution.values import VariableValues

from engine.compile import Answer, Build
from engine.field import Batch, Plain, Read
from engine.mask import Admits, Opening
from engine.plan import Field, Plan, Scope, Shape

Chunks: TypeAlias = dict[int, list[tuple[Sequence[Any], Sequence[Answer]]]]
"""By the number of a Scope: objects, and the answers that are still to be filled in."""


class BatchLengthError(Exception):
    """A batch resolver gave something else than one value for each parent: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What stands in an answer for a value that could not be had, until errors and nulls are settled."""

    error: Exception


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """What a batch resolver is told beside parents and arguments: ``engine.field.Info``."""

    context: Any
    field: Field

    @property
    def keys(self) -> Sequence[str]:
        """Where the field is in the answer: response keys, without places in lists."""
        return self.field.keys

    def selects(self, name: str) -> bool:
        """Tell whether a field called *name* is selected of what this one gives."""
        return self.field.selects(name)


class Run:
    """One run of a plan; used once.

    ``failed`` says whether a Failure stands anywhere in the answer, ``types`` which Scope answered an object whose
    type is known only from itself, by the identity of the answer.
    """

    def __init__(
        self,
        plan: Plan,
        builds: Mapping[int, Build],
        variables: VariableValues,
        context: object,
        admits: Admits,
    ) -> None:
        """Run *plan* by the functions *builds*; ``admits`` decides for parents behind partial gates."""
        self._plan = plan
        self._builds = builds
        self._variables = variables
        self._context = context
        self._admits = admits
        self._waiting: Chunks = {}
        self.failed = False
        self.types: dict[int, Scope] = {}

    async def answer(self, root: object) -> Answer:
        """Give the answer below *root*; failures still stand in it."""
        (answer,) = self._objects(self._plan.root, [root])
        await self._fill()
        return answer

    def collect(self, number: int, objects: Sequence[Any], answers: Sequence[Answer]) -> None:
        """Keep objects whose batch fields are still to be filled in."""
        self._waiting.setdefault(number, []).append((objects, answers))

    def missing(self, field: Field) -> Failure:
        """Fail for a null where none may be."""
        message = f"Cannot return null for non-nullable field {field.parent}.{field.name}."
        return self._failure(TypeError(message))

    def abstract(self, field: Field, shape: Shape, value: Any) -> Any:  # noqa: ANN401 - an object of any type
        """Answer an object by the Scope of its own type."""
        for scope in shape.scopes.values():
            if _is_of(scope.type, value):
                (answer,) = self._objects(scope, (value,))
                self.types[id(answer)] = scope
                return answer
        message = (
            f"Abstract type '{shape.named.name}' must resolve to an Object type at runtime"
            f" for field '{field.parent}.{field.name}'."
        )
        return self._failure(GraphQLError(message))

    async def _fill(self) -> None:
        """Fill in what waits: all batch fields of all Scopes of this level at once."""
        taken, self._waiting = self._waiting, {}
        work = [
            self._field(field, chunks)
            for number, chunks in taken.items()
            for field in self._plan.scopes[number].batches
        ]
        if len(work) == 1:
            await work[0]
        elif work:
            await asyncio.gather(*work)

    async def _field(self, field: Field, chunks: Sequence[tuple[Sequence[Any], Sequence[Answer]]]) -> None:
        objects = [each for some, _ in chunks for each in some]
        answers = [each for _, some in chunks for each in some]
        if field.opening is Opening.SOME:
            gate = field.resolution.gate if isinstance(field.resolution, Batch) else None
            admitted = [self._admits(gate, each) for each in objects]
            objects = [each for each, kept in zip(objects, admitted, strict=True) if kept]
            answers = [each for each, kept in zip(answers, admitted, strict=True) if kept]
        if not objects:
            return
        values = await self._ask(field, objects)
        for answer, value in zip(answers, self._complete(field, field.shape, values), strict=True):
            answer[field.key] = value
        await self._fill()

    async def _ask(self, field: Field, objects: Sequence[Any]) -> Sequence[Any]:
        resolution = field.resolution
        assert isinstance(resolution, Batch)  # noqa: S101 - only batch fields wait
        info = FieldInfo(self._context, field)
        try:
            given = get_argument_values(field.definition, field.nodes[0], self._variables)
            values = await resolution.resolve(objects, info, **resolution.bind(given, info))
            _check_length(resolution, objects, values)
        except Exception as error:  # noqa: BLE001 - it becomes this field's, for all of its parents
            return [self._failure(error)] * len(objects)
        return [self._failure(each) if isinstance(each, Exception) else each for each in values]

    def _objects(self, scope: Scope, objects: Sequence[Any]) -> list[Answer]:
        """Give the answers of *objects*: by the generated function, or field by field where that fails."""
        waiting = {number: list(chunks) for number, chunks in self._waiting.items()}
        try:
            return self._builds[scope.number](objects, self)
        except Exception:  # noqa: BLE001 - whatever failed will fail again below, at its own place
            self._waiting = waiting
        answers = [self._careful(scope, each) for each in objects]
        if scope.batches:
            self.collect(scope.number, objects, answers)
        return answers

    def _careful(self, scope: Scope, parent: object) -> Answer:
        answer: Answer = {}
        for field in scope.fields:
            if field.name == "__typename":
                answer[field.key] = scope.type.name
            elif isinstance(field.resolution, Batch):
                answer[field.key] = None
            else:
                (answer[field.key],) = self._complete(field, field.shape, [self._read(field, parent)])
        return answer

    def _read(self, field: Field, parent: object) -> object:
        try:
            match field.resolution:
                case Plain(attribute):
                    return getattr(parent, attribute)
                case Read(function):
                    return function(parent)
                case Batch():
                    return None
        except Exception as error:  # noqa: BLE001 - it becomes this field's
            return self._failure(error)

    def _complete(self, field: Field, shape: Shape, values: Sequence[Any]) -> list[Any]:
        """Complete the values of many parents (specification 6.4.3), failures staying where they are."""
        present = [each for each in values if each is not None and each.__class__ is not Failure]
        done = self._completed(field, shape, present)
        if len(present) == len(values):
            return done
        rest = iter(done)
        return [self._absent(field, shape, each) if _is_absent(each) else next(rest) for each in values]

    def _absent(self, field: Field, shape: Shape, value: Any) -> Any:  # noqa: ANN401 - None or a Failure
        return value if value is not None or shape.nullable else self.missing(field)

    def _completed(self, field: Field, shape: Shape, values: Sequence[Any]) -> list[Any]:
        if shape.items is not None:
            return self._lists(field, shape.items, values)
        if shape.is_leaf:
            return [self._leaf(shape, each) for each in values]
        if shape.is_abstract:
            return [self.abstract(field, shape, each) for each in values]
        (scope,) = shape.scopes.values()
        return list(self._objects(scope, values))

    def _lists(self, field: Field, items: Shape, values: Sequence[Any]) -> list[Any]:
        """Complete lists as one: their items side by side, then cut again."""
        wrong = [each for each in values if isinstance(each, str) or not isinstance(each, Sequence)]
        if wrong:
            message = f"Expected Iterable, but did not find one for field '{field.parent}.{field.name}'."
            return [
                self._failure(GraphQLError(message))
                if each in wrong
                else self._lists(field, items, [each])[0]
                for each in values
            ]
        done = self._complete(field, items, [each for many in values for each in many])
        lists, start = [], 0
        for many in values:
            lists.append(done[start : start + len(many)])
            start += len(many)
        return lists

    def _leaf(self, shape: Shape, value: Any) -> Any:  # noqa: ANN401 - any scalar
        kind: Any = shape.named
        try:
            return kind.coerce_output_value(value)
        except Exception as error:  # noqa: BLE001 - it becomes this value's
            return self._failure(error)

    def _failure(self, error: Exception) -> Failure:
        self.failed = True
        return Failure(error)


def _is_absent(value: object) -> bool:
    return value is None or value.__class__ is Failure


def _is_of(kind: GraphQLObjectType, value: object) -> bool:
    decides: Any = kind.is_type_of
    return bool(decides is not None and decides(value, None))


def _check_length(resolution: Batch, objects: Sequence[Any], values: object) -> None:
    if not isinstance(values, Sequence) or len(values) != len(objects):
        name = getattr(resolution.resolve, "__qualname__", repr(resolution.resolve))
        message = f"{name} was asked for {len(objects)} parents and did not give a value for each"
        raise BatchLengthError(message)
