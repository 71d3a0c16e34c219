"""Runs a plan level by level: a field with work to do is called once, with all the parents of its Scope."""

from asyncio import CancelledError, TaskGroup, current_task
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, TypeGuard

from graphql import get_argument_values
from graphql.execution.values import VariableValues

from engine.compile import Answer, Functions
from engine.complete import Completion
from engine.field import Batch
from engine.mask import Admits, Opening
from engine.plan import Field, Plan
from engine.reference import WorkCancelledError


class BatchLengthError(Exception):
    """A batch resolver gave something else than one value for each parent: a fault of ours."""


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

    ``completion`` says in the end whether anything is Lost in the answer.
    """

    def __init__(
        self, plan: Plan, functions: Functions, variables: VariableValues, context: object, admits: Admits
    ) -> None:
        """Run *plan* by *functions*; *admits* decides for parents behind partial gates."""
        self._plan = plan
        self._variables = variables
        self._context = context
        self._admits = admits
        self.completion = Completion(functions, admits)

    async def answer(self, root: object) -> Answer:
        """Give the answer below *root*; what is Lost still stands in it."""
        answer = self.completion.root(self._plan.root, root)
        await self._fill()
        return answer

    async def _fill(self) -> None:
        """Fill in what waits: all batch fields of all Scopes of this level at once."""
        work = [
            self._field(field, objects, answers)
            for scope, (objects, answers) in self.completion.take().items()
            for field in scope.batches
        ]
        if len(work) > 1:
            # A group, so that no batch outlives its request.
            async with TaskGroup() as group:
                for each in work[1:]:
                    group.create_task(each)
                await work[0]
        elif work:
            await work[0]

    async def _field(self, field: Field, objects: Sequence[Any], answers: Sequence[Answer]) -> None:
        if field.opening is Opening.SOME:
            objects, answers = self._admitted(field, objects, answers)
        if objects:
            values = await self._ask(field, objects)
            self.completion.fill(field, values, answers)
            await self._fill()

    def _admitted(
        self, field: Field, objects: Sequence[Any], answers: Sequence[Answer]
    ) -> tuple[list[Any], list[Answer]]:
        """Give the parents, with their answers, whose gate is open; the field of the others is null."""
        gate = field.resolution.gate
        kept_objects: list[Any] = []
        kept_answers: list[Answer] = []
        for parent, answer in zip(objects, answers, strict=True):
            try:
                admitted = self._admits(gate, parent)
            except Exception as error:  # noqa: BLE001 - it becomes this parent's field's
                answer[field.key] = self.completion.lose(error)
                continue
            if admitted:
                kept_objects.append(parent)
                kept_answers.append(answer)
            elif not field.shape.nullable:
                answer[field.key] = self.completion.missing(field)
        return kept_objects, kept_answers

    async def _ask(self, field: Field, objects: Sequence[Any]) -> Sequence[Any]:
        """Give one value for each parent, or one exception."""
        resolution = field.resolution
        assert isinstance(resolution, Batch)  # noqa: S101 - only batch fields wait
        info = FieldInfo(self._context, field)
        try:
            arguments = field.arguments
            if arguments is None:
                given = get_argument_values(
                    field.definition, field.nodes[0], self._variables, hide_suggestions=True
                )
                arguments = resolution.convert(given)
            gates = resolution.asks(arguments, info)
            if gates:
                return await self._ask_some(resolution, gates, objects, arguments, info)
            values: object = await resolution.resolve(objects, info, **resolution.bind(arguments, info))
            return one_each(resolution.resolve, objects, values)
        except CancelledError:
            task = current_task()
            if task is None or task.cancelling():
                raise
            # Someone else cancelled what the batch waited for: this field is lost, not the request.
            return [WorkCancelledError("work shared with another field was cancelled")] * len(objects)
        except Exception as error:  # noqa: BLE001 - it becomes this field's, for all of its parents
            return [error] * len(objects)

    async def _ask_some(
        self,
        resolution: Batch,
        gates: Collection[Hashable],
        objects: Sequence[Any],
        arguments: Mapping[str, Any],
        info: FieldInfo,
    ) -> Sequence[Any]:
        """Give the values of the parents that all *gates* are open to, and None for the others."""
        admitted = [all(self._admits(gate, each) for gate in gates) for each in objects]
        kept = list(compress(objects, admitted))
        if not kept:
            return [None] * len(objects)
        values: object = await resolution.resolve(kept, info, **resolution.bind(arguments, info))
        given = iter(one_each(resolution.resolve, kept, values))
        return [next(given) if each else None for each in admitted]


def one_each(resolve: object, parents: Sequence[Any], values: object) -> Sequence[Any]:
    """Give *values*, what *resolve* gave for *parents*.

    Raises ``BatchLengthError`` unless there is one for each.
    """
    if not _is_sequence(values) or len(values) != len(parents):
        name = getattr(resolve, "__qualname__", repr(resolve))
        raise BatchLengthError(
            f"{name} was asked for {len(parents)} parents and did not give a value for each"
        )
    return values


def _is_sequence(values: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(values, Sequence) and not isinstance(values, (str, bytes))
