"""Global ids: what they name, and for whom."""

from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime
from typing import TypeVar

import pytest
from graphql import ExecutionResult
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, feature_of
from resolvers.errors import BadUserInputError, NotFoundError
from resolvers.node import GATES, NAMES, NO_KEY, global_id, key_of, name_of, parse
from sources.billing import (
    BillingAccountRecord,
    BillingAccountStatus,
    BillingDocumentKind,
    BillingDocumentRecord,
    BillingDocumentStatus,
    InvoiceLineKind,
    InvoiceLineRecord,
)
from sources.inventory import ComponentKind, ComponentRecord, ComponentStatus, ManagedBy
from sources.keys import (
    BillingAccountId,
    BillingDocumentId,
    ComponentId,
    CustomerCode,
    InvoiceLineId,
    LocationId,
    ServicePointId,
    SolutionId,
)
from sources.maintenance import MaintenanceEventRecord
from sources.ordering import (
    CustomerRecord,
    LocationRecord,
    Market,
    PortalOption,
    ProductStatus,
    ServicePointRecord,
    SolutionCategory,
    SolutionRecord,
)
from sources.record import Record
from sources.ticketing import (
    TicketRecord,
)
from tests.asking import ask, asked_by, covering
from tests.sources.notices import event
from tests.sources.tickets import ticket
from tests.world import World, user

ACME, BAKER = CustomerCode("acme"), CustomerCode("baker")
S1 = SolutionId("S1")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
EVERYTHING = covering(BILLING=State.ALL, INCIDENTS=State.ALL, INVENTORY=State.ALL, MAINTENANCE=State.ALL)


def document(key: str, kind: BillingDocumentKind) -> BillingDocumentRecord:
    return BillingDocumentRecord(
        customer=ACME,
        id=BillingDocumentId(key),
        number=key,
        kind=kind,
        status=BillingDocumentStatus.SENT,
        issued_on=date(2026, 3, 1),
        currency="EUR",
        tax_included_minor=1,
        solutions=(S1,),
    )


RECORDS: dict[str, Record] = {
    "Customer": CustomerRecord(
        customer=ACME, id="acme", name="Acme", market=Market.INTL, portal_option=PortalOption.LITE
    ),
    "Solution": SolutionRecord(
        customer=ACME,
        id=S1,
        name="One",
        category=SolutionCategory.SDWAN,
        status=ProductStatus.ACTIVE,
        market=Market.INTL,
        ordered_on=date(2026, 3, 1),
    ),
    "ServicePoint": ServicePointRecord(
        customer=ACME, id=ServicePointId("P1"), name="One", status=ProductStatus.ACTIVE, solution=S1
    ),
    "Location": LocationRecord(customer=ACME, id=LocationId("L1"), name="One", country="FR"),
    "BillingAccount": BillingAccountRecord(
        customer=ACME,
        id=BillingAccountId("A1"),
        number="1",
        name="One",
        status=BillingAccountStatus.ACTIVE,
        solutions=(S1,),
    ),
    "Invoice": document("D1", BillingDocumentKind.INVOICE),
    "CreditNote": document("N1", BillingDocumentKind.CREDIT_NOTE),
    "InvoiceLine": InvoiceLineRecord(
        customer=ACME,
        id=InvoiceLineId("D1:1"),
        document=BillingDocumentId("D1"),
        position=1,
        label="One",
        kind=InvoiceLineKind.USAGE,
        currency="EUR",
        solution=S1,
    ),
    "Ticket": ticket(ACME, "T1", solution=S1),
    "Component": ComponentRecord(
        customer=ACME,
        id=ComponentId("C1"),
        name="One",
        kind=ComponentKind.SWITCH,
        status=ComponentStatus.AVAILABLE,
        solution=S1,
        managed_by=ManagedBy.OPERATOR,
        updated_at=NOW,
    ),
    "MaintenanceEvent": event(ACME, "M1"),
}
"""One record of each type that a global id may name."""


@pytest.fixture
async def world() -> World:
    """Give systems that hold one record of each type."""
    made = World()
    made.ordering.customer_shelf.save([pick("Customer", CustomerRecord)])
    made.ordering.solution_shelf.save([pick("Solution", SolutionRecord)])
    made.ordering.service_point_shelf.save([pick("ServicePoint", ServicePointRecord)])
    made.ordering.location_shelf.save([pick("Location", LocationRecord)])
    made.billing.account_shelf.save([pick("BillingAccount", BillingAccountRecord)])
    await made.billing.save_documents(
        [pick(each, BillingDocumentRecord) for each in ("Invoice", "CreditNote")]
    )
    await made.billing.save_lines([pick("InvoiceLine", InvoiceLineRecord)])
    await made.ticketing.save_tickets([pick("Ticket", TicketRecord)])
    await made.inventory.save_components([pick("Component", ComponentRecord)])
    await made.maintenance.save_events([pick("MaintenanceEvent", MaintenanceEventRecord)])
    return made


R = TypeVar("R", bound=Record)


def pick(name: str, kind: type[R]) -> R:
    """Give the record of a type."""
    record = RECORDS[name]
    assert isinstance(record, kind)
    return record


def named(name: str, key: str) -> str:
    """Give the global id of anything."""
    return urlsafe_b64encode(f"{name}:{key}".encode()).decode().rstrip("=")


async def look_up(
    world: World, text: str, coverage: Coverage = EVERYTHING, customer: str = "acme"
) -> ExecutionResult:
    context = asked_by(user(1, "ann", customer), coverage, world)
    return await ask(context, "query ($id: ID!) { node(id: $id) { __typename id } }", {"id": text})


def errors(found: ExecutionResult) -> list[tuple[type, list[str | int] | None]]:
    return [(type(each.original_error), each.path) for each in found.errors or ()]


def test_has_a_record_and_a_gate_for_each_type() -> None:
    assert set(GATES) == set(RECORDS)
    assert set(NAMES.values()) | {"Invoice", "CreditNote"} == set(RECORDS)


@pytest.mark.parametrize("name", RECORDS)
def test_an_id_names_the_type_and_the_key_of_its_record(name: str) -> None:
    record = RECORDS[name]

    assert name_of(record) == name
    assert parse(global_id(record)) == (name, record.id)


@given(
    st.sampled_from(sorted(GATES)),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1),
)
def test_an_id_gives_back_any_key(name: str, key: str) -> None:
    assert parse(named(name, key)) == (name, key)
    assert key_of(name, named(name, key)) == key


@given(st.text() | st.binary().map(lambda junk: urlsafe_b64encode(junk).decode()))
def test_junk_is_no_id_or_one_with_a_key(text: str) -> None:
    found = parse(text)

    assert found is None or (found[1] != "" and "\x00" not in found[1])


@pytest.mark.parametrize(
    "text", ["", "A", "?", "é", "\ud800", named("Ticket", ""), named("Ticket", "T\x001"), "VGlja2V0", "__79"]
)
def test_takes_no_id_from_what_is_none(text: str) -> None:
    assert parse(text) is None
    assert key_of("Ticket", text) == NO_KEY


def test_an_id_of_another_type_has_no_key() -> None:
    assert key_of("Component", named("Ticket", "T1")) == NO_KEY


@pytest.mark.parametrize("name", RECORDS)
async def test_finds_each_type_again(world: World, name: str) -> None:
    found = await look_up(world, global_id(RECORDS[name]))

    assert found.data == {"node": {"__typename": name, "id": global_id(RECORDS[name])}}
    assert found.errors is None


@pytest.mark.parametrize("name", RECORDS)
async def test_what_another_customer_has_is_told_like_what_nobody_has(world: World, name: str) -> None:
    foreign = await look_up(world, global_id(RECORDS[name]), customer="baker")
    made_up = await look_up(world, named(name, "made-up"), customer="baker")

    assert foreign.data == made_up.data == {"node": None}
    assert errors(foreign) == errors(made_up) == [(NotFoundError, ["node"])]
    assert [each.message for each in foreign.errors or ()] == [each.message for each in made_up.errors or ()]


@pytest.mark.parametrize("text", ["", "junk", named("Secret", "1"), named("Query", "1"), "x" * 5_000])
async def test_what_is_no_id_is_told_like_what_nobody_has(world: World, text: str) -> None:
    found = await look_up(world, text)

    assert (found.data, errors(found)) == ({"node": None}, [(NotFoundError, ["node"])])
    assert world.calls == []


@pytest.mark.parametrize(("name", "key"), [("Invoice", "N1"), ("CreditNote", "D1")])
async def test_an_id_of_the_other_type_of_the_same_record_finds_nothing(
    world: World, name: str, key: str
) -> None:
    found = await look_up(world, named(name, key))

    assert (found.data, errors(found)) == ({"node": None}, [(NotFoundError, ["node"])])


@pytest.mark.parametrize(
    ("name", "feature"),
    [(name, feature_of(gate).value) for name, gate in GATES.items() if gate is not ALWAYS],
)
async def test_a_type_that_is_not_covered_is_null_and_never_looked_for(
    world: World, name: str, feature: str
) -> None:
    context = asked_by(user(1, "ann", "acme"), covering(), world)

    found = await ask(
        context, "query ($id: ID!) { it: node(id: $id) { id } }", {"id": global_id(RECORDS[name])}
    )

    assert (found.data, found.errors, world.calls) == ({"it": None}, None, [])
    assert context.hidden is not None
    assert [(each["coordinate"], each["paths"], each["feature"]) for each in context.hidden.entries()] == [
        (name, ["it"], feature)
    ]


async def test_what_a_solution_does_not_cover_is_told_like_what_nobody_has(world: World) -> None:
    found = await look_up(world, global_id(RECORDS["Ticket"]), covering(INCIDENTS={"S2"}))

    assert (found.data, errors(found)) == ({"node": None}, [(NotFoundError, ["node"])])


async def test_what_lies_outside_the_users_data_scope_is_told_like_what_nobody_has(world: World) -> None:
    context = asked_by(replace(user(1, "ann", "acme"), solutions=frozenset({"S2"})), EVERYTHING, world)

    found = await ask(
        context, "query ($id: ID!) { node(id: $id) { id } }", {"id": global_id(RECORDS["Solution"])}
    )

    assert (found.data, errors(found)) == ({"node": None}, [(NotFoundError, ["node"])])


MANY = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }"


async def test_gives_many_in_their_order_each_with_its_own_fate(world: World) -> None:
    await world.ticketing.save_tickets([ticket(ACME, "T2", solution=S1), ticket(BAKER, "T9", solution=S1)])
    context = asked_by(user(1, "ann", "acme"), covering(INCIDENTS=State.ALL), world)
    ids = [
        named("Ticket", "T2"),
        named("Ticket", "T9"),
        named("Component", "C1"),
        "junk",
        named("Ticket", "T1"),
        named("Location", "L1"),
    ]

    found = await ask(context, MANY, {"ids": ids})

    assert found.data == {
        "nodes": [
            {"__typename": "Ticket"},
            None,
            None,
            None,
            {"__typename": "Ticket"},
            {"__typename": "Location"},
        ]
    }
    assert errors(found) == [(NotFoundError, ["nodes", 1]), (NotFoundError, ["nodes", 3])]
    assert world.calls == ["ordering.locations 1", "ticketing.tickets 3"]
    assert context.hidden is not None
    assert [(each["coordinate"], each["paths"]) for each in context.hidden.entries()] == [
        ("Component", ["nodes.@"])
    ]


async def test_takes_100_ids_at_once_and_no_more(world: World) -> None:
    context = asked_by(user(1, "ann", "acme"), EVERYTHING, world)

    most = await ask(context, MANY, {"ids": [named("Ticket", "T1")] * 100})
    more = await ask(asked_by(world=world), MANY, {"ids": [named("Ticket", "T1")] * 101})

    assert most.errors is None
    assert more.data == {"nodes": None}
    assert more.errors is not None
    error = more.errors[0].original_error
    assert isinstance(error, BadUserInputError)
    assert error.extensions == {"path": ["ids"], "rule": "LIST_SIZE"}
