"""What a list is asked for (filter, order, window), and the page that answers."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

import msgspec

from sources.condition import Asked, Conditions, keep
from sources.part import bound
from sources.record import R, Record, admitted
from sources.scope import ALL, Extent, Scope

Position: TypeAlias = tuple[str | int | date | datetime, str]
"""Where a row stands in an order: its sort value and its id."""


class Order(Enum):
    """An order of rows by one column, then by id in the same direction: ``column``, or ``-column`` down.

    ``column`` is the column that sorts, which is never empty in a row; ``descending`` says whether the
    greatest comes first.
    """

    column: str
    descending: bool

    def __init__(self, text: str) -> None:
        """Read *text* once: every row of a list is sorted by what it says."""
        self.column = text.removeprefix("-")
        self.descending = text.startswith("-")


class Filter(msgspec.Struct, frozen=True):
    """What rows must satisfy; a field that is None asks nothing.

    ``conditions`` gives each field its condition.
    """

    conditions: ClassVar[Conditions] = {}

    def asked(self, scope: Scope) -> tuple[Asked, ...]:
        """Give the conditions that are asked, each as it is for an asker with *scope*, and its value."""
        named = ((name, getattr(self, name)) for name in self.__struct_fields__)
        asked = ((self.conditions[name], value) for name, value in named if value is not None)
        return tuple((bound(condition, scope), value) for condition, value in asked)


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows, between which positions (both exclusive), from which end."""

    limit: int
    after: Position | None = None
    before: Position | None = None
    backward: bool = False


F = TypeVar("F", bound=Filter)


class Listing(msgspec.Struct, Generic[F], frozen=True, kw_only=True):
    """A whole request for a list.

    ``counted`` asks for the number of rows in all pages, ``measured`` whether more rows follow. What it asks
    by is known of ``solutions`` only, and of ``ended`` no longer: loaders leave rows of others out by the
    Scope that they ask under.
    """

    filter: F
    order: Order
    window: Window
    counted: bool = False
    measured: bool = True
    solutions: Extent = ALL
    ended: frozenset[str] = frozenset()


class Page(msgspec.Struct, Generic[R], frozen=True):
    """Rows in the order asked for, whether more follow in the direction of reading, and how many there are.

    ``has_more`` means something only where the listing is ``measured``.
    ``total`` counts only rows that the Scope lets through, and is None where it was not asked for or the
    system cannot tell.
    """

    rows: Sequence[R]
    has_more: bool = False
    total: int | None = None


def position(record: Record, order: Order) -> Position:
    """Give where *record* stands in *order*."""
    return sort_value(record, order), record.id


def sort_value(record: Record, order: Order) -> Any:  # noqa: ANN401 - text, number or time, as the column is
    """Give the value of *record* by which *order* sorts; an enum's is its text."""
    value = getattr(record, order.column)
    return value.value if isinstance(value, Enum) else value


def select(records: Iterable[R], scope: Scope, listing: Listing[Any]) -> Page[R]:
    """Give the page of *records* that *listing* asks for, decided here, whatever others decided.

    The yardstick of what SQL answers, and the last word on rows of systems that ignore what they were asked.
    """
    kept = admitted(list(records), scope)
    for condition, value in listing.filter.asked(scope):
        kept = keep(condition, kept, value)
    rows = list(kept)
    rows.sort(key=lambda each: position(each, listing.order), reverse=listing.order.descending)
    total = len(rows) if listing.counted else None
    window = listing.window
    if window.after is not None or window.before is not None:
        rows = [each for each in rows if _inside(position(each, listing.order), listing)]
    many = rows[-window.limit :] if window.backward else rows[: window.limit]
    return Page(many, len(rows) > window.limit, total)


def _inside(place: Position, listing: Listing[Any]) -> bool:
    low, high = listing.window.after, listing.window.before
    if listing.order.descending:
        low, high = high, low
    return (low is None or place > low) and (high is None or place < high)
