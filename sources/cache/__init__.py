"""What the systems behind us said a moment ago, kept apart for each tenant, so that they are asked less.

What is kept has passed the check of whose it is, and not yet that of a Scope: whoever is given rows from here
decides under the asker's own Scope, as with rows that come from a system. Nothing of a failed read is kept.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

import msgspec

from sources.keys import CustomerCode

S = TypeVar("S", bound=msgspec.Struct)

Rows: TypeAlias = tuple[S, ...]
"""What a key is worth: frozen structs; a list that is empty is worth none, and yet is known."""

Fetch: TypeAlias = Callable[[Sequence[str]], Awaitable[Mapping[str, tuple[S, ...]]]]
"""Asks the system what keys, each distinct, are worth; one that it does not know is left out."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[S]):
    """What is kept alike: of which system and API, what rows, and by what they are asked for.

    ``thing`` is TM Forum's name of it (``troubleTicket``), by which settings and notifications call it,
    and ``also`` those of others whose change makes this one old. ``by`` says what a key is: the thing's own
    id, or something else that rows are listed by (``customer``, ``relatedEntity``). The fields of ``rows``
    must say their types: what an ``Any`` held may come back as something else.
    """

    source: str
    thing: str
    rows: type[S]
    by: str = "id"
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tenant:
    """Whose rows they are: a customer, and the ids by which the system calls it.

    A customer that is called otherwise from now on is given nothing that was kept before.
    """

    customer: CustomerCode
    parties: frozenset[str]


class Cache(Protocol):
    """What connectors read through."""

    async def found(
        self, kind: Kind[S], tenant: Tenant, keys: Collection[str], fetch: Fetch[S]
    ) -> Mapping[str, tuple[S, ...]]:
        """Give what *keys* are worth, by *fetch* what is not kept; unknown ones are left out.

        Who asks for the same at once shares one ``fetch``. Raises whatever it raises; where it raises
        ``SourceError`` and older values are there, those are given and the operation is told
        (``sources.cache.freshness``).
        """
        ...

    async def forget(self, source: str, thing: str, customer: CustomerCode | None = None) -> bool:
        """Forget what is kept of such things and what hangs on them, of all customers for None.

        False where it may live on in another replica, until its time is over.
        """
        ...


class Uncached:
    """Keeps nothing: each read asks the system."""

    async def found(
        self,
        kind: Kind[S],  # noqa: ARG002 - the protocol's
        tenant: Tenant,  # noqa: ARG002 - the protocol's
        keys: Collection[str],
        fetch: Fetch[S],
    ) -> Mapping[str, tuple[S, ...]]:
        """Give what *fetch* gives."""
        return await fetch(list(dict.fromkeys(keys)))

    async def forget(self, source: str, thing: str, customer: CustomerCode | None = None) -> bool:  # noqa: ARG002 - the protocol's
        """Do nothing: there is nothing to forget."""
        return True
