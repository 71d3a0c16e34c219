"""SQL text with its parameters, for SQLite and PostgreSQL from the same conditions."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, Final, Protocol, TypeAlias, TypeGuard

import msgspec

from sources.condition import (
    Absent,
    Among,
    AnyOf,
    Asked,
    Between,
    Condition,
    Contains,
    Equal,
    Given,
    InNetwork,
    Link,
    OneOf,
    Outside,
    OutsideUnless,
    Overlaps,
    span,
)
from sources.listing import Order, Window
from sources.part import AnyPart, Parts, Seen, SomePart, WorstPart

Sql: TypeAlias = tuple[str, list[Any]]
"""Text with a ``?`` for each parameter, and the parameters in the order of the text."""


class Dialect(Protocol):
    """What SQLite and PostgreSQL say differently."""

    def encode(self, value: object) -> Any:  # noqa: ANN401 - what the driver takes
        """Give *value* as the driver wants it."""
        ...

    def finish(self, text: str) -> str:
        """Give *text* with the driver's placeholders in place of ``?``."""
        ...

    def among(self, expression: str, keys: Collection[str]) -> Sql:
        """Give the condition that *expression* is one of *keys*; the text does not depend on how many."""
        ...

    def top(self, rows: "Rows", parent: "Parent", keys: Sequence[str]) -> Sql:
        """Give the statement that reads the first rows of each parent, in one go.

        Its rows carry their parent in ``parent_key`` and come parent by parent, in order.
        """
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """What to read of a table under each parent: columns, conditions, order, bound."""

    table: str
    customer: str
    columns: Sequence[str]
    where: Sql
    order: Order
    backward: bool
    limit: int

    def ordered(self, alias: str, key: str = "id") -> str:
        """Give the columns of the order, each with its direction."""
        direction = "DESC" if self.order.descending is not self.backward else "ASC"
        return f"{alias}.{self.order.column} {direction}, {alias}.{key} {direction}"

    def ordered_under(self, parent: "Parent") -> str:
        """Give the order of the rows under *parent*: by the link's own columns where it repeats them."""
        link = parent.parts if isinstance(parent, AnyPart) else parent
        if isinstance(link, str) or self.order.column not in link.sorts:
            return self.ordered("t")
        return self.ordered("l", link.owner)

    def selected(self) -> str:
        """Give the columns to read."""
        return ", ".join(f"t.{column}" for column in self.columns)


Parent: TypeAlias = str | Link | AnyPart
"""The column that holds the parent's key, or what ties rows to many parents: a table, or the rows' parts."""


class Sqlite:
    """SQLite: lists as JSON, times as text in UTC."""

    def encode(self, value: object) -> Any:  # noqa: ANN401 - what the driver takes
        """Give *value* as text where SQLite has no type of its own."""
        if isinstance(value, datetime):
            return value.isoformat(" ")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return str(value)
        return plain(value)

    def finish(self, text: str) -> str:
        """Give *text* as it is: SQLite takes ``?``."""
        return text

    def among(self, expression: str, keys: Collection[str]) -> Sql:
        """Give membership in a JSON list."""
        return f"{expression} IN (SELECT value FROM json_each(?))", [_json(keys)]  # noqa: S608 - names are ours

    def top(self, rows: Rows, parent: Parent, keys: Sequence[str]) -> Sql:
        """Give the statement by ROW_NUMBER over each parent's rows."""
        text, parameters = self.among("{key}", keys)
        origin, expression, tenant = _origin(self, rows, parent, text)
        where, values = rows.where
        inner = (
            f"SELECT {expression} AS parent_key, {rows.selected()}, "  # noqa: S608 - names are ours
            f"ROW_NUMBER() OVER (PARTITION BY {expression} ORDER BY {rows.ordered_under(parent)}) AS place "
            f"FROM {origin} AND {where}"
        )
        text = (
            f"SELECT parent_key, {', '.join(rows.columns)} FROM ({inner}) "  # noqa: S608 - names are ours
            f"WHERE place <= {rows.limit} ORDER BY parent_key, place"
        )
        return text, [*parameters, *tenant, *values]


class Postgres:
    """PostgreSQL by asyncpg: lists as arrays, times as they are."""

    def encode(self, value: object) -> Any:  # noqa: ANN401 - what the driver takes
        """Give *value* as asyncpg takes it."""
        return value if isinstance(value, date | Decimal) else plain(value)

    def finish(self, text: str) -> str:
        """Give *text* with ``$1``, ``$2`` … in place of ``?``."""
        return _numbered(text)

    def among(self, expression: str, keys: Collection[str]) -> Sql:
        """Give membership in an array."""
        return f"{expression} = ANY(?::text[])", [[plain(key) for key in keys]]

    def top(self, rows: Rows, parent: Parent, keys: Sequence[str]) -> Sql:
        """Give the statement by a LATERAL join: each parent reads no more rows than it gives."""
        origin, _, tenant = _origin(self, rows, parent, "{key} = p.key", ordered=True)
        where, values = rows.where
        inner = (
            f"SELECT {rows.selected()} FROM {origin} AND {where} "  # noqa: S608 - names are ours
            f"ORDER BY {rows.ordered_under(parent)} LIMIT {rows.limit}"
        )
        text = (
            "SELECT p.key AS parent_key, r.* FROM unnest(?::text[]) AS p(key) "  # noqa: S608
            f"CROSS JOIN LATERAL ({inner}) AS r ORDER BY p.key, {rows.ordered('r')}"
        )
        return text, [list(keys), *tenant, *values]


@lru_cache(maxsize=1_000)
def _numbered(text: str) -> str:
    begin, *rest = text.split("?")
    return begin + "".join(f"${number}{part}" for number, part in enumerate(rest, start=1))


def first(dialect: Dialect, rows: Rows, parent: Parent, key: str) -> Sql:
    """Give the statement that reads the first rows of one parent."""
    origin, expression, tenant = _origin(dialect, rows, parent, "{key} = ?", ordered=True)
    where, values = rows.where
    text = (
        f"SELECT {expression} AS parent_key, {rows.selected()} FROM {origin} AND {where} "  # noqa: S608
        f"ORDER BY {rows.ordered_under(parent)} LIMIT {rows.limit}"
    )
    return text, [dialect.encode(key), *tenant, *values]


def count(dialect: Dialect, rows: Rows, parent: Parent, keys: Sequence[str]) -> Sql:
    """Give the statement that counts each parent's rows, whatever their order and bound."""
    text, parameters = dialect.among("{key}", keys)
    origin, expression, tenant = _origin(dialect, rows, parent, text)
    text = (
        f"SELECT {expression} AS parent_key, COUNT(*) AS total FROM {origin} AND {rows.where[0]} "  # noqa: S608
        f"GROUP BY {expression}"
    )
    return text, [*parameters, *tenant, *rows.where[1]]


def _origin(
    dialect: Dialect, rows: Rows, parent: Parent, test: str, *, ordered: bool = False
) -> tuple[str, str, list[Any]]:
    """Give FROM and WHERE *test* over the parent's key, that key's expression, and the parameters to add.

    ``ordered`` where no more rows are wanted than come first.
    """
    if isinstance(parent, str):
        return f"{rows.table} t WHERE {test.format(key=f't.{parent}')}", f"t.{parent}", []
    if isinstance(parent, AnyPart) and not parent.seen.is_all:
        return _seen_origin(dialect, rows, parent, test, ordered=ordered)
    link, column = (parent.parts, parent.key) if isinstance(parent, AnyPart) else (parent, parent.column)
    # Each row once: its first part with the key stands for the others.
    once = f" AND l.{link.first(column)}" if isinstance(link, Parts) else ""
    key = f"l.{column}"
    tied = f"{link.table} l JOIN {rows.table} t ON t.customer = l.customer AND t.id = l.{link.owner}"
    return f"{tied} WHERE {test.format(key=key)} AND l.customer = ?{once}", key, [rows.customer]


def _seen_origin(
    dialect: Dialect, rows: Rows, parent: AnyPart, test: str, *, ordered: bool
) -> tuple[str, str, list[Any]]:
    """Give what ``_origin`` gives of the parts that are seen: the row's first may not be among them."""
    link = parent.parts
    seen, values = _seen(dialect, parent.seen)
    columns = ", ".join(f"k.{each}" for each in ("customer", link.owner, parent.key, *link.sorts))
    # PostgreSQL can leave off early only where the inner rows come in the outer order.
    ordered &= rows.order.column in link.sorts
    order = f" ORDER BY {rows.ordered('k', link.owner)}" if ordered else ""
    text = (
        f"(SELECT DISTINCT {columns} FROM {link.table} k "  # noqa: S608 - names are ours
        f"WHERE {test.format(key=f'k.{parent.key}')} AND k.customer = ? AND {seen}{order}) l "
        f"JOIN {rows.table} t ON t.customer = l.customer AND t.id = l.{link.owner} WHERE TRUE"
    )
    return text, f"l.{parent.key}", [rows.customer, *values]


def where(dialect: Dialect, asked: Iterable[Asked]) -> Sql:
    """Give the conjunction of *asked* over the table ``t``."""
    texts = ["TRUE"]
    parameters: list[Any] = []
    for condition, value in asked:
        text, values = _WRITERS[type(condition)](dialect, condition, value)
        texts.append(text)
        parameters += values
    return " AND ".join(texts), parameters


def keyset(dialect: Dialect, order: Order, window: Window) -> Sql:
    """Give the condition that keeps rows between the window's positions."""
    texts = ["TRUE"]
    parameters: list[Any] = []
    later, earlier = ("<", ">") if order.descending else (">", "<")
    for place, sign in ((window.after, later), (window.before, earlier)):
        if place is not None:
            texts.append(f"(t.{order.column}, t.id) {sign} (?, ?)")
            parameters += [dialect.encode(value) for value in place]
    return " AND ".join(texts), parameters


def _one_of(dialect: Dialect, condition: OneOf, value: Collection[str]) -> Sql:
    return dialect.among(f"t.{condition.column}", value)


def _equal(dialect: Dialect, condition: Equal, value: bool | str) -> Sql:  # noqa: FBT001 - the value asked for
    if isinstance(value, bool):
        return (f"t.{condition.column}" if value else f"NOT t.{condition.column}"), []
    return f"t.{condition.column} = ?", [dialect.encode(value)]


def _among(dialect: Dialect, condition: Among, value: bool) -> Sql:  # noqa: FBT001 - the value asked for
    values = sorted(plain(each) for each in condition.values)
    text, parameters = dialect.among(f"t.{condition.column}", values)
    return f"{'' if value else 'NOT '}COALESCE({text}, FALSE)", parameters


def _absent(_: Dialect, condition: Absent, value: bool) -> Sql:  # noqa: FBT001 - the value asked for
    return f"t.{condition.column} IS {'' if value else 'NOT '}NULL", []


def _between(dialect: Dialect, condition: Between, value: Any) -> Sql:  # noqa: ANN401 - a Range of any kind
    texts = [f"t.{condition.column} IS NOT NULL"]
    parameters: list[Any] = []
    for bound, sign in ((value.start, ">="), (value.end, "<")):
        if bound is not None:
            texts.append(f"t.{condition.column} {sign} ?")
            parameters.append(dialect.encode(bound))
    return " AND ".join(texts), parameters


def _overlaps(dialect: Dialect, condition: Overlaps, value: Any) -> Sql:  # noqa: ANN401 - a Range of any kind
    texts = [f"t.{condition.start} IS NOT NULL AND t.{condition.end} IS NOT NULL"]
    parameters: list[Any] = []
    after = f"t.{condition.end} {'>=' if condition.closed else '>'} ?"
    for bound, test in ((value.start, after), (value.end, f"t.{condition.start} < ?")):
        if bound is not None:
            texts.append(test)
            parameters.append(dialect.encode(bound))
    return " AND ".join(texts), parameters


def _given(dialect: Dialect, condition: Given, value: Any) -> Sql:  # noqa: ANN401 - what the condition takes
    return where(dialect, [(condition.condition, value), *condition.also])


def _contains(_: Dialect, condition: Contains, value: str) -> Sql:
    wanted = value.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    tests = [f"LOWER(t.{column}) LIKE ? ESCAPE '\\'" for column in condition.columns]
    return f"({' OR '.join(tests)})", [f"%{wanted}%"] * len(tests)


def _any_of(dialect: Dialect, condition: AnyOf, value: Collection[str]) -> Sql:
    link = condition.link
    text, parameters = dialect.among(f"k.{link.column}", value)
    return _tied(link, text), parameters


def _outside(dialect: Dialect, condition: Outside, value: Collection[str]) -> Sql:
    path = condition.path
    if isinstance(path, OneOf):
        return _free(dialect, f"t.{path.column}", value)
    text, parameters = dialect.among(f"k.{path.link.column}", value)
    return f"(NOT {_tied(path.link, 'TRUE')} OR {_tied(path.link, f'NOT {text}')})", parameters


def _free(dialect: Dialect, expression: str, keys: Collection[str]) -> Sql:
    text, parameters = dialect.among(expression, keys)
    return f"({expression} IS NULL OR NOT {text})", parameters


def _outside_unless(dialect: Dialect, condition: OutsideUnless, value: Collection[str]) -> Sql:
    free, keys = _outside(dialect, Outside(condition.path), value)
    final, values = where(dialect, [condition.final])
    return f"({free} OR ({final}))", [*keys, *values]


def _in_network(_: Dialect, condition: InNetwork, value: Any) -> Sql:  # noqa: ANN401 - either kind of network
    return _tied(condition.link, "k.low >= ? AND k.high <= ?"), list(span(value))


def _some_part(dialect: Dialect, condition: SomePart, value: Seen) -> Sql:
    seen, parameters = _seen(dialect, value)
    some = _tied(condition.parts, seen)
    return (f"({some} OR NOT {_tied(condition.parts, 'TRUE')})" if condition.or_none else some), parameters


def _any_part(dialect: Dialect, condition: AnyPart, value: Collection[str]) -> Sql:
    text, parameters = dialect.among(f"k.{condition.key}", value)
    seen, values = _seen(dialect, condition.seen)
    return _tied(condition.parts, f"{text} AND {seen}"), [*parameters, *values]


def _worst_part(dialect: Dialect, condition: WorstPart, value: Collection[Any]) -> Sql:
    if condition.seen.is_all:
        return dialect.among(f"t.{condition.column}", value)
    seen, parameters = _seen(dialect, condition.seen)
    ranks = ", ".join(str(each) for each in sorted(each.rank for each in value)) or "NULL"
    return f"COALESCE({_of(condition.parts, 'MAX(k.rank)', seen)}, 0) IN ({ranks})", parameters


def _seen(dialect: Dialect, seen: Seen) -> Sql:
    """Give the condition that a row ``k`` of the parts' table is *seen*."""
    asked = [dialect.among(f"k.{column}", keys) for column, keys in seen.inside]
    asked += [_free(dialect, f"k.{column}", keys) for column, keys in seen.outside]
    return " AND ".join(["TRUE", *(text for text, _ in asked)]), [each for _, keys in asked for each in keys]


def _tied(link: Link | Parts, test: str) -> str:
    return f"EXISTS {_of(link, '1', test)}"


def _of(link: Link | Parts, what: str, test: str) -> str:
    """Give *what* of the rows ``k`` of *link* that hang on ``t`` and pass *test*."""
    return (
        f"(SELECT {what} FROM {link.table} k WHERE k.customer = t.customer "  # noqa: S608 - names are ours
        f"AND k.{link.owner} = t.id AND {test})"
    )


_WRITERS: Final[dict[type[Condition], Callable[[Dialect, Any, Any], Sql]]] = {
    OneOf: _one_of,
    Outside: _outside,
    OutsideUnless: _outside_unless,
    Equal: _equal,
    Among: _among,
    Absent: _absent,
    Between: _between,
    Overlaps: _overlaps,
    Given: _given,
    Contains: _contains,
    AnyOf: _any_of,
    InNetwork: _in_network,
    SomePart: _some_part,
    AnyPart: _any_part,
    WorstPart: _worst_part,
}


def plain(value: Any) -> Any:  # noqa: ANN401 - any column's value
    """Give an enum's text, a tuple as JSON, and anything else as it is."""
    if isinstance(value, Enum):
        return value.value
    return _json(value) if _is_tuple(value) else value


def _is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    return isinstance(value, tuple)


def _json(keys: Collection[Any]) -> str:
    return msgspec.json.encode([plain(key) for key in keys]).decode()
