"""A list of made-up objects, for executors only: ours by the engine's declarations, stock by Strawberry's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import strawberry
from aiodataloader import DataLoader
from graphql import (
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
)

from engine.field import RESOLUTION, Batch, Info


@dataclass(frozen=True, slots=True)
class Item:
    """An object with three leaves."""

    number: int
    name: str
    colour: str


def items(count: int) -> list[Item]:
    """Make *count* objects."""
    return [Item(number, f"item {number}", "blue") for number in range(count)]


LEAVES: Final = "{ items { number name colour } }"
BATCHED: Final = "{ items { price } }"


async def _items(parents: Sequence[object], info: Info) -> Sequence[Sequence[Item]]:
    return [info.context for _ in parents]


async def _prices(parents: Sequence[Item], _: Info) -> Sequence[int]:
    return [each.number * 3 for each in parents]


def _bind(arguments: Mapping[str, Any], _: Info) -> Mapping[str, Any]:
    return arguments


def our_types() -> GraphQLSchema:
    """Give the list as the engine runs it."""
    item = GraphQLObjectType(
        "Item",
        {
            "number": GraphQLField(GraphQLNonNull(GraphQLInt)),
            "name": GraphQLField(GraphQLNonNull(GraphQLString)),
            "colour": GraphQLField(GraphQLNonNull(GraphQLString)),
            "price": GraphQLField(GraphQLNonNull(GraphQLInt), extensions={RESOLUTION: Batch(_prices, _bind)}),
        },
    )
    listed = GraphQLNonNull(GraphQLList(GraphQLNonNull(item)))
    field = GraphQLField(listed, extensions={RESOLUTION: Batch(_items, _bind)})
    return GraphQLSchema(GraphQLObjectType("Query", {"items": field}))


class StockContext:
    """The objects, and a loader made for each request."""

    def __init__(self, found: Sequence[Item]) -> None:
        """List *found*."""
        self.items = found
        self.prices: DataLoader[int, int] = DataLoader(_load_prices)


async def _load_prices(numbers: list[int]) -> list[int]:
    return [number * 3 for number in numbers]


StockInfo = strawberry.Info[StockContext, None]


@strawberry.type(name="Item")
class StockItem:
    """The object as Strawberry has it."""

    number: int
    name: str
    colour: str

    @strawberry.field
    async def price(self, info: StockInfo) -> int:
        """Give the price, in one batch with all others."""
        return await info.context.prices.load(self.number)


@strawberry.type(name="Query")
class StockQuery:
    """The root."""

    @strawberry.field
    async def items(self, info: StockInfo) -> list[StockItem]:
        """Give the objects."""
        found: Any = info.context.items  # objects with the same attributes, as a system behind would give
        return list(found)
