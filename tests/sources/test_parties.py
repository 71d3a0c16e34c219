"""Who customers are in other systems, in both databases."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from servicespace.store import StoreSettings, open_store
from sources.errors import SourceUnavailableError
from sources.keys import CustomerCode
from sources.parties.sql import Known, PartyError, SqlParties
from sources.sql import Database


@pytest.fixture(params=["sqlite", "postgres"])
async def parties(request: pytest.FixtureRequest) -> AsyncGenerator[SqlParties]:
    settings: StoreSettings = request.getfixturevalue(request.param)
    async with open_store(settings) as connection:
        yield SqlParties(Database(connection, "parties"))


async def test_a_customer_has_several_parties_in_several_systems(
    parties: SqlParties, customer: CustomerCode
) -> None:
    await parties.set(customer, "ticketing", [f"{customer}/2", f"{customer}/1"])
    await parties.set(customer, "billing", [f"{customer}/1"])

    assert await parties.of(customer) == {
        "ticketing": {f"{customer}/1", f"{customer}/2"},
        "billing": {f"{customer}/1"},
    }
    assert await parties.known(customer) == [
        Known(customer, "billing", f"{customer}/1"),
        Known(customer, "ticketing", f"{customer}/1"),
        Known(customer, "ticketing", f"{customer}/2"),
    ]
    assert set(await parties.known(customer)) <= set(await parties.known())
    assert await parties.of("nobody") == {}


async def test_what_is_set_replaces_what_was(parties: SqlParties, customer: CustomerCode) -> None:
    await parties.set(customer, "ticketing", [f"{customer}/1", f"{customer}/2"])

    await parties.set(customer, "ticketing", [f"{customer}/2", f"{customer}/3", f"{customer}/3"])

    assert await parties.of(customer) == {"ticketing": {f"{customer}/2", f"{customer}/3"}}


async def test_takes_away_the_parties_named_or_all(parties: SqlParties, customer: CustomerCode) -> None:
    named = [f"{customer}/{each}" for each in range(3)]
    await parties.set(customer, "ticketing", named)

    taken = await parties.remove(customer, "ticketing", [named[0], "nothing"])
    rest = await parties.of(customer)
    taken_last = await parties.remove(customer, "ticketing")
    taken_from_nothing = await parties.remove(customer, "ticketing")

    assert (taken, taken_last, taken_from_nothing) == (1, 2, 0)
    assert rest == {"ticketing": {named[1], named[2]}}
    assert await parties.of(customer) == {}


async def test_a_party_is_one_customers_only(parties: SqlParties, customer: CustomerCode) -> None:
    other, party = CustomerCode(f"{customer}-b"), f"{customer}/1"
    await parties.set(customer, "ticketing", [party])
    await parties.set(other, "billing", [party])  # another system's ids are its own

    with pytest.raises(PartyError) as caught:
        await parties.set(other, "ticketing", [f"{customer}/2", party])

    assert str(caught.value) == (
        f"The party {party!r} of ticketing is the customer {customer!r} already. "
        f"Where that is wrong: servicespace parties remove {customer} ticketing {party}"
    )
    assert await parties.of(other) == {"billing": {party}}


async def test_of_two_at_once_one_has_the_party(parties: SqlParties, customer: CustomerCode) -> None:
    askers = [CustomerCode(f"{customer}-{each}") for each in range(4)]

    told = await asyncio.gather(
        *(parties.set(each, "ticketing", [f"{customer}/1"]) for each in askers), return_exceptions=True
    )

    assert [type(each) for each in told if each is not None] == [PartyError] * 3
    assert sum([len(await parties.of(each)) for each in askers]) == 1


@pytest.mark.parametrize("party", ["", " 1", "1 ", "a\0b", "a\nb", "x" * 129])
async def test_refuses_what_is_no_id(parties: SqlParties, customer: CustomerCode, party: str) -> None:
    with pytest.raises(PartyError, match="id"):
        await parties.set(customer, "ticketing", [f"{customer}/1", party])

    assert await parties.of(customer) == {}


async def test_tells_whose_a_systems_parties_are(parties: SqlParties, customer: CustomerCode) -> None:
    other = CustomerCode(f"{customer}-b")
    await parties.set(customer, "ticketing", [f"{customer}/1", f"{customer}/2"])
    await parties.set(other, "ticketing", [f"{customer}/3"])
    named = [f"{customer}/{each}" for each in range(1, 5)]

    assert await parties.customers("ticketing", named) == {customer, other}
    assert await parties.customers("ticketing", named[:2]) == {customer}
    assert await parties.customers("billing", named) == frozenset()
    assert await parties.customers("ticketing", []) == frozenset()


async def test_tells_whose_parties_changed_once_they_can_be_read(
    parties: SqlParties, customer: CustomerCode
) -> None:
    before = await parties.changes(None)

    await parties.set(customer, "ticketing", [f"{customer}/1"])
    set_ = await parties.changes(before.epoch)
    await parties.set(customer, "ticketing", [f"{customer}/1"])
    again = await parties.changes(set_.epoch)
    await parties.remove(customer, "ticketing")
    removed = await parties.changes(set_.epoch)

    assert (before.keys, set_.keys, again.keys, removed.keys) == ([], [customer], [], [customer])
    assert before.epoch < set_.epoch == again.epoch < removed.epoch


async def test_a_database_that_fails_is_a_system_that_fails(tmp_path: object) -> None:
    async with open_store(StoreSettings(file=f"{tmp_path}/store.db")) as connection:
        parties = SqlParties(Database(connection, "parties"))
        await connection.execute_script("DROP TABLE parties_party")

        with pytest.raises(SourceUnavailableError):
            await parties.of("acme")
