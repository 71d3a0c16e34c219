"""Enums of the schema: the sources' own, each value described."""

from enum import Enum
from typing import Any, TypeVar

import strawberry

E = TypeVar("E", bound=type[Enum])


def described(enum: E, description: str, *, named: str | None = None, **values: str) -> E:
    """Make *enum* a GraphQL enum, under another name if *named*; a keyword for each value describes it.

    Raises ValueError where a value lacks its description, or a description its value.
    """
    names = set(enum.__members__)
    if names != set(values):
        raise ValueError(f"{enum.__name__}: describe exactly {sorted(names)}, not {sorted(values)}")
    declared: Any = strawberry.enum(enum, name=named, description=description)
    for each in declared.__strawberry_definition__.values:
        each.description = values[each.name]
    return enum


def ordered(enum: E, rows: str, **columns: str) -> E:
    """Make an Order a GraphQL enum; *columns* say what each of its columns sorts by, in words.

    ``ORDERED_ON_DESC`` with ``ORDERED_ON="the day of the order"`` reads: By the day of the order, descending.
    Raises ValueError where a column lacks its words, or words their column.
    """
    words = {"ASC": "ascending", "DESC": "descending"}
    parts = {name: name.rpartition("_") for name in enum.__members__}
    found = {column for column, _, _ in parts.values()}
    if found != set(columns):
        raise ValueError(f"{enum.__name__}: say exactly what {sorted(found)} sort by, not {sorted(columns)}")
    values = {
        name: f"By {columns[column]}, {words[direction]}." for name, (column, _, direction) in parts.items()
    }
    return described(enum, f"The orders of {rows}.", **values)
