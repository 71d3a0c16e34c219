"""What is refused whole before anything runs: mutations and subscriptions with a part that is not covered."""

# graphql-core's own types are generic over what it leaves open:
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_argument_values,
    get_directive_values,
    get_named_type,
    get_variable_values,
)
from graphql.execution.values import VariableValues

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Gate
from engine.document import Document
from resolvers.errors import closed_error
from schema.gate import GATE, gate_of, gate_of_type
from schema.input import named
from schema.resolution import converted

Path: TypeAlias = tuple[str, ...]
"""Response keys from the root on."""


def rejections(
    types: GraphQLSchema,
    document: Document,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    coverage: Coverage,
) -> list[GraphQLError]:
    """Give why a valid operation is refused whole, an error for each cause; nothing of a query ever is.

    The original error of each is a ``closed_error``: of a root field that is not covered, its path
    is the response key; of what an argument names, wherever in the operation it is, it starts with the
    argument's name. What ``@skip`` and ``@include`` take away is no cause, nor is what nobody would run,
    below a field that is hidden. Nothing is said of variables that are wrong themselves.
    """
    root = types.get_root_type(operation.operation)
    if operation.operation is OperationType.QUERY or document.ast is None or root is None:
        return []
    values = get_variable_values(
        types, operation.variable_definitions or (), dict(variables), hide_suggestions=True
    )
    if isinstance(values, list):
        return []
    fragments = {
        each.name.value: each for each in document.ast.definitions if isinstance(each, FragmentDefinitionNode)
    }
    walk = _Walk(types, fragments, values, coverage)
    walk.selections(root, operation.selection_set, ())
    return list(walk.found.values())


class _Walk:
    """One pass over what an operation includes."""

    def __init__(
        self,
        types: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
        coverage: Coverage,
    ) -> None:
        self.found: dict[tuple[Gate, Path, Path], GraphQLError] = {}
        """By gate, field and input: fields of one response key are one field."""
        self._types = types
        self._fragments = fragments
        self._variables = variables
        self._coverage = coverage
        self._seen: set[tuple[str, Path]] = set()

    def selections(self, parent: Any, selected: SelectionSetNode, path: Path) -> None:
        """Find what is refused below *parent*."""
        for node in selected.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                self._field(parent, node, (*path, (node.alias or node.name).value))
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = parent if condition is None else self._types.get_type(condition.name.value)
                self._narrowed(inner, node.selection_set, path)
            elif isinstance(node, FragmentSpreadNode) and (node.name.value, path) not in self._seen:
                self._seen.add((node.name.value, path))
                fragment = self._fragments[node.name.value]
                inner = self._types.get_type(fragment.type_condition.name.value)
                self._narrowed(inner, fragment.selection_set, path)

    def _narrowed(self, kind: Any, selected: SelectionSetNode, path: Path) -> None:
        if not self._closed(gate_of_type(kind)):
            self.selections(kind, selected, path)

    def _field(self, parent: Any, node: FieldNode, path: Path) -> None:
        definition: GraphQLField | None = getattr(parent, "fields", {}).get(node.name.value)
        if definition is None:
            return
        kind = get_named_type(definition.type)
        closed = [each for each in (gate_of(definition), gate_of_type(kind)) if self._closed(each)]
        if closed:
            if len(path) == 1:
                self._refuse(closed[0], node, path, path)
            return
        for gate, at in self._named(definition, node):
            if self._closed(gate):
                self._refuse(gate, node, path, at)
        if node.selection_set is not None:
            self.selections(kind, node.selection_set, path)

    def _named(self, definition: GraphQLField, node: FieldNode) -> Iterator[tuple[Gate, Path]]:
        """Give the gates of what the arguments of a field name; defaults are not what a client names."""
        declared = definition.extensions.get("strawberry-definition")
        given = {each.name.value for each in node.arguments or () if self._is_given(each.value)}
        if declared is None or not given:
            return
        try:
            values = get_argument_values(definition, node, self._variables, hide_suggestions=True)
        except GraphQLError:
            return  # as which the field fails: it will not be run
        kept = {name: value for name, value in values.items() if name in given}
        gates = {each.python_name: each.metadata.get(GATE, ALWAYS) for each in declared.arguments}
        shown = {
            each.extensions["strawberry-definition"].python_name: name
            for name, each in definition.args.items()
        }
        for name, value in converted(declared, kept).items():
            yield from named(value, gates[name], (shown[name],))

    def _is_given(self, value: object) -> bool:
        return not isinstance(value, VariableNode) or value.name.value in self._variables.coerced

    def _closed(self, gate: Gate) -> bool:
        return self._coverage.state(gate) is State.NONE

    def _refuse(self, gate: Any, node: FieldNode, field: Path, path: Path) -> None:
        cause = closed_error(self._coverage, gate, path)
        error = GraphQLError(cause.message, node, original_error=cause)
        self.found.setdefault((gate, field, path), error)

    def _included(self, node: Any) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not (skip and skip["if"]) and (include is None or bool(include["if"]))
