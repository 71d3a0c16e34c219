"""What TM Forum's APIs say alike: JSON, times, ids, words, amounts."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.money import Money
from sources.ordering import ProductStatus
from sources.tmf import (
    Amount,
    Period,
    TmfError,
    day,
    days,
    decode,
    fraction,
    items,
    key,
    label,
    many,
    matched,
    moment,
    money,
    optional_key,
)
from sources.units import bits_per_second


def test_takes_an_object_as_one_thing() -> None:
    assert items(b' {"id": 1} ') == [b'{"id": 1}']


def test_takes_an_array_apart() -> None:
    assert items(b'[{"id": 1}, {"id": 2}]') == [b'{"id": 1}', b'{"id": 2}']


def test_passes_over_a_byte_order_mark() -> None:
    assert items(b"\xef\xbb\xbf{}") == [b"{}"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"\xff{}", "not UTF-8: byte 0 cannot be read"),
        (b'{"id": "half', "not JSON: Input data was truncated"),
        (b'[{"id": 1},', "not JSON: Input data was truncated"),
        (b'{"a": 1,}', "not JSON: trailing comma in object (byte 8)"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
    ],
)
def test_refuses_what_is_no_json(content: bytes, reason: str) -> None:
    with pytest.raises(TmfError) as refused:
        items(content)

    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[1]", "not an object"),
        (b'"text"', "not an object"),
        (b'{"a": "\\u0000"}', "a text holds the character NUL"),
        (b'{"a": "\\ud800"}', "not JSON: Input data was truncated"),
        (b'{"a":' + b"[" * 900 + b"]" * 900 + b"}", "nested too deep"),
    ],
)
def test_refuses_a_thing_that_cannot_be_kept(content: bytes, reason: str) -> None:
    with pytest.raises(TmfError) as refused:
        decode(content)

    assert str(refused.value) == reason


def test_keys_are_the_same_in_any_case() -> None:
    assert decode(b'{"@referredtype": 1, "validFor": {"endDateTime": 2}}') == {
        "@referredtype": 1,
        "validfor": {"enddatetime": 2},
    }


def test_fractions_are_exact() -> None:
    assert decode(b'{"value": 0.1}') == {"value": Decimal("0.1")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-05-31T07:34:45.968Z", datetime(2019, 5, 31, 7, 34, 45, 968_000, tzinfo=UTC)),
        ("2020-07-04T00:00", datetime(2020, 7, 4, tzinfo=UTC)),
        ("2022-07-04T08:00.000Z", datetime(2022, 7, 4, 8, tzinfo=UTC)),
        ("2022-07-04T08:00.5Z", datetime(2022, 7, 4, 8, 0, 30, tzinfo=UTC)),
        ("2022-07-04T08:00:00+02:00", datetime(2022, 7, 4, 6, tzinfo=UTC)),
        ("2022-07-04 08:00:00-0530", datetime(2022, 7, 4, 13, 30, tzinfo=UTC)),
        ("2022-07-04", datetime(2022, 7, 4, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999Z", None),
        (" ", None),
        (None, None),
    ],
)
def test_reads_times_that_are_not_quite_iso(text: str | None, expected: datetime | None) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2020-12-31T23:59:59:999Z",
        "2020-01-00T00:00:00.000Z",
        "2019-05-013T12:45:12.028Z",
        "soon",
        "0001-01-01T00:00:00+10:00",
        "2020-01-01T00:00:00+99:99",
        "2026-W01-1T07:34:45Z",
        "2026-01-05x07:34:45Z",
        "20260105T073445.1234Z",
        "2026-02-30T07:34:45Z",
    ],
)
def test_refuses_what_is_no_time(text: str) -> None:
    with pytest.raises(TmfError, match="is no time"):
        moment(text)


@given(
    st.datetimes(max_value=datetime(9998, 12, 31)),  # noqa: DTZ001 - made aware below
    st.sampled_from(["", "Z", "z", " Z", "+00:00", "+0000"]),
)
def test_a_time_is_the_same_however_its_zone_is_written(local: datetime, zone: str) -> None:
    assert moment(f"{local.isoformat()}{zone}") == local.replace(tzinfo=UTC)


def test_a_day_is_that_of_its_own_zone() -> None:
    assert day("2020-01-01T00:30:00+02:00") == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (
            "2019-12-01T00:00:00.000Z",
            "2019-12-31T23:59:59.999Z",
            (date(2019, 12, 1), date(2019, 12, 31)),
        ),
        ("2019-12-01T00:00:00Z", "2020-01-01T00:00:00Z", (date(2019, 12, 1), date(2019, 12, 31))),
        ("2019-12-01", "2019-12-31", (date(2019, 12, 1), date(2019, 12, 31))),
        ("2019-12-01T00:00:00Z", "2019-12-01T00:00:00Z", (date(2019, 12, 1), date(2019, 12, 1))),
        ("2019-12-01", "9999-12-31", (date(2019, 12, 1), None)),
        (None, None, (None, None)),
    ],
)
def test_a_period_ends_with_its_last_day(
    start: str | None, end: str | None, expected: tuple[date | None, date | None]
) -> None:
    assert days(Period(start_date_time=start, end_date_time=end)) == expected


def test_no_period_has_no_days() -> None:
    assert days(None) == (None, None)


def test_an_id_may_be_a_number() -> None:
    assert key(8044) == "8044"


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_refuses_a_thing_without_an_id(nothing: str | None) -> None:
    assert optional_key(nothing) is None

    with pytest.raises(TmfError, match="has no id"):
        key(nothing)


def test_refuses_an_id_that_no_store_keeps() -> None:
    with pytest.raises(TmfError, match="more than 128 characters"):
        key("x" * 129)


def test_refuses_a_name_that_no_index_keeps() -> None:
    assert label(None, " ", "name") == "name"

    with pytest.raises(TmfError, match="more than 500 characters"):
        label("x" * 501)


def test_one_thing_is_a_list_of_one() -> None:
    nothing: str | None = None
    several: list[str | None] = ["a", None, "b"]

    found: list[str] = many(several)

    assert found == ["a", "b"]
    assert many("a") == ["a"]
    assert many(nothing) == []


@pytest.mark.parametrize("text", ["aborted ", "ABORTED", "Aborted"])
def test_a_state_is_known_in_any_case_and_with_blanks(text: str) -> None:
    assert matched(text, ProductStatus, {}, ProductStatus.UNKNOWN) is ProductStatus.ABORTED


@pytest.mark.parametrize("text", ["pendingActive", "pending_active", "Pending Active"])
def test_a_state_of_two_words_is_known(text: str) -> None:
    assert matched(text, ProductStatus, {}, ProductStatus.UNKNOWN) is ProductStatus.PENDING_ACTIVE


@pytest.mark.parametrize(
    ("value", "unit", "minor"),
    [("50.00", "EUR", 5000), ("58.33", "usd", 5833), ("7", "JPY", 7), ("1.005", "KWD", 1005)],
)
def test_money_is_exact_in_the_minor_units_of_its_currency(value: str, unit: str, minor: int) -> None:
    assert money(Amount(unit=unit, value=Decimal(value))) == Money(minor, unit.upper())


@pytest.mark.parametrize(
    "amount",
    [None, Amount(), Amount(unit="EUR"), Amount(value=Decimal(1)), Amount(unit="", value=Decimal(1))],
)
def test_money_with_a_part_missing_is_none(amount: Amount | None) -> None:
    assert money(amount) is None


@pytest.mark.parametrize(
    ("unit", "value", "reason"),
    [
        ("euros", "1", "'euros' is no currency"),
        ("EUR", "NaN", "NaN is no amount"),
        ("EUR", "1e999999999", "is no amount"),
    ],
)
def test_refuses_what_is_no_money(unit: str, value: str, reason: str) -> None:
    with pytest.raises(TmfError, match=reason):
        money(Amount(unit=unit, value=Decimal(value)))


@pytest.mark.parametrize(
    ("rate", "expected"),
    [("0.25", "0.25"), ("0.2", "0.2"), ("20", "0.2"), ("1", "1"), ("0", "0"), ("5.5", "0.055")],
)
def test_a_rate_of_tax_greater_than_1_is_a_percentage(rate: str, expected: str) -> None:
    assert fraction(Decimal(rate)) == Decimal(expected)


def test_no_rate_of_tax_is_none() -> None:
    assert fraction(None) is None


@pytest.mark.parametrize("rate", ["-1", "101", "NaN", "Infinity"])
def test_refuses_what_is_no_rate_of_tax(rate: str) -> None:
    with pytest.raises(TmfError, match="is no rate of tax"):
        fraction(Decimal(rate))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (64_000, 64_000),
        ("100 Mbps", 100_000_000),
        ("1,5 Gbit/s", 1_500_000_000),
        ("10G", 10_000_000_000),
        ({"amount": 90, "units": "Mbps"}, 90_000_000),
        ({"volume": Decimal("2.5"), "unit": "kbit/s"}, 2_500),
        ({"amount": Decimal("1e999999"), "units": "bps"}, None),
        ({}, None),
        ("fast", None),
        ("9" * 60, None),
        (True, None),
        ([1], None),
    ],
)
def test_reads_a_bandwidth_however_it_is_written(value: object, expected: int | None) -> None:
    assert bits_per_second({"bandwidth": value}, ["speed", "bandwidth"]) == expected


@given(st.binary() | st.text().map(str.encode))
def test_junk_is_never_more_than_refused(content: bytes) -> None:
    with suppress(TmfError):
        for each in items(content):
            decode(each)
