"""Maintenance notices in iCalendar."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.keys import CustomerCode
from sources.maintenance import ImpactLevel, MaintenanceKind, MaintenanceStatus
from sources.maintenance.notice import (
    Notice,
    NoticeError,
    Touched,
    event_record,
    events_in,
    read_notice,
    revision_record,
)
from sources.maintenance.sequencing import kind_told
from tests.shared import shared_files

LINES = {
    "SUMMARY": "SUMMARY:Works",
    "DTSTART": "DTSTART:20151010T080000Z",
    "DTEND": "DTEND:20151010T100000Z",
    "DTSTAMP": "DTSTAMP:20151010T001000Z",
    "UID": "UID:42",
    "SEQUENCE": "SEQUENCE:1",
    "PROVIDER": "X-MAINTNOTE-PROVIDER:example.com",
    "ACCOUNT": "X-MAINTNOTE-ACCOUNT:137",
    "MAINTENANCE-ID": "X-MAINTNOTE-MAINTENANCE-ID:WorkOrder-31415",
    "OBJECT-ID": "X-MAINTNOTE-OBJECT-ID:widgets",
    "IMPACT": "X-MAINTNOTE-IMPACT:NO-IMPACT",
    "STATUS": "X-MAINTNOTE-STATUS:CONFIRMED",
    "ORGANIZER": "ORGANIZER:mailto:noone@example.com",
}


def ical(*others: str, **lines: str | None) -> bytes:
    """Make a file of one event; a line that is None is left out."""
    named = {name.replace("_", "-"): line for name, line in lines.items()}
    said = [line for line in {**LINES, **named}.values() if line is not None]
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "BEGIN:VEVENT", *said, *others, "END:VEVENT", "END:VCALENDAR", ""]
    ).encode()


def notice(*others: str, **lines: str | None) -> Notice:
    (event,) = events_in(ical(*others, **lines))
    return read_notice(event)


def expected_of(file: Path) -> list[dict[str, Any]]:
    return msgspec.json.decode(Path(f"{file}_result.json").read_bytes(), type=list[dict[str, Any]])


def as_expected(read: Notice) -> dict[str, Any]:
    """Give *read* in the words of the expected results."""
    said = {
        "account": read.account,
        "circuits": [
            {"circuit_id": each.object_id, "impact": each.level.value.replace("_", "-")}
            for each in read.objects
        ],
        "end": int(read.ends_at.timestamp()),
        "maintenance_id": read.reference,
        "provider": read.provider,
        "sequence": read.sequence,
        "stamp": int(read.stamped_at.timestamp()),
        "start": int(read.starts_at.timestamp()),
        "status": read.status.value.replace("_", "-"),
        "summary": read.summary,
        "uid": read.uid,
    }
    return said if read.organizer is None else {**said, "organizer": read.organizer}


@pytest.mark.parametrize(
    "file", shared_files("maintenance/ical/ical[0-9]"), ids=lambda file: getattr(file, "name", "")
)
def test_reads_the_valid_samples_as_expected(file: Path) -> None:
    read = [as_expected(read_notice(event)) for event in events_in(file.read_bytes())]

    assert read == expected_of(file)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ical_no_account", "misses X-MAINTNOTE-ACCOUNT"),
        ("ical_no_end", "misses DTEND"),
        ("ical_no_maintenance_id", "misses X-MAINTNOTE-MAINTENANCE-ID"),
        ("ical_no_object_id", "misses X-MAINTNOTE-OBJECT-ID, and is not CANCELLED"),
        ("ical_no_organizer", "has a SEQUENCE but misses the ORGANIZER who counts it"),
        ("ical_no_provider", "misses X-MAINTNOTE-PROVIDER"),
        ("ical_no_stamp", "misses DTSTAMP"),
        ("ical_no_start", "misses DTSTART"),
    ],
)
def test_refuses_the_broken_samples(shared_data: Path, name: str, reason: str) -> None:
    (event,) = events_in((shared_data / "maintenance" / "ical" / name).read_bytes())

    with pytest.raises(NoticeError) as refused:
        read_notice(event)

    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe", "not UTF-8: byte 0 cannot be read"),
        (b"BEGIN:VCALENDAR\0", "not iCalendar: it holds the character NUL"),
        (b'{"id": 1}', "not iCalendar: "),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1", "not iCalendar, or half written: "),
        (ical()[:-20], "not iCalendar, or half written: "),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", "not iCalendar, or half written: "),
        (b"END:VCALENDAR", "not iCalendar: END encountered without an accompanying BEGIN!"),
        (b"BEGIN:VCALENDAR\r\n" * 5_000, "not iCalendar, or half written: "),
    ],
)
def test_refuses_what_is_no_icalendar(content: bytes, reason: str) -> None:
    with pytest.raises(NoticeError) as refused:
        events_in(content)

    assert str(refused.value).startswith(reason)


def test_takes_several_events_and_calendars_of_one_file() -> None:
    content = ical() + ical(UID="UID:43")

    assert [read_notice(each).uid for each in events_in(content)] == ["42", "43"]


def test_names_everything_that_is_missing() -> None:
    with pytest.raises(NoticeError, match="misses DTEND, UID, X-MAINTNOTE-ACCOUNT"):
        notice(DTEND=None, UID=None, ACCOUNT="X-MAINTNOTE-ACCOUNT: ")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"DTSTART": "DTSTART:soon"}, "has a DTSTART that is no time"),
        ({"DTSTAMP": "DTSTAMP:20150230T000000Z"}, "has a DTSTAMP that is no time"),
        ({"SEQUENCE": "SEQUENCE:-1"}, "has the SEQUENCE '-1', which is no number from 0 to 2147483647"),
        ({"SEQUENCE": "SEQUENCE:2147483648"}, "has the SEQUENCE '2147483648', which is no number"),
        ({"UID": "UID:1\r\nUID:2"}, "says UID 2 times"),
        ({"DTEND": "DTEND:20151010T100000Z\r\nDTEND:20151010T110000Z"}, "says DTEND 2 times"),
        ({"DTEND": "DTEND:20151010T080000Z"}, "ends at 2015-10-10T08:00:00"),
        ({"DTEND": "DTEND:20151010T070000Z"}, "ends at 2015-10-10T07:00:00"),
    ],
)
def test_refuses_what_is_broken(line: dict[str, str], reason: str) -> None:
    with pytest.raises(NoticeError) as refused:
        notice(**line)

    assert str(refused.value).startswith(reason)


def test_refuses_a_sequence_that_is_no_number() -> None:
    with pytest.raises(NoticeError):
        notice(SEQUENCE="SEQUENCE:many")


def test_a_notice_without_sequence_is_below_every_numbered_one_and_needs_no_organizer() -> None:
    read = notice(SEQUENCE=None, ORGANIZER=None)

    assert (read.sequence, read.organizer) == (-1, None)


def test_a_notice_without_status_changes_none() -> None:
    read = notice(STATUS=None)

    assert (read.status, read.raw_status) == (MaintenanceStatus.NO_CHANGE, None)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("in-process", MaintenanceStatus.IN_PROCESS),
        ("RE-SCHEDULED", MaintenanceStatus.RE_SCHEDULED),
        ("PERHAPS", MaintenanceStatus.UNKNOWN),
    ],
)
def test_reads_the_status_in_any_case(text: str, status: MaintenanceStatus) -> None:
    read = notice(STATUS=f"X-MAINTNOTE-STATUS:{text}")

    assert (read.status, read.raw_status) == (status, text)


def test_an_object_without_impact_is_out() -> None:
    assert notice(IMPACT=None).objects == (Touched("widgets", ImpactLevel.OUTAGE),)


def test_an_impact_that_is_not_known_is_an_outage() -> None:
    assert notice(IMPACT="X-MAINTNOTE-IMPACT:SERIOUS").objects == (Touched("widgets", ImpactLevel.OUTAGE),)


def test_an_object_may_have_an_impact_of_its_own() -> None:
    read = notice("X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=DEGRADED:gadgets")

    assert read.objects == (
        Touched("widgets", ImpactLevel.NO_IMPACT),
        Touched("gadgets", ImpactLevel.DEGRADED),
    )


def test_a_cancellation_need_not_name_objects() -> None:
    assert notice(STATUS="X-MAINTNOTE-STATUS:CANCELLED", OBJECT_ID=None).objects == ()


def test_takes_texts_as_they_were_meant() -> None:
    read = notice(
        SUMMARY="SUMMARY:One\\, two",
        PROVIDER="X-MAINTNOTE-PROVIDER:Acme\\, Inc\\; Paris\\\\Lyon",
        ACCOUNT="X-MAINTNOTE-ACCOUNT:1\\n2",
    )

    assert (read.summary, read.provider, read.account) == ("One, two", "Acme, Inc; Paris\\Lyon", "1\n2")


def test_takes_times_with_any_zone_or_none() -> None:
    read = notice(
        DTSTAMP="DTSTAMP;VALUE=DATE:20151009",
        DTSTART="DTSTART;TZID=Europe/Paris:20151010T080000",
        DTEND="DTEND:20151010T080000",
    )

    assert read.stamped_at == datetime(2015, 10, 9, tzinfo=UTC)
    assert read.starts_at == datetime(2015, 10, 10, 6, tzinfo=UTC)
    assert read.ends_at == datetime(2015, 10, 10, 8, tzinfo=UTC)


def test_the_same_notice_has_the_same_digest_however_it_is_written() -> None:
    content = ical()
    shuffled = ical(UID=None, SUMMARY=None).replace(b"END:VEVENT", b"UID:42\r\nSUMMARY:Works\r\nEND:VEVENT")
    digests = {
        read_notice(event).digest
        for each in (content, content.replace(b"\r\n", b"\n"), shuffled)
        for event in events_in(each)
    }

    assert len(digests) == 1
    assert notice(SUMMARY="SUMMARY:Other works").digest not in digests


def test_an_event_is_one_of_its_provider() -> None:
    assert notice().event == notice(SEQUENCE="SEQUENCE:9").event
    assert notice().event != notice(PROVIDER="X-MAINTNOTE-PROVIDER:example.org").event
    assert notice().event != notice(UID="UID:43").event


def test_makes_an_event_and_a_revision() -> None:
    read = notice("DESCRIPTION:Router replacement")
    announced_at = datetime(2015, 9, 1, tzinfo=UTC)

    event = event_record(read, CustomerCode("acme"), announced_at)
    revision = revision_record(read, CustomerCode("acme"))

    assert (event.id, event.reference, event.uid) == (read.event, "WorkOrder-31415", "42")
    assert (event.title, event.description) == ("Works", "Router replacement")
    assert (event.kind, event.announced_at) == (MaintenanceKind.PLANNED, announced_at)
    assert (revision.id, revision.event, revision.sequence) == (read.digest, read.event, 1)
    assert not revision.on_network


@pytest.mark.parametrize("title", ["Emergency works", "URGENT: router", "Expedited maintenance"])
def test_a_title_may_say_that_there_was_no_time_to_plan(title: str) -> None:
    announced_at, starts_at = datetime(2015, 1, 1, tzinfo=UTC), datetime(2015, 6, 1, tzinfo=UTC)

    assert kind_told(title, announced_at, starts_at) is MaintenanceKind.EXPEDITED


LINE = st.sampled_from([*LINES.values(), "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "DTSTART;X=", "UID"])


@given(st.binary() | st.text().map(str.encode))
def test_junk_is_never_more_than_refused(content: bytes) -> None:
    with suppress(NoticeError):
        for event in events_in(content):
            read_notice(event)


@given(st.lists(LINE | st.tuples(LINE, st.text(max_size=20)).map("".join), max_size=20))
def test_a_notice_of_junk_is_never_more_than_refused(lines: list[str]) -> None:
    content = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]).encode()

    with suppress(NoticeError):
        for event in events_in(content):
            read_notice(event)
