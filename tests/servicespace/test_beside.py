"""Tasks beside the requests: ended with the service, and told of where they end by themselves."""

import asyncio
from contextlib import suppress

import pytest

from servicespace.beside import beside


async def for_ever(ended: asyncio.Event) -> None:
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        ended.set()


async def broken() -> None:
    raise ZeroDivisionError


async def test_ends_with_the_block(caplog: pytest.LogCaptureFixture) -> None:
    ended = asyncio.Event()
    async with beside([for_ever(ended)]):
        await asyncio.sleep(0)
        assert not ended.is_set()
    assert ended.is_set()
    assert not caplog.records


async def test_one_that_fails_is_told_with_its_name_and_takes_nothing_with_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ended = asyncio.Event()
    async with beside([broken(), for_ever(ended)]):
        await asyncio.sleep(0.01)
        assert not ended.is_set()
    assert [each.getMessage() for each in caplog.records] == ["broken ended, start the service anew"]
    assert caplog.records[0].exc_info is not None


async def deaf_once() -> None:
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    with suppress(asyncio.CancelledError):
        await asyncio.shield(never)
    await never


async def test_what_loses_a_cancel_is_cancelled_again() -> None:
    async with asyncio.timeout(5), beside([deaf_once()]):
        await asyncio.sleep(0)
