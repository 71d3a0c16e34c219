"""Records with some of their columns: what an operation does not read is not fetched."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, cast

import msgspec

from sources.record import R, Record
from sources.scope import Scope


def columns_of(record: type[Record], attributes: Iterable[str] | None) -> frozenset[str]:
    """Give the columns from which *attributes* of a *record* are read; all of them for None."""
    if attributes is None:
        return frozenset(record.__struct_fields__)
    return frozenset(column for each in attributes for column in record.derived.get(each, (each,)))


def wanted(record: type[Record], scope: Scope, *more: str) -> frozenset[str]:
    """Give the columns of *record* to fetch under *scope*: what is asked, *more*, and what is verified."""
    if scope.columns is None:
        return columns_of(record, None)
    verified = [condition.column for condition, _ in record.asked(scope)]
    if record.final is not None and scope.settled:
        verified.append(record.final[0].column)
    return scope.columns.get(record, frozenset()).union(record.essential, verified, more)


_SAME: Final = frozenset(
    {"__doc__", "__module__", "paths", "parts", "shown", "final", "essential", "derived"}
)
"""What a part of a kind of record has from the whole, beside properties."""


@lru_cache(maxsize=2_000)
def projected(record: type[R], columns: frozenset[str]) -> type[R]:
    """Give the kind of *record* that has *columns* only, *record* itself where those are all.

    What else is read of such a record raises AttributeError: a column that was not fetched is never taken
    for an empty one.
    """
    if columns == frozenset(record.__struct_fields__):
        return record
    own = [
        (each.name, each.type)
        for each in msgspec.structs.fields(record)
        if each.name in columns and each.name not in Record.__struct_fields__
    ]
    same = {
        name: value for name, value in vars(record).items() if isinstance(value, property) or name in _SAME
    }
    made = msgspec.defstruct(
        record.__name__,
        own,
        bases=(Record,),
        namespace={**same, "whole": record},
        frozen=True,
        gc=False,
    )
    return cast("type[R]", made)  # to those who read no more of it
