"""What an operation does, level by level, before it does it: Scopes of objects, and their Fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from engine.field import Batch, Resolution, resolution_of
from engine.mask import Mask, Opening

Switches: TypeAlias = tuple[tuple[str, bool], ...]
"""The values of the variables by which ``@skip`` and ``@include`` decide, by name in order."""


class UnplannableError(Exception):
    """The operation has something that the engine leaves to the stock executor, such as introspection."""


@dataclass(eq=False, slots=True)
class Shape:
    """The type of a value: nullable or not; a list of another shape, a leaf, or an object in one of its Scopes."""

    nullable: bool
    named: GraphQLNamedType
    items: "Shape | None" = None
    scopes: "Mapping[str, Scope]" = field(default_factory=dict)

    @property
    def is_leaf(self) -> bool:
        """Whether the value is a scalar or an enum."""
        return self.items is None and is_leaf_type(self.named)

    @property
    def is_abstract(self) -> bool:
        """Whether the value's type is known only from the value."""
        return is_abstract_type(self.named)


@dataclass(eq=False, slots=True)
class Field:
    """One entry of an object's answer."""

    key: str
    name: str
    parent: str
    definition: GraphQLField
    nodes: Sequence[FieldNode]
    resolution: Resolution
    shape: Shape
    keys: tuple[str, ...]
    opening: Opening = Opening.ALL

    def selects(self, name: str) -> bool:
        """Tell whether a field called *name* is selected of what this one gives."""
        shape: Shape | None = self.shape
        while shape is not None and shape.items is not None:
            shape = shape.items
        scopes = shape.scopes.values() if shape is not None else ()
        return any(each.name == name for scope in scopes for each in scope.fields)


@dataclass(eq=False, slots=True)
class Scope:
    """A concrete object type at one place of the answer, with all its objects at that level."""

    number: int
    type: GraphQLObjectType
    fields: list[Field]

    @property
    def batches(self) -> list[Field]:
        """The fields that are got for all objects at once."""
        return [
            each
            for each in self.fields
            if isinstance(each.resolution, Batch) and each.opening is not Opening.NONE
        ]


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned operation."""

    root: Scope
    scopes: Sequence[Scope]


Grouped: TypeAlias = dict[str, list[FieldNode]]


class Planner:
    """Plans one operation for one mask; used once."""

    def __init__(
        self,
        types: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        switches: Mapping[str, bool],
        mask: Mask,
    ) -> None:
        """Plan against *types*; ``@skip`` and ``@include`` by *switches*."""
        self._types = types
        self._fragments = fragments
        self._switches = switches
        self._mask = mask
        self._scopes: dict[tuple[object, ...], Scope] = {}

    def plan(self, operation: OperationDefinitionNode) -> Plan:
        """Give the plan; raises ``UnplannableError`` for what only the stock executor does."""
        root = self._types.get_root_type(operation.operation)
        if root is None or operation.operation.value != "query":
            raise UnplannableError(operation.operation.value)
        scope = self._scope(root, [operation.selection_set], ())
        return Plan(scope, list(self._scopes.values()))

    def _scope(
        self, kind: GraphQLObjectType, selections: Sequence[SelectionSetNode], keys: tuple[str, ...]
    ) -> Scope:
        known = (kind.name, keys, *map(id, selections))
        if known in self._scopes:
            # Reached through several types of one field: planned once, or nested interfaces would grow without end.
            return self._scopes[known]
        scope = self._scopes[known] = Scope(len(self._scopes), kind, [])
        grouped: Grouped = {}
        seen: set[str] = set()
        for each in selections:
            self._collect(kind, each, grouped, seen)
        scope.fields = [self._field(kind, key, nodes, (*keys, key)) for key, nodes in grouped.items()]
        return scope

    def _field(
        self, kind: GraphQLObjectType, key: str, nodes: Sequence[FieldNode], keys: tuple[str, ...]
    ) -> Field:
        name = nodes[0].name.value
        definition = self._types.get_field(kind, name)
        if definition is None or name in {"__schema", "__type"}:
            raise UnplannableError(f"{kind.name}.{name}")
        resolution = resolution_of(definition, name)
        gate = resolution.gate if isinstance(resolution, Batch) else None
        opening = self._mask.opening(gate)
        selections = [each.selection_set for each in nodes if each.selection_set is not None]
        below = [] if opening is Opening.NONE else selections
        shape = self._shape(definition.type, below, keys)
        return Field(key, name, kind.name, definition, nodes, resolution, shape, keys, opening)

    def _shape(self, kind: Any, selections: Sequence[SelectionSetNode], keys: tuple[str, ...]) -> Shape:
        nullable = not is_non_null_type(kind)
        inner = kind if nullable else kind.of_type
        named = get_named_type(kind)
        if is_list_type(inner):
            return Shape(nullable, named, items=self._shape(inner.of_type, selections, keys))
        if is_object_type(inner):
            scopes = {inner.name: self._scope(inner, selections, keys)} if selections else {}
            return Shape(nullable, named, scopes=scopes)
        if is_abstract_type(inner) and selections:
            concrete = self._types.get_possible_types(inner)
            return Shape(
                nullable, named, scopes={each.name: self._scope(each, selections, keys) for each in concrete}
            )
        return Shape(nullable, named)

    def _collect(
        self, kind: GraphQLObjectType, selections: SelectionSetNode, grouped: Grouped, seen: set[str]
    ) -> None:
        """Group the fields that apply to *kind* by their key in the answer (specification 6.3.2)."""
        for node in self._included(selections.selections):
            if isinstance(node, FieldNode):
                grouped.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self._applies(kind, node.type_condition.name.value if node.type_condition else None):
                    self._collect(kind, node.selection_set, grouped, seen)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self._fragments[node.name.value]
                if self._applies(kind, fragment.type_condition.name.value):
                    self._collect(kind, fragment.selection_set, grouped, seen)

    def _applies(self, kind: GraphQLObjectType, condition: str | None) -> bool:
        if condition is None or condition == kind.name:
            return True
        named = self._types.get_type(condition)
        return is_abstract_type(named) and self._types.is_sub_type(named, kind)

    def _included(self, nodes: Sequence[SelectionNode]) -> Iterator[SelectionNode]:
        for node in nodes:
            says = {each.name.value: self._says(each) for each in node.directives or ()}
            if not says.get("skip", False) and says.get("include", True):
                yield node

    def _says(self, directive: Any) -> bool:
        if directive.name.value not in {"skip", "include"}:
            return False
        value = directive.arguments[0].value
        return self._switches[value.name.value] if isinstance(value, VariableNode) else bool(value.value)
