"""Lists as Relay connections."""

from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.loader import PageLoader
from resolvers.connection import (
    MAXIMUM_SIZE,
    Connection,
    Edge,
    PageInfo,
    connections,
    decode,
    encode,
    window,
)
from resolvers.errors import BadUserInputError
from schema import query
from schema.field import Lists
from schema.invoice_line import INVOICE_LINES
from sources.billing import BillingDocumentOrder, BillingDocumentRecord, InvoiceLineOrder, InvoiceLineRecord
from sources.keys import CustomerCode, LocationId
from sources.listing import Listing, Order, Page, Position, Window
from sources.ordering import LocationFilter, LocationOrder, LocationRecord, SolutionOrder, SolutionRecord
from sources.record import Record
from sources.scope import ALL, Scope
from sources.ticketing import TicketOrder, TicketRecord
from tests.fakes.ordering import FakeOrdering

ACME = CustomerCode("acme")
NAME = LocationOrder.NAME_ASC


def location(key: str) -> LocationRecord:
    return LocationRecord(customer=ACME, id=LocationId(key), name=f"Site {key}", country="FR")


def refused(**arguments: Any) -> dict[str, object]:  # noqa: ANN401 - whatever a client may send
    """Give what a client is told of arguments that break a rule."""
    with pytest.raises(BadUserInputError) as caught:
        window(NAME, LocationRecord, **arguments)
    return {"message": caught.value.message, **caught.value.extensions}


def text_of(*parts: object) -> str:
    """Give a cursor of any content."""
    return urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def test_gives_25_rows_from_the_start_when_nothing_is_said() -> None:
    assert window(NAME, LocationRecord) == Window(limit=25)


@pytest.mark.parametrize("size", [1, 100])
def test_takes_a_size_of_1_to_100(size: int) -> None:
    assert window(NAME, LocationRecord, first=size) == Window(limit=size)
    assert window(NAME, LocationRecord, last=size) == Window(limit=size, backward=True)


@pytest.mark.parametrize("name", ["first", "last"])
@pytest.mark.parametrize("size", [0, -1, 101, 1000])
def test_refuses_any_other_size(name: str, size: int) -> None:
    assert refused(**{name: size}) == {
        "message": f"`{name}` is {size}; a page has 1 to 100 rows.",
        "path": [name],
        "rule": "PAGE_SIZE",
    }


def test_refuses_first_and_last_together() -> None:
    assert refused(first=1, last=1) == {
        "message": "Ask for the first rows or the last, not both: give `first` or `last`.",
        "path": ["last"],
        "rule": "FIRST_OR_LAST",
    }


def test_takes_cursors_on_both_sides() -> None:
    after, before = ("Site 1", "L1"), ("Site 9", "L9")

    found = window(NAME, LocationRecord, last=3, after=encode(NAME, after), before=encode(NAME, before))

    assert found == Window(limit=3, after=after, before=before, backward=True)


TICKET = datetime(2026, 3, 1, 8, tzinfo=UTC)

FORGED = [
    pytest.param(NAME, LocationRecord, "", id="empty"),
    pytest.param(NAME, LocationRecord, "?", id="not base64"),
    pytest.param(NAME, LocationRecord, "é", id="not ASCII"),
    pytest.param(NAME, LocationRecord, "\ud800", id="a lone surrogate"),
    pytest.param(NAME, LocationRecord, "A", id="half a letter"),
    pytest.param(NAME, LocationRecord, urlsafe_b64encode(b"not JSON").decode(), id="not JSON"),
    pytest.param(NAME, LocationRecord, urlsafe_b64encode(b"\xff\xfe").decode(), id="not UTF-8"),
    pytest.param(NAME, LocationRecord, "A" * 10_000, id="10,000 characters"),
    pytest.param(
        NAME, LocationRecord, text_of("NAME_ASC", "x" * 10_000, "L1"), id="a name of 10,000 characters"
    ),
    pytest.param(NAME, LocationRecord, urlsafe_b64encode(b"[" * 6_000).decode(), id="deeply nested"),
    pytest.param(NAME, LocationRecord, text_of("NAME_ASC", "Site 1"), id="too short"),
    pytest.param(NAME, LocationRecord, text_of("NAME_ASC", "Site 1", "L1", "L2"), id="too long"),
    pytest.param(NAME, LocationRecord, text_of("NAME_ASC", None, "L1"), id="no value"),
    pytest.param(NAME, LocationRecord, text_of("NAME_ASC", 1, "L1"), id="a number in place of text"),
    pytest.param(NAME, LocationRecord, text_of("NAME_ASC", "Site 1", 1), id="a number in place of an id"),
    pytest.param(NAME, LocationRecord, text_of("NAME_ASC", "Site 1", "L\x001"), id="NUL in the id"),
    pytest.param(NAME, LocationRecord, text_of("NAME_ASC", "Site\x00", "L1"), id="NUL in the value"),
    pytest.param(NAME, LocationRecord, text_of("NAME_DESC", "Site 1", "L1"), id="the other direction"),
    pytest.param(NAME, LocationRecord, text_of("COUNTRY_ASC", "FR", "L1"), id="another order"),
    pytest.param(
        NAME, LocationRecord, encode(NAME, ("Site 1", "L1")) + "=", id="padding that we do not give"
    ),
    pytest.param(NAME, LocationRecord, encode(NAME, ("Site 1", "L1"))[:-1] + "\n", id="a line end"),
    pytest.param(
        TicketOrder.OPENED_AT_ASC, TicketRecord, encode(NAME, ("Site 1", "L1")), id="another list's cursor"
    ),
    pytest.param(
        TicketOrder.OPENED_AT_ASC, TicketRecord, text_of("OPENED_AT_ASC", "yesterday", "T1"), id="not a time"
    ),
    pytest.param(
        TicketOrder.OPENED_AT_ASC,
        TicketRecord,
        text_of("OPENED_AT_ASC", "2026-03-01T08:00:00", "T1"),
        id="a time without a zone",
    ),
    pytest.param(
        SolutionOrder.ORDERED_ON_ASC,
        SolutionRecord,
        text_of("ORDERED_ON_ASC", "2026-02-30", "S1"),
        id="no day",
    ),
    pytest.param(
        InvoiceLineOrder.POSITION_ASC,
        InvoiceLineRecord,
        text_of("POSITION_ASC", 1.5, "L1"),
        id="half a number",
    ),
    pytest.param(
        BillingDocumentOrder.AMOUNT_ASC,
        BillingDocumentRecord,
        urlsafe_b64encode(b'["AMOUNT_ASC",9223372036854775808,"D1"]').decode().rstrip("="),
        id="a number that no column holds",
    ),
]


@pytest.mark.parametrize(("order", "record", "cursor"), FORGED)
def test_refuses_a_cursor_that_the_list_did_not_give(order: Order, record: type[Record], cursor: str) -> None:
    with pytest.raises(BadUserInputError) as caught:
        decode(cursor, order, record, "before")

    assert caught.value.extensions == {"path": ["before"], "rule": "CURSOR"}
    assert caught.value.message == (
        "`before` is not a cursor of this list in this order; use one that the list gave."
    )


@pytest.mark.parametrize("name", ["after", "before"])
def test_names_the_argument_that_is_no_cursor(name: str) -> None:
    assert refused(**{name: "junk"})["path"] == [name]


@given(st.text())
def test_takes_no_text_for_a_cursor_but_its_own(text: str) -> None:
    with pytest.raises(BadUserInputError):
        decode(text, NAME, LocationRecord, "after")


def every_order() -> list[tuple[type[Record], Order]]:
    """Give each order that a list of the schema takes, with the record that it sorts."""
    lists = [each for each in vars(query).values() if isinstance(each, Lists)]
    return [(each.record, order) for each in (*lists, INVOICE_LINES) for order in each.order]


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=500)
VALUES: dict[object, st.SearchStrategy[Any]] = {
    datetime: st.datetimes(timezones=st.just(UTC)),
    date: st.dates(),
    int: st.integers(-(2**53), 2**53),
}


@pytest.mark.parametrize(
    ("record", "order"),
    every_order(),
    ids=lambda each: each.name if isinstance(each, Order) else each.__name__,
)
@given(data=st.data())
def test_gives_back_the_place_that_a_cursor_was_made_of(
    record: type[Record], order: Order, data: st.DataObject
) -> None:
    column = next(each.type for each in msgspec.structs.fields(record) if each.name == order.column)
    place: Position = data.draw(st.tuples(VALUES.get(column, texts), texts))

    assert decode(encode(order, place), order, record, "after") == place


async def page_of(window_: Window, *keys: str) -> Connection[LocationRecord]:
    """Give the connection over these locations."""
    ordering = FakeOrdering()
    await ordering.save_locations([location(key) for key in keys])
    loader = PageLoader(
        Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL), ordering.locations_by_customer
    )
    listing = Listing(filter=LocationFilter(), order=NAME, window=window_, counted=True)
    [found] = await connections(loader, [ACME], listing)
    return found


def place(key: str) -> Position:
    return f"Site {key}", key


FORWARD = [
    pytest.param(Window(limit=2), ["1", "2"], (True, False), id="first page"),
    pytest.param(Window(limit=2, after=place("2")), ["3", "4"], (True, True), id="middle"),
    pytest.param(Window(limit=2, after=place("4")), ["5"], (False, True), id="last page"),
    pytest.param(Window(limit=5), ["1", "2", "3", "4", "5"], (False, False), id="all"),
    pytest.param(Window(limit=2, backward=True), ["4", "5"], (False, True), id="from the end"),
    pytest.param(Window(limit=2, before=place("4"), backward=True), ["2", "3"], (True, True), id="back"),
    pytest.param(
        Window(limit=2, before=place("2"), backward=True), ["1"], (True, False), id="back at the start"
    ),
    pytest.param(Window(limit=2, after=place("5")), [], (False, True), id="behind the end"),
]


@pytest.mark.parametrize(("asked", "keys", "neighbours"), FORWARD)
async def test_tells_where_a_page_lies(asked: Window, keys: list[str], neighbours: tuple[bool, bool]) -> None:
    found = await page_of(asked, "1", "2", "3", "4", "5")

    has_next, has_previous = neighbours
    assert [each.id for each in found.nodes] == keys
    assert found.total_count == 5
    assert found.page_info == PageInfo(
        has_next_page=has_next,
        has_previous_page=has_previous,
        start_cursor=encode(NAME, place(keys[0])) if keys else None,
        end_cursor=encode(NAME, place(keys[-1])) if keys else None,
    )


async def test_each_edge_has_its_row_and_a_cursor_that_leads_on_from_it() -> None:
    found = await page_of(Window(limit=2), "1", "2", "3")

    assert found.edges == [Edge(location("1"), NAME), Edge(location("2"), NAME)]
    assert window(NAME, LocationRecord, after=found.edges[1].cursor).after == place("2")


async def test_gives_each_parent_its_connection_in_their_order_for_one_call() -> None:
    ordering = FakeOrdering()
    await ordering.save_locations([location("1")])
    loader = PageLoader(
        Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL), ordering.locations_by_customer
    )
    listing = Listing(filter=LocationFilter(), order=NAME, window=Window(limit=MAXIMUM_SIZE))

    found = await connections(loader, [CustomerCode("baker"), ACME], listing)

    assert [each.page for each in found] == [Page([]), Page([location("1")])]
    assert ordering.diary.lines == ["ordering.locations_by_customer 2"]


def test_a_cursor_of_a_row_with_another_zone_stays_its_own() -> None:
    there = TICKET.astimezone(timezone(timedelta(hours=2)))
    order = TicketOrder.OPENED_AT_ASC

    assert decode(encode(order, (there, "T1")), order, TicketRecord, "after") == (TICKET, "T1")
