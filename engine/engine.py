"""The engine: operations planned and compiled once, then run in batches."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    DirectiveNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    get_variable_values,
    visit,
)
from graphql.execution.values import VariableValues

from engine.compile import Build, compile_plan
from engine.document import Document
from engine.execute import Run
from engine.inputs import variable_errors
from engine.mask import Admits, Mask, admits_all
from engine.plan import Plan, Planner, UnplannableError
from engine.reference import execute as execute_stock
from engine.settle import settle

_NO_VARIABLES = VariableValues({}, {})

PlanKey: TypeAlias = tuple[str, str | None, tuple[bool, ...], Mask]
"""Document, operation, the values that ``@skip`` and ``@include`` go by, mask."""


Annotate: TypeAlias = Callable[
    [OperationDefinitionNode, Mapping[str, FragmentDefinitionNode], Mapping[str, bool], Mask], Any
]
"""Says something of an operation that is the same whenever it runs, given its fragments, the variables of ``@skip``
and ``@include``, and the mask."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A plan with its functions and what was said of it; no plan where the stock executor is to run it."""

    plan: Plan | None
    builds: Mapping[int, Build]
    notes: Any = None


class Engine:
    """Executes the operations of one schema.

    Plans are kept, at most *max_plans*, the least recently used forgotten first. For one event loop; no locks.
    """

    def __init__(
        self, types: GraphQLSchema, *, annotate: Annotate | None = None, max_plans: int = 2_000
    ) -> None:
        """Execute against *types*, whose fields carry their Resolution; *annotate* makes the notes of each plan."""
        self.types = types
        self._annotate = annotate
        self._max_plans = max_plans
        self._plans: OrderedDict[PlanKey, Compiled] = OrderedDict()
        self._switches: OrderedDict[tuple[str, str | None], tuple[str, ...]] = OrderedDict()

    async def execute(
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
    ) -> ExecutionResult:
        """Execute one operation of a valid document: the same answer as ``engine.reference.execute``.

        What *mask* closes is null and is not resolved; parents that *admits* refuses are null behind partial gates.
        *prepare* is given the notes of the plan before anything runs.
        """
        values = self._variables(operation, variables)
        if isinstance(values, list):
            return ExecutionResult(
                data=None, errors=[*variable_errors(self.types, operation, variables)] or values
            )
        compiled = self.compiled(document, operation, values.coerced, mask or Mask())
        if compiled.plan is None:
            assert document.ast is not None  # noqa: S101 - a valid document has one
            return await execute_stock(self.types, document.ast, operation, variables, context, root)
        if prepare is not None:
            prepare(compiled.notes)
        run = Run(compiled.plan, compiled.builds, values, context, admits)
        answer = await run.answer(root)
        if not run.failed:
            return ExecutionResult(data=answer, errors=None)
        data, errors = settle(compiled.plan.root, answer, run.types)
        return ExecutionResult(data=data, errors=errors)

    def compiled(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        mask: Mask,
    ) -> Compiled:
        """Give the plan of an operation under *mask*, made at first use."""
        name = operation.name.value if operation.name else None
        switches = self._switch_names(document, operation, name)
        key = (document.key, name, tuple(bool(variables.get(each)) for each in switches), mask)
        found = self._plans.get(key)
        if found is None:
            found = self._compile(
                document, operation, {each: bool(variables.get(each)) for each in switches}, mask
            )
            self._plans[key] = found
            if len(self._plans) > self._max_plans:
                self._plans.popitem(last=False)
        else:
            self._plans.move_to_end(key)
        return found

    def _compile(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        switches: Mapping[str, bool],
        mask: Mask,
    ) -> Compiled:
        try:
            fragments = _fragments(document)
            plan = Planner(self.types, fragments, switches, mask).plan(operation)
        except UnplannableError:
            return Compiled(None, {})
        notes = None if self._annotate is None else self._annotate(operation, fragments, switches, mask)
        return Compiled(plan, compile_plan(plan), notes)

    def _switch_names(
        self, document: Document, operation: OperationDefinitionNode, name: str | None
    ) -> tuple[str, ...]:
        key = (document.key, name)
        found = self._switches.get(key)
        if found is None:
            found = self._switches[key] = _switches(document, operation)
            if len(self._switches) > self._max_plans:
                self._switches.popitem(last=False)
        return found

    def _variables(
        self, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> VariableValues | list[Any]:
        if not operation.variable_definitions:
            return _NO_VARIABLES
        return get_variable_values(self.types, operation.variable_definitions, dict(variables))


def _fragments(document: Document) -> Mapping[str, FragmentDefinitionNode]:
    definitions = document.ast.definitions if document.ast is not None else ()
    return {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}


def _switches(document: Document, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """Give the names of the variables by which anything of the operation may be skipped or included."""
    if not operation.variable_definitions or document.ast is None:
        return ()
    finder = _SwitchFinder()
    visit(document.ast, finder)
    own = {each.variable.name.value for each in operation.variable_definitions}
    return tuple(sorted(finder.found & own))


class _SwitchFinder(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_args: Node) -> None:
        """Note the variable of a ``@skip`` or ``@include``."""
        if node.name.value in {"skip", "include"}:
            for argument in node.arguments or ():
                if isinstance(argument.value, VariableNode):
                    self.found.add(argument.value.name.value)
