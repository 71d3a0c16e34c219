"""Ids in filters: an object that the asker does not see is worth as much as one that there is not."""

from collections.abc import Mapping, Sequence
from functools import partial, update_wrapper
from typing import Any, Final

from msgspec.structs import replace

from auth.feature import Gate
from resolvers.batch import BatchResolver
from resolvers.context import Context, Info
from resolvers.node import loader
from sources.listing import F, Listing
from sources.scope import ALL

JUDGED: Final = frozenset({"Solution", "Component", "ServicePoint"})
"""The types of objects that a row may be tied to although the asker does not see them.

A row that is tied to an object of another type shows only where that object does.
"""


def judging(batch: BatchResolver, gate: Gate, ids: Mapping[str, str]) -> BatchResolver:
    """Have *batch*, whose rows *gate* opens, take a listing with the ids only that the asker sees.

    *ids* gives the type of the ids in each field of the filter.
    """
    return update_wrapper(partial(_ask, batch, gate, ids), batch)


async def _ask(
    batch: BatchResolver,
    gate: Gate,
    ids: Mapping[str, str],
    parents: Sequence[Any],
    info: Info,
    listing: Listing[Any],
) -> Sequence[Any]:
    return await batch(parents, info, listing=await _judged(info.context, gate, ids, listing))


async def _judged(context: Context, gate: Gate, ids: Mapping[str, str], listing: Listing[F]) -> Listing[F]:
    kept: dict[str, frozenset[str]] = {}
    for name, kind in ids.items():
        keys: frozenset[str] | None = getattr(listing.filter, name)
        if keys and kind == "Solution":
            kept[name] = _shown(context, gate, keys)
        elif keys:
            kept[name] = await _looked_up(context, gate, kind, keys)
    return replace(listing, filter=replace(listing.filter, **kept)) if kept else listing


def _shown(context: Context, gate: Gate, keys: frozenset[str]) -> frozenset[str]:
    """Give the Solutions among *keys* that *gate* shows rows of."""
    scope = context.scope(gate)
    return (keys if scope.solutions is ALL else keys & scope.solutions) - scope.ended


async def _looked_up(context: Context, gate: Gate, kind: str, keys: frozenset[str]) -> frozenset[str]:
    """Give the objects among *keys* that the asker sees, and that *gate* shows rows of."""
    named = sorted(keys)
    found = await loader(context, kind).inside(context.scope(gate)).load_many(named)
    return frozenset(key for key, record in zip(named, found, strict=True) if record is not None)
