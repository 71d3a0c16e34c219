"""Executors alone: no database, no web server; ours against stock Strawberry on graphql-core."""

import gc
from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any, Final

import strawberry
import uvloop
from graphql import (
    DocumentNode,
    GraphQLSchema,
    parse,
)
from graphql import (
    execute as execute_stock,  # pyright: ignore[reportUnknownVariableType] - its options are generic
)

from bench.adapter import Ours, WrongAnswerError
from bench.figures import Figure, measured, ratio
from bench.listing import BATCHED, LEAVES, Item, StockContext, StockQuery, items, our_types
from bench.query import document
from schema.build import TYPES

ROUNDS: Final = 7
OBJECTS: Final = 1_000
GROWTH: Final = (1_002, 10_002, 100_002)
"""Leaves, three to an object."""

Run = Callable[[], Awaitable[object]]


def figures() -> list[Figure]:
    """Measure executors on the loop of a server; the garbage collector is as the caller has it."""
    return uvloop.run(_figures())


async def _figures() -> list[Figure]:
    many = items(OBJECTS)
    found = [
        await _against(f"executor: {OBJECTS:,} objects x 3 leaves: ours / stock", LEAVES, many, 15),
        await _against(
            f"executor: {OBJECTS:,} objects x 1 batched field: ours / stock with aiodataloader",
            BATCHED,
            many,
            20,
        ),
    ]
    return [*found, *await _growth(), first_sight()]


async def _against(question: str, text: str, found: Sequence[Item], target: float) -> Figure:
    ours, theirs = _ours(text, found), _stock(text, found)
    if await ours() != await theirs():
        raise WrongAnswerError(f"{question}: the answers differ")
    own: list[float] = []
    stock: list[float] = []
    for _ in range(ROUNDS):
        own.append(await _best(ours, 20))
        stock.append(await _best(theirs, 5))
    return ratio(question, stock, own, target)


async def _growth() -> list[Figure]:
    """Tell how much more a leaf costs in a list ten times as long, in medians over alternating rounds."""
    runs = {leaves: _ours(LEAVES, items(leaves // 3)) for leaves in GROWTH}
    costs: dict[int, list[float]] = {leaves: [] for leaves in GROWTH}
    for _ in range(ROUNDS):
        for leaves, run in runs.items():
            costs[leaves].append(await _best(run, 5) / leaves)
    return [
        ratio(
            f"executor: a leaf of {longer // 1_000} k / of {shorter // 1_000} k, time",
            costs[longer],
            costs[shorter],
            1.15,
            "at most",
        )
        for shorter, longer in pairwise(GROWTH)
    ]


def first_sight() -> Figure:
    """Tell how long a document of 64 fields takes that was never seen."""
    text = document("sixty")
    times: list[float] = []
    for number in range(ROUNDS * 5):
        fresh = Ours(TYPES)
        start = perf_counter()
        fresh.see(f"{text}# {number}")
        times.append((perf_counter() - start) * 1_000)
    return measured("first sight of a 64-field document: parse, validate, plan, compile", times, "ms", 6)


def _ours(text: str, found: Sequence[Item]) -> Run:
    ours = Ours(our_types())

    async def run() -> object:
        return await ours.ask(text, found)

    return run


def _stock(text: str, found: Sequence[Item]) -> Run:
    """Give stock execution of a document that is parsed and validated already."""
    types: GraphQLSchema = strawberry.Schema(StockQuery)._schema  # noqa: SLF001 - no public name # pyright: ignore[reportPrivateUsage] - no public name
    ast = parse(text)

    async def run() -> object:
        return await _executed(types, ast, StockContext(found))

    return run


async def _executed(types: GraphQLSchema, ast: DocumentNode, context: StockContext) -> Any:  # noqa: ANN401 - data
    result: Any = execute_stock(types, ast, context_value=context)
    result = await result if isawaitable(result) else result
    if result.errors:
        raise WrongAnswerError(str(result.errors[0]))
    return result.data


async def _best(run: Run, times: int) -> float:
    """Give the median of *times* runs, in seconds."""
    gc.collect()
    taken: list[float] = []
    for _ in range(times):
        start = perf_counter()
        await run()
        taken.append(perf_counter() - start)
    return median(taken)
