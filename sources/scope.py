"""Whose rows a source may give, and how far inside that customer the asker sees."""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from sources.keys import CustomerCode


class All(Enum):
    """The extent that leaves nothing out."""

    ALL = "ALL"


ALL: Final = All.ALL

Extent: TypeAlias = frozenset[str] | Literal[All.ALL]
"""The keys that are inside, or ALL of the customer's."""


Columns: TypeAlias = Mapping[type, frozenset[str]]
"""Which columns are read of each kind of record; of a kind that is not named, only the essential ones."""


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """The tenant, and what of it may be given: the first argument of every source method.

    ``solutions`` are the Solutions that cover the feature asked for and lie in the User's data scope;
    ``accounts`` and ``locations`` are the User's data scopes (identity.md, "Rights"). No extent has a
    default: a scope that is not spelled out cannot be made.

    ``ended`` are Solutions that are no longer provided and of which nothing is given, ``settled`` those of
    which only what is final is given (coverage.md, "Terminated Solutions"); neither opens anything.

    ``columns`` are the columns that the asker will read, None for all: a source may leave the others out.
    """

    customer: CustomerCode
    solutions: Extent
    accounts: Extent
    locations: Extent
    ended: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    columns: Columns | None = None

    def extents(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Give the extents that leave something out, each with its name."""
        named = (("solutions", self.solutions), ("accounts", self.accounts), ("locations", self.locations))
        return tuple((name, extent) for name, extent in named if extent is not ALL)

    def narrowed(self, solutions: Extent, ended: frozenset[str]) -> "Scope":
        """Give this scope without what belongs to none of *solutions*, and what of *ended* it still shows."""
        if solutions is ALL:
            return self if ended <= self.ended else replace(self, ended=self.ended | ended)
        inside = solutions if self.solutions is ALL else self.solutions & solutions
        return replace(self, solutions=inside, ended=self.ended | ended)

    def inside(self, other: "Scope") -> "Scope":
        """Give this scope without what belongs to none of *other*'s Solutions."""
        return self.narrowed(other.solutions, other.ended)


def extent(keys: Collection[str] | None) -> Extent:
    """Give the extent of *keys*, ALL for None."""
    return ALL if keys is None else frozenset(keys)
