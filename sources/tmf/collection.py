"""Things of one kind behind an API of TM Forum's: read under a Scope, many keys at once.

The counterpart of ``sources.table.Table``. What a system was asked proves nothing: whose a thing is, which
were asked for, what of them a Scope lets through, their order and their number are decided here.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence, Sized
from collections.abc import Collection as Keys
from dataclasses import dataclass, field, replace
from functools import partial
from logging import getLogger
from typing import Any, Final, Generic, TypeAlias, TypeVar

from sources.cache import Cache, Kind, Tenant, Uncached
from sources.http import Api
from sources.keys import CustomerCode
from sources.listing import Listing, Order, Page, position, select
from sources.parties import Parties
from sources.record import R, Record
from sources.scope import Scope
from sources.tmf import Owned, Ref, TmfError
from sources.tmf.asking import apart, askable, chunks, path_of, query_for
from sources.tmf.page import Reader, Things
from sources.tmf.paging import Lists, together
from sources.tmf.settings import Strategy, ThingSettings, Version
from sources.tmf.tenancy import Owners

W = TypeVar("W", bound=Ref)
M = TypeVar("M", bound=Record)

_log = getLogger(__name__)

IN_ONE_GO: Final = 200
"""Of how many things records are made before other requests have their turn: 1 to 5 ms (``bench.estate``)."""


@dataclass(frozen=True, slots=True)
class Naming(Generic[M]):
    """A column with a key that the things themselves say, so that they can be asked for by it.

    ``parameters`` are those of the API's versions, ``keys`` gives what a thing says. Never for what is
    derived from what others say (a ticket's Solution): the system does not know that.
    """

    parameters: Mapping[Version, str]
    keys: Callable[[M], Keys[str | None]]


def names_owner(thing: Owned, owners: Owners) -> bool:
    """Tell whether *thing* names its customer among its related parties."""
    return owners.own(thing.related_party)


@dataclass(frozen=True, slots=True)
class Thing(Generic[W, M]):
    """A kind of thing, and what is made of it.

    ``kept`` says how it is called and kept; ``path`` is where the API has it. ``read`` reads a body, ``make``
    what is kept of one thing, by what the thing alone says; both raise ``TmfError`` for what is broken.
    ``owned`` tells whether it is one of a customer's.
    """

    kept: Kind[M]
    path: str
    read: Reader[W]
    make: Callable[[W, CustomerCode], M]
    owned: Callable[[W, Owners], bool]
    named: Mapping[str, Naming[M]] = field(default_factory=dict[str, Naming[M]])


async def turn(rows: Sized) -> None:
    """Let those who wait for the loop go first, where *rows* are so many that work on them is felt."""
    if len(rows) > IN_ONE_GO:
        await asyncio.sleep(0)


Placing: TypeAlias = Callable[[Scope, Sequence[M]], Awaitable[Sequence[R]]]
"""Makes records of what was kept of the Scope's customer, with what other systems know of it.

Of what cannot be placed now it leaves out what the Scope might hide (``sources.unplaced``).
"""


async def as_they_are(_: Scope, records: Sequence[R]) -> Sequence[R]:
    """Give *records*: things that say all of themselves have nothing to be told by others."""
    return records


class Collection(Generic[W, M, R]):
    """The things of one kind, as records."""

    def __init__(
        self,
        api: Api,
        thing: Thing[W, M],
        settings: ThingSettings,
        parties: Parties,
        place: Placing[M, R],
        cache: Cache | None = None,
    ) -> None:
        """Read *thing* through *api*, of customers that the system knows as *parties*.

        Nothing is kept without a *cache*.
        """
        self._api = api
        self._thing = thing
        self._settings = settings
        self._parties = parties
        self._place = place
        self._cache = Uncached() if cache is None else cache
        self._lists = Lists(api, thing.path, thing.read, settings)

    async def by_id(self, scope: Scope, ids: Keys[str]) -> Mapping[Any, R]:
        """Give the records with *ids* that *scope* lets through, by id."""
        made = await self.made(scope.customer, ids)
        rows = await self._place(scope, list(made.values()))
        return {row.id: row for row in rows if row.id in made and row.within(scope)}

    async def pages(
        self, scope: Scope, parent: str, keys: Keys[str], listing: Listing[Any]
    ) -> Mapping[Any, Page[R]]:
        """Give each parent's page; a parent without rows has an empty one.

        *parent* is the column with the parent's key, or with those of several.
        """
        found = await self._under(scope, parent, keys)
        pages: dict[str, Page[R]] = {}
        for key in dict.fromkeys(keys):
            rows = found.get(key, ())
            await turn(rows)
            pages[key] = select(rows, scope, listing)
        return pages

    async def lists(
        self, scope: Scope, parent: str, keys: Keys[str], order: Order
    ) -> Mapping[Any, Sequence[R]]:
        """Give all rows of each parent in *order*; a parent without rows is left out."""
        found = await self._under(scope, parent, keys)
        shown = {key: [each for each in rows if each.within(scope)] for key, rows in found.items()}
        for rows in shown.values():
            rows.sort(key=lambda each: position(each, order), reverse=order.descending)
        return {key: rows for key, rows in shown.items() if rows}

    async def made(self, customer: CustomerCode, ids: Keys[str]) -> Mapping[str, M]:
        """Give what is known of the customer's things with *ids*, by id, before any Scope decides."""
        tenant, asked = await self._tenant(customer), dict.fromkeys(askable(ids))
        if not tenant.parties or not asked:
            return {}
        if self._settings.strategy is Strategy.LIST:
            return {each.id: each for each in await self._whole(tenant) if each.id in asked}
        found = await self._cache.found(self._thing.kept, tenant, asked, partial(self._of_ids, tenant))
        return {key: each for key, many in found.items() for each in many}

    async def every(self, customer: CustomerCode) -> Sequence[M]:
        """Give what is known of all of the customer's things, before any Scope decides."""
        tenant = await self._tenant(customer)
        return await self._whole(tenant) if tenant.parties else ()

    async def _tenant(self, customer: CustomerCode) -> Tenant:
        return Tenant(customer, await self._parties(customer))

    async def _under(self, scope: Scope, parent: str, keys: Keys[str]) -> Mapping[str, Sequence[R]]:
        """Give the records of each parent, shown or not."""
        if parent == "customer" and scope.customer not in keys:
            return {}
        tenant = await self._tenant(scope.customer)
        if not tenant.parties or not keys:
            return {}
        naming = self._thing.named.get(parent)
        direct = naming is not None and self._settings.strategy is Strategy.COMMA_OR
        if naming is not None and direct and not any("," in each for each in keys):
            made = await self._of_parents(tenant, naming, askable(keys))
        else:
            made = await self._whole(tenant)
        found: dict[str, list[R]] = {}
        wanted = frozenset(keys)
        for row in await self._place(scope, made):
            for key in _keys(row.seen(scope) if row.parts is not None else row, parent):
                if key is not None and key in wanted:
                    found.setdefault(key, []).append(row)
        return found

    async def _whole(self, tenant: Tenant) -> Sequence[M]:
        kind = replace(self._thing.kept, by="customer")
        found = await self._cache.found(kind, tenant, [tenant.customer], partial(self._of_customer, tenant))
        return found.get(tenant.customer, ())

    async def _of_parents(self, tenant: Tenant, naming: Naming[M], keys: Sequence[str]) -> Sequence[M]:
        parameter = naming.parameters[self._settings.version]
        kind = replace(self._thing.kept, by=parameter)
        fetch = partial(self._named, tenant, naming, parameter)
        found = await self._cache.found(kind, tenant, keys, fetch)
        return list({each.id: each for many in found.values() for each in many}.values())

    async def _of_ids(self, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, tuple[M, ...]]:
        strategy = self._settings.strategy
        several, alone = apart(ids, strategy)
        calls = [
            partial(self._lists.every, (query_for(chunk, strategy),), frozenset(chunk))
            for chunk in chunks(several, self._settings.page_size, strategy)
        ]
        ones = [partial(self._lists.one, path_of(self._thing.path, each)) for each in alone]
        made = await self._made(tenant, await together([*calls, *ones], self._settings.at_once))
        wanted = frozenset(ids)
        return {each.id: (each,) for each in made if each.id in wanted}

    async def _of_customer(self, tenant: Tenant, keys: Sequence[str]) -> Mapping[str, tuple[M, ...]]:
        calls = [
            partial(self._lists.every, ((self._settings.asks_party, each),))
            for each in sorted(tenant.parties)
        ]
        made = await self._made(tenant, await together(calls, self._settings.at_once))
        return dict.fromkeys(keys, tuple(made))

    async def _named(
        self, tenant: Tenant, naming: Naming[M], parameter: str, keys: Sequence[str]
    ) -> Mapping[str, tuple[M, ...]]:
        calls = [
            partial(self._lists.every, ((self._settings.asks_party, party), (parameter, ",".join(chunk))))
            for party in sorted(tenant.parties)
            for chunk in chunks(keys, self._settings.page_size)
        ]
        made = await self._made(tenant, await together(calls, self._settings.at_once))
        found: dict[str, list[M]] = {key: [] for key in keys}
        for each in made:
            for key in naming.keys(each):
                if key in found:
                    found[key].append(each)
        return {key: tuple(many) for key, many in found.items()}

    async def _made(self, tenant: Tenant, answers: Sequence[Things[W]]) -> list[M]:
        """Give what is made of each thing that is the tenant's and can be read, each once."""
        owners = Owners(tenant.parties, self._settings.roles)
        rows = [each for answer in answers for each in answer.rows]
        broken = sum(answer.sent for answer in answers) - len(rows)
        found: dict[str, M] = {}
        foreign = 0
        del answers  # what is made is let go of, a few at a time too: that takes as long as to read it
        while rows:
            some, rows = rows[:IN_ONE_GO], rows[IN_ONE_GO:]
            for each in some:
                try:
                    if not self._thing.owned(each, owners):
                        foreign += 1
                        continue
                    made = self._thing.make(each, tenant.customer)
                except TmfError:
                    broken += 1
                else:
                    found[made.id] = made
            if rows:
                await asyncio.sleep(0)  # who else waits for the loop goes first
        if foreign or broken:
            _log.warning(
                "%s: of %s, %d not of the customer and %d that cannot be read were left out",
                self._api.system,
                self._thing.path,
                foreign,
                broken,
            )
        return list(found.values())


def _keys(record: Record, parent: str) -> Iterable[str | None]:
    value: str | tuple[str, ...] | None = getattr(record, parent)
    return dict.fromkeys(value) if isinstance(value, tuple) else (value,)
