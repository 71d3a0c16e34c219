"""Relay connections, for every kind of row."""

from typing import Generic, TypeVar

from auth.feature import ALWAYS
from schema.field import field
from schema.node import object_type

T = TypeVar("T")


@object_type("Where a page lies in its list (Relay).")
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool = field("Whether more rows follow the page.", ALWAYS)
    has_previous_page: bool = field("Whether rows precede the page.", ALWAYS)
    start_cursor: str | None = field("The cursor of the first row; null on an empty page.", ALWAYS)
    end_cursor: str | None = field("The cursor of the last row; null on an empty page.", ALWAYS)


@object_type("A row with its place in the list.")
class Edge(Generic[T]):
    """A row with its cursor."""

    node: T = field("The row.", ALWAYS)
    cursor: str = field("The place of the row, for `after` and `before`.", ALWAYS)


@object_type("A page of a list.")
class Connection(Generic[T]):
    """A page of rows."""

    edges: list[Edge[T]] = field("The rows of the page, each with its cursor.", ALWAYS)
    nodes: list[T] = field("The rows of the page.", ALWAYS)
    page_info: PageInfo = field("Where the page lies in the list.", ALWAYS)
    total_count: int | None = field(
        "The number of rows in all pages that you may see; null where the system behind cannot tell.", ALWAYS
    )
