"""Records of billing that do not say themselves which Solutions they bill."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Collection as Keys
from typing import Any, Final, Generic, TypeAlias, TypeVar

from msgspec.structs import replace

from sources.keys import CustomerCode, SolutionId
from sources.listing import Listing, Page, select
from sources.projection import wanted
from sources.record import Record
from sources.scope import ALL, Scope
from sources.tmf.collection import Collection
from sources.unplaced import decides_by_solution, only_placed

B = TypeVar("B", bound=Record)

Solutions: TypeAlias = Callable[[CustomerCode, Sequence[B]], Awaitable[Sequence[B]]]
"""Gives the records with the Solutions that they bill, in their order."""

Under: TypeAlias = Callable[
    [CustomerCode, Keys[SolutionId], Awaitable[Sequence[B]]],
    Awaitable[Mapping[str, frozenset[SolutionId]] | None],
]
"""Gives which of these Solutions each record bills, by the record's id, None where that cannot be asked.

What comes last gives all records of the customer: what else a system names is not the customer's.
"""

_EVERY: Final = 10**9

MOST_COUNTED: Final = 1_000
"""Of how many records the Solutions are asked for at most, only to count: of more there is no total."""

_FEWEST: Final = 20
"""Of how many records the Solutions are asked for at least, where these decide which are given."""


class Billed(Generic[B]):
    """A collection whose records are looked into only as far as an answer needs it.

    What a document bills is known by its lines, which are many: they are read of the rows of a page, or,
    where a Scope, a filter or a parent decides by Solutions, of the rows in their order until pages are full.
    """

    def __init__(
        self,
        kind: type[B],
        collection: Collection[Any, B, B],
        solutions: Solutions[B],
        under: Under[B] | None = None,
    ) -> None:
        """Read *collection*, whose records come without their Solutions.

        *solutions* tells those of records, *under* the records of Solutions, where that may be asked.
        """
        self._kind = kind
        self._collection = collection
        self._solutions = solutions
        self._under = under

    async def by_id(self, scope: Scope, ids: Keys[str]) -> Mapping[Any, B]:
        """Give the records with *ids* that *scope* lets through, by id."""
        found = await self._collection.by_id(_whichever(scope), ids)
        rows: Sequence[B] = list(found.values())
        if rows and "solutions" in wanted(self._kind, scope):
            with only_placed(where=decides_by_solution(scope)):
                rows = await self._solutions(scope.customer, rows)
        return {row.id: row for row in rows if row.within(scope)}

    async def pages(
        self, scope: Scope, parent: str, keys: Keys[str], listing: Listing[Any]
    ) -> Mapping[Any, Page[B]]:
        """Give each parent's page; a parent without rows has an empty one.

        There is no total where it takes the Solutions of more than ``MOST_COUNTED`` records.
        """
        open_to_all = scope.solutions is ALL and not scope.ended
        if open_to_all and listing.filter.solution is None and parent != "solutions":
            return await self._filled(scope, await self._collection.pages(scope, parent, keys, listing))
        with only_placed():
            return await self._decided(scope, parent, keys, listing)

    async def _decided(
        self, scope: Scope, parent: str, keys: Keys[str], listing: Listing[Any]
    ) -> Mapping[Any, Page[B]]:
        """Give each parent's page where the Solutions of the records decide what is in it."""
        if parent == "solutions" and self._under is not None and _decides(keys, scope, listing):
            found = await self._of_solutions(scope, keys, listing, self._under)
            if found is not None:
                return found
        candidates = await self._candidates(scope, parent, keys, listing)
        if listing.counted and len({row.id for rows in candidates.values() for row in rows}) > MOST_COUNTED:
            return await self._decided(scope, parent, keys, replace(listing, counted=False))
        return await self._chosen(scope, parent, candidates, listing)

    async def _candidates(
        self, scope: Scope, parent: str, keys: Keys[str], listing: Listing[Any]
    ) -> Mapping[Any, Sequence[B]]:
        """Give all rows that each parent may have for all that is known before their Solutions, in order."""
        asked = replace(
            listing,
            filter=replace(listing.filter, solution=None),
            window=replace(listing.window, limit=_EVERY),
            counted=False,
        )
        if listing.counted:
            asked = replace(asked, window=replace(asked.window, after=None, before=None))
        if parent == "solutions":
            every = await self._collection.pages(_whichever(scope), "customer", [scope.customer], asked)
            return dict.fromkeys(keys, every[scope.customer].rows)
        pages = await self._collection.pages(_whichever(scope), parent, keys, asked)
        return {key: page.rows for key, page in pages.items()}

    async def _of_solutions(
        self, scope: Scope, keys: Keys[str], listing: Listing[Any], under: Under[B]
    ) -> Mapping[Any, Page[B]] | None:
        """Give each Solution's page by what bills it, None where that cannot be asked.

        A row bills those of *keys* that it is under; what else it bills is read only where somebody reads it.
        """
        every = asyncio.ensure_future(self._collection.every(scope.customer))
        solutions = [SolutionId(each) for each in keys]
        billed, rows = await asyncio.gather(under(scope.customer, solutions, every), every)
        if billed is None:
            return None
        chosen: dict[str, list[B]] = {key: [] for key in keys}
        for row in rows:
            own = billed.get(row.id)
            if own:
                known = replace(row, solutions=tuple(sorted(own)))
                for key in own:
                    chosen[key].append(known)
        pages = {key: select(many, scope, listing) for key, many in chosen.items()}
        read = scope.columns is None or "solutions" in scope.columns.get(self._kind, frozenset())
        return await self._filled(scope, pages) if read else pages

    async def _filled(self, scope: Scope, pages: Mapping[Any, Page[B]]) -> Mapping[Any, Page[B]]:
        """Give *pages* with the Solutions of their rows, where they are wanted."""
        rows = {row.id: row for page in pages.values() for row in page.rows}
        if not rows or "solutions" not in wanted(self._kind, scope):
            return pages
        known = {each.id: each for each in await self._solutions(scope.customer, list(rows.values()))}
        return {key: replace(page, rows=[known[row.id] for row in page.rows]) for key, page in pages.items()}

    async def _chosen(
        self, scope: Scope, parent: str, candidates: Mapping[str, Sequence[B]], listing: Listing[Any]
    ) -> Mapping[Any, Page[B]]:
        """Give each parent's page of its *candidates*, looking into no more than it takes, in their order."""
        window, tie = listing.window, self._kind.paths["solutions"]
        step = _EVERY if listing.counted else max(window.limit + 1, _FEWEST)
        known: dict[str, B] = {}
        chosen: dict[str, list[B]] = {key: [] for key in candidates}
        waiting = {key: rows[::-1] if window.backward else rows for key, rows in candidates.items()}
        while waiting:
            looked = {key: rows[:step] for key, rows in waiting.items()}
            new = {row.id: row for rows in looked.values() for row in rows if row.id not in known}
            if new:
                rows = await self._solutions(scope.customer, list(new.values()))
                known |= {each.id: each for each in rows}
            for key, rows in looked.items():
                under = [known[row.id] for row in rows]
                chosen[key] += [each for each in under if parent != "solutions" or tie.holds(each, (key,))]
            pages = {key: select(rows, scope, listing) for key, rows in chosen.items()}
            waiting = {
                key: rows[step:]
                for key, rows in waiting.items()
                if len(rows) > step and not pages[key].has_more
            }
        return {key: select(rows, scope, listing) for key, rows in chosen.items()}


def _decides(keys: Keys[str], scope: Scope, listing: Listing[Any]) -> bool:
    """Tell whether a record that bills one of *keys* is shown under it, whatever else it bills."""
    is_open = scope.solutions is ALL or all(each in scope.solutions for each in keys)
    return is_open and scope.ended.isdisjoint(keys) and listing.filter.solution is None


def _whichever(scope: Scope) -> Scope:
    """Give *scope* without its bounds of Solutions: to find what is then decided by them."""
    return replace(scope, solutions=ALL, ended=frozenset(), settled=frozenset())
