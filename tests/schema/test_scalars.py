"""The scalars beside GraphQL's own: what they write, what they read, and what they refuse."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network

import orjson
import pytest
from graphql import GraphQLError, GraphQLScalarType
from hypothesis import given
from hypothesis import strategies as st

from schema.build import TYPES
from schema.scalars import (
    LONG_LIMIT,
    SCALARS,
    read_cidr,
    read_date,
    read_datetime,
    read_decimal,
    read_long,
    write_datetime,
    write_decimal,
)
from servicespace.responses import encode

PARIS = timezone(timedelta(hours=1))


def refusal(read: Callable[[object], object], value: object) -> str:
    """Give the sentence with which a value is refused."""
    with pytest.raises(GraphQLError) as caught:
        read(value)
    return caught.value.message


def written(value: object) -> object:
    """Give *value* as it is read in the answer."""
    return orjson.loads(encode({"value": value}))["value"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 1, 31, 8, tzinfo=UTC), "2026-01-31T08:00:00Z"),
        (datetime(2026, 1, 31, 8, tzinfo=PARIS), "2026-01-31T07:00:00Z"),
        (datetime(2026, 1, 31, 8, 0, 0, 5, tzinfo=UTC), "2026-01-31T08:00:00.000005Z"),
    ],
)
def test_writes_a_time_in_utc(value: datetime, text: str) -> None:
    assert written(write_datetime(value)) == text


@pytest.mark.parametrize(
    "text", ["2026-01-31T08:00:00Z", "2026-01-31T09:00:00+01:00", "2026-01-31T08:00:00.000Z"]
)
def test_reads_a_time_of_any_zone(text: str) -> None:
    read = read_datetime(text)

    assert read == datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert read.tzinfo is UTC


@given(st.datetimes(timezones=st.just(UTC)))
def test_reads_the_time_that_it_wrote(value: datetime) -> None:
    assert read_datetime(written(write_datetime(value))) == value


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("yesterday", "'yesterday' is not an ISO 8601 time such as 2026-01-31T08:00:00Z."),
        (
            "2026-02-30T08:00:00Z",
            "'2026-02-30T08:00:00Z' is not an ISO 8601 time such as 2026-01-31T08:00:00Z.",
        ),
        (
            "0001-01-01T00:00:00+14:00",
            "'0001-01-01T00:00:00+14:00' is not an ISO 8601 time such as 2026-01-31T08:00:00Z.",
        ),
        ("2026-01-31T08:00:00", "'2026-01-31T08:00:00' has no time zone: add Z or an offset such as +01:00."),
        ("2026-01-31", "'2026-01-31' has no time zone: add Z or an offset such as +01:00."),
        (1769846400, "1769846400 is not text."),
    ],
)
def test_refuses_what_is_no_time(value: object, sentence: str) -> None:
    assert refusal(read_datetime, value) == sentence


def test_reads_a_day() -> None:
    assert read_date("2026-01-31") == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("2026-02-30", "'2026-02-30' is not a day such as 2026-01-31."),
        ("2026-01-31T08:00:00Z", "'2026-01-31T08:00:00Z' is not a day such as 2026-01-31."),
        (20260131, "20260131 is not text."),
    ],
)
def test_refuses_what_is_no_day(value: object, sentence: str) -> None:
    assert refusal(read_date, value) == sentence


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1250.50"), "1250.50"),
        (Decimal("1E+2"), "100"),
        (Decimal("1E-9"), "0.000000001"),
        (Decimal("-0.20"), "-0.20"),
    ],
)
def test_writes_a_number_without_an_exponent(value: Decimal, text: str) -> None:
    assert write_decimal(value) == text


@pytest.mark.parametrize(("value", "read"), [("1250.50", Decimal("1250.50")), (7, Decimal(7))])
def test_reads_a_number(value: object, read: Decimal) -> None:
    assert read_decimal(value) == read


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("much", "'much' is not a decimal number such as 1250.50."),
        ("NaN", "'NaN' is not a finite number."),
        ("Infinity", "'Infinity' is not a finite number."),
        (0.1, "0.1 is not text."),
        (True, "True is not text."),
    ],
)
def test_refuses_what_is_no_exact_number(value: object, sentence: str) -> None:
    assert refusal(read_decimal, value) == sentence


@pytest.mark.parametrize("value", [LONG_LIMIT, -LONG_LIMIT, 0])
def test_reads_an_integer_of_53_bits(value: int) -> None:
    assert read_long(value) == value


@pytest.mark.parametrize("value", [LONG_LIMIT + 1, -LONG_LIMIT - 1, "1", 1.0, True])
def test_refuses_any_other_integer(value: object) -> None:
    assert refusal(read_long, value) == f"{value!r} is not an integer between -(2^53 - 1) and 2^53 - 1."


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("10.1.0.0/16", IPv4Network("10.1.0.0/16")),
        ("10.1.2.3/16", IPv4Network("10.1.0.0/16")),
        ("10.1.2.3", IPv4Network("10.1.2.3/32")),
        ("2001:db8::/32", IPv6Network("2001:db8::/32")),
    ],
)
def test_reads_an_address_or_a_prefix(text: str, network: IPv4Network | IPv6Network) -> None:
    assert read_cidr(text) == network


@pytest.mark.parametrize("text", ["", "10.1.0.0/33", "10.1.0", "2001:db8::/129", "10.1.0.0/16 "])
def test_refuses_what_is_no_address(text: str) -> None:
    assert refusal(read_cidr, text) == (
        f"{text!r} is not an IP address or prefix such as 10.1.0.0/16 or 2001:db8::/32."
    )


def test_the_schema_writes_and_reads_by_these() -> None:
    names = {"DateTime", "Date", "Decimal", "Long", "CIDR"}

    scalars = {name: TYPES.type_map[name] for name in names}

    assert {each.name for each in SCALARS.values()} == names
    assert {type(each) for each in scalars.values()} == {GraphQLScalarType}
