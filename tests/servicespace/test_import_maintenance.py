"""Maintenance notices, taken into a store."""

from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from shutil import copy

from servicespace.intake.maintenance import import_notices, notice_files
from servicespace.settings import DATABASE_FILE, in_folder
from sources.inventory import ComponentKind, ComponentRecord, ComponentStatus, Exclusion, ManagedBy
from sources.keys import ComponentId, LocationId, MaintenanceEventId, ServicePointId, SolutionId
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceKind,
    MaintenanceRevisionRecord,
    MaintenanceStatus,
    NetworkSegment,
)
from sources.ordering import LocationRecord, ProductStatus, ServicePointRecord
from sources.sql import Database
from tests.servicespace.intake import ACME, NOW, Opened, counts, opened, reasons

NOTICE = """BEGIN:VCALENDAR
BEGIN:VEVENT
SUMMARY:{title}
DTSTART:20151010T080000Z
DTEND:20151010T100000Z
DTSTAMP:201510{stamp:02}T000000Z
UID:42
SEQUENCE:{sequence}
X-MAINTNOTE-PROVIDER:example.com
X-MAINTNOTE-ACCOUNT:137
X-MAINTNOTE-MAINTENANCE-ID:W1
{objects}X-MAINTNOTE-STATUS:{status}
ORGANIZER:mailto:noone@example.com
END:VEVENT
END:VCALENDAR
"""


def notice(*objects: str, sequence: int = 1, status: str = "CONFIRMED", title: str = "Works") -> str:
    return NOTICE.format(
        title=title,
        stamp=sequence,
        sequence=sequence,
        objects="".join(f"X-MAINTNOTE-OBJECT-ID:{each}\n" for each in objects),
        status=status,
    )


def component(
    key: str,
    kind: ComponentKind,
    *external_ids: str,
    exclusion: Exclusion | None = None,
) -> ComponentRecord:
    """Make a component of the service point P1."""
    return ComponentRecord(
        customer=ACME,
        id=ComponentId(key),
        kind=kind,
        name=key,
        external_ids=external_ids,
        status=ComponentStatus.AVAILABLE,
        managed_by=ManagedBy.OPERATOR,
        updated_at=NOW,
        service_point=ServicePointId("P1"),
        solution=SolutionId("S1"),
        location=LocationId("L1"),
        exclusion=exclusion,
    )


async def events_of(store: Opened) -> list[MaintenanceEventRecord]:
    """Give all events that are stored, shown or not, the only provider's."""
    rows = await Database(store.connection, "maintenance").rows(("SELECT id FROM maintenance_event", []))
    ids = [MaintenanceEventId(row[0]) for row in rows]
    return list((await store.stores.maintenance.known(ACME, ids)).values())


async def impacts_of(store: Opened, event: MaintenanceEventRecord) -> list[MaintenanceImpactRecord]:
    """Give what is shown of the event's impacts, by object."""
    found = await store.stores.maintenance.impacts_by_event(store.stores.everything, [event.id])
    return sorted(found.get(event.id, ()), key=lambda impact: impact.object_id)


async def history_of(store: Opened, event: MaintenanceEventRecord) -> list[MaintenanceRevisionRecord]:
    """Give what is shown of the event's notices, the newest first."""
    found = await store.stores.maintenance.history_by_event(store.stores.everything, [event.id])
    return list(found.get(event.id, ()))


async def test_takes_in_the_valid_samples_and_quarantines_the_broken_ones(
    store: Opened, shared_data: Path
) -> None:
    root = shared_data / "maintenance" / "ical"

    report = await import_notices(store.connection, ACME, root, notice_files(root))
    again = await import_notices(store.connection, ACME, root, notice_files(root))

    assert report.totals() == "7 taken in, 0 updated, 0 unchanged, 0 left out, 8 quarantined."
    assert again.totals() == "0 taken in, 0 updated, 7 unchanged, 0 left out, 8 quarantined."
    kept = {each.file: each.reason for each in await store.stores.intake.refusals(ACME)}
    assert kept["ical_no_account"] == "misses X-MAINTNOTE-ACCOUNT"
    assert len(kept) == 8
    events = {each.reference: each for each in await events_of(store)}
    assert {key: (each.status, each.sequence, each.on_network) for key, each in events.items()} == {
        "WorkOrder-31415": (MaintenanceStatus.COMPLETED, 4, True),
        "GIN-CHG0123456": (MaintenanceStatus.UNKNOWN, -1, True),
        "02345678": (MaintenanceStatus.CANCELLED, 2, True),
    }
    order = events["WorkOrder-31415"]
    assert (order.title, order.raw_status) == ("Closed - Maint Note Example", "COMPLETED")
    assert order.announced_at == datetime(2015, 10, 10, 0, 10, tzinfo=UTC)
    assert [each.sequence for each in await history_of(store, order)] == [4, 3, 3, 2, 1]


async def test_the_order_in_which_notices_come_never_matters(migrated: Path, tmp_path: Path) -> None:
    several = {
        "first": notice("old"),
        "second": notice("new", sequence=2, status="RE-SCHEDULED", title="Moved works"),
        "off": notice(sequence=3, status="CANCELLED", title="Cancelled works"),
    }
    outcomes: list[tuple[MaintenanceEventRecord, list[MaintenanceRevisionRecord], list[str]]] = []
    for number, names in enumerate(permutations(several)):
        folder = tmp_path / str(number)
        folder.mkdir()
        copy(migrated, folder / DATABASE_FILE)
        async with opened(in_folder(folder), folder) as store:
            for name in names:
                await store.notices({name: several[name]})
            (event,) = await events_of(store)
            impacts = [each.object_id for each in await impacts_of(store, event)]
            outcomes.append((event, await history_of(store, event), impacts))

    event, history, impacts = outcomes[0]
    assert all(each == outcomes[0] for each in outcomes)
    assert (event.status, event.title, event.on_network) == (
        MaintenanceStatus.CANCELLED,
        "Cancelled works",
        True,
    )
    assert (event.sequence, event.announced_at) == (3, datetime(2015, 10, 1, tzinfo=UTC))
    assert len(history) == 3
    assert impacts == ["new"]


async def test_says_which_notices_are_history(store: Opened) -> None:
    report = await store.notices({"a": notice("x"), "b": notice("x", sequence=2), "c": notice("x")})

    assert counts(report) == {
        ("a", "notice"): "1 taken in",
        ("b", "notice"): "1 taken in",
        ("c", "notice"): "1 left out",
    }
    assert reasons(report) == {
        "a": "history: the notice with SEQUENCE 2 stands",
        "c": "the same notice as in a",
    }


async def test_an_older_notice_that_comes_late_changes_only_when_it_was_announced(store: Opened) -> None:
    await store.notices({"a": notice("x", sequence=2, title="Second")})
    report = await store.notices({"b": notice("x", "y", sequence=1, title="First")})

    (event,) = await events_of(store)
    assert counts(report) == {("b", "notice"): "1 taken in"}
    assert (event.title, event.sequence) == ("Second", 2)
    assert event.announced_at == datetime(2015, 10, 1, tzinfo=UTC)
    assert [each.object_id for each in await impacts_of(store, event)] == ["x"]


async def test_a_notice_without_status_leaves_the_status(store: Opened) -> None:
    silent = notice("x", sequence=2).replace("X-MAINTNOTE-STATUS:CONFIRMED\n", "")

    await store.notices({"a": notice("x", status="TENTATIVE"), "b": silent})

    (event,) = await events_of(store)
    assert (event.status, event.raw_status) == (MaintenanceStatus.TENTATIVE, "TENTATIVE")


async def test_a_title_that_says_so_makes_it_expedited(store: Opened) -> None:
    early = "DTSTART:20161010T080000Z\nDTEND:20161010T100000Z"
    text = notice("x", title="Emergency works").replace(
        "DTSTART:20151010T080000Z\nDTEND:20151010T100000Z", early
    )

    await store.notices({"a": text, "b": text.replace("UID:42", "UID:43").replace("Emergency", "Usual")})

    assert {each.title: each.kind for each in await events_of(store)} == {
        "Emergency works": MaintenanceKind.EXPEDITED,
        "Usual works": MaintenanceKind.PLANNED,
    }


async def save_objects(store: Opened) -> None:
    """Store components of every segment, a service point and a location."""
    await store.stores.inventory.save_components(
        [
            component("R1", ComponentKind.PE_PORT, "port-7"),
            component("R2", ComponentKind.CE_ROUTER),
            component("R3", ComponentKind.ACCESS_LINE),
            component("R4", ComponentKind.UNKNOWN, exclusion=Exclusion.CORE_NETWORK),
            component("R5", ComponentKind.UNKNOWN, exclusion=Exclusion.PUBLIC_GATEWAY),
        ]
    )
    await store.stores.ordering.save_service_points(
        [
            ServicePointRecord(
                customer=ACME,
                id=ServicePointId("P2"),
                name="P2",
                status=ProductStatus.ACTIVE,
                solution=SolutionId("S2"),
                location=LocationId("L2"),
                activated_on=date(2020, 1, 1),
            )
        ]
    )
    await store.stores.ordering.save_locations(
        [LocationRecord(customer=ACME, id=LocationId("L3"), name="L3", country="FR")]
    )


async def test_finds_what_the_objects_are(store: Opened) -> None:
    await save_objects(store)

    await store.notices({"a": notice("port-7", "R2", "R3", "R4", "R5", "P2", "L3", "elsewhere")})

    (event,) = await events_of(store)
    shown = [
        (each.object_id, each.component, each.service_point, each.location, each.solution)
        for each in await impacts_of(store, event)
    ]
    assert shown == [
        ("L3", None, None, "L3", None),
        ("P2", None, "P2", "L2", "S2"),
        ("R4", None, "P1", "L1", "S1"),
        ("elsewhere", None, None, None, None),
        ("port-7", "R1", "P1", "L1", "S1"),
    ]
    assert (event.components, event.service_points) == (("R1",), ("P1", "P2"))
    assert (event.solutions, event.locations) == (("S1", "S2"), ("L1", "L2", "L3"))
    rows = await Database(store.connection, "maintenance").rows(
        ("SELECT object_id, segment FROM maintenance_impact WHERE segment <> 'OPERATOR_NETWORK'", [])
    )
    assert {row[0]: row[1] for row in rows} == {
        "R2": NetworkSegment.CPE.value,
        "R3": NetworkSegment.TAIL_CIRCUIT.value,
        "R5": NetworkSegment.PUBLIC_NETWORK.value,
    }


async def test_what_touches_only_the_customers_equipment_is_not_on_the_network(store: Opened) -> None:
    await store.stores.inventory.save_components([component("R2", ComponentKind.CE_ROUTER)])

    await store.notices({"a": notice("R2")})

    (event,) = await events_of(store)
    assert (event.on_network, event.level) == (False, ImpactLevel.NO_IMPACT)


async def test_importing_notices_again_finds_objects_that_came_since(store: Opened) -> None:
    await store.notices({"a": notice("R1")})
    await store.stores.inventory.save_components([component("R1", ComponentKind.PE_PORT)])

    report = await store.notices({"a": notice("R1")})

    (event,) = await events_of(store)
    assert counts(report) == {("a", "notice"): "1 updated"}
    assert (event.components, event.solutions) == (("R1",), ("S1",))
    assert [each.component for each in await impacts_of(store, event)] == ["R1"]


async def test_one_bad_event_keeps_the_others_of_its_file(store: Opened) -> None:
    bad = notice("x").replace("UID:42", "UID:43").replace("X-MAINTNOTE-ACCOUNT:137\n", "")

    report = await store.notices({"both": notice("x") + bad})

    assert [each.uid for each in await events_of(store)] == ["42"]
    assert report.totals() == "1 taken in, 0 updated, 0 unchanged, 0 left out, 1 quarantined."
    (kept,) = await store.stores.intake.refusals(ACME)
    assert kept.reason == "misses X-MAINTNOTE-ACCOUNT"
    assert kept.content is not None
    assert "UID:43" in kept.content
    assert "UID:42" not in kept.content


async def test_bad_files_are_quarantined_and_the_rest_is_loaded(store: Opened) -> None:
    root = store.filled(
        {
            "good": notice("x"),
            "half": notice("x")[:-30],
            "empty.ics": "",
            "junk.txt": "junk",
            "expected.json": "[]",
            ".hidden": "",
        }
    )
    (root / "latin").write_bytes(b"\xe9")

    report = await import_notices(store.connection, ACME, root, notice_files(root))

    assert reasons(report) == {
        "half": "not iCalendar, or half written: there is no whole VEVENT in a VCALENDAR",
        "empty.ics": "the file is empty",
        "junk.txt": "not iCalendar: "
        "Content line could not be parsed into parts: 'junk': Invalid content line",
        "latin": "not UTF-8: byte 0 cannot be read",
    }
    assert report.totals() == "1 taken in, 0 updated, 0 unchanged, 0 left out, 4 quarantined."


async def test_a_file_that_is_named_is_read_whatever_its_name(store: Opened) -> None:
    root = store.filled({"notice.json": notice("x")}) / "notice.json"

    report = await import_notices(store.connection, ACME, root, notice_files(root))

    assert counts(report) == {("notice.json", "notice"): "1 taken in"}
