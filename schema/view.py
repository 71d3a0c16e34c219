"""A customer's own schema: the published one without what its Solutions do not cover."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from graphql import GraphQLSchema, is_leaf_type, is_object_type
from graphql.utilities.map_schema_config import (
    ConfigMapperMap,
    MappedSchemaContext,
    SchemaElementKind,
    map_schema_config,
)

from auth.coverage import Coverage, State
from auth.feature import Gate
from schema.build import TYPES, sdl
from schema.gate import gate_of, gate_of_type

IsOpen: TypeAlias = Callable[[Gate], bool]


def own_sdl(coverage: Coverage) -> str:
    """Give, as text, the schema of a customer with this *coverage*."""
    return sdl(own_types(lambda gate: coverage.state(gate) is not State.NONE))


def own_types(is_open: IsOpen) -> GraphQLSchema:
    """Give the published types without fields whose gate is closed, and without what only they led to."""
    published = TYPES.to_kwargs()
    composite = tuple(each for each in published.get("types") or () if not is_leaf_type(each))
    view = _View(is_open)
    return GraphQLSchema(**map_schema_config({**published, "types": composite}, view.mappers))


class _View:
    """What is taken away, for gates that are open or closed."""

    def __init__(self, is_open: IsOpen) -> None:
        self._is_open = is_open

    def mappers(self, context: MappedSchemaContext) -> ConfigMapperMap:
        """Give what to do with each kind of type; scalars and enums are the published ones themselves."""
        for each in TYPES.type_map.values():
            if is_leaf_type(each):
                context.set_named_type(each)
        return {
            SchemaElementKind.OBJECT: self.without_closed,
            SchemaElementKind.INTERFACE: self.without_closed,
            SchemaElementKind.INPUT_OBJECT: self.without_closed,
            SchemaElementKind.SCHEMA: self.reachable,
        }

    def without_closed(self, config: Any) -> Any:
        """Give a type's configuration without the fields whose gate is closed."""
        return {**config, "fields": partial(self._open_fields, config["fields"])}

    def reachable(self, config: Any) -> Any:
        """Give the schema's configuration rooted in its query and in the objects that ``node`` may give."""
        types = [
            each
            for each in config["types"]
            if is_object_type(each) and each.interfaces and self._is_open(gate_of_type(each))
        ]
        return {**config, "types": types}

    def _open_fields(self, fields: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        return {name: each for name, each in fields().items() if self._is_open(gate_of(each))}
