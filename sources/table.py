"""A table of records in the embedded database: read under a Scope, many keys at once, and written."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, Generic

import msgspec

from sources.condition import AnyOf, Asked, Equal, Link, OneOf
from sources.decode import Decode, decoder
from sources.keys import CustomerCode
from sources.listing import Listing, Order, Page
from sources.part import Parts, bound
from sources.projection import columns_of, projected, wanted
from sources.record import R
from sources.scope import Scope
from sources.sql import Database
from sources.statement import Dialect, Parent, Rows, count, first, keyset, where

_SLICE = 500
"""How many rows one statement of a save looks up."""


class Saved(msgspec.Struct, frozen=True):
    """What a save did: rows that are new, rows that changed, rows that were the same already."""

    taken_in: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Saved") -> "Saved":
        """Give both together."""
        return Saved(
            self.taken_in + other.taken_in, self.updated + other.updated, self.unchanged + other.unchanged
        )


@dataclass(frozen=True, slots=True)
class Tie(Generic[R]):
    """A link table that a save keeps in step: its columns after ``customer`` and the owner; their values."""

    link: Link | Parts
    columns: tuple[str, ...]
    values: Callable[[R], Iterable[tuple[Any, ...]]]


def ties(link: Link, column: str) -> Tie[Any]:
    """Give the tie that holds the keys of a record's *column* as rows of *link*, each key once."""
    return Tie(link, (link.column, *link.sorts), partial(_tie_rows, link, column))


def _tie_rows(link: Link, column: str, record: object) -> Iterable[tuple[Any, ...]]:
    repeated = [getattr(record, each) for each in link.sorts]
    return ((key, *repeated) for key in dict.fromkeys(getattr(record, column)))


def parted(parts: Parts) -> Tie[Any]:
    """Give the tie that holds a record's *parts* as rows of their table."""
    flags = map(parts.first, parts.keys)
    return Tie(parts, (*parts.keys, *flags, "rank", *parts.sorts), partial(_part_rows, parts))


def _part_rows(parts: Parts, record: object) -> Iterable[tuple[Any, ...]]:
    repeated = [getattr(record, each) for each in parts.sorts]
    met: set[tuple[str, str | None]] = set()
    for part in getattr(record, parts.column):
        keys: list[tuple[str, str | None]] = [(name, getattr(part, name)) for name in parts.keys]
        yield (*(key for _, key in keys), *(each not in met for each in keys), part.rank, *repeated)
        met.update(keys)


class Table(Generic[R]):
    """The rows of one kind of record; columns have the names of the record's fields."""

    def __init__(self, database: Database, name: str, record: type[R], ties: Sequence[Tie[R]] = ()) -> None:
        """Read and write *record* in the table *name*."""
        self._database = database
        self._name = name
        self._record = record
        self._ties = ties
        self._columns = record.__struct_fields__
        self._reading = lru_cache(maxsize=1_000)(partial(_reading, record, database.dialect))

    async def by_id(self, scope: Scope, ids: Collection[str]) -> Mapping[Any, R]:
        """Give the rows with *ids* that *scope* lets through, by id."""
        reading = self._reading(wanted(self._record, scope))
        asked = [*self._record.asked(scope), (OneOf("id"), ids)]
        rows = await self._read(scope.customer, asked, reading=reading)
        return {row.id: row for row in rows}

    async def pages(
        self, scope: Scope, parent: Parent, keys: Collection[str], listing: Listing[Any]
    ) -> Mapping[Any, Page[R]]:
        """Give each parent's page; a parent without rows has an empty one.

        One statement for all parents, and a second one where ``listing`` wants them counted.
        """
        dialect, window, parent = self._database.dialect, listing.window, bound(parent, scope)
        named = list(dict.fromkeys(keys))
        asked = where(dialect, [_tenant(scope), *self._record.asked(scope), *listing.filter.asked(scope)])
        reading = self._reading(wanted(self._record, scope, listing.order.column))
        limit = window.limit + 1 if listing.measured else window.limit
        every = Rows(
            self._name, scope.customer, reading.columns, asked, listing.order, window.backward, limit
        )
        placed = keyset(dialect, listing.order, window)
        rows = replace(every, where=(f"{asked[0]} AND {placed[0]}", asked[1] + placed[1]))
        statement = (
            first(dialect, rows, parent, named[0]) if len(named) == 1 else dialect.top(rows, parent, named)
        )
        answered = await self._database.rows(statement)
        found = _by_parent(answered, reading.children(answered))
        totals: Mapping[str, int] = {}
        if listing.counted:
            counted = await self._database.rows(count(dialect, every, parent, named))
            totals = {row[0]: row[1] for row in counted}
        return {key: _page(found.get(key, []), listing, totals.get(key, 0)) for key in named}

    async def lists(
        self, scope: Scope, parent: str | AnyOf, keys: Collection[str], order: Order
    ) -> Mapping[Any, Sequence[R]]:
        """Give all rows of each parent in *order*, for children that are few.

        A parent without rows is left out. *parent* is the column that holds the parent's key, or the tie to
        many parents.
        """
        tied = _tied(parent)
        asked = [*self._record.asked(scope), (tied, keys)]
        reading = self._reading(wanted(self._record, scope, tied.column))
        found: dict[str, list[R]] = {}
        for row in await self._read(scope.customer, asked, order, reading):
            for key in _keys(row, parent):
                if key in keys:
                    found.setdefault(key, []).append(row)
        return found

    async def having(self, customer: CustomerCode, parent: str | AnyOf, keys: Collection[str]) -> Sequence[R]:
        """Give the stored rows of these parents, shown or not: for imports and saves only."""
        return await self._read(customer, [(_tied(parent), keys)])

    async def known(self, keys: Iterable[tuple[CustomerCode, str]]) -> dict[tuple[CustomerCode, str], R]:
        """Give the stored rows with these customers and ids, shown or not: for saves only."""
        ids: defaultdict[CustomerCode, dict[str, None]] = defaultdict(dict)
        for customer, key in keys:
            ids[customer][key] = None
        found: dict[tuple[CustomerCode, str], R] = {}
        for customer, named in ids.items():
            for start in range(0, len(named), _SLICE):
                rows = await self._read(customer, [(OneOf("id"), list(named)[start : start + _SLICE])])
                found |= {(customer, row.id): row for row in rows}
        return found

    async def assign(self, key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Set *columns* of all rows with a *key*; each of *rows* has their values, customer and key."""
        changed = ", ".join(f"{column} = ?" for column in columns)
        await self._database.write(
            f"UPDATE {self._name} SET {changed} WHERE customer = ? AND {key} = ?",  # noqa: S608 - names are ours
            rows,
        )

    async def save(self, records: Iterable[R]) -> Saved:
        """Write *records* over those with the same customer and id, and say what changed.

        The last of two with the same key stands. Call it inside a transaction where several saves belong
        together.
        """
        latest = {(each.customer, each.id): each for each in records}
        saved, rows = Saved(), list(latest.values())
        for start in range(0, len(rows), _SLICE):
            saved += await self._save(rows[start : start + _SLICE])
        return saved

    async def _save(self, records: Sequence[R]) -> Saved:
        known = await self.known((each.customer, each.id) for each in records)
        changed = [each for each in records if known.get((each.customer, each.id)) != each]
        await self._database.write(
            self._upsert(), [[getattr(each, name) for name in self._columns] for each in changed]
        )
        for tie in self._ties:
            await self._tie(tie, changed)
        updated = sum((each.customer, each.id) in known for each in changed)
        return Saved(len(changed) - updated, updated, len(records) - len(changed))

    async def remove(self, records: Collection[R]) -> None:
        """Remove the rows with the customers and ids of *records*; call it inside a transaction."""
        for tie in self._ties:
            await self._untie(tie.link, records)
        await self._database.write(
            f"DELETE FROM {self._name} WHERE customer = ? AND id = ?",  # noqa: S608 - names are ours
            [(each.customer, each.id) for each in records],
        )

    async def _untie(self, link: Link | Parts, records: Collection[R]) -> None:
        await self._database.write(
            f"DELETE FROM {link.table} WHERE customer = ? AND {link.owner} = ?",  # noqa: S608 - names are ours
            [(each.customer, each.id) for each in records],
        )

    async def _tie(self, tie: Tie[R], changed: Sequence[R]) -> None:
        link = tie.link
        await self._untie(link, changed)
        names = ("customer", link.owner, *tie.columns)
        await self._database.write(
            f"INSERT INTO {link.table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
            [(each.customer, each.id, *values) for each in changed for values in tie.values(each)],
        )

    async def _read(
        self,
        customer: CustomerCode,
        asked: Sequence[Asked],
        order: Order | None = None,
        reading: "_Reading[R] | None" = None,
    ) -> list[R]:
        reading = reading or self._reading(columns_of(self._record, None))
        text, parameters = where(self._database.dialect, [(Equal("customer"), customer), *asked])
        direction = "DESC" if order and order.descending else "ASC"
        ordered = f" ORDER BY t.{order.column} {direction}, t.id {direction}" if order else ""
        columns = ", ".join(f"t.{column}" for column in reading.columns)
        text = f"SELECT {columns} FROM {self._name} t WHERE {text}{ordered}"  # noqa: S608 - names are ours
        return reading.records(await self._database.rows((text, parameters)))

    def _upsert(self) -> str:
        columns = ", ".join(self._columns)
        changed = ", ".join(
            f"{name} = excluded.{name}" for name in self._columns if name not in ("customer", "id")
        )
        marks = ", ".join("?" * len(self._columns))
        return (
            f"INSERT INTO {self._name} ({columns}) VALUES ({marks}) "  # noqa: S608 - names are ours
            f"ON CONFLICT (customer, id) DO UPDATE SET {changed}"
        )


@dataclass(frozen=True, slots=True)
class _Reading(Generic[R]):
    """How rows are read of which only some columns are wanted.

    The columns in their order, what makes records of such rows, and of rows that have their parent before.
    """

    columns: tuple[str, ...]
    records: Decode[R]
    children: Decode[R]


def _reading(record: type[R], dialect: Dialect, columns: frozenset[str]) -> _Reading[R]:
    kind = projected(record, columns)
    return _Reading(kind.__struct_fields__, decoder(kind, dialect), decoder(kind, dialect, skip=1))


def _by_parent(rows: Sequence[Sequence[Any]], records: list[R]) -> dict[str, list[R]]:
    """Give the *records* of each parent, whose key is the first column of its *rows*, all in one piece."""
    found: dict[str, list[R]] = {}
    start = 0
    for key, many in Counter(map(itemgetter(0), rows)).items():
        found[key] = records[start : start + many]
        start += many
    return found


def _tied(parent: str | AnyOf) -> OneOf | AnyOf:
    return OneOf(parent) if isinstance(parent, str) else parent


def _keys(record: object, parent: str | AnyOf) -> Collection[str]:
    if isinstance(parent, str):
        return (getattr(record, parent),)
    return dict.fromkeys(getattr(record, parent.column))


def _tenant(scope: Scope) -> Asked:
    return Equal("customer"), scope.customer


def _page(rows: list[R], listing: Listing[Any], total: int) -> Page[R]:
    has_more = len(rows) > listing.window.limit
    if has_more:
        rows = rows[: listing.window.limit]
    if listing.window.backward:
        rows.reverse()
    return Page(rows, has_more, total if listing.counted else None)
