"""``POST /hub/tmf/{source}``: systems behind us notify of what changed, and what is kept of it is forgotten.

TM Forum's APIs have a hub each, at which a listener registers an address (TMF630, "Event Management"). Many
hubs can add nothing to that address but what it says itself: so the token comes as a bearer token, or as the
last part of the path. What a notification says is never taken over; it is a reason to ask again.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hmac import compare_digest
from logging import getLogger
from typing import Final, TypeAlias, cast

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from servicespace.errors import RefusedError
from servicespace.request import read_body
from sources.cache import Cache
from sources.errors import SourceError
from sources.keys import CustomerCode

MOST_BYTES: Final = 1_048_576
"""How large a notification may be: it holds the whole thing, with its notes."""
MOST_EVENTS: Final = 100
MOST_PARTIES: Final = 100
"""How many parties of one event are looked up; with more, it is taken as if it named none."""
SHORTEST: Final = 20
"""How many characters a token has at least."""
_SECONDS: Final = 10.0
_NO_STORE: Final = {"Cache-Control": "no-store"}

_log = getLogger(__name__)

_Thing: TypeAlias = Mapping[str, object]

CustomersOf: TypeAlias = Callable[[str, Collection[str]], Awaitable[frozenset[CustomerCode]]]
"""Gives the customers that a source calls by these party ids; those that are nobody's are left out."""


@dataclass(frozen=True, slots=True)
class Listener:
    """What listens to one source: its *tokens*, and TM Forum's names of the *things* that are kept of it."""

    tokens: Sequence[str] = field(repr=False)
    things: Collection[str]

    def __post_init__(self) -> None:
        """Refuse tokens that can be guessed; raises ``ValueError``."""
        if any(len(each) < SHORTEST for each in self.tokens):
            raise ValueError(f"a token has at least {SHORTEST} characters")


@dataclass(slots=True)
class Hubs:
    """Who listens to which source, and what is done about what they hear; filled when the store is open."""

    listeners: Mapping[str, Listener] = field(default_factory=dict[str, Listener])
    cache: Cache | None = None
    customers_of: CustomersOf | None = None


def hub_routes(hubs: Hubs) -> list[BaseRoute]:
    """Give ``/hub/tmf/{source}``, with or without a token, and what hubs append of themselves."""
    hear = partial(_hear, hubs)
    paths = ("", "/{token}", "/listener/{event}", "/{token}/listener/{event}")
    return [Route(f"/hub/tmf/{{source}}{each}", hear, methods=["POST"]) for each in paths]


async def _hear(hubs: Hubs, request: Request) -> Response:
    """Answer a notification: 204, or why it is not taken, without a word on whose it is."""
    source = request.path_params["source"]
    listener = hubs.listeners.get(source)
    if listener is None:
        return Response(status_code=404, headers=_NO_STORE)
    if not _is_let_in(listener, request):
        headers = {**_NO_STORE, "WWW-Authenticate": "Bearer"}
        return Response(status_code=401, headers=headers)
    try:
        events = _events(await read_body(request, MOST_BYTES, _SECONDS))
    except RefusedError as error:
        return Response(status_code=error.status, headers={**_NO_STORE, **error.headers})
    except ClientDisconnect:
        return Response(status_code=400, headers=_NO_STORE)
    done = [await _forget(hubs, source, listener, each) for each in events]
    return Response(status_code=204 if all(done) else 503, headers=_NO_STORE)


def _is_let_in(listener: Listener, request: Request) -> bool:
    """Tell whether a request has a token, comparing all in a time that says nothing of them."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    shown = [request.path_params.get("token", ""), bearer.strip() if scheme.lower() == "bearer" else ""]
    same = [
        compare_digest(one.encode("utf-8", "surrogatepass"), each.encode())
        for each in listener.tokens
        for one in shown
    ]
    return any(same)


def _events(body: bytes) -> Sequence[_Thing]:
    """Read one notification or several; raises ``RefusedError`` where that is none."""
    try:
        found: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise RefusedError(400, "The body is not JSON in UTF-8.") from None
    events = _objects(found)
    if not events or not all(each.keys() & {"event", "eventType"} for each in events):
        raise RefusedError(400, "The body is no event.")
    if len(events) > MOST_EVENTS:
        raise RefusedError(413, f"There are more than {MOST_EVENTS} events.")
    return events


async def _forget(hubs: Hubs, source: str, listener: Listener, event: _Thing) -> bool:
    """Forget what *event* may have changed; False where that did not reach everybody."""
    brought = _objects(event.get("event"))
    resources = {name: each for one in brought for name, each in one.items()}
    named = _things(event.get("eventType"), resources, listener.things)
    if hubs.cache is None or hubs.customers_of is None or not named:
        return True
    customers = await _customers(hubs.customers_of, source, resources.values())
    _log.info("%s notifies of %s", source, ", ".join(named))
    return all(
        [await hubs.cache.forget(source, thing, who) for thing in named for who in customers or (None,)]
    )


async def _customers(
    customers_of: CustomersOf, source: str, resources: Iterable[object]
) -> frozenset[CustomerCode]:
    """Give the customers that *resources* name as related parties; none where that cannot be told."""
    related = [each for one in resources for it in _objects(one) for each in _objects(it.get("relatedParty"))]
    nested = [each for one in related for each in _objects(one.get("partyOrPartyRole"))]
    ids = frozenset(str(each["id"]) for each in (*related, *nested) if isinstance(each.get("id"), str | int))
    if not ids or len(ids) > MOST_PARTIES:
        return frozenset()
    try:
        return await customers_of(source, ids)
    except SourceError as error:
        _log.warning("whom %s notifies of cannot be told: %s", source, error)
        return frozenset()


def _things(event_type: object, resources: Collection[str], kept: Collection[str]) -> Sequence[str]:
    """Give the names of what an event is of: the longest that its type begins with, and those it brings."""
    said = event_type.casefold() if isinstance(event_type, str) else ""
    begun = sorted((each for each in kept if said.startswith(each.casefold())), key=len)
    brought = {each.casefold() for each in resources}
    return list(dict.fromkeys([*begun[-1:], *(each for each in kept if each.casefold() in brought)]))


def _objects(value: object) -> Sequence[_Thing]:
    """Give the objects of JSON in *value*, which may be one, or a list of them."""
    every = cast("list[object]", value) if isinstance(value, list) else [value]
    return [cast("_Thing", each) for each in every if isinstance(each, dict)]
