"""What the systems that are not embedded are like: each is asked a few questions, under no customer.

What comes back is counted and forgotten: no row of it is told.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any, Final, cast
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from servicespace.upstreams.api import APIS
from servicespace.upstreams.settings import Secrets, Upstream
from servicespace.upstreams.wiring import MakeApi
from sources.errors import SourceError
from sources.http import Answer, Api, Query
from sources.http.client import HttpApi
from sources.tmf.asking import askable, path_of, query_for
from sources.tmf.settings import Strategy, Version

_FEW: Final = 5
"""How many things are asked for, of which two are asked for again by their ids."""
_PAIR: Final = 2
_BY_IDS: Final = (Strategy.COMMA_OR, Strategy.JSONPATH, Strategy.PARALLEL)
_FOUND: Final = frozenset({200, 206})

_SIGNS: Final[Mapping[Version, Callable[[Mapping[str, Any]], bool]]] = {
    Version.V4: lambda each: (
        bool({"externalId", "statusChange"} & each.keys())
        or any("id" in named for named in _named(each, "relatedParty", "relatedEntity"))
    ),
    Version.V5: lambda each: (
        bool({"externalIdentifier", "statusChangeHistory"} & each.keys())
        or any(
            {"partyOrPartyRole", "entity"} & named.keys()
            for named in _named(each, "relatedParty", "relatedEntity")
        )
    ),
}
"""By what a thing shows which version it is of (domain.md section 5, traps 12 and 14)."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What an upstream is like; what could not be told is None.

    ``fault`` says why it cannot be used. ``rows`` is how many things the first answer had, ``versions`` those
    that they look like. ``filters`` tells whether what no thing is gives nothing, ``totals`` whether the
    numbers of rows that it says can be right, ``strategies`` by which several things are had by their ids.
    """

    upstream: str
    url: str
    version: Version
    strategy: Strategy
    fault: str | None = None
    status: int | None = None
    milliseconds: float | None = None
    rows: int | None = None
    versions: Sequence[Version] = ()
    filters: bool | None = None
    totals: bool | None = None
    strategies: Sequence[Strategy] | None = None

    @property
    def reachable(self) -> bool:
        """Whether it answers as it is agreed."""
        return self.fault is None


async def examine(
    upstreams: Sequence[Upstream], secrets: Secrets, *, seconds: float, make: MakeApi = HttpApi
) -> Sequence[Finding]:
    """Give what each of *upstreams* is like, all asked at once, in *seconds* at most."""
    return await asyncio.gather(*(_within(seconds, each, secrets, make) for each in upstreams))


async def _within(seconds: float, upstream: Upstream, secrets: Secrets, make: MakeApi) -> Finding:
    finding = Finding(
        upstream=upstream.name,
        url=upstream.url,
        version=upstream.things.version,
        strategy=upstream.things.strategy,
    )
    once = replace(upstream, retries=0, hedge=False)
    try:
        async with asyncio.timeout(seconds), make(once, secrets.of(upstream)) as api:
            return await _examined(finding, api, APIS[upstream.api].collection)
    except TimeoutError:
        return replace(finding, fault=f"no answers in {seconds:g} s")
    except SourceError as error:
        return replace(finding, fault=str(error).removeprefix(f"{error.system}: "))


async def _examined(finding: Finding, api: Api, collection: str) -> Finding:
    """Ask all questions; raises ``SourceError`` where the first of them fails."""
    began = perf_counter()
    first = await api.get(collection, [("limit", str(_FEW))])
    milliseconds = (perf_counter() - began) * 1_000
    finding = replace(finding, status=first.status, milliseconds=round(milliseconds, 1))
    if first.status not in _FOUND:
        return replace(finding, fault=f"there is no {collection} below the URL")
    things = _things(first)
    if things is None:
        return replace(finding, fault="the answer is no list of things")
    none = await _asked(api, collection, [("id", f"none-{uuid4()}")])
    empty = None if none is None else _things(none)
    ids = askable([str(each["id"]) for each in things if each.get("id") is not None])[:_PAIR]
    return replace(
        finding,
        rows=len(things),
        versions=[each for each, shows in _SIGNS.items() if any(map(shows, things))],
        filters=not empty if things and empty is not None else None,
        totals=_are_right(first, len(things), none),
        strategies=await _working(api, collection, ids) if len(ids) == _PAIR else None,
    )


async def _asked(api: Api, path: str, query: Query = ()) -> Answer | None:
    """Give the answer, None where this question is refused or fails: the others may go well."""
    try:
        return await api.get(path, query)
    except SourceError:
        return None


async def _working(api: Api, collection: str, ids: Sequence[str]) -> Sequence[Strategy]:
    return [each for each in _BY_IDS if await _works(each, api, collection, ids)]


async def _works(strategy: Strategy, api: Api, collection: str, ids: Sequence[str]) -> bool:
    """Tell whether exactly the things with *ids* are had by *strategy*."""
    if strategy is Strategy.PARALLEL:
        answers = [await _asked(api, path_of(collection, each)) for each in ids]
    else:
        answers = [await _asked(api, collection, [query_for(ids, strategy)])]
    had = [each for answer in answers for each in (_things(answer) if answer else None) or ()]
    return sorted(str(each.get("id")) for each in had) == sorted(ids)


def _are_right(first: Answer, rows: int, none: Answer | None) -> bool | None:
    """Tell whether the totals said can be right: of things that there are, and of what no thing is."""
    if first.total is None or none is None or none.total is None:
        return None
    return first.total >= rows and none.total == 0


def _things(answer: Answer) -> Sequence[Mapping[str, Any]] | None:
    """Give the things in *answer*, one object as a list of one; None where it is neither."""
    if answer.status not in _FOUND:
        return ()
    try:
        found = msgspec.json.decode(answer.body)
    except (msgspec.MsgspecError, RecursionError):
        return None
    several = cast("list[object]", found) if isinstance(found, list) else [found]
    return [cast("Mapping[str, Any]", each) for each in several if isinstance(each, dict)]


def _named(thing: Mapping[str, Any], *names: str) -> Iterator[Mapping[str, Any]]:
    """Give what *thing* refers to under *names*."""
    for name in names:
        value = thing.get(name)
        for each in cast("list[object]", value) if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield cast("Mapping[str, Any]", each)
