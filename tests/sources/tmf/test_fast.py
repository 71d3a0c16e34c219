"""Pages read straight from the bytes give what the same pages give row by row.

Traps of domain.md section 5: 20 (keys in odd case), 10 (hrefs are not even read), 23 (trees).
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.billing.wire import AppliedRate, BillingAccount, CustomerBill, read_account, read_bill, read_rate
from sources.inventory.wire import Resource, read_resource
from sources.keys import CustomerCode
from sources.ordering.wire import Product, read_product
from sources.ticketing.tmf import told
from sources.ticketing.wire import Note, StatusChange, TicketRelationship, TroubleTicket, read_ticket
from sources.tmf import Ref, Related, TmfError, Wire
from sources.tmf.fast import reader, spelt
from sources.tmf.page import Things, read_each
from sources.tmf.settings import Version
from tests.sources.tickets import at, note, ticket
from tests.sources.wires import things
from tests.tmf.tickets import ticket_json

ACME = CustomerCode("acme")
KINDS: list[tuple[type[Any], Callable[[Mapping[str, Any]], Any]]] = [
    (TroubleTicket, read_ticket),
    (CustomerBill, read_bill),
    (AppliedRate, read_rate),
    (BillingAccount, read_account),
    (Resource, read_resource),
    (Product, read_product),
]
"""All that connectors read."""

FAST = reader(TroubleTicket, read_ticket)
CASES: list[Callable[[str], str]] = [str.lower, str.upper, str.title, str.swapcase]


def recased(value: Any, case: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON
    """Give *value* with all its keys in another case."""
    if isinstance(value, dict):
        named = cast("dict[str, Any]", value)
        return {case(name): recased(each, case) for name, each in named.items()}
    if isinstance(value, list):
        several: list[Any] = [*value]
        return [recased(each, case) for each in several]
    return value


def made(page: Things[TroubleTicket]) -> list[object]:
    """Give what the rows of a page say, the reason where that is nothing."""
    found: list[object] = []
    for each in page.rows:
        try:
            found.append(told(each, ACME))
        except TmfError as error:
            found.append(str(error))
    return found


def full(version: Version) -> dict[str, Any]:
    """Give a ticket with much in it."""
    record = ticket(
        ACME,
        "T1",
        service_point="P1",
        component="C1",
        location="L1",
        document="D1",
        parent="T9",
        external_id="X",
        closed_at=at(5),
        resolved_at=at(4),
        expected_resolution_at=at(3),
        description="Ligne coupée",
    )
    return ticket_json(record, [note(ACME, "N1"), note(ACME, "N2", written_at=at(2))], version, "p")


@pytest.mark.parametrize("version", Version, ids=lambda version: version.value)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_page_with_keys_in_another_case_says_the_same(version: Version, case: Callable[[str], str]) -> None:
    content = json.dumps([full(version)]).encode()
    odd = json.dumps(recased([full(version)], case)).encode()

    assert made(FAST(odd)) == made(FAST(content)) == made(read_each(content, read_ticket))


@pytest.mark.parametrize("version", Version, ids=lambda version: version.value)
def test_a_good_page_is_read_straight_from_the_bytes(version: Version) -> None:
    page = FAST(json.dumps([full(version)] * 20).encode())

    assert {type(each) for each in page.rows} == {type(FAST(b'[{"id": 1}]').rows[0])}
    assert type(page.rows[0]) is not TroubleTicket


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-31T07:34:45Z",
        "2020-01-31T07:34:45.968+02:00",
        "2020-01-31T07:34:45.9681235Z",
        "2020-01-31T23:59:59.9999999Z",
        "2020-01-31t07:34:45.1z",
        "2020-01-31 07:34:45",
        "2020-01-31T07:34:45+0100",
        "2020-01-31T07:34:45,5Z",
        "2020-01-31T07:34",
        "2020-01-31",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        "2020-01-31T23:59:60Z",
        "soon",
        "",
    ],
)
def test_a_time_is_the_same_however_its_page_is_read(text: str) -> None:
    times = {"creationDate": "2020-01-01T00:00:00Z", "lastUpdate": text, "resolutionDate": text}
    content = json.dumps([{"id": 1, **times}, {"id": 2, **times, "creationDate": text}]).encode()

    assert made(FAST(content)) == made(read_each(content, read_ticket))


def test_times_of_a_good_page_are_read_with_it() -> None:
    (row,) = FAST(b'[{"id": 1, "creationDate": "2020-01-31T07:34:45Z"}]').rows

    assert row.creation_date == datetime(2020, 1, 31, 7, 34, 45, tzinfo=UTC)


PARTS: list[type[Wire]] = [TroubleTicket, Note, StatusChange, TicketRelationship, Related]
SPELLINGS = {name.lower(): name for wire in PARTS for name in spelt(wire).__struct_encode_fields__}


def as_specified(name: str) -> str:
    """Give a key as the specifications spell it."""
    return SPELLINGS.get(name, name)


@given(
    st.lists(things(*PARTS), max_size=3),
    st.sampled_from([str.lower, as_specified]),
)
def test_whatever_a_page_holds_it_says_the_same_as_row_by_row(
    rows: list[Any], case: Callable[[str], str]
) -> None:
    content = json.dumps(recased(rows, case), default=str).encode()

    fast, slow = FAST(content), read_each(content, read_ticket)

    assert (made(fast), fast.sent) == (made(slow), slow.sent)


@pytest.mark.parametrize(("wire", "read"), KINDS, ids=lambda each: each.__name__)
def test_every_kind_is_spelt_as_the_specifications_have_it(
    wire: type[Ref], read: Callable[[Mapping[str, Any]], Any]
) -> None:
    content = b'[{"id": 7, "name": "x", "@type": "T", "href": "http://elsewhere", "more": {"deep": [1.5]}}]'

    (row,) = reader(wire, read)(content).rows

    assert (row.id, row.name, row.at_type) == (7, "x", "T")
    assert isinstance(row, wire)
    assert "@referredType" in spelt(wire).__struct_encode_fields__


def test_things_inside_things_are_spelt_too_at_any_depth() -> None:
    content = b'[{"id": 1, "product": [{"id": 2, "product": {"id": 3, "startDate": "2026-01-01"}}]}]'

    (row,) = reader(Product, read_product)(content).rows

    assert isinstance(row.product, list)
    assert row.product[0] is not None
    assert isinstance(row.product[0].product, Product)
    assert row.product[0].product.start_date == "2026-01-01"
