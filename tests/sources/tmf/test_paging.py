"""Lists read to their end, whatever a system counts, caps, ignores and repeats.

Traps of domain.md section 5: 2 and 22 (totals), 3 (206, ``Link``), 25 (caps, pages that shift).
"""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import pytest

from sources.errors import SourceRefusedError, SourceUnavailableError
from sources.http import Answer, Api, Query
from sources.ticketing.wire import TroubleTicket, read_ticket
from sources.tmf.page import read_each
from sources.tmf.paging import Lists
from sources.tmf.settings import ThingSettings
from tests.tmf.calls import calling
from tests.tmf.server import GOOD, Habits, Json, TmfServer, Total, serving

TICKETS = partial(read_each, read=read_ticket)
OURS = {"relatedParty": [{"id": "us"}]}
QUERY = (("relatedParty.id", "us"),)


def tickets(many: int, start: int = 0) -> list[Json]:
    return [{"id": f"T{number}", **OURS} for number in range(start, start + many)]


def numbers(found: Sequence[TroubleTicket]) -> list[int]:
    return sorted(int(str(each.id)[1:]) for each in found)


@asynccontextmanager
async def lists(server: TmfServer, settings: ThingSettings) -> AsyncGenerator[Lists[TroubleTicket]]:
    async with serving(server), calling(server.url) as api:
        yield Lists(api, "troubleTicket", TICKETS, settings)


@pytest.mark.parametrize("many", [0, 1, 9, 10, 11, 20, 35, 100])
@pytest.mark.parametrize("total", Total, ids=lambda total: total.value)
@pytest.mark.parametrize(("cap", "status"), [(None, 200), (None, 206), (4, 206), (4, 200)])
async def test_reads_a_list_to_its_end_whatever_its_total_says_and_its_pages_hold(
    many: int, total: Total, cap: int | None, status: int
) -> None:
    server = TmfServer(Habits(total=total, cap=cap, status=status))
    foreign = [{"id": f"F{number}"} for number in range(55)]
    server.things["troubleTicket"] = [*foreign, *tickets(many)]

    async with lists(server, ThingSettings(page_size=10)) as ours:
        found = await ours.every(QUERY)

    assert numbers(found.rows) == list(range(many))
    assert found.sent == many


@pytest.mark.parametrize(
    ("many", "habits", "calls"),
    [
        (0, GOOD, 1),
        (9, GOOD, 1),
        (9, Habits(total=Total.NONE), 2),
        (9, Habits(total=Total.OF_THE_COLLECTION), 2),
        (35, GOOD, 4),
        (35, Habits(total=Total.NONE), 4),
        (35, Habits(total=Total.OF_THE_COLLECTION), 5),
        (9, Habits(cap=4), 3),
    ],
)
async def test_asks_no_more_than_it_takes_to_know_that_a_list_has_ended(
    many: int, habits: Habits, calls: int
) -> None:
    server = TmfServer(habits)
    server.things["troubleTicket"] = [*tickets(many), *({"id": f"F{number}"} for number in range(1000))]

    async with lists(server, ThingSettings(page_size=10, at_once=4)) as ours:
        await ours.every(QUERY)

    assert len(server.asked) == calls


async def test_a_list_that_repeats_the_same_page_for_ever_ends() -> None:
    server = TmfServer(Habits(pages=False, total=Total.NONE))
    server.things["troubleTicket"] = tickets(25)

    async with lists(server, ThingSettings(page_size=10)) as ours:
        found = await ours.every(QUERY)

    assert (numbers(found.rows), len(server.asked)) == (list(range(10)), 2)


async def test_a_list_with_more_rows_than_are_read_is_refused() -> None:
    server = TmfServer()
    server.things["troubleTicket"] = tickets(51)

    async with lists(server, ThingSettings(page_size=10, most_rows=50)) as ours:
        with pytest.raises(SourceRefusedError, match="a list of more than 50 rows"):
            await ours.every(QUERY)


@dataclass
class Endless:
    """An API whose pages have one row more at their front each time they are asked for, and no end."""

    system: str = "ticketing"
    rows: int = 1
    asked: int = 0

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Give the next rows."""
        self.asked += 1
        start = int(dict(query)["offset"]) - self.asked * (self.rows - 1)
        return Answer(status=200, body=json.dumps(tickets(self.rows, 1000 + start)).encode())


def of(api: Api, page_size: int = 100, most_rows: int = 20_000) -> Lists[TroubleTicket]:
    return Lists(api, "troubleTicket", TICKETS, ThingSettings(page_size=page_size, most_rows=most_rows))


async def test_a_list_that_brings_something_new_for_ever_is_refused_after_a_bound_of_pages() -> None:
    endless = Endless()

    with pytest.raises(SourceRefusedError, match="a list of more than 50 rows"):
        await of(endless, page_size=10, most_rows=50).every(QUERY)

    assert endless.asked == 21


@dataclass
class Said:
    """An API that says the same whatever it is asked."""

    body: bytes
    system: str = "ticketing"

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Say it."""
        return Answer(status=200, body=self.body, total=1)


@pytest.mark.parametrize(
    "body",
    [
        b'{"code": "60", "message": "T1 of ACME"}',
        b'"T1"',
        b"42",
        b"[",
        b'[{"id": "T1"}',
        b"",
        b"<html>T1</html>",
        b"\xff[]",
        b"[" * 100_000,
    ],
)
async def test_what_is_no_list_of_things_is_a_failure_that_quotes_nothing(body: bytes) -> None:
    with pytest.raises(SourceUnavailableError) as failed:
        await of(Said(body)).every(QUERY)

    assert str(failed.value) == "ticketing: troubleTicket: no list of things"


async def test_one_thing_is_a_list_of_one() -> None:
    found = await of(Said(b'{"id": "T1"}')).every(QUERY)

    assert numbers(found.rows) == [1]


async def test_a_broken_row_takes_no_other_with_it_and_is_counted() -> None:
    nested = b'{"note": ' + b"[" * 900 + b"]" * 900 + b"}"

    found = await of(Said(b'[{"id": "T1"}, {"name": "no id"}, 7, null, {"id": {}}, ' + nested + b"]")).every(
        QUERY
    )

    assert (numbers(found.rows), found.sent) == ([1], 6)


async def test_a_page_that_cannot_be_read_at_all_is_passed_over_and_does_not_come_for_ever() -> None:
    server = TmfServer()
    server.things["troubleTicket"] = [*({"name": "no id", **OURS} for _ in range(10)), *tickets(3)]

    async with lists(server, ThingSettings(page_size=10)) as ours:
        found = await ours.every(QUERY)
    again = await of(Said(b'[{"name": "no id"}]'), page_size=1).every(QUERY)

    assert (numbers(found.rows), found.sent) == ([0, 1, 2], 13)
    assert (again.rows, again.sent) == ([], 1)


class Shifting:
    """An API to which a row is added at the front of the list after each page."""

    system = "ticketing"

    def __init__(self) -> None:
        """Begin with 25 rows."""
        self.rows = tickets(25)

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Give a page, then change."""
        offset, limit = (int(dict(query)[name]) for name in ("offset", "limit"))
        answer = Answer(status=206, body=json.dumps(self.rows[offset : offset + limit]).encode())
        self.rows = [*tickets(1, 100 + offset), *self.rows]
        return answer


async def test_a_row_that_shifts_to_the_next_page_is_given_once() -> None:
    found = await of(Shifting(), page_size=10).every(QUERY)

    assert numbers(found.rows) == list(range(25))


async def test_reads_no_more_pages_once_all_wanted_ids_were_met() -> None:
    server = TmfServer(Habits(filters=False, total=Total.NONE))
    server.things["troubleTicket"] = tickets(100)

    async with lists(server, ThingSettings(page_size=10)) as ours:
        found = await ours.every((("id", "T3,T12"),), frozenset({"T3", "T12"}))

    assert (len(found.rows), len(server.asked)) == (20, 2)
