"""Parts of the real schema, for documents that do not lead round in circles."""

# graphql-core's list and non-null types are generic over what they leave open:
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from collections.abc import Collection
from functools import partial
from random import Random
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)

from schema.build import TYPES

Made = dict[str, Any]
"""The types of a part, by name."""


def part(number: int, share: float) -> GraphQLSchema:
    """Give the schema with every id, and about a *share* of all other fields; none has arguments."""
    random = Random(number)  # noqa: S311 - no secret
    kinds: list[Any] = [
        each
        for each in TYPES.type_map.values()
        if isinstance(each, (GraphQLObjectType, GraphQLInterfaceType)) and not each.name.startswith("__")
    ]
    names = sorted({name for kind in kinds for name in kind.fields})
    kept = {"id", "nodes", *(name for name in names if random.random() < share)}
    made: Made = {}
    for kind in kinds:
        made[kind.name] = type(kind)(
            kind.name, fields=partial(_fields, kind, kept, made), interfaces=partial(_interfaces, kind, made)
        )
    return GraphQLSchema(made["Query"], types=list(made.values()))


def _interfaces(kind: Any, made: Made) -> list[Any]:  # noqa: ANN401 - an object or interface type
    return [made[each.name] for each in kind.interfaces]


def _fields(kind: Any, kept: Collection[str], made: Made) -> dict[str, GraphQLField]:  # noqa: ANN401 - see above
    free: dict[str, GraphQLField] = {
        name: field
        for name, field in kind.fields.items()
        if not any(is_required_argument(each) for each in field.args.values())
    }
    found = [name for name in free if name in kept]
    leaves = [name for name in free if is_leaf_type(get_named_type(free[name].type))]
    return {name: GraphQLField(_kind(free[name].type, made)) for name in found or leaves[:1] or [*free][:1]}


def _kind(kind: Any, made: Made) -> Any:  # noqa: ANN401 - an output type
    if is_non_null_type(kind):
        return GraphQLNonNull(_kind(kind.of_type, made))
    if is_list_type(kind):
        return GraphQLList(_kind(kind.of_type, made))
    return made.get(kind.name, kind)
