"""Other requests have their turn while the records of a large list are made."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from sources.cache import Uncached
from sources.http import Answer, Query
from sources.keys import CustomerCode
from sources.scope import Scope
from sources.ticketing.tmf import TICKETS, Told, told
from sources.ticketing.wire import TroubleTicket
from sources.tmf.collection import IN_ONE_GO, Collection
from sources.tmf.settings import ThingSettings
from tests.tmf.ticketing import parties

ACME = CustomerCode("acme")
MANY = 12_000
PARTY: Mapping[str, str] = {"id": "party of acme", "role": "customer"}
OPENED = "2026-01-01T07:34:45Z"


class Large:
    """An API with as many tickets, all in one answer."""

    system = "ticketing"

    def __init__(self, many: int) -> None:
        rows = [{"id": each, "creationDate": OPENED, "relatedParty": [PARTY]} for each in range(many)]
        self._body = json.dumps(rows).encode()

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Give them all, and then nothing more."""
        first = dict(query)["offset"] == "0"
        return Answer(status=200, body=self._body if first else b"[]")


async def kept(scope: Scope, many: Sequence[Told]) -> Sequence[Told]:
    """Give what was kept."""
    del scope
    return many


def counted(made: list[int], ticket: TroubleTicket, customer: CustomerCode) -> Told:
    """Make what is kept of *ticket*, and count it among those of this turn of the loop."""
    made[-1] += 1
    return told(ticket, customer)


async def turns_while_reading(many: int) -> list[int]:
    """Give how many records were made in each turn of the loop in which some were."""
    made = [0]
    thing = replace(TICKETS, make=partial(counted, made))
    settings = ThingSettings(page_size=many)
    tickets = Collection(Large(many), thing, settings, parties, kept, Uncached())
    reading = asyncio.create_task(tickets.every(ACME))
    while not reading.done():
        await asyncio.sleep(0)
        made.append(0)

    assert len(await reading) == many
    return [each for each in made if each]


async def test_records_of_a_large_list_are_made_a_few_in_each_turn_of_the_loop() -> None:
    assert await turns_while_reading(MANY) == [IN_ONE_GO] * (MANY // IN_ONE_GO)


async def test_records_of_a_small_list_are_made_in_one_turn() -> None:
    assert await turns_while_reading(IN_ONE_GO) == [IN_ONE_GO]
