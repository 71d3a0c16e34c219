"""What every row that a source gives has in common."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

import msgspec
from msgspec.structs import fields, replace

from sources.condition import AnyOf, AskedColumn, OneOf, Outside, OutsideUnless, Paths, keep
from sources.keys import CustomerCode
from sources.part import Parts
from sources.scope import Scope


class Record(msgspec.Struct, frozen=True, gc=False):
    """A row of one customer.

    ``paths`` says, for each extent of a Scope that bears on this kind of row, how the row is tied to it;
    ``shown`` are the conditions under which such a row may be shown to anybody (exclusions of the terms of
    use, 1.3; states that customers never see); ``final`` is the condition under which such a row changes no
    more. Sources put them into what they ask, loaders check them on every row that comes back. ``parts`` says
    what such a row consists of, where a Scope bears on each part by itself.

    A row may come with some of its columns only, as a record of a kind of its own (``sources.projection``)
    whose ``whole`` is this kind. ``essential`` are the columns that are never left out, ``derived`` gives
    those from which each property is computed.
    """

    paths: ClassVar[Paths] = {}
    parts: ClassVar[Parts | None] = None
    shown: ClassVar[tuple[AskedColumn, ...]] = ()
    final: ClassVar[AskedColumn | None] = None
    essential: ClassVar[frozenset[str]] = frozenset({"customer", "id"})
    derived: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    whole: ClassVar[type["Record"]]

    customer: CustomerCode
    id: str

    def __init_subclass__(cls) -> None:
        """Make a kind of record whole, unless it says of which kind it is a part."""
        if "whole" not in vars(cls):
            cls.whole = cls

    @classmethod
    def asked(cls, scope: Scope) -> list[AskedColumn]:
        """Give what *scope* asks of such rows beside their tenant; a path that they lack asks nothing."""
        if cls.parts is not None:
            return [*cls.shown, *cls.parts.asked(scope)]
        asked: list[AskedColumn] = [
            *cls.shown,
            *((cls.paths[name], keys) for name, keys in scope.extents() if name in cls.paths),
        ]
        tie = cls.paths.get("solutions")
        if isinstance(tie, OneOf | AnyOf) and scope.ended:
            asked.append((Outside(tie), scope.ended))
        if isinstance(tie, OneOf) and cls.final is not None and scope.settled:
            asked.append((OutsideUnless(tie, cls.final), scope.settled))
        return asked

    def within(self, scope: Scope) -> bool:
        """Tell whether this row may be given to an asker with *scope*."""
        return self.customer == scope.customer and all(
            condition.holds(self, value) for condition, value in self.asked(scope)
        )

    def seen(self, scope: Scope) -> Self:
        """Give this row as it is for an asker with *scope*: with those of its parts that they see."""
        return partly_seen([self], scope).get(id(self), self)


R = TypeVar("R", bound=Record)


def admitted(rows: Collection[R], scope: Scope) -> Sequence[R]:
    """Give those of *rows* that are ``within`` *scope*.

    All of one kind; judged condition by condition, each over all rows.
    """
    kept = [row for row in rows if row.customer == scope.customer]
    if not kept:
        return kept
    for condition, value in type(kept[0]).asked(scope):
        kept = keep(condition, kept, value)
    return kept


def partly_seen(rows: Collection[R], scope: Scope) -> dict[int, R]:
    """Give those of *rows*, all of one kind, of which an asker with *scope* does not see all parts or ties.

    Each as it is for them, by the identity of the row.
    """
    kind = next((type(row) for row in rows), None)
    if kind is None or not (scope.extents() or scope.ended):
        return {}
    return _partly_tied(rows, kind, scope) if kind.parts is None else _in_part(rows, kind.parts, scope)


def _in_part(rows: Iterable[R], parts: Parts, scope: Scope) -> dict[int, R]:
    """Give the rows with the parts that are seen."""
    found: dict[int, R] = {}
    seen = parts.seen(scope)
    if seen.is_all:
        return found
    for row in rows:
        every: Sequence[object] = getattr(row, parts.column)
        kept = tuple(filter(seen.holds, every))
        if len(kept) < len(every):
            own = {parts.column: kept, parts.level: parts.worst(kept)}
            fetched = own.keys() & set(row.__struct_fields__)
            found[id(row)] = replace(row, **{name: own[name] for name in fetched})
    return found


def _partly_tied(rows: Iterable[R], kind: type[R], scope: Scope) -> dict[int, R]:
    """Give the rows with the keys that are seen in each column that ties them to many."""
    extents = dict(scope.extents())
    found: dict[int, R] = {}
    for name, path in kind.paths.items():
        if not isinstance(path, AnyOf) or path.column not in kind.__struct_fields__:
            continue
        inside, outside = extents.get(name), scope.ended if name == "solutions" else frozenset[str]()
        for row in rows:
            keys: Sequence[str] = getattr(row, path.column)
            kept = [key for key in keys if (inside is None or key in inside) and key not in outside]
            if len(kept) < len(keys):
                changed = found.get(id(row), row)
                found[id(row)] = replace(changed, **{path.column: tuple(kept)})
    return found


@dataclass(frozen=True, slots=True)
class Inherited:
    """What rows have from the row whose id is in their column ``parent``.

    ``columns`` gives, by a row's own column, the parent's. A row whose parent is not known (yet) has the
    defaults of its kind there.
    """

    parent: str
    columns: Mapping[str, str]

    def under(self, row: R, parent: Record | None) -> R:
        """Give *row* with what it has from *parent*."""
        if parent is None:
            own = {each.name: each.default for each in fields(row) if each.name in self.columns}
        else:
            own = dict(zip(self.columns, self.values(parent), strict=True))
        return replace(row, **own)

    def values(self, parent: Record) -> list[Any]:
        """Give what rows have from *parent*, column by column."""
        return [getattr(parent, column) for column in self.columns.values()]
