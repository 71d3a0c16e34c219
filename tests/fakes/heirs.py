"""Columns that a row has from the row it hangs on, in memory."""

from collections.abc import Iterable
from typing import TypeVar

from sources.record import Inherited, R, Record
from sources.table import Saved
from tests.fakes.shelf import Shelf

P = TypeVar("P", bound=Record)


def save_parents(parents: Shelf[P], rows: Shelf[R], inherited: Inherited, records: Iterable[P]) -> Saved:
    """Put *records* over those with the same customer and id; their rows follow."""
    saved = parents.save(records)
    rows.save(_under(parents, inherited, rows.records.values()))
    return saved


def save_rows(parents: Shelf[P], rows: Shelf[R], inherited: Inherited, records: Iterable[R]) -> Saved:
    """Put *records*, each with what it has from its parent, over those with the same customer and id."""
    return rows.save(_under(parents, inherited, records))


def _under(parents: Shelf[P], inherited: Inherited, records: Iterable[R]) -> list[R]:
    known = parents.records
    return [
        inherited.under(each, known.get((each.customer, getattr(each, inherited.parent)))) for each in records
    ]
