"""TMF621 TroubleTicket: tickets and notes."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from sources.keys import BillingDocumentId, CustomerCode, NoteId, TicketId
from sources.ticketing import (
    TicketImpact,
    TicketKind,
    TicketNoteRecord,
    TicketOpener,
    TicketPriority,
    TicketRecord,
    TicketSeverity,
    TicketStatus,
)
from sources.ticketing.wire import (
    Note,
    StatusChange,
    TicketRelationship,
    TroubleTicket,
    note_records,
    read_ticket,
    ticket_record,
)
from sources.tmf import Related, TmfError, decode
from tests.sources.wires import things

ACME = CustomerCode("acme")
OPENED = datetime(2019, 5, 31, 7, 34, 45, 968_000, tzinfo=UTC)


def read(text: str) -> TroubleTicket:
    return read_ticket(decode(f'{{"id": 3180, "creationDate": "2019-05-31T07:34:45.968Z", {text}}}'.encode()))


def ticket(text: str) -> TicketRecord:
    return ticket_record(read(text), ACME)


def test_makes_a_ticket_of_the_official_dispute() -> None:
    made = ticket(
        """"name": "Compliant over last bill", "description": "I do not accept", "externalId": "213-9909",
        "expectedResolutionDate": "2019-06-10T07:34:45.968Z", "lastUpdate": "2019-05-31T07:34:45.968Z",
        "priority": "High", "severity": "Urgent", "status": "Pending", "ticketType": "Bill Dispute",
        "statusChangeReason": "Need more information", "channel": {"id": "8774", "name": "self service"},
        "relatedEntity": [{"id": "3472", "href": "https://mycsp.com:8080/customerBill/8297",
        "role": "disputedBill", "@referredType": "CustomerBill"}],
        "troubleTicketRelationship": [{"id": "567433", "relationshipType": "dependecy"}]"""
    )

    assert made == TicketRecord(
        customer=ACME,
        id=TicketId("3180"),
        reference="3180",
        external_id="213-9909",
        title="Compliant over last bill",
        description="I do not accept",
        kind=TicketKind.BILLING,
        raw_kind="Bill Dispute",
        status=TicketStatus.PENDING,
        raw_status="Pending",
        status_reason="Need more information",
        priority=TicketPriority.HIGH,
        raw_priority="High",
        severity=TicketSeverity.UNKNOWN,
        raw_severity="Urgent",
        opened_by=TicketOpener.CUSTOMER,
        opened_at=OPENED,
        updated_at=OPENED,
        expected_resolution_at=datetime(2019, 6, 10, 7, 34, 45, 968_000, tzinfo=UTC),
        document=BillingDocumentId("3472"),
    )


@pytest.mark.parametrize(
    "entity",
    [
        '{"id": "R1", "role": "x", "@referredType": "PhysicalResource"}',
        '[{"id": "R1", "@referredtype": "resource"}]',
        '[{"role": "x", "entity": {"id": "R1", "@referredType": "LogicalResource"}}]',
    ],
    ids=["object", "version 4", "version 5"],
)
def test_reads_what_it_is_about_in_each_shape(entity: str) -> None:
    assert ticket(f'"relatedEntity": {entity}').component == "R1"


def test_is_about_a_product_a_resource_a_bill_and_a_place_at_once() -> None:
    made = ticket(
        """"relatedEntity": [{"id": "P1", "@referredType": "Product"},
        {"id": "P2", "@referredType": "Product"},
        {"id": "R1", "@referredType": "Resource"}, {"id": "B1", "@referredType": "CustomerBill"},
        {"id": "S1", "@referredType": "GeographicSite"}, {"id": "O1", "@referredType": "ProductOrder"}]"""
    )

    assert (made.service_point, made.component, made.document, made.location) == ("P1", "R1", "B1", "S1")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("incident", TicketKind.INCIDENT),
        ("Service Request", TicketKind.REQUEST),
        ("billingInquiry", TicketKind.BILLING),
        ("complaint", TicketKind.QUESTION),
        ("Commerce Issue", TicketKind.UNKNOWN),
    ],
)
def test_is_of_the_kind_that_its_type_means(text: str, kind: TicketKind) -> None:
    assert ticket(f'"ticketType": "{text}"').kind is kind


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Critical", TicketSeverity.EXTENSIVE),
        ("major", TicketSeverity.SIGNIFICANT),
        ("Minor", TicketSeverity.MINOR),
        ("extensive", TicketSeverity.EXTENSIVE),
    ],
)
def test_reads_the_severities_of_tmf_and_mef(text: str, severity: TicketSeverity) -> None:
    assert ticket(f'"severity": "{text}"').severity is severity


def test_reads_mefs_observed_impact() -> None:
    assert ticket('"observedImpact": "down"').impact is TicketImpact.DOWN
    assert ticket('"name": "none"').impact is None


def test_a_proactive_ticket_is_the_operators() -> None:
    assert ticket('"channel": {"name": "Proactive monitoring"}').opened_by is TicketOpener.OPERATOR


@pytest.mark.parametrize(
    "history",
    [
        """"statusChange": [{"status": "resolved", "changeDate": "2019-06-01"},
        {"status": "closed", "changeDate": "2019-06-02"}]""",
        """"statusChangeHistory": [{"status": "resolved", "statusChangeDate": "2019-06-01"},
        {"status": "closed", "statusChangeDate": "2019-06-02"}]""",
        '"resolutionDate": "2019-06-01", "statusChangeDate": "2019-06-02"',
    ],
    ids=["version 4", "version 5", "no history"],
)
def test_knows_when_it_was_resolved_and_closed(history: str) -> None:
    made = ticket(f'"status": "closed", {history}')

    assert made.resolved_at == datetime(2019, 6, 1, tzinfo=UTC)
    assert made.closed_at == datetime(2019, 6, 2, tzinfo=UTC)


@pytest.mark.parametrize("relation", ["isChild", "isChiled", "childOf"])
def test_is_part_of_the_ticket_that_it_is_a_child_of(relation: str) -> None:
    made = ticket(f'"troubleTicketRelationship": [{{"id": 7, "relationshipType": "{relation}"}}]')

    assert made.parent == "7"


def test_reads_version_5s_external_identifiers() -> None:
    made = ticket('"externalIdentifier": [{"owner": "x"}, {"id": 77, "owner": "y"}]')

    assert made.external_id == "77"


def test_refuses_an_external_id_that_no_store_keeps() -> None:
    with pytest.raises(TmfError, match="more than 256 characters"):
        ticket(f'"externalId": "{"x" * 257}"')


def test_refuses_a_ticket_that_was_never_created() -> None:
    with pytest.raises(TmfError, match="has no creationDate"):
        ticket_record(read_ticket({"id": 1}), ACME)


def test_gives_its_notes_with_ids_of_their_own() -> None:
    notes = note_records(
        read(
            """"note": [{"id": "77456", "author": "Jack", "date": "2019-06-01T00:00", "text": "Important"},
            {"id": 2}, {"text": "No id, no date"}]"""
        ),
        ACME,
    )

    assert notes == [
        TicketNoteRecord(
            customer=ACME,
            id=NoteId("3180/77456"),
            ticket=TicketId("3180"),
            author="Jack",
            written_at=datetime(2019, 6, 1, tzinfo=UTC),
            text="Important",
        ),
        TicketNoteRecord(
            customer=ACME,
            id=NoteId("3180/7e8bf552a1cb9d4f"),
            ticket=TicketId("3180"),
            written_at=OPENED,
            text="No id, no date",
        ),
    ]


@given(things(TroubleTicket, Note, StatusChange, TicketRelationship, Related))
def test_a_ticket_of_junk_is_never_more_than_refused(thing: Mapping[str, Any]) -> None:
    with suppress(TmfError):
        made = read_ticket(thing)
        ticket_record(made, ACME)
        note_records(made, ACME)
