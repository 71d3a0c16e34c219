"""The engine: operations planned and compiled once, then run in batches."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_variable_values,
)
from graphql.execution.values import VariableValues

from engine.compile import Functions
from engine.document import Document
from engine.execute import Run
from engine.inputs import MOST_ERRORS, variable_errors
from engine.mask import Admits, Mask, admits_all
from engine.on_error import OnError
from engine.plan import NO_VARIABLES, Plan, Planner, UnplannableError
from engine.reference import Introspected
from engine.reference import execute as execute_stock
from engine.settle import settle

ALL_OPEN: Final = Mask()
"""The mask of an operation to which everything is open."""

PlanKey: TypeAlias = tuple[str, str | None, tuple[bool, ...], Mask]
"""Document, operation, the values that ``@skip`` and ``@include`` go by, mask."""


Annotate: TypeAlias = Callable[
    [Plan, OperationDefinitionNode, Mapping[str, FragmentDefinitionNode], Mapping[str, bool], Mask], Any
]
"""Says something of an operation that is the same whenever it runs, given its plan, its fragments, the
variables of ``@skip`` and ``@include``, and the mask."""

Touches: TypeAlias = Callable[
    [OperationDefinitionNode, Mapping[str, FragmentDefinitionNode]], frozenset[Hashable]
]
"""Gives the gates that an operation, with its fragments, may meet: whoever they are open to."""


class _Traits(NamedTuple):
    """What is the same whoever asks: the variables of ``@skip`` and ``@include``, the gates that are met."""

    switches: tuple[str, ...]
    gates: frozenset[Hashable] | None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A plan with its functions and what was said of it; no plan where the stock executor is to run it."""

    plan: Plan | None = None
    functions: Functions | None = None
    notes: Any = None

    @property
    def size(self) -> int:
        """How much it is to keep, in fields."""
        return 1 if self.plan is None else 1 + self.plan.size


_LEFT_TO_STOCK: Final = Compiled()


class Engine:
    """Executes the operations of one schema.

    Plans are kept, at most *max_plans* and of *max_fields* fields together, the least recently used forgotten
    first; a field takes some 3 KB. For one event loop; no locks.
    """

    def __init__(
        self,
        types: GraphQLSchema,
        *,
        annotate: Annotate | None = None,
        touches: Touches | None = None,
        max_plans: int = 2_000,
        max_fields: int = 50_000,
    ) -> None:
        """Execute against *types*, whose fields carry their Resolution.

        *annotate* makes the notes of a plan; where *touches* tells which gates an operation meets, masks that
        say the same of these have one plan.
        """
        self.types = types
        self._annotate = annotate
        self._touches = touches
        self._max_plans = max_plans
        self._max_fields = max_fields
        self._fields = 0
        self._plans: OrderedDict[PlanKey, Compiled] = OrderedDict()
        self._traits: OrderedDict[tuple[str, str | None], _Traits] = OrderedDict()

    async def execute(  # noqa: PLR0913 - what one operation is run with, each by its name
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: object,
        *,
        mask: Mask | None = None,
        admits: Admits = admits_all,
        root: object = None,
        prepare: Callable[[Any], None] | None = None,
        on_error: OnError = OnError.PROPAGATE,
        introspected: Introspected | None = None,
    ) -> ExecutionResult:
        """Execute one operation of a valid document: the same answer as ``engine.reference.execute``.

        What *mask* closes is null, and not resolved; what *admits* refuses is null behind partial gates.
        *prepare* is given the notes of the plan before anything runs; introspection tells of *introspected*.
        """
        values = self._variables(operation, variables)
        if isinstance(values, list):
            return ExecutionResult(
                data=None, errors=[*variable_errors(self.types, operation, variables)] or values
            )
        compiled = self.compiled(document, operation, values.coerced, mask or ALL_OPEN)
        if compiled.plan is None or compiled.functions is None:
            assert document.ast is not None  # noqa: S101 - a valid document has one
            return await execute_stock(
                self.types, document.ast, operation, variables, context, root, on_error, introspected
            )
        if prepare is not None:
            prepare(compiled.notes)
        run = Run(compiled.plan, compiled.functions, values, context, admits)
        answer = await run.answer(root)
        completion = run.completion
        if not completion.lost:
            return ExecutionResult(data=answer, errors=None)
        data, errors = settle(compiled.plan.root, answer, completion.types(), on_error)
        completion.release()
        return ExecutionResult(data=data, errors=errors)

    def compiled(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        mask: Mask,
    ) -> Compiled:
        """Give the plan of an operation under *mask*, made at first use; *variables* are coerced."""
        name = operation.name.value if operation.name else None
        traits = self._traits_of(document, operation, name)
        if traits.gates is not None:
            mask = mask.projected(traits.gates)
        switches: dict[str, bool] = {}
        for each in traits.switches:
            says = variables.get(each)
            if says is None:
                return _LEFT_TO_STOCK  # which fails, field by field, for a switch that is null
            switches[each] = says
        key: PlanKey = (document.key, name, tuple(switches.values()), mask)
        found = self._plans.get(key)
        if found is None:
            found = self._compile(document, operation, switches, mask, traits.gates)
            self._keep(key, found)
        else:
            self._plans.move_to_end(key)
        return found

    def _keep(self, key: PlanKey, made: Compiled) -> None:
        self._plans[key] = made
        self._fields += made.size
        while len(self._plans) > self._max_plans or (
            self._fields > self._max_fields and len(self._plans) > 1
        ):
            _, forgotten = self._plans.popitem(last=False)
            self._fields -= forgotten.size

    def _compile(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        switches: Mapping[str, Any],
        mask: Mask,
        met: frozenset[Hashable] | None,
    ) -> Compiled:
        fragments = _fragments(document)
        try:
            plan = Planner(self.types, fragments, switches, mask, met).plan(operation)
        except UnplannableError:
            return _LEFT_TO_STOCK
        notes = None if self._annotate is None else self._annotate(plan, operation, fragments, switches, mask)
        return Compiled(plan, Functions(plan), notes)

    def _traits_of(self, document: Document, operation: OperationDefinitionNode, name: str | None) -> _Traits:
        key = (document.key, name)
        found = self._traits.get(key)
        if found is None:
            fragments = _fragments(document)
            gates = None if self._touches is None else self._touches(operation, fragments)
            found = self._traits[key] = _Traits(_switch_names(operation, fragments), gates)
            if len(self._traits) > self._max_plans:
                self._traits.popitem(last=False)
        return found

    def _variables(
        self, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> VariableValues | list[Any]:
        if not operation.variable_definitions:
            return NO_VARIABLES
        return get_variable_values(
            self.types,
            operation.variable_definitions,
            dict(variables),
            MOST_ERRORS,
            hide_suggestions=True,
        )


def _fragments(document: Document) -> Mapping[str, FragmentDefinitionNode]:
    definitions = document.ast.definitions if document.ast is not None else ()
    return {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}


def _switch_names(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> tuple[str, ...]:
    used = _switches([operation.selection_set, *(each.selection_set for each in fragments.values())])
    own = {each.variable.name.value for each in operation.variable_definitions or ()}
    return tuple(sorted(own.intersection(used)))


def _switches(pending: list[SelectionSetNode]) -> Iterator[str]:
    """Give the names of the variables by which anything selected may be skipped or included."""
    while pending:
        for node in pending.pop().selections:
            for directive in node.directives or ():
                if directive.name.value in {"skip", "include"}:
                    for argument in directive.arguments or ():
                        if isinstance(argument.value, VariableNode):
                            yield argument.value.name.value
            inner = None if isinstance(node, FragmentSpreadNode) else _inner(node)
            if inner is not None:
                pending.append(inner)


def _inner(node: object) -> SelectionSetNode | None:
    return node.selection_set if isinstance(node, (FieldNode, InlineFragmentNode)) else None
