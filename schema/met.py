"""Which gates an operation may meet, whoever asks: all that a plan of it depends on."""

# graphql-core's own types are generic over what it leaves open:
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
)

from schema.gate import gate_of, gate_of_type


def gates_met(
    types: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
) -> frozenset[Hashable]:
    """Give the gates of all fields and types that *operation* names, on every type they may be of.

    What ``@skip`` and ``@include`` take away is among them.
    """
    return frozenset(_Walk(types, fragments).gates(operation))


class _Walk:
    def __init__(self, types: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._types = types
        self._fragments = fragments
        self._seen: set[tuple[str, int]] = set()
        self._pending: list[tuple[Any, SelectionSetNode]] = []

    def gates(self, operation: OperationDefinitionNode) -> Iterator[Hashable]:
        """Give each gate, as often as it is met."""
        self._look(self._types.get_root_type(operation.operation), operation.selection_set)
        while self._pending:
            kind, selected = self._pending.pop()
            yield gate_of_type(kind)
            for node in selected.selections:
                if isinstance(node, FieldNode):
                    yield from self._field(kind, node)
                elif isinstance(node, InlineFragmentNode):
                    condition = node.type_condition
                    inner = kind if condition is None else self._types.get_type(condition.name.value)
                    self._look(inner, node.selection_set)
                elif isinstance(node, FragmentSpreadNode):
                    fragment = self._fragments[node.name.value]
                    inner = self._types.get_type(fragment.type_condition.name.value)
                    self._look(inner, fragment.selection_set)

    def _field(self, kind: Any, node: FieldNode) -> Iterator[Hashable]:
        possible: Sequence[Any] = self._types.get_possible_types(kind) if is_abstract_type(kind) else ()
        for parent in (kind, *possible):
            definition = getattr(parent, "fields", {}).get(node.name.value)
            if definition is not None:
                yield gate_of(definition)
                if node.selection_set is not None:
                    self._look(get_named_type(definition.type), node.selection_set)

    def _look(self, kind: Any, selected: SelectionSetNode) -> None:
        known = (kind.name, id(selected))
        if known not in self._seen:
            self._seen.add(known)
            self._pending.append((kind, selected))
