"""The built schema, coordinate by coordinate."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_scalar_type,
)
from strawberry.types.field import StrawberryField

from auth.feature import Gate
from schema.field import BatchExtension
from schema.gate import gate_of, gate_of_type


@dataclass(frozen=True)
class Field:
    """A field of an object, an interface or an input object."""

    types: GraphQLSchema
    parent: GraphQLNamedType
    name: str
    definition: Any

    @property
    def coordinate(self) -> str:
        """``Type.field``."""
        return f"{self.parent.name}.{self.name}"

    @property
    def gate(self) -> Gate:
        """What opens the field."""
        return gate_of(self.definition)

    @property
    def own_gate(self) -> bool:
        """Whether the field is opened by something else than its type is."""
        return self.gate is not gate_of_type(self.parent)

    @property
    def nullable(self) -> bool:
        """Whether the field may be null."""
        return not str(self.definition.type).endswith("!")

    @property
    def batch(self) -> BatchExtension | None:
        """What resolves the field in batches, and decides by its gate."""
        found = (each for each in self.declared.extensions if isinstance(each, BatchExtension))
        return next(found, None)

    @property
    def declared(self) -> StrawberryField:
        """The field as it was declared."""
        declared: StrawberryField = self.definition.extensions["strawberry-definition"]
        return declared

    @property
    def target(self) -> GraphQLNamedType:
        """The type that the field leads to; of a connection, that of its rows."""
        named = self._named(self.definition)
        nodes = getattr(named, "fields", {}).get("nodes")
        return named if nodes is None else self._named(nodes)

    def _named(self, definition: Any) -> GraphQLNamedType:  # noqa: ANN401 - any kind of field
        return self.types.type_map[str(definition.type).strip("[]!")]

    @property
    def paging(self) -> bool:
        """Whether the field is Relay's, of a connection or an edge, and stands under the field before it."""
        return self.parent.name.endswith(("Connection", "Edge"))


def own_types(types: GraphQLSchema) -> list[GraphQLNamedType]:
    """Give the types that are not GraphQL's own."""
    return [
        each
        for each in types.type_map.values()
        if not is_introspection_type(each) and not is_specified_scalar_type(each)
    ]


def fields(types: GraphQLSchema) -> list[Field]:
    """Give the fields of objects and interfaces."""
    return list(_fields(types, (GraphQLObjectType, GraphQLInterfaceType)))


def input_fields(types: GraphQLSchema) -> list[Field]:
    """Give the fields of input objects."""
    return list(_fields(types, (GraphQLInputObjectType,)))


def _fields(types: GraphQLSchema, kinds: tuple[type, ...]) -> Iterator[Field]:
    for each in own_types(types):
        if isinstance(each, kinds):
            named: dict[str, Any] = getattr(each, "fields")  # noqa: B009 - all these kinds have fields
            yield from (Field(types, each, name, definition) for name, definition in named.items())


def enums(types: GraphQLSchema) -> list[GraphQLEnumType]:
    """Give the enums."""
    return [each for each in own_types(types) if isinstance(each, GraphQLEnumType)]


def names(types: GraphQLSchema) -> set[str]:
    """Give the coordinates of all fields, those of inputs among them."""
    return {each.coordinate for each in (*fields(types), *input_fields(types))}
