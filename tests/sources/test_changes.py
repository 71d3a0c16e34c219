"""What ordering announces to those who keep something that follows from it."""

import asyncio

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient

from servicespace.store import transaction
from sources.keys import CustomerCode, SolutionId
from sources.ordering import CustomerRecord, Market, PortalOption
from sources.ordering.sql import SqlOrdering
from sources.sql import Database
from tests.sources.test_ordering import solution

BOTH = pytest.mark.parametrize("kept_by", ["sqlite", "postgres"])


def ordering_in(connection: BaseDBAsyncClient) -> SqlOrdering:
    return SqlOrdering(Database(connection, "ordering", 10))


async def fail_after_saving(connection: BaseDBAsyncClient, customer: CustomerCode) -> None:
    async with transaction(connection) as inner:
        await ordering_in(inner).save_solutions([solution(customer, "S1")])
        raise ZeroDivisionError


@BOTH
async def test_announces_whose_orders_changed(connection: BaseDBAsyncClient, customer: CustomerCode) -> None:
    ordering, other = ordering_in(connection), CustomerCode(f"{customer}-other")
    begin = (await ordering.changes(None)).epoch
    acme = CustomerRecord(
        customer=customer, id=customer, name="Acme", market=Market.INTL, portal_option=PortalOption.LITE
    )

    await ordering.save_customers([acme])
    first = await ordering.changes(begin)
    await ordering.save_solutions([solution(customer, "S1"), solution(other, "S1"), solution(customer, "S2")])
    second = await ordering.changes(first.epoch)
    await ordering.remove_products(customer, [SolutionId("S1")])
    third = await ordering.changes(second.epoch)

    assert first.keys == [customer]
    assert sorted(second.keys) == [customer, other]
    assert third.keys == [customer]
    assert begin < first.epoch < second.epoch < third.epoch
    assert sorted((await ordering.changes(begin)).keys) == [customer, other]
    assert (await ordering.changes(third.epoch)).keys == []
    assert (await ordering.changes(None)).epoch == third.epoch


@BOTH
async def test_announces_nothing_where_nothing_changed(
    connection: BaseDBAsyncClient, customer: CustomerCode
) -> None:
    ordering = ordering_in(connection)
    await ordering.save_solutions([solution(customer, "S1")])
    begin = (await ordering.changes(None)).epoch

    await ordering.save_solutions([solution(customer, "S1")])
    await ordering.remove_products(customer, [SolutionId("S9")])

    assert await ordering.changes(begin) == await ordering.changes(None)


@BOTH
async def test_announces_nothing_of_what_was_not_done_after_all(
    connection: BaseDBAsyncClient, customer: CustomerCode
) -> None:
    ordering = ordering_in(connection)
    begin = (await ordering.changes(None)).epoch

    with pytest.raises(ZeroDivisionError):
        await fail_after_saving(connection, customer)

    assert (await ordering.changes(begin)).keys == []


@pytest.mark.parametrize("kept_by", ["postgres"])
async def test_announces_in_the_order_in_which_it_can_be_seen(
    connection: BaseDBAsyncClient, customer: CustomerCode
) -> None:
    ordering, other = ordering_in(connection), CustomerCode(f"{customer}-other")
    begin = (await ordering.changes(None)).epoch

    async with transaction(connection) as slow:
        await ordering_in(slow).save_solutions([solution(customer, "S1")])
        quick = asyncio.create_task(ordering.save_solutions([solution(other, "S1")]))
        await asyncio.sleep(0.2)
        between = await ordering.changes(begin)
    await quick

    # The later one waited: a follower that had seen it would never have looked for the earlier one.
    assert between.keys == []
    assert sorted((await ordering.changes(between.epoch)).keys) == [customer, other]
