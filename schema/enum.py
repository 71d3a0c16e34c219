"""Enums of the schema: the sources' own, each value described."""

from enum import Enum
from typing import Any, NamedTuple, TypeVar

import strawberry

from auth.feature import Gate
from schema.directives import directives
from schema.gate import declare_value

E = TypeVar("E", bound=type[Enum])


class Value(NamedTuple):
    """A value of an enum that has a gate of its own, with its description."""

    gate: Gate
    description: str


def described(enum: E, description: str, gate: Gate, *, named: str | None = None, **values: str | Value) -> E:
    """Make *enum* a GraphQL enum, under another name if *named*; a keyword for each value describes it.

    *gate* opens its values, but for those with a gate of their own (``Value``). Raises ValueError where a
    value lacks its description, or a description its value.
    """
    names = set(enum.__members__)
    if names != set(values):
        raise ValueError(f"{enum.__name__}: describe exactly {sorted(names)}, not {sorted(values)}")
    declared: Any = strawberry.enum(enum, name=named, description=description)
    for each in declared.__strawberry_definition__.values:
        own = values[each.name]
        opens, each.description = own if isinstance(own, Value) else (gate, own)
        each.directives = directives(opens)
        declare_value(enum[each.name], opens)
    return enum


def ordered(enum: E, rows: str, gate: Gate, **columns: str) -> E:
    """Make an Order a GraphQL enum opened by *gate*; *columns* say what each sorts by, in words.

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
    return described(enum, f"The orders of {rows}.", gate, **values)
