"""What may be asked of a row, written once for every implementation.

A condition is held against a record here (``holds``), and put into SQL by ``sources.statement``; both say the
same, which the contract suite proves. Records name their paths to a Scope by conditions, filters their tests.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from ipaddress import IPv4Network, IPv6Network
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

import msgspec

from sources.part import AnyPart

T = TypeVar("T", date, datetime, int)


class Range(msgspec.Struct, Generic[T], frozen=True):
    """From *start* on, before *end*; None leaves that side open."""

    start: T | None = None
    end: T | None = None

    def holds(self, value: T | None) -> bool:
        """Tell whether *value* lies inside; an absent value never does."""
        if value is None:
            return False
        return (self.start is None or value >= self.start) and (self.end is None or value < self.end)


class Condition(Protocol):
    """One thing that may be asked of a row, for a value given later."""

    def holds(self, record: object, value: Any) -> bool:  # noqa: ANN401 - each condition has its own kind of value
        """Tell whether *record* satisfies the condition for *value*."""
        ...


class ColumnCondition(Condition, Protocol):
    """A condition of one column."""

    @property
    def column(self) -> str:
        """The column that it looks at."""
        ...


@dataclass(frozen=True, slots=True)
class OneOf:
    """The column is one of the given keys or enum members."""

    column: str

    def holds(self, record: object, value: Collection[str | Enum]) -> bool:
        """Tell whether the column's value is among *value*."""
        return getattr(record, self.column) in value


@dataclass(frozen=True, slots=True)
class Equal:
    """The column is exactly the given flag or text."""

    column: str

    def holds(self, record: object, value: bool | str) -> bool:  # noqa: FBT001 - the value asked for
        """Tell whether the column equals *value*."""
        return bool(getattr(record, self.column) == value)


@dataclass(frozen=True, slots=True)
class Among:
    """The column is one of fixed values (True), or none of them (False)."""

    column: str
    values: frozenset[Enum]

    def holds(self, record: object, value: bool) -> bool:  # noqa: FBT001 - the value asked for
        """Tell whether the column's being one of the values is as *value* says."""
        return (getattr(record, self.column) in self.values) is value


@dataclass(frozen=True, slots=True)
class Absent:
    """The column is empty (True) or filled (False)."""

    column: str

    def holds(self, record: object, value: bool) -> bool:  # noqa: FBT001 - the value asked for
        """Tell whether the column's emptiness is as *value* says."""
        return (getattr(record, self.column) is None) is value


@dataclass(frozen=True, slots=True)
class Between:
    """The column lies in the given Range; an empty column never does."""

    column: str

    def holds(self, record: object, value: Range[Any]) -> bool:
        """Tell whether the column lies in *value*."""
        return value.holds(getattr(record, self.column))


@dataclass(frozen=True, slots=True)
class Overlaps:
    """The span from one column to another has a moment in common with the given Range.

    A span without start or end never has. ``closed`` where the end itself is inside the span: the last day,
    not the day after.
    """

    start: str
    end: str
    closed: bool = False

    def holds(self, record: object, value: Range[Any]) -> bool:
        """Tell whether the record's span and *value* meet."""
        start, end = getattr(record, self.start), getattr(record, self.end)
        if start is None or end is None or (value.end is not None and start >= value.end):
            return False
        return value.start is None or end > value.start or (self.closed and end == value.start)


@dataclass(frozen=True, slots=True)
class Contains:
    """One of the columns contains the given text, whatever its case."""

    columns: tuple[str, ...]

    def holds(self, record: object, value: str) -> bool:
        """Tell whether *value* is a part of a column."""
        wanted = value.lower()
        return any(wanted in (getattr(record, column) or "").lower() for column in self.columns)


@dataclass(frozen=True, slots=True)
class Link:
    """A table that ties rows to many keys: ``owner`` names the row's id, ``column`` the key.

    ``sorts`` are columns of the row that it repeats, so that a key's rows are read in their order.
    """

    table: str
    owner: str
    column: str
    sorts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the record's keys in ``column`` is among the given; the Link holds the same keys as rows."""

    column: str
    link: Link

    def holds(self, record: object, value: Collection[str]) -> bool:
        """Tell whether the record has a key among *value*."""
        return any(key in value for key in getattr(record, self.column))


@dataclass(frozen=True, slots=True)
class Outside:
    """The record is tied to nothing by ``path``, or to something that is not among the given keys."""

    path: "OneOf | AnyOf"

    @property
    def column(self) -> str:
        """The column that it looks at."""
        return self.path.column

    def holds(self, record: object, value: Collection[str]) -> bool:
        """Tell whether the record is not only tied to keys among *value*."""
        keys = getattr(record, self.path.column)
        if isinstance(self.path, OneOf):
            return keys not in value
        return not keys or any(key not in value for key in keys)


@dataclass(frozen=True, slots=True)
class OutsideUnless:
    """The record's key in ``path`` is not among the given, unless the record is as ``final`` says."""

    path: OneOf
    final: "AskedColumn"

    @property
    def column(self) -> str:
        """The column that it looks at, beside that of ``final``."""
        return self.path.column

    def holds(self, record: object, value: Collection[str]) -> bool:
        """Tell whether the record's key is not among *value*, or the record is final."""
        condition, wanted = self.final
        return not self.path.holds(record, value) or condition.holds(record, wanted)


@dataclass(frozen=True, slots=True)
class InNetwork:
    """One of the record's IP addresses or prefixes lies in the given network.

    The Link's table holds each as ``low`` and ``high``: 33 characters, the version and the address in
    hexadecimal, so that text order is address order.
    """

    column: str
    link: Link

    def holds(self, record: object, value: IPv4Network | IPv6Network) -> bool:
        """Tell whether an address of the record is inside *value*."""
        return any(_inside(span(address), span(value)) for address in getattr(record, self.column))


def span(network: str | IPv4Network | IPv6Network) -> tuple[str, str]:
    """Give the first and the last address of *network* as sortable text.

    Raises ValueError where a text is neither an address nor a prefix.
    """
    if isinstance(network, str):
        network = IPv6Network(network, strict=False) if ":" in network else IPv4Network(network, strict=False)
    return (
        f"{network.version}{int(network.network_address):032x}",
        f"{network.version}{int(network.broadcast_address):032x}",
    )


def _inside(inner: tuple[str, str], outer: tuple[str, str]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


Asked: TypeAlias = tuple[Condition, Any]
"""A condition with the value it is held against."""

AskedColumn: TypeAlias = tuple[ColumnCondition, Any]
"""The same, of one column."""


@dataclass(frozen=True, slots=True)
class Given:
    """A condition that is asked only together with others, whose values are fixed."""

    condition: Condition
    also: tuple[Asked, ...]

    def holds(self, record: object, value: Any) -> bool:  # noqa: ANN401 - what the condition takes
        """Tell whether the condition holds for *value*, and the others for theirs."""
        asked = ((self.condition, value), *self.also)
        return all(condition.holds(record, wanted) for condition, wanted in asked)


Conditions: TypeAlias = Mapping[str, Condition]
"""Conditions by the name of the filter's field that asks them."""

Paths: TypeAlias = Mapping[str, OneOf | AnyOf | AnyPart]
"""Conditions by the name of the Scope's extent that asks them."""


V = TypeVar("V")


def keep(condition: Condition, records: Iterable[V], value: Any) -> list[V]:  # noqa: ANN401 - see ``Condition``
    """Give those of *records* for which *condition* holds; the same as ``holds`` on each, but quicker."""
    match condition:
        case OneOf(column):
            read = attrgetter(column)
            return [each for each in records if read(each) in value]
        case Absent(column):
            read = attrgetter(column)
            return [each for each in records if (read(each) is None) is value]
        case Equal(column):
            read = attrgetter(column)
            return [each for each in records if read(each) == value]
        case _:
            return [each for each in records if condition.holds(each, value)]
