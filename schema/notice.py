"""What coverage leaves out of an answer: told by the document, once for each coordinate, never by a row."""

from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLDirective,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_directive_values,
    get_named_type,
)

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Gate
from resolvers.notice import Notices
from schema.directives import GATE

Path: TypeAlias = tuple[str, ...]
"""A response path in which ``@`` stands for the places of a list."""


def hidden_parts(info: GraphQLResolveInfo[Any], coverage: Coverage) -> Notices:
    """Give a notice for each coordinate that the operation asks for and coverage hides, whole or in part.

    A part that is hidden whole (NONE) is not looked into further; what ``@skip`` and ``@include`` take away
    gives no notice; what lies under a gate that a notice told of needs none of its own.
    """
    notices = Notices()
    root = info.schema.get_root_type(info.operation.operation)
    _Walk(info, coverage, notices).selections(root, info.operation.selection_set, (), frozenset({ALWAYS}))
    return notices


class _Walk:
    """One pass over an operation's selections."""

    def __init__(self, info: GraphQLResolveInfo[Any], coverage: Coverage, notices: Notices) -> None:
        self._info = info
        self._coverage = coverage
        self._notices = notices
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
                inner = parent if kind is None else self._info.schema.get_type(kind.name.value)
                self._narrowed(inner, node.selection_set, path, passed)
            elif isinstance(node, FragmentSpreadNode) and (node.name.value, path) not in self._seen:
                self._seen.add((node.name.value, path))
                fragment = self._fragment(node)
                inner = self._info.schema.get_type(fragment.type_condition.name.value)
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
        covered = self._coverage.of(gate)
        if gate not in passed and covered.state is not State.ALL:
            self._notices.add(coordinate, ".".join(path), covered)
        return covered.state

    def _fragment(self, node: FragmentSpreadNode) -> Any:
        fragment = self._info.fragments[node.name.value]
        return getattr(fragment, "definition", fragment)

    def _included(self, node: Any) -> bool:
        return not self._says(GraphQLSkipDirective, node) and self._says(
            GraphQLIncludeDirective, node, default=True
        )

    def _says(self, directive: GraphQLDirective, node: Any, *, default: bool = False) -> bool:
        values = get_directive_values(directive, node, self._info.variable_values)
        return default if values is None else bool(values["if"])


def gate_of(definition: Any) -> Gate:
    """Give the gate of a field of the built schema; GraphQL's own fields are always open."""
    declared = definition.extensions.get("strawberry-definition")
    return ALWAYS if declared is None else declared.metadata.get(GATE, ALWAYS)


def gate_of_type(kind: Any) -> Gate:
    """Give the gate of a type of the built schema; types that stand for no record are always open."""
    declared = kind.extensions.get("strawberry-definition")
    return getattr(getattr(declared, "origin", None), "gate", ALWAYS)
