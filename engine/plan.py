"""What an operation does, level by level, before it does it: Scopes of objects, and their Fields."""

# graphql-core's list and non-null types are generic over what they leave open:
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_argument_values,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.values import VariableValues

from engine.field import Batch, Plain, Read, Resolution, resolution_of
from engine.mask import Mask, Opening

MOST_WORK: Final = 6_000
"""How many selections are visited for one plan, at most.

Planning visits each selection once for each set of selections and each type that it is merged into. That is a
small multiple of the document's length, except where fragments on the types of nested interfaces are merged
differently for each sequence of types: there it doubles with each level, and only the stock executor, which
looks at the types that it meets, is linear.
"""

NO_VARIABLES: Final = VariableValues({}, {})
"""The values of an operation without variables."""


class UnplannableError(Exception):
    """The operation has something that the engine leaves to the stock executor, such as introspection."""


@dataclass(eq=False, slots=True)
class Shape:
    """The type of a value, nullable or not.

    It is a list of another shape, a leaf, or an object: of one Scope, or of the one that is of its own type.
    """

    nullable: bool
    named: GraphQLNamedType
    items: "Shape | None" = None
    scopes: "Mapping[str, Scope]" = field(default_factory=dict[str, "Scope"])

    @property
    def is_leaf(self) -> bool:
        """Whether the value is a scalar or an enum."""
        return self.items is None and is_leaf_type(self.named)

    @property
    def is_abstract(self) -> bool:
        """Whether the value's type is known only from the value."""
        return is_abstract_type(self.named)

    @property
    def innermost(self) -> "Shape":
        """The shape of what is in the lists, or the shape itself."""
        shape = self
        while shape.items is not None:
            shape = shape.items
        return shape


@dataclass(eq=False, slots=True)
class Field:
    """One entry of an object's answer.

    ``arguments`` are the values of its arguments, converted, where they are the same in every run.
    """

    key: str
    name: str
    parent: str
    definition: GraphQLField
    nodes: Sequence[FieldNode]
    resolution: Resolution
    shape: Shape
    keys: tuple[str, ...]
    opening: Opening = Opening.ALL
    arguments: Mapping[str, Any] | None = None

    @property
    def is_batch(self) -> bool:
        """Whether it is got for all objects of its Scope at once; what is closed is not."""
        return isinstance(self.resolution, Batch) and self.opening is not Opening.NONE

    @property
    def reads(self) -> frozenset[str] | None:
        """The attributes of its parent that it looks at, None where that is not known."""
        if self.opening is Opening.NONE or self.name == "__typename":
            return frozenset()
        match self.resolution:
            case Plain(attribute):
                return frozenset({attribute})
            case Read(reads=reads) | Batch(reads=reads):
                return reads

    def selects(self, name: str) -> bool:
        """Tell whether a field called *name* is selected of what this one gives."""
        scopes = self.shape.innermost.scopes.values()
        return any(each.name == name for scope in scopes for each in scope.fields)


@dataclass(eq=False, slots=True)
class Scope:
    """A concrete object type at one place of the answer, with all its objects at that level.

    ``batches`` are the fields that are got for all objects at once; ``shared`` says whether several fields of
    the plan lead to it.
    """

    number: int
    type: GraphQLObjectType
    fields: Sequence[Field] = ()
    batches: Sequence[Field] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned operation."""

    root: Scope
    scopes: Sequence[Scope]

    @property
    def size(self) -> int:
        """How many fields it has."""
        return sum(len(each.fields) for each in self.scopes)


Grouped: TypeAlias = dict[str, list[FieldNode]]


class Planner:
    """Plans one operation for one mask; used once."""

    def __init__(
        self,
        types: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        switches: Mapping[str, bool],
        mask: Mask,
        met: Collection[Hashable] | None = None,
    ) -> None:
        """Plan against *types*; ``@skip`` and ``@include`` by *switches*.

        A mask that speaks of the gates *met* does for no others: what has another gate is not planned.
        """
        self._met = met
        self._types = types
        self._fragments = fragments
        self._switches = switches
        self._mask = mask
        self._scopes: dict[tuple[object, ...], Scope] = {}
        self._work = 0

    def plan(self, operation: OperationDefinitionNode) -> Plan:
        """Give the plan; raises ``UnplannableError`` for what only the stock executor does."""
        root = self._types.get_root_type(operation.operation)
        if root is None or operation.operation is OperationType.MUTATION:
            raise UnplannableError(operation.operation.value)  # its fields come one after the other
        scope = self._scope(root, [operation.selection_set], ())
        return Plan(scope, list(self._scopes.values()))

    def _scope(
        self, kind: GraphQLObjectType, selections: Sequence[SelectionSetNode], keys: tuple[str, ...]
    ) -> Scope:
        known = (kind.name, keys, *map(id, selections))
        scope = self._scopes.get(known)
        if scope is not None:
            # Reached through several types of one field: planned once, or nested interfaces grow without end.
            scope.shared = True
            return scope
        scope = self._scopes[known] = Scope(len(self._scopes), kind)
        grouped = self._collected(kind, selections)
        scope.fields = [self._field(kind, key, nodes, (*keys, key)) for key, nodes in grouped.items()]
        scope.batches = [each for each in scope.fields if each.is_batch]
        return scope

    def _field(
        self, kind: GraphQLObjectType, key: str, nodes: Sequence[FieldNode], keys: tuple[str, ...]
    ) -> Field:
        name = nodes[0].name.value
        definition = self._types.get_field(kind, name)
        if definition is None or name in {"__schema", "__type"}:
            raise UnplannableError(f"{kind.name}.{name}")
        resolution = resolution_of(definition, name)
        if self._met is not None and resolution.gate is not None and resolution.gate not in self._met:
            raise UnplannableError(f"{kind.name}.{name} has a gate that was not foreseen")
        opening = self._mask.opening(resolution.gate)
        selections = [each.selection_set for each in nodes if each.selection_set is not None]
        below = [] if opening is Opening.NONE else selections
        return Field(
            key=key,
            name=name,
            parent=kind.name,
            definition=definition,
            nodes=nodes,
            resolution=resolution,
            shape=self._shape(definition.type, below, keys),
            keys=keys,
            opening=opening,
            arguments=_constant_arguments(definition, nodes[0], resolution),
        )

    def _shape(
        self, kind: GraphQLOutputType, selections: Sequence[SelectionSetNode], keys: tuple[str, ...]
    ) -> Shape:
        nullable = not is_non_null_type(kind)
        inner: Any = get_nullable_type(kind)
        named: GraphQLNamedType = get_named_type(kind)
        if is_list_type(inner):
            return Shape(nullable, named, items=self._shape(inner.of_type, selections, keys))
        concrete: Sequence[GraphQLObjectType] = ()
        if selections:
            concrete = [inner] if is_object_type(inner) else self._types.get_possible_types(inner)
        scopes = {each.name: self._scope(each, selections, keys) for each in concrete}
        return Shape(nullable, named, scopes=scopes)

    def _collected(self, kind: GraphQLObjectType, selections: Sequence[SelectionSetNode]) -> Grouped:
        """Group the fields that apply to *kind* by their key in the answer (specification 6.3.2)."""
        grouped: Grouped = {}
        seen: set[str] = set()
        # Not recursive: inline fragments and spreads by turns may be deeper than Python's stack.
        pending = [self._included(each.selections) for each in reversed(selections)]
        while pending:
            node = next(pending[-1], None)
            if node is None:
                pending.pop()
            elif isinstance(node, FieldNode):
                grouped.setdefault((node.alias or node.name).value, []).append(node)
            else:
                inner = self._fragment(kind, node, seen)
                if inner is not None:
                    pending.append(self._included(inner.selections))
        return grouped

    def _fragment(
        self, kind: GraphQLObjectType, node: SelectionNode, seen: set[str]
    ) -> SelectionSetNode | None:
        """Give the selections of a fragment, if it applies to *kind* and is not one already *seen*."""
        fragment: FragmentDefinitionNode | InlineFragmentNode
        if isinstance(node, FragmentSpreadNode):
            if node.name.value in seen:
                return None
            seen.add(node.name.value)
            fragment = self._fragments[node.name.value]
        else:
            assert isinstance(node, InlineFragmentNode)  # noqa: S101 - there is no fourth kind of selection
            fragment = node
        condition = fragment.type_condition.name.value if fragment.type_condition else None
        return fragment.selection_set if self._applies(kind, condition) else None

    def _applies(self, kind: GraphQLObjectType, condition: str | None) -> bool:
        if condition is None or condition == kind.name:
            return True
        named = self._types.get_type(condition)
        return is_abstract_type(named) and self._types.is_sub_type(named, kind)

    def _included(self, nodes: Sequence[SelectionNode]) -> Iterator[SelectionNode]:
        self._work += len(nodes)
        if self._work > MOST_WORK:
            raise UnplannableError("more work than the stock executor may have")
        return (each for each in nodes if not each.directives or self._includes(each.directives))

    def _includes(self, directives: Sequence[DirectiveNode]) -> bool:
        says = {each.name.value: self._says(each) for each in directives}
        return not says.get("skip", False) and says.get("include", True)

    def _says(self, directive: DirectiveNode) -> bool:
        if directive.name.value not in {"skip", "include"}:
            return False
        value = next(iter(directive.arguments or ())).value
        if isinstance(value, VariableNode):
            return self._switches[value.name.value]
        return isinstance(value, BooleanValueNode) and value.value


def _constant_arguments(
    definition: GraphQLField, node: FieldNode, resolution: Resolution
) -> Mapping[str, Any] | None:
    """Give the arguments of a batch field that has no variable in them."""
    if not isinstance(resolution, Batch) or any(_varies(each.value) for each in node.arguments or ()):
        return None
    try:
        return resolution.convert(get_argument_values(definition, node, NO_VARIABLES))
    except Exception:  # noqa: BLE001 - it fails again in each run, at its place
        return None


def _varies(value: ValueNode) -> bool:
    if isinstance(value, ListValueNode):
        return any(_varies(each) for each in value.values)
    if isinstance(value, ObjectValueNode):
        return any(_varies(each.value) for each in value.fields)
    return isinstance(value, VariableNode)
