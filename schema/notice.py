"""What coverage leaves out of an answer: told by the document, once for each coordinate, never by a row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLDirective,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_directive_values,
    get_named_type,
)
from graphql.execution.values import VariableValues

from auth.coverage import State
from auth.feature import ALWAYS, Detail, Feature, Gate
from resolvers.notice import Hidden
from schema.gate import gate_of, gate_of_type

Path: TypeAlias = tuple[str, ...]
"""A response path in which ``@`` stands for the places of a list."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation as it is asked: what of its document and variables decides which fields there are."""

    types: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, Any]
    variables: VariableValues


def asked_of(info: GraphQLResolveInfo[Any]) -> Asked:
    """Give the operation that the stock executor is running."""
    return Asked(info.schema, info.operation, info.fragments, info.variable_values)


def hidden_parts(asked: Asked, state: Callable[[Gate], State]) -> Sequence[Hidden]:
    """Give each coordinate that the operation asks for and a gate hides, whole or in part, with its paths.

    A part that is hidden whole (NONE) is not looked into further; what ``@skip`` and ``@include`` take away
    gives no notice; what lies under a gate that a notice told of needs none of its own.
    """
    walk = _Walk(asked, state)
    root = asked.types.get_root_type(asked.operation.operation)
    walk.selections(root, asked.operation.selection_set, (), frozenset({ALWAYS}))
    return walk.hidden


class _Walk:
    """One pass over an operation's selections."""

    def __init__(self, asked: Asked, state: Callable[[Gate], State]) -> None:
        self.hidden: list[Hidden] = []
        self._asked = asked
        self._state = state
        self._seen: set[tuple[str, Path]] = set()

    def selections(
        self, parent: Any, selected: SelectionSetNode, path: Path, passed: frozenset[Gate]
    ) -> None:
        """Tell of what is hidden below *parent*; the gates *passed* on the way there are told of already."""
        for node in selected.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                self._field(parent, node, path, passed)
            elif isinstance(node, InlineFragmentNode):
                kind = node.type_condition
                inner = parent if kind is None else self._asked.types.get_type(kind.name.value)
                self._narrowed(inner, node.selection_set, path, passed)
            elif isinstance(node, FragmentSpreadNode) and (node.name.value, path) not in self._seen:
                self._seen.add((node.name.value, path))
                fragment = self._fragment(node)
                inner = self._asked.types.get_type(fragment.type_condition.name.value)
                self._narrowed(inner, fragment.selection_set, path, passed)

    def _narrowed(self, kind: Any, selected: SelectionSetNode, path: Path, passed: frozenset[Gate]) -> None:
        gate = gate_of_type(kind)
        if self._told(gate, kind.name, path, passed) is not State.NONE:
            self.selections(kind, selected, path, passed | {gate})

    def _field(self, parent: Any, node: FieldNode, path: Path, passed: frozenset[Gate]) -> None:
        definition = getattr(parent, "fields", {}).get(node.name.value)
        if definition is None:
            return
        gate = gate_of(definition)
        here = (*path, (node.alias or node.name).value)
        state = self._told(gate, f"{parent.name}.{node.name.value}", here, passed)
        if state is not State.NONE and node.selection_set is not None:
            lists = str(definition.type).count("[")
            below = (*here, *["@"] * lists)
            self.selections(get_named_type(definition.type), node.selection_set, below, passed | {gate})

    def _told(self, gate: Gate, coordinate: str, path: Path, passed: frozenset[Gate]) -> State:
        state = self._state(gate)
        if state is not State.ALL and not self._is_told(gate, state, passed):
            self.hidden.append(Hidden(coordinate, ".".join(path), gate))
        return state

    def _is_told(self, gate: Gate, state: State, passed: frozenset[Gate]) -> bool:
        """Tell whether a gate that was passed said the same: of details, the feature did."""
        if gate in passed:
            return True
        if isinstance(gate, Detail):
            return gate.feature in passed and state is self._state(gate.feature)
        return isinstance(gate, Feature) and Detail(gate) in passed

    def _fragment(self, node: FragmentSpreadNode) -> Any:
        fragment = self._asked.fragments[node.name.value]
        return getattr(fragment, "definition", fragment)

    def _included(self, node: Any) -> bool:
        return not self._says(GraphQLSkipDirective, node) and self._says(
            GraphQLIncludeDirective, node, default=True
        )

    def _says(self, directive: GraphQLDirective, node: Any, *, default: bool = False) -> bool:
        values = get_directive_values(directive, node, self._asked.variables)
        return default if values is None else bool(values["if"])
