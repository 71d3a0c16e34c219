"""Where what is kept lies: in this process, or where replicas share it."""

from collections.abc import Collection, Mapping
from typing import Generic, NamedTuple, Protocol, TypeAlias, TypeVar

import msgspec

from sources.cache import Kind, Tenant
from sources.keys import CustomerCode

S = TypeVar("S", bound=msgspec.Struct)

Stamp: TypeAlias = tuple[str | int, ...]
"""What has been forgotten so far: two that are equal have nothing forgotten between them."""


class Entry(NamedTuple, Generic[S]):
    """What a key was worth when it was asked for, ``at`` in seconds since 1970; None: it was not known."""

    at: float
    rows: tuple[S, ...] | None


class Looked(NamedTuple, Generic[S]):
    """What lay there, by key, and the stamp under which it does."""

    stamp: Stamp
    entries: Mapping[str, Entry[S]]


class Shelf(Protocol):
    """What the entity cache lays its entries on; whatever fails behind it, it is only as if empty."""

    async def look(self, kind: Kind[S], tenant: Tenant, keys: Collection[str]) -> Looked[S]:
        """Give what lies there of *keys*, however old, and was not forgotten."""
        ...

    async def lay(
        self,
        kind: Kind[S],
        tenant: Tenant,
        stamp: Stamp,
        entries: Mapping[str, Entry[S]],
        seconds: float,
    ) -> None:
        """Lay *entries* there for at most *seconds*, unless they were forgotten since *stamp*."""
        ...

    async def forget(self, source: str, thing: str, customer: CustomerCode | None) -> bool:
        """Forget as ``Cache.forget`` does."""
        ...
