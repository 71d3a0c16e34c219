"""TM Forum's JSON, taken into a store."""

from datetime import date
from pathlib import Path

import pytest

from servicespace.intake.stores import UnknownCustomerError
from servicespace.intake.tmf import import_tmf, tmf_files
from sources.billing import BillingDocumentStatus
from sources.errors import SourceUnavailableError
from sources.inventory import Exclusion
from sources.keys import (
    BillingAccountId,
    BillingDocumentId,
    ComponentId,
    CustomerCode,
    InvoiceLineId,
    ServicePointId,
    SolutionId,
    TicketId,
)
from sources.ordering import Market, SolutionCategory
from tests.servicespace.intake import ACME, LATER, TICKET, Opened, counts, reasons, save_customer

BUNDLE = """{"@type": "Product", "id": "S1", "name": "Voice", "isBundle": true, "orderDate": "2020-01-01",
    "productOffering": {"name": "Business Talk"}, "product": [{"id": "P1", "href": "http://localhost:8000/P9"}]}"""
PART = """{"@type": "Product", "id": "P1", "name": "Trunk", "status": "active", "place": [{"id": "L1"}],
    "billingAccount": {"id": "A1", "name": "Main"}, "realizingResource": [{"id": "R1"}, {"id": "R9"}]}"""
RESOURCE = '{"@type": "LogicalResource", "id": "R1", "name": "SIP trunk", "resourceStatus": "available"}'
BILL = """{"@type": "CustomerBill", "id": "B1", "billDate": "2020-02-01", "state": "sent",
    "billingAccount": {"id": "A1"}, "taxIncludedAmount": {"unit": "EUR", "value": 50.00}}"""
RATE = """{"@type": "AppliedCustomerBillingRate", "id": "L1", "name": "Rent", "bill": {"id": "B1"},
    "product": {"id": "P1"}, "taxExcludedAmount": {"unit": "EUR", "value": 40.00}}"""
DISPUTE = """{"@type": "TroubleTicket", "id": "T2", "name": "Too much", "creationDate": "2020-02-02",
    "relatedEntity": [{"role": "disputedBill", "entity": {"id": "B1", "@referredType": "CustomerBill"}}]}"""
EVERYTHING = [BUNDLE, PART, RESOURCE, BILL, RATE, TICKET, DISPUTE]


async def check_everything(store: Opened) -> None:
    """Check that the things of EVERYTHING know one another."""
    scope, stores = store.stores.everything, store.stores
    solutions = await stores.ordering.solutions(scope, [SolutionId("S1"), SolutionId("P1")])
    assert [(each.id, each.category, each.market) for each in solutions.values()] == [
        ("S1", SolutionCategory.BUSINESS_TALK, Market.FR)
    ]
    (service_point,) = (await stores.ordering.service_points(scope, [ServicePointId("P1")])).values()
    assert (service_point.solution, service_point.location) == ("S1", "L1")
    (component,) = (await stores.inventory.components(scope, [ComponentId("R1")])).values()
    assert (component.service_point, component.solution, component.location) == ("P1", "S1", "L1")
    (line,) = (await stores.billing.lines(scope, [InvoiceLineId("L1")])).values()
    assert (line.document, line.document_status) == ("B1", BillingDocumentStatus.SENT)
    assert (line.service_point, line.solution, line.position, line.account) == ("P1", "S1", 1, "A1")
    (document,) = (await stores.billing.documents(scope, [BillingDocumentId("B1")])).values()
    assert (document.solutions, document.tax_included_minor) == (("S1",), 5000)
    (account,) = (await stores.billing.billing_accounts(scope, [BillingAccountId("A1")])).values()
    assert account.solutions == ("S1",)
    tickets = await stores.ticketing.tickets(scope, [TicketId("T1"), TicketId("T2")])
    ticket = tickets[TicketId("T1")]
    assert (ticket.component, ticket.service_point, ticket.solution) == ("R1", "P1", "S1")
    assert (tickets[TicketId("T2")].document, tickets[TicketId("T2")].solution) == ("B1", "S1")
    notes = await stores.ticketing.notes_by_ticket(scope, [TicketId("T1")])
    assert [(note.text, note.solution) for note in notes[TicketId("T1")]] == [("Hello", "S1")]


@pytest.mark.parametrize("step", [1, -1])
async def test_what_refers_to_what_is_found_whatever_the_order_of_the_files(store: Opened, step: int) -> None:
    report = await store.tmf({f"{number}.json": text for number, text in enumerate(EVERYTHING[::step])})

    assert report.totals() == "9 taken in, 0 updated, 0 unchanged, 0 left out, 0 quarantined."
    await check_everything(store)


@pytest.mark.parametrize(
    "order",
    [
        [RESOURCE, BUNDLE + "," + PART, BILL, RATE, TICKET, DISPUTE],
        [TICKET, RATE, RESOURCE, BILL, BUNDLE + "," + PART, DISPUTE],
        [RATE, TICKET, BILL, RESOURCE, PART + "," + BUNDLE, DISPUTE],
    ],
)
async def test_a_later_import_brings_what_an_earlier_one_named(store: Opened, order: list[str]) -> None:
    for text in order:
        await store.tmf({"a.json": f"[{text}]"})

    await check_everything(store)


async def test_running_an_import_twice_changes_nothing(store: Opened) -> None:
    await store.tmf({"all.json": f"[{','.join(EVERYTHING)}]"})

    report = await store.tmf({"all.json": f"[{','.join(EVERYTHING)}]"}, LATER)

    assert report.totals() == "0 taken in, 0 updated, 9 unchanged, 0 left out, 0 quarantined."
    await check_everything(store)


async def test_links_stay_when_a_thing_comes_again_alone(store: Opened) -> None:
    await store.tmf({"all.json": f"[{','.join(EVERYTHING)}]"})

    for text in EVERYTHING:
        report = await store.tmf({"again.json": text}, LATER)
        assert (report.total.saved.taken_in, report.total.saved.updated) == (0, 0)

    await check_everything(store)


async def test_tells_what_is_updated(store: Opened) -> None:
    await store.tmf({"a.json": RESOURCE, "b.json": TICKET})

    report = await store.tmf(
        {"a.json": RESOURCE.replace("available", "alarm"), "b.json": TICKET.replace("Down", "Up")}, LATER
    )

    (component,) = (
        await store.stores.inventory.components(store.stores.everything, [ComponentId("R1")])
    ).values()
    assert counts(report) == {
        ("a.json", "component"): "1 updated",
        ("b.json", "ticket"): "1 updated",
        ("b.json", "note"): "1 unchanged",
    }
    assert component.updated_at == LATER


async def test_what_is_about_a_solution_itself_has_no_service_point(store: Opened) -> None:
    ticket = DISPUTE.replace(
        '"id": "B1", "@referredType": "CustomerBill"', '"id": "S1", "@referredType": "Product"'
    )

    await store.tmf({"a.json": f"[{BUNDLE}, {RATE.replace('P1', 'S1')}, {BILL}, {ticket}]"})

    (line,) = await store.stores.billing.known_lines(ACME, [InvoiceLineId("L1")])
    tickets = await store.stores.ticketing.tickets(store.stores.everything, [TicketId("T2")])
    assert (line.service_point, line.solution) == (None, "S1")
    assert (tickets[TicketId("T2")].service_point, tickets[TicketId("T2")].solution) == (None, "S1")


async def test_a_line_may_bill_no_product(store: Opened) -> None:
    await store.tmf({"a.json": f"[{RATE.replace('P1', '')}, {BILL}]"})

    (line,) = await store.stores.billing.known_lines(ACME, [InvoiceLineId("L1")])
    (document,) = await store.stores.billing.known_documents(ACME, [BillingDocumentId("B1")])
    assert (line.service_point, line.solution, document.solutions) == (None, None, ())


async def test_a_part_that_is_sent_inside_its_bundle_is_taken_in_too(store: Opened) -> None:
    inside = BUNDLE.replace(
        '"href": "http://localhost:8000/P9"', '"status": "suspended", "place": {"id": "L7"}'
    )
    ticket = DISPUTE.replace(
        '"id": "B1", "@referredType": "CustomerBill"', '"id": "P1", "@referredType": "Product"'
    )

    report = await store.tmf({"a.json": inside, "b.json": ticket})

    tickets = await store.stores.ticketing.tickets(store.stores.everything, [TicketId("T2")])
    assert counts(report)["a.json", "service point"] == "1 taken in"
    assert tickets[TicketId("T2")].location == "L7"


async def test_a_part_has_what_its_own_file_says(store: Opened) -> None:
    inside = BUNDLE.replace('"href": "http://localhost:8000/P9"', '"status": "suspended"')

    await store.tmf({"a.json": PART, "b.json": inside})

    found = await store.stores.ordering.service_points(store.stores.everything, [ServicePointId("P1")])
    assert [(each.name, each.raw_status) for each in found.values()] == [("Trunk", "active")]


async def test_lines_of_a_document_keep_their_places(store: Opened) -> None:
    await store.tmf({"a.json": f"[{RATE.replace('L1', 'L2')}, {RATE.replace('L1', 'L5')}, {BILL}]"})

    await store.tmf({"b.json": f"[{RATE}, {RATE.replace('L1', 'L9')}, {RATE.replace('L1', 'L5')}]"})

    lines = await store.stores.billing.known_lines_by_document(ACME, [BillingDocumentId("B1")])
    assert {line.id: line.position for line in lines} == {"L2": 1, "L5": 2, "L1": 3, "L9": 4}


async def test_a_line_stands_where_its_rate_says(store: Opened) -> None:
    said = RATE.replace('"Rent"', '"Rent", "characteristic": {"name": "position", "value": 7}')

    await store.tmf({"a.json": f"[{said}, {RATE.replace('L1', 'L2')}, {BILL}]"})

    lines = await store.stores.billing.known_lines_by_document(ACME, [BillingDocumentId("B1")])
    assert {line.id: line.position for line in lines} == {"L1": 7, "L2": 8}


async def test_the_later_of_two_files_with_one_id_stands(store: Opened) -> None:
    report = await store.tmf({"b.json": RESOURCE.replace("SIP", "H.323"), "a/x.json": RESOURCE})

    (component,) = (
        await store.stores.inventory.components(store.stores.everything, [ComponentId("R1")])
    ).values()
    assert component.name == "H.323 trunk"
    assert reasons(report) == {"a/x.json": "R1: given again in b.json"}


async def test_a_product_that_the_customer_may_not_see_is_left_out_and_taken_away(store: Opened) -> None:
    await store.tmf({"a.json": PART})

    report = await store.tmf({"b.json": PART.replace('"id": "P1"', '"id": "P1", "isCustomerVisible": false')})

    scope = store.stores.everything
    assert reasons(report) == {"b.json": "P1: isCustomerVisible is false"}
    assert await store.stores.ordering.service_points(scope, [ServicePointId("P1")]) == {}
    assert await store.stores.ordering.solutions(scope, [SolutionId("P1")]) == {}


async def test_a_cascaded_router_is_excluded_whichever_comes_first(store: Opened) -> None:
    outer = '{"@type": "Resource", "id": "R1", "name": "CE router"}'
    inner = """{"@type": "Resource", "id": "R2", "name": "CE router", "resourceRelationship":
        [{"relationshipType": "reliesOn", "resource": {"id": "R1"}}]}"""
    await store.tmf({"a.json": inner})
    before = await store.stores.inventory.known(ACME, [ComponentId("R2")])

    report = await store.tmf({"b.json": outer})

    after = await store.stores.inventory.known(ACME, [ComponentId("R2")])
    assert before[ComponentId("R2")].exclusion is None
    assert after[ComponentId("R2")].exclusion is Exclusion.CASCADED_ROUTER
    assert counts(report) == {
        ("b.json", "component"): "1 taken in",
        ("(in the store)", "component"): "1 updated",
    }


async def test_core_equipment_stays_excluded_when_others_change(store: Opened) -> None:
    core = '{"@type": "Resource", "id": "R1", "name": "PE router", "category": "backbone"}'
    port = """{"@type": "Resource", "id": "R2", "name": "PE port", "resourceRelationship":
        [{"relationshipType": "contains", "resource": {"id": "R1"}}]}"""
    await store.tmf({"a.json": core})

    await store.tmf({"b.json": port})

    found = await store.stores.inventory.known(ACME, [ComponentId("R1"), ComponentId("R2")])
    assert (found[ComponentId("R1")].exclusion, found[ComponentId("R1")].parent) == (
        Exclusion.CORE_NETWORK,
        "R2",
    )
    assert found[ComponentId("R2")].exclusion is None


async def test_a_rate_that_is_not_billed_yet_is_left_out(store: Opened) -> None:
    report = await store.tmf({"a.json": RATE.replace('"bill": {"id": "B1"},', "")})

    assert reasons(report) == {"a.json": "L1: is on no bill yet"}


async def test_an_account_that_is_only_named_yields_to_its_own_file(store: Opened) -> None:
    named = BILL.replace('{"id": "A1"}', '{"id": "A1", "name": "By name"}')
    await store.tmf({"bill.json": named})
    account = '{"@type": "BillingAccount", "id": "A1", "name": "Main", "state": "Active"}'
    await store.tmf({"account.json": account})

    report = await store.tmf({"bill.json": named})

    (kept,) = (
        await store.stores.billing.billing_accounts(store.stores.everything, [BillingAccountId("A1")])
    ).values()
    assert (kept.name, kept.raw_status) == ("Main", "Active")
    assert counts(report) == {
        ("bill.json", "billing document"): "1 unchanged",
        ("bill.json", "billing account"): "1 unchanged",
    }


async def test_an_account_that_cannot_be_kept_leaves_its_bill(store: Opened) -> None:
    report = await store.tmf({"a.json": BILL.replace('"A1"', f'"A1", "name": "{"x" * 501}"')})

    assert reasons(report) == {"a.json": "A1: the name xxxxxxxxxxxxxxxxxxxx… has more than 500 characters"}
    assert counts(report)["a.json", "billing document"] == "1 taken in"


async def test_another_customers_things_with_the_same_ids_stay(store: Opened) -> None:
    await save_customer(store.connection, "other")
    root = store.filled({"a.json": TICKET})
    await import_tmf(store.connection, "other", root, tmf_files(root))

    await store.tmf({"a.json": TICKET.replace("Down", "Up")})

    found = await store.stores.ticketing.known_by_component(CustomerCode("other"), [ComponentId("R1")])
    assert [each.title for each in found] == ["Down"]


async def test_refuses_a_customer_that_does_not_exist(store: Opened) -> None:
    with pytest.raises(UnknownCustomerError) as refused:
        await import_tmf(store.connection, "nobody", store.folder, [])

    assert (refused.value.code, refused.value.codes) == ("nobody", ["acme"])


async def test_stores_nothing_where_the_store_fails_half_way(store: Opened) -> None:
    await store.connection.execute_script("DROP TABLE ticketing_note")

    with pytest.raises(SourceUnavailableError):
        await store.tmf({"a.json": f"[{','.join(EVERYTHING)}]", "b.json": "{"})

    scope = store.stores.everything
    assert await store.stores.ordering.solutions(scope, [SolutionId("S1")]) == {}
    assert await store.stores.intake.refusals(ACME) == []


async def test_takes_in_the_official_samples(store: Opened, shared_data: Path) -> None:
    root = shared_data / "tmf" / "samples"

    report = await import_tmf(store.connection, ACME, root, tmf_files(root))
    again = await import_tmf(store.connection, ACME, root, tmf_files(root))

    assert report.totals() == "9 taken in, 0 updated, 0 unchanged, 12 left out, 2 quarantined."
    assert again.totals() == "0 taken in, 0 updated, 9 unchanged, 12 left out, 2 quarantined."
    assert {each.file for each in report.refusals} == {
        "TMF639/PhysicalResource.value.json",
        "TMF648/Quote.example.json",
    }
    scope, stores = store.stores.everything, store.stores
    (solution,) = (await stores.ordering.solutions(scope, [SolutionId("g265-tf85")])).values()
    assert (solution.category, solution.ordered_on) == (SolutionCategory.BUSINESS_TALK, date(2017, 11, 1))
    (document,) = (await stores.billing.documents(scope, [BillingDocumentId("CB-123")])).values()
    assert (document.number, document.account, document.tax_included_minor) == ("780123456", "A0815", 5000)
    accounts = await stores.billing.billing_accounts(
        scope, [BillingAccountId("5430"), BillingAccountId("A0815")]
    )
    assert {each.name for each in accounts.values()} == {"Home Account", "BA Peter Retep"}
    (ticket,) = (await stores.ticketing.tickets(scope, [TicketId("3180")])).values()
    assert ticket.document == "3472"
    components = await stores.inventory.components(scope, [ComponentId("444"), ComponentId("8044")])
    assert {each.name for each in components.values()} == {"07465233456", "MobileNumber xx"}
