"""``POST /hub/tmf/{source}``: who is let in, what is understood, what is forgotten."""

import json
from collections.abc import AsyncGenerator, Collection
from typing import Any, Final

import httpx2
import pytest
from starlette.applications import Starlette

from servicespace.hub import MOST_BYTES, MOST_EVENTS, Hubs, Listener, hub_routes
from sources.cache import Uncached
from sources.errors import SourceUnavailableError
from sources.keys import CustomerCode

TOKEN: Final = "a-token-of-twenty-and-more"
OLD_TOKEN: Final = "the-one-before-it-was-changed"


class Noted(Uncached):
    """Notes what is to be forgotten."""

    def __init__(self) -> None:
        self.forgotten: list[tuple[str, str, str | None]] = []
        self.reaches = True

    async def forget(self, source: str, thing: str, customer: CustomerCode | None = None) -> bool:
        self.forgotten.append((source, thing, customer))
        return self.reaches


class Asked:
    """The hub under test."""

    def __init__(self) -> None:
        self.cache = Noted()
        self.fails = False
        listeners = {
            "ticketing": Listener((TOKEN, OLD_TOKEN), ("troubleTicket",)),
            "billing": Listener((TOKEN[::-1],), ("customerBill", "billingAccount")),
            "ordering": Listener((TOKEN,), ("product", "productOffering")),
        }
        routes = hub_routes(Hubs(listeners, self.cache, self.customers_of))
        transport = httpx2.ASGITransport(app=Starlette(routes=routes))
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://test")

    async def customers_of(self, source: str, parties: Collection[str]) -> frozenset[CustomerCode]:
        if self.fails:
            raise SourceUnavailableError("parties")
        known = {("ticketing", "P-1"): "acme", ("ticketing", "7"): "baker", ("ordering", "P-1"): "acme"}
        return frozenset(CustomerCode(known[source, each]) for each in parties if (source, each) in known)

    async def post(self, path: str = f"ticketing/{TOKEN}", body: object = None, **headers: str) -> int:
        """Post an event, and give the status; the answer never has a body."""
        content = body if isinstance(body, bytes) else json.dumps(event() if body is None else body).encode()
        response = await self.client.post(f"/hub/tmf/{path}", content=content, headers=headers)
        assert response.content == b""
        return response.status_code


def event(thing: str = "troubleTicket", kind: str = "troubleTicketStatusChangeEvent", **said: Any) -> Any:  # noqa: ANN401 - JSON
    """Make a notification as TMF630 has it."""
    return {
        "eventId": "1",
        "eventTime": "2026-11-23T14:00:00Z",
        "eventType": kind,
        "event": {thing: {"id": "T1", **said}},
    }


@pytest.fixture
async def asked() -> AsyncGenerator[Asked]:
    hub = Asked()
    yield hub
    await hub.client.aclose()


@pytest.mark.parametrize(
    "party",
    [
        [{"id": "P-1", "role": "customer"}],
        {"id": "P-1"},
        [{"role": "customer", "partyOrPartyRole": {"id": "P-1", "@type": "PartyRef"}}],
        [{"id": "nobody"}, None, {"id": "P-1"}, "odd", {"id": {"odd": 1}}],
    ],
    ids=["version 4", "one where a list belongs", "version 5", "odd ones"],
)
async def test_forgets_that_thing_of_the_customer_that_is_named(asked: Asked, party: object) -> None:
    assert await asked.post(body=event(relatedParty=party)) == 204
    assert asked.cache.forgotten == [("ticketing", "troubleTicket", "acme")]


async def test_forgets_it_of_each_customer_that_is_named(asked: Asked) -> None:
    await asked.post(body=event(relatedParty=[{"id": "P-1"}, {"id": 7}]))

    assert sorted(asked.cache.forgotten) == [
        ("ticketing", "troubleTicket", "acme"),
        ("ticketing", "troubleTicket", "baker"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        event(),
        event(relatedParty=[{"id": "nobody"}]),
        event(relatedParty=[{"id": str(each)} for each in range(101)]),
        {"eventType": "TroubleTicketDeleteEvent"},
        {"eventType": None, "event": {"TroubleTicket": None}},
        {"eventType": "troubleTicketCreateEvent", "event": "https://evil.example/ticket/1"},
    ],
    ids=["no party", "nobody's", "too many", "no thing", "no type", "no object"],
)
async def test_forgets_it_of_all_where_nobody_is_named(asked: Asked, body: object) -> None:
    assert await asked.post(body=body) == 204
    assert asked.cache.forgotten == [("ticketing", "troubleTicket", None)]


async def test_forgets_it_of_all_where_it_cannot_be_told_who_is_named(asked: Asked) -> None:
    asked.fails = True

    assert await asked.post(body=event(relatedParty=[{"id": "P-1"}])) == 204
    assert asked.cache.forgotten == [("ticketing", "troubleTicket", None)]


async def test_takes_the_longest_name_that_a_type_begins_with(asked: Asked) -> None:
    offering: object = {"eventType": "ProductOfferingPriceChangeEvent", "event": {}}

    await asked.post(f"ordering/{TOKEN}", offering)
    await asked.post(f"ordering/{TOKEN}", event("product", "ProductStateChangeEvent"))

    assert asked.cache.forgotten == [("ordering", "productOffering", None), ("ordering", "product", None)]


async def test_takes_several_events_at_once(asked: Asked) -> None:
    assert await asked.post(body=[event(relatedParty={"id": "P-1"}), event()]) == 204
    assert asked.cache.forgotten == [
        ("ticketing", "troubleTicket", "acme"),
        ("ticketing", "troubleTicket", None),
    ]


async def test_an_event_of_what_is_not_kept_changes_nothing(asked: Asked) -> None:
    assert await asked.post(body=event("serviceOrder", "serviceOrderCreateEvent")) == 204
    assert asked.cache.forgotten == []


@pytest.mark.parametrize(
    "path",
    [
        f"ticketing/{TOKEN}",
        f"ticketing/{OLD_TOKEN}",
        f"ticketing/{TOKEN}/listener/troubleTicketStatusChangeEvent",
    ],
)
async def test_lets_in_who_has_a_token_in_the_path(asked: Asked, path: str) -> None:
    assert await asked.post(path) == 204


@pytest.mark.parametrize("path", ["ticketing", "ticketing/listener/troubleTicketStatusChangeEvent"])
async def test_lets_in_who_has_a_bearer_token(asked: Asked, path: str) -> None:
    assert await asked.post(path, authorization=f"bearer {TOKEN}") == 204


@pytest.mark.parametrize(
    ("path", "authorization"),
    [
        ("ticketing", ""),
        ("ticketing", "Bearer "),
        ("ticketing", f"Basic {TOKEN}"),
        ("ticketing", f"Bearer {TOKEN}x"),
        ("ticketing/wrong", ""),
        ("ticketing/%C3%A9%00", ""),
        ("ticketing/listener", ""),
        (f"billing/{TOKEN}", ""),
        ("billing", f"Bearer {TOKEN}"),
    ],
)
async def test_refuses_who_has_none_or_another_source_s(
    asked: Asked, path: str, authorization: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await asked.post(path, authorization=authorization) == 401
    assert asked.cache.forgotten == []
    assert TOKEN not in caplog.text


async def test_a_source_that_nobody_listens_to_is_not_found(asked: Asked) -> None:
    assert await asked.post(f"inventory/{TOKEN}") == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"1", b"[]", b"{}", b"null", b'["a"]', b'[{"event": {}}, {}]', b"[" * 10_000],
)
async def test_refuses_what_is_no_event(asked: Asked, body: bytes) -> None:
    assert await asked.post(body=body) == 400
    assert asked.cache.forgotten == []


@pytest.mark.parametrize(
    "body", [b" " * (MOST_BYTES + 1), [event()] * (MOST_EVENTS + 1)], ids=["size", "number"]
)
async def test_refuses_what_is_too_large(asked: Asked, body: object) -> None:
    assert await asked.post(body=body) == 413
    assert asked.cache.forgotten == []


async def test_asks_to_be_told_again_where_a_replica_could_not_be_reached(asked: Asked) -> None:
    asked.cache.reaches = False

    assert await asked.post() == 503


async def test_takes_only_what_is_posted(asked: Asked) -> None:
    assert (await asked.client.get(f"/hub/tmf/ticketing/{TOKEN}")).status_code == 405


def test_a_token_that_can_be_guessed_is_no_token() -> None:
    with pytest.raises(ValueError, match="at least 20"):
        Listener(("", TOKEN), ())


def test_tokens_are_not_shown() -> None:
    assert TOKEN not in repr(Listener((TOKEN,), ()))
