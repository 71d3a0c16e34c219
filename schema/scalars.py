"""The scalars beside GraphQL's own."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Long = NewType("Long", int)
Cidr = NewType("Cidr", str)

LONG_LIMIT: Final = 2**53 - 1
"""The greatest integer that JSON readers keep exactly (RFC 8259, section 6)."""


def write_datetime(value: datetime) -> datetime:
    """Give an aware time in UTC; it becomes text (ISO 8601, with a Z) when the whole answer does."""
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def write_date(value: date) -> date:
    """Give a day as it is; it becomes text (ISO 8601) when the whole answer does."""
    return value


def read_datetime(value: object) -> datetime:
    """Give the time that a text names; raises GraphQLError where it is none, or has no zone."""
    try:
        read = datetime.fromisoformat(_text(value))
        moment = read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise GraphQLError(f"{value!r} is not an ISO 8601 time such as 2026-01-31T08:00:00Z.") from None
    if read.tzinfo is None:
        raise GraphQLError(f"{value!r} has no time zone: add Z or an offset such as +01:00.")
    return moment


def read_date(value: object) -> date:
    """Give the day that a text names; raises GraphQLError where it is none."""
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise GraphQLError(f"{value!r} is not a day such as 2026-01-31.") from None


def write_decimal(value: Decimal) -> str:
    """Give a number with all its digits and no exponent."""
    return format(value, "f")


def read_decimal(value: object) -> Decimal:
    """Give the number that a text or integer names; raises GraphQLError where it is none."""
    try:
        read = Decimal(value if type(value) is int else _text(value))
    except InvalidOperation:
        raise GraphQLError(f"{value!r} is not a decimal number such as 1250.50.") from None
    if not read.is_finite():
        raise GraphQLError(f"{value!r} is not a finite number.")
    return read


def read_long(value: object) -> int:
    """Give an integer; raises GraphQLError where it is none or beyond 2**53 - 1 either way."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LONG_LIMIT:
        raise GraphQLError(f"{value!r} is not an integer between -(2^53 - 1) and 2^53 - 1.")
    return value


def read_cidr(value: object) -> IPv4Network | IPv6Network:
    """Give the network that a text names; raises GraphQLError where it is none."""
    try:
        return ip_network(_text(value), strict=False)
    except ValueError:
        message = f"{value!r} is not an IP address or prefix such as 10.1.0.0/16 or 2001:db8::/32."
        raise GraphQLError(message) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"{value!r} is not text.")
    return value


SCALARS: Final[Mapping[object, ScalarDefinition]] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment, ISO 8601 with a time zone; answers are in UTC.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=write_datetime,
        parse_value=read_datetime,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day, ISO 8601: 2026-01-31.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
        serialize=write_date,
        parse_value=read_date,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact decimal number, as text: "1250.50".',
        serialize=write_decimal,
        parse_value=read_decimal,
    ),
    Long: strawberry.scalar(
        name="Long",
        description="An integer of up to 53 bits, beyond the 32 of Int.",
        serialize=int,
        parse_value=read_long,
    ),
    Cidr: strawberry.scalar(
        name="CIDR",
        description="An IP address or prefix, IPv4 or IPv6: 10.1.0.0/16.",
        serialize=str,
        parse_value=read_cidr,
    ),
}
"""Each Python type with the scalar that stands for it."""
