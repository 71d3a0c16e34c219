"""Lists as Relay connections: keyset cursors, pages in both directions, one call for all parents."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import date, datetime
from types import GenericAlias
from typing import Annotated, Any, Final, Generic, get_args

import msgspec

from loaders.loader import K, PageLoader
from resolvers.errors import BadUserInputError
from sources.listing import F, Listing, Order, Page, Position, Window, position
from sources.record import R, Record

DEFAULT_SIZE: Final = 25
MAXIMUM_SIZE: Final = 100
CURSOR_LENGTH: Final = 8_000
"""Characters beyond which no cursor of ours goes: a name of 1,000 characters and an id are far below."""

_Time = Annotated[datetime, msgspec.Meta(tz=True)]
_Integer = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class PageInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What Relay asks of a page."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


class Edge(msgspec.Struct, Generic[R], frozen=True):
    """A row with its place in the list."""

    node: R
    order: Order

    @property
    def cursor(self) -> str:
        """The opaque place of the row: the order, its sort value and its id, all visible to the reader."""
        return encode(self.order, position(self.node, self.order))


class Connection(msgspec.Struct, Generic[R], frozen=True):
    """A page of a list as GraphQL reads it."""

    page: Page[R]
    order: Order
    window: Window

    @property
    def nodes(self) -> Sequence[R]:
        """The rows of the page."""
        return self.page.rows

    @property
    def edges(self) -> Sequence[Edge[R]]:
        """The rows of the page, each with its cursor."""
        return [Edge(row, self.order) for row in self.page.rows]

    @property
    def total_count(self) -> int | None:
        """The number of rows in all pages that the reader may see; None where the system cannot tell."""
        return self.page.total

    @property
    def page_info(self) -> PageInfo:
        """Where the page lies in the list."""
        edges, backward = self.edges, self.window.backward
        return PageInfo(
            has_next_page=self.window.before is not None if backward else self.page.has_more,
            has_previous_page=self.page.has_more if backward else self.window.after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )


async def connections(
    loader: PageLoader[K, F, R], keys: Sequence[K], listing: Listing[F]
) -> Sequence[Connection[R]]:
    """Give the connection of each of *keys*, in their order."""
    pages = await loader.of(listing).load_many(keys)
    return [Connection(page, listing.order, listing.window) for page in pages]


def window(
    order: Order,
    record: type[Record],
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Window:
    """Give the part of a list that Relay's arguments ask for.

    Raises ``BadUserInputError`` for a size outside 1 to 100, for ``first`` and ``last`` together, and for a
    cursor that is broken or was given for another list or order.
    """
    if first is not None and last is not None:
        message = "Ask for the first rows or the last, not both: give `first` or `last`."
        raise BadUserInputError(message, ["last"], "FIRST_OR_LAST")
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 1 <= size <= MAXIMUM_SIZE:
            message = f"`{name}` is {size}; a page has 1 to {MAXIMUM_SIZE} rows."
            raise BadUserInputError(message, [name], "PAGE_SIZE")
    return Window(
        limit=last or first or DEFAULT_SIZE,
        after=None if after is None else decode(after, order, record, "after"),
        before=None if before is None else decode(before, order, record, "before"),
        backward=last is not None,
    )


def encode(order: Order, place: Position) -> str:
    """Give the cursor of *place* in *order*."""
    return urlsafe_b64encode(msgspec.json.encode([order.name, *place])).decode().rstrip("=")


def decode(cursor: str, order: Order, record: type[Record], argument: str) -> Position:
    """Give the place that *cursor* names in *order*; raises ``BadUserInputError`` if it names none there."""
    place = _read(cursor, order, record)
    if place is None or encode(order, place) != cursor:
        message = f"`{argument}` is not a cursor of this list in this order; use one that the list gave."
        raise BadUserInputError(message, [argument], "CURSOR")
    return place


def _read(cursor: str, order: Order, record: type[Record]) -> Position | None:
    if len(cursor) > CURSOR_LENGTH:
        return None
    content = msgspec.json.Decoder(GenericAlias(tuple, (str, _sort_type(record, order), str)))
    try:
        _, value, key = content.decode(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (ValueError, msgspec.MsgspecError):
        return None
    return None if "\x00" in f"{value}{key}" else (value, key)


def _sort_type(record: type[Record], order: Order) -> Any:  # noqa: ANN401 - an annotated type has no type
    """Give the type of the column that *order* sorts by; an enum's is text."""
    column = next(each.type for each in msgspec.structs.fields(record) if each.name == order.column)
    kinds = get_args(column) or (column,)
    known = {datetime: _Time, date: date, int: _Integer}
    return next((known[each] for each in known if each in kinds), str)
