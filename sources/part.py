"""Rows that consist of parts, of which an asker may see some and not others.

What is asked of such a row is asked of the parts that the asker sees, and each of those of one part alone: a
part that is hidden changes neither which rows are given nor what is said of them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final, Protocol, TypeAlias, TypeVar, cast

from sources.scope import Scope


class Ranked(Protocol):
    """How bad something is, on a scale of its own."""

    @property
    def rank(self) -> int:
        """Its place on the scale, 0 the mildest."""
        ...


Keys: TypeAlias = tuple[str, frozenset[str]]
"""A part's column, and keys."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Which parts an asker sees: with a key among these in each of ``inside``, and in none of ``outside``."""

    inside: tuple[Keys, ...] = ()
    outside: tuple[Keys, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether no part is left out."""
        return not self.inside and not self.outside

    def holds(self, part: object) -> bool:
        """Tell whether the asker sees *part*."""
        return all(getattr(part, column) in keys for column, keys in self.inside) and not any(
            getattr(part, column) in keys for column, keys in self.outside
        )


EVERY: Final = Seen()
"""Every part is seen."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a kind of row consists of: structs in its column ``column``, each also a row of ``table``.

    ``owner`` names the row's id there. A part has a key or None in each of ``keys``; ``paths`` gives, by the
    extents of a Scope that bear on a part, the key that they hold. ``level`` is how bad a part is, in the
    table its ``rank``; the row's column of that name is the worst of all its parts, ``mildest`` without any.

    ``sorts`` are columns of the row that the table repeats, so that a key's rows are read in their order;
    ``first`` names the flag of the first part of a row that has a key, so that each is read once.
    """

    column: str
    table: str
    owner: str
    keys: tuple[str, ...]
    paths: tuple[tuple[str, str], ...]
    level: str
    mildest: Ranked
    sorts: tuple[str, ...] = ()

    @staticmethod
    def first(key: str) -> str:
        """Give the name of the flag for *key*."""
        return f"first_{key}"

    def seen(self, scope: Scope) -> Seen:
        """Give which parts an asker with *scope* sees."""
        extents = scope.extents()
        if not extents and not scope.ended:
            return EVERY
        paths = dict(self.paths)
        return Seen(
            inside=tuple((paths[name], keys) for name, keys in extents if name in paths),
            outside=((paths["solutions"], scope.ended),) if scope.ended else (),
        )

    def worst(self, parts: Iterable[object]) -> Ranked:
        """Give the worst level of *parts*."""
        levels: set[Ranked] = {getattr(part, self.level) for part in parts}
        return max(levels, key=attrgetter("rank"), default=self.mildest)

    def asked(self, scope: Scope) -> "list[tuple[SomePart, Seen]]":
        """Give what *scope* asks of a row: a part that is seen.

        A row without any part is tied to nothing, and so outside every extent, but not over with anything.
        """
        seen = self.seen(scope)
        return [] if seen.is_all else [(SomePart(self, or_none=not seen.inside), seen)]


@dataclass(frozen=True, slots=True)
class SomePart:
    """One of the parts is seen; ``or_none`` where a row without parts satisfies as well."""

    parts: Parts
    or_none: bool = False

    @property
    def column(self) -> str:
        """The column that it looks at."""
        return self.parts.column

    def holds(self, record: object, value: Seen) -> bool:
        """Tell whether *value* holds for a part of the record."""
        parts = getattr(record, self.parts.column)
        return any(value.holds(part) for part in parts) or (self.or_none and not parts)


@dataclass(frozen=True, slots=True)
class AnyPart:
    """One of the parts that are ``seen`` has one of the given keys in ``key``.

    ``column`` is the record's property with the keys of all its parts.
    """

    column: str
    key: str
    parts: Parts
    seen: Seen = EVERY

    def bound(self, scope: Scope) -> "AnyPart":
        """Give the condition as it is for an asker with *scope*."""
        seen = self.parts.seen(scope)
        return self if seen is self.seen else replace(self, seen=seen)

    def holds(self, record: object, value: Collection[str]) -> bool:
        """Tell whether a part that is seen has a key among *value*."""
        parts = getattr(record, self.parts.column)
        return any(getattr(part, self.key) in value and self.seen.holds(part) for part in parts)


@dataclass(frozen=True, slots=True)
class WorstPart:
    """The level of the worst part that is ``seen`` is one of the given; ``column`` has that of all parts."""

    column: str
    parts: Parts
    seen: Seen = EVERY

    def bound(self, scope: Scope) -> "WorstPart":
        """Give the condition as it is for an asker with *scope*."""
        seen = self.parts.seen(scope)
        return self if seen is self.seen else replace(self, seen=seen)

    def holds(self, record: object, value: Collection[Ranked]) -> bool:
        """Tell whether the level of the worst part that is seen is among *value*."""
        if self.seen.is_all:
            return getattr(record, self.column) in value
        return self.parts.worst(filter(self.seen.holds, getattr(record, self.parts.column))) in value


T = TypeVar("T")


def bound(asked: T, scope: Scope) -> T:
    """Give *asked*, a condition or what stands for a parent, as it is for an asker with *scope*."""
    if isinstance(asked, AnyPart | WorstPart):
        return cast("T", asked.bound(scope))
    return asked
