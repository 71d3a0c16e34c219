"""Records in memory, read as a source would give them; the base of all fakes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic

from msgspec.structs import replace

from sources.errors import SourceError
from sources.listing import Listing, Order, Page, select, sort_value
from sources.projection import projected, wanted
from sources.record import R
from sources.scope import Scope
from sources.table import Saved


@dataclass
class Diary:
    """What a fake was asked, and how it is to fail, if at all.

    One line for each call: ``ticketing.tickets 2`` is a call for two tickets.
    """

    system: str
    lines: list[str] = field(default_factory=list[str])
    failing: SourceError | None = None

    def write(self, method: str, keys: Collection[Any]) -> None:
        """Write down one call, then fail where the test says so."""
        self.lines.append(f"{self.system}.{method} {len(set(keys))}")
        if self.failing is not None:
            raise self.failing


@dataclass
class Shelf(Generic[R]):
    """The records of one kind; ``honest`` false gives rows whatever the Scope says, as real systems do."""

    diary: Diary
    records: dict[tuple[str, str], R] = field(default_factory=dict[tuple[str, str], R])
    honest: bool = True

    def save(self, records: Iterable[R]) -> Saved:
        """Put *records* over those with the same customer and id."""
        saved = Saved()
        for each in {(each.customer, each.id): each for each in records}.values():
            known = self.records.get((each.customer, each.id))
            saved += Saved(taken_in=known is None, updated=known not in (None, each), unchanged=known == each)
            self.records[each.customer, each.id] = each
        return saved

    def having(self, customer: str, parent: str, keys: Collection[str]) -> list[R]:
        """Give the records of these parents, whether they may be shown or not."""
        records = (each for each in self.records.values() if each.customer == customer)
        return [each for each in records if any(key in keys for key in _keys(each, parent))]

    def remove(self, records: Iterable[R]) -> None:
        """Take *records* away."""
        for each in records:
            del self.records[each.customer, each.id]

    def by_id(self, method: str, scope: Scope, ids: Collection[str]) -> Mapping[Any, R]:
        """Give the records with *ids* that *scope* lets through."""
        self.diary.write(method, ids)
        return {each.id: _part(each, scope) for each in self._given(scope) if each.id in ids}

    def pages(
        self, method: str, scope: Scope, parent: str, keys: Collection[str], listing: Listing[Any]
    ) -> Mapping[Any, Page[R]]:
        """Give each parent's page."""
        self.diary.write(method, keys)
        found = {key: self._under(scope, parent, key) for key in keys}
        if self.honest:
            pages = {key: select(rows, scope, listing) for key, rows in found.items()}
        else:
            pages = {key: Page(sorted(rows, key=lambda each: each.id)) for key, rows in found.items()}
        by = listing.order.column
        return {
            key: replace(page, rows=[_part(each, scope, by) for each in page.rows])
            for key, page in pages.items()
        }

    def lists(
        self, method: str, scope: Scope, parent: str, keys: Collection[str], order: Order
    ) -> Mapping[Any, Sequence[R]]:
        """Give all records of each parent in *order*."""
        self.diary.write(method, keys)
        rows = sorted(
            self._given(scope), key=lambda each: (sort_value(each, order), each.id), reverse=order.descending
        )
        given = {key: [_part(row, scope) for row in rows if key in _keys(row, parent)] for key in keys}
        return {key: many for key, many in given.items() if many}

    def _given(self, scope: Scope) -> list[R]:
        return [each for each in self.records.values() if not self.honest or each.within(scope)]

    def _under(self, scope: Scope, parent: str, key: str) -> list[R]:
        return [each for each in self._given(scope) if key in _keys(self._found_by(each, scope), parent)]

    def _found_by(self, record: R, scope: Scope) -> R:
        """Give what of *record* counts: of its parts those that are seen; ties are asked as they are."""
        return record.seen(scope) if self.honest and record.parts is not None else record


def _part(record: R, scope: Scope, *more: str) -> R:
    """Give *record* with the columns that are wanted under *scope* only, as the embedded systems do."""
    kind: Any = projected(type(record), wanted(type(record), scope, *more))
    part: R = kind(**{name: getattr(record, name) for name in kind.__struct_fields__})
    return part


def _keys(record: object, parent: str) -> Collection[str | None]:
    value: str | tuple[str, ...] | None = getattr(record, parent)
    return value if isinstance(value, tuple) else (value,)
