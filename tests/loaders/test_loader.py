"""One call for many keys, each awaiter apart from the others."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pytest
from aiodataloader import DataLoader
from graphql import build_schema
from graphql import graphql as execute  # pyright: ignore[reportUnknownVariableType] - its options are generic

from loaders.loader import LoadCancelledError, Loader


class Lengths(Loader[str, int]):
    """The length of a text, -1 for one that it does not know; writes down what it was asked."""

    def __init__(self, *unknown: str, failing: Mapping[str, Exception] | None = None) -> None:
        super().__init__()
        self.asked: list[list[str]] = []
        self.unknown = unknown
        self.failing = failing or {}
        self.held: dict[str, asyncio.Event] = {}

    def hold(self, key: str) -> asyncio.Event:
        """Let no call that asks for *key* end before the event is set."""
        self.held[key] = asyncio.Event()
        return self.held[key]

    async def fetch(self, keys: Sequence[str]) -> Mapping[str, int | Exception]:
        self.asked.append(list(keys))
        for key in keys:
            if key in self.held:
                await self.held[key].wait()
        known = [key for key in keys if key not in self.unknown]
        return {key: self.failing.get(key, len(key)) for key in reversed(known)}

    def missing(self, key: str) -> int:
        return -1


class Failing(Loader[str, int]):
    """Fails as a whole as often as it is told to, then gives 1."""

    def __init__(self, *errors: BaseException) -> None:
        super().__init__()
        self.errors = list(errors)

    async def fetch(self, keys: Sequence[str]) -> Mapping[str, int]:
        if self.errors:
            raise self.errors.pop(0)
        return dict.fromkeys(keys, 1)

    def missing(self, key: str) -> int:
        raise KeyError(key)


async def started() -> None:
    """Let everything run that can run now: the library takes three turns of the loop to make its call."""
    for _ in range(10):
        await asyncio.sleep(0)


async def lengths_of(keys: list[str]) -> list[int]:
    """Give lengths as the library alone would have them, after everything that can run has run."""
    await started()
    return [len(key) for key in keys]


async def test_gives_values_in_the_order_of_the_keys() -> None:
    lengths = Lengths()

    found = await lengths.load_many(["ccc", "a", "bb"])

    assert found == [3, 1, 2]


async def test_asks_once_for_a_key_that_is_named_twice() -> None:
    lengths = Lengths()

    found = await lengths.load_many(["a", "bb", "a"])

    assert (found, lengths.asked) == ([1, 2, 1], [["a", "bb"]])


async def test_makes_one_call_for_all_that_is_asked_in_one_round() -> None:
    lengths = Lengths()

    found = tuple(
        await asyncio.gather(lengths.load("a"), lengths.load_many(["bb", "a"]), lengths.load("ccc"))
    )

    assert found == (1, [2, 1], 3)
    assert lengths.asked == [["a", "bb", "ccc"]]


async def test_asks_never_again_for_what_it_knows() -> None:
    lengths = Lengths()
    await lengths.load("a")

    found = await lengths.load_many(["a", "bb"])

    assert (found, lengths.asked) == ([1, 2], [["a"], ["bb"]])


async def test_asks_nothing_for_no_keys() -> None:
    lengths = Lengths()

    found = await lengths.load_many([])

    assert (found, lengths.asked) == ([], [])


async def test_values_an_unknown_key_as_the_loader_says() -> None:
    lengths = Lengths("nobody")

    found = await lengths.load_many(["a", "nobody"])

    assert found == [1, -1]


async def test_gives_none_for_none_and_keeps_the_order() -> None:
    lengths = Lengths("nobody")

    found = await lengths.load_present([None, "bb", None, "nobody", "a"])

    assert (found, lengths.asked) == ([None, 2, None, -1, 1], [["bb", "nobody", "a"]])


async def test_asks_nothing_where_all_keys_are_none() -> None:
    lengths = Lengths()

    found = await lengths.load_present([None, None])

    assert (found, lengths.asked) == ([None, None], [])


async def test_the_library_alone_lets_a_cancelled_awaiter_poison_its_key() -> None:
    alone = DataLoader(lengths_of)
    first = asyncio.ensure_future(alone.load("a"))
    first.cancel()

    with pytest.raises(asyncio.CancelledError):
        await alone.load("a")


async def test_a_cancelled_awaiter_takes_nothing_from_others_of_its_key() -> None:
    lengths = Lengths()
    gate = lengths.hold("a")
    cancelled, other = asyncio.create_task(lengths.load("a")), asyncio.create_task(lengths.load("a"))
    await started()

    cancelled.cancel()
    gate.set()

    assert await other == 1
    assert cancelled.cancelled()
    assert lengths.asked == [["a"]]


@pytest.mark.parametrize("turns", range(8))
async def test_a_key_lives_on_whenever_its_only_awaiter_is_cancelled(turns: int) -> None:
    lengths = Lengths()
    only = asyncio.create_task(lengths.load("a"))
    for _ in range(turns):
        await asyncio.sleep(0)

    only.cancel()

    assert await lengths.load("a") == 1
    assert lengths.asked == [["a"]]


async def test_cancelling_many_takes_nothing_from_others_of_their_keys() -> None:
    lengths = Lengths()
    gate = lengths.hold("a")
    cancelled = asyncio.create_task(lengths.load_many(["a", "bb"]))
    other = asyncio.create_task(lengths.load_many(["bb", "ccc"]))
    await started()

    cancelled.cancel()
    await started()
    gate.set()

    assert await other == [2, 3]
    assert await lengths.load_many(["a", "bb"]) == [1, 2]
    assert cancelled.cancelled()
    assert lengths.asked == [["a", "bb", "ccc"]]


TYPES = build_schema("type Query { pair: Pair, alone: Int } type Pair { broken: Int!, shared: Int! }")


def sharing(load: Callable[[str], Awaitable[int]]) -> Mapping[str, object]:
    """Give a root in which a field fails beside one that shares its key with a third."""
    shared = partial(loaded, load)
    return {"pair": {"broken": broken, "shared": shared}, "alone": shared}


async def broken(_: object) -> int:
    """Fail in the next turn of the loop."""
    await asyncio.sleep(0)
    raise ValueError("broken")


async def loaded(load: Callable[[str], Awaitable[int]], _: object) -> int:
    """Give what *load* has for the one key."""
    return await load("a")


async def test_the_library_alone_lets_a_failed_field_kill_another_that_shares_its_key() -> None:
    root = sharing(DataLoader(lengths_of).load)

    with pytest.raises(asyncio.CancelledError):
        await execute(TYPES, "{ pair { broken shared } alone }", root)


async def test_a_failed_field_leaves_another_that_shares_its_key_alone() -> None:
    lengths = Lengths()
    gate = lengths.hold("a")
    asyncio.get_running_loop().call_later(0.05, gate.set)

    answer = await execute(TYPES, "{ pair { broken shared } alone }", sharing(lengths.load))

    assert answer.data == {"pair": None, "alone": 1}
    assert [each.path for each in answer.errors or ()] == [["pair", "broken"]]


async def test_an_error_reaches_every_awaiter_of_its_key_and_nobody_else() -> None:
    error = ValueError("bad")
    lengths = Lengths(failing={"bad": error})

    asked = (["bad"], ["a"], ["bad"], ["a", "bad"], ["a", "bb"])
    found = await asyncio.gather(*(lengths.load_many(keys) for keys in asked), return_exceptions=True)

    assert found == [error, [1], error, error, [1, 2]]


async def test_many_give_the_error_of_the_first_key_that_has_one() -> None:
    first, second = ValueError("first"), ValueError("second")
    lengths = Lengths(failing={"x": second, "y": first})

    with pytest.raises(ValueError, match="first"):
        await lengths.load_many(["a", "y", "x"])


async def test_a_call_that_fails_as_a_whole_fails_for_all_and_is_made_again() -> None:
    error = ValueError("down")
    loader = Failing(error)

    found = await asyncio.gather(*(loader.load(key) for key in "ab"), return_exceptions=True)

    assert found == [error, error]
    assert await loader.load("a") == 1


async def test_a_call_that_is_cancelled_from_within_leaves_nobody_waiting() -> None:
    loader = Failing(asyncio.CancelledError())

    async with asyncio.timeout(5):
        found = await asyncio.gather(*(loader.load(key) for key in "ab"), return_exceptions=True)

    assert [type(each) for each in found] == [LoadCancelledError, LoadCancelledError]
    assert await loader.load("a") == 1


async def test_leaves_no_error_that_nobody_looked_at() -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    lengths = Lengths(failing={"bad": ValueError("bad")})
    bad, slow = lengths.hold("bad"), lengths.hold("slow")
    alone = asyncio.create_task(lengths.load("bad"))
    await started()
    many = asyncio.create_task(lengths.load_many(["bad", "slow"]))
    await started()

    alone.cancel()
    bad.set()
    await started()
    many.cancel()
    await started()
    slow.set()
    await started()
    outcomes = (alone.cancelled(), many.cancelled())
    del lengths, alone, many
    gc.collect()

    assert outcomes == (True, True)
    assert complaints == []
