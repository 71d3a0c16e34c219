"""Whose a thing is, whatever was asked for: no row of another tenant, and none that says nothing of it."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sources.http import Answer, Query
from sources.keys import ComponentId, CustomerCode, TicketId
from sources.listing import Listing, Page, Window
from sources.placement import Place
from sources.scope import ALL, Scope
from sources.ticketing import TicketFilter, TicketOrder
from sources.ticketing.tmf import TmfTicketing
from sources.tmf import Related
from sources.tmf.settings import ROLES, Strategy, ThingSettings
from sources.tmf.tenancy import Owners

ACME, OTHER = CustomerCode("acme"), CustomerCode("other")
WHOLE = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
EVERY = Listing(
    filter=TicketFilter(), order=TicketOrder.OPENED_AT_ASC, window=Window(limit=1000), counted=True
)
COMPONENT = ComponentId("R1")


async def parties(customer: CustomerCode) -> frozenset[str]:
    return {"acme": frozenset({"1", "2"}), "other": frozenset({"3"})}.get(customer, frozenset())


class Nowhere:
    """``Placement`` that knows nothing."""

    async def products(self, customer: CustomerCode, products: object) -> dict[str, Place]:
        return {}

    async def components(self, customer: CustomerCode, components: object) -> dict[ComponentId, Place]:
        return {}


@dataclass
class Deaf:
    """An API that gives all it has, whatever it is asked."""

    rows: list[dict[str, Any]]
    system: str = "ticketing"
    asked: list[str] = field(default_factory=list[str])

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Give everything, or the one thing that a path names last, of whichever tenant."""
        self.asked.append(path)
        if path == "troubleTicket":
            return Answer(status=200, body=json.dumps(self.rows).encode(), total=len(self.rows))
        named = [each for each in self.rows if each.get("id") == path[14:]]
        return Answer(status=200, body=json.dumps(named[-1]).encode()) if named else Answer(status=404)


IDS = st.sampled_from(["T1", "T2", "T3", "T4"])
PARTIES = st.sampled_from(["1", "2", "3", 1, 3, "", None, "10", " 1 "])
NAMES = st.sampled_from([*ROLES, "Customer", "seller", "manufacturer", "", None])
REFERENCES = st.fixed_dictionaries({"id": PARTIES}, optional={"@referredType": st.just("Organization")})
FLAT = st.fixed_dictionaries({"id": PARTIES}, optional={"role": NAMES})
NESTED = st.fixed_dictionaries({"partyOrPartyRole": REFERENCES}, optional={"role": NAMES, "id": PARTIES})
RELATED = FLAT | NESTED
TICKETS = st.fixed_dictionaries(
    {"id": IDS, "creationDate": st.just("2026-01-01")},
    optional={
        "relatedParty": st.none() | RELATED | st.lists(st.none() | RELATED, max_size=3),
        "relatedEntity": st.just([{"id": "R1", "@referredType": "Resource"}]),
    },
)


def ours(thing: Any) -> bool:  # noqa: ANN401 - JSON
    """Tell whether *thing* names ACME as the specifications have it, said as plainly as can be."""
    named: Any = thing.get("relatedParty")
    several: list[Any] = [*named] if isinstance(named, list) else [named]
    for each in several:
        if each is None:
            continue
        party = each["partyOrPartyRole"]["id"] if "partyOrPartyRole" in each else each["id"]
        role = (each.get("role") or "").lower()
        if str(party).strip() in {"1", "2"} and role in ROLES:
            return True
    return False


@pytest.mark.parametrize("strategy", Strategy, ids=lambda strategy: strategy.value)
@given(rows=st.lists(TICKETS, max_size=8))
async def test_gives_no_row_of_another_tenant_whatever_a_system_answers(
    strategy: Strategy, rows: list[Any]
) -> None:
    api = Deaf(rows)
    ticketing = TmfTicketing(api, ThingSettings(strategy=strategy), parties, Nowhere())
    latest = {each["id"]: each for each in rows if ours(each)}
    own = set(latest)
    about = {name for name, each in latest.items() if "relatedEntity" in each}
    alone = {name for name, each in {each["id"]: each for each in rows}.items() if ours(each)}

    found = await ticketing.tickets(WHOLE, [TicketId("T1"), TicketId("T2")])
    pages = await ticketing.tickets_by_customer(WHOLE, [ACME, OTHER], EVERY)
    under = await ticketing.tickets_by_component(WHOLE, [COMPONENT], EVERY)

    assert found.keys() == (alone if strategy is Strategy.PARALLEL else own) & {"T1", "T2"}
    assert {each.customer for each in found.values()} <= {ACME}
    assert {each.id for each in pages[ACME].rows} == own
    assert pages[ACME].total == len(own)
    assert pages[OTHER].rows == []
    assert {each.id for each in under[COMPONENT].rows} == about


async def test_does_not_ask_for_a_customer_that_the_system_does_not_know() -> None:
    api = Deaf([{"id": "T1", "creationDate": "2026-01-01", "relatedParty": {"id": "1", "role": "customer"}}])
    ticketing = TmfTicketing(api, ThingSettings(), parties, Nowhere())
    nobody = replace(WHOLE, customer=CustomerCode("nobody"))

    assert await ticketing.tickets(nobody, [TicketId("T1")]) == {}
    assert await ticketing.notes_by_ticket(nobody, [TicketId("T1")]) == {}
    pages = await ticketing.tickets_by_customer(nobody, [nobody.customer], EVERY)

    assert pages == {nobody.customer: Page([], total=0)}
    assert api.asked == []


async def test_tells_the_log_how_many_rows_were_another_tenants_and_nothing_of_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "SECRET-1", "creationDate": "2026-01-01", "relatedParty": {"id": "1", "role": "customer"}},
        {"id": "SECRET-2", "creationDate": "never", "relatedParty": {"id": "1", "role": "customer"}},
        {"name": "SECRET-3"},
    ]
    ticketing = TmfTicketing(Deaf(rows), ThingSettings(), parties, Nowhere())
    other = replace(WHOLE, customer=OTHER)

    await ticketing.tickets_by_customer(other, [OTHER], EVERY)

    assert caplog.messages == [
        "ticketing: of troubleTicket, 2 not of the customer and 1 that cannot be read were left out"
    ]


@pytest.mark.parametrize(
    ("role", "accepted", "owned"),
    [
        ("Customer", ROLES, True),
        ("bill-receiver", ROLES, True),
        ("manufacturer", ROLES, False),
        ("", ROLES, False),
        (None, ROLES, False),
        (None, ("", "customer"), True),
        ("subscriber", ("customer",), False),
    ],
)
def test_a_party_owns_in_the_roles_that_are_set_only(
    role: str | None, accepted: tuple[str, ...], owned: bool
) -> None:
    assert Owners(frozenset({"1"}), accepted).own(Related(id=1, role=role)) is owned
