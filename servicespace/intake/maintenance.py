"""Maintenance notices, taken in: which notice of an event stands, and what of the customer's it touches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from servicespace.intake.files import Found, UnreadableError, files_in, read
from servicespace.intake.objects import Objects
from servicespace.intake.report import STORED, Report
from servicespace.intake.stores import Stores, stores_of
from servicespace.store import Connection, transaction
from sources.errors import SourceUnavailableError
from sources.intake import IntakeFormat
from sources.keys import CustomerCode, MaintenanceEventId
from sources.maintenance import (
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceRevisionRecord,
    MaintenanceStatus,
)
from sources.maintenance.impact import touching
from sources.maintenance.notice import (
    Notice,
    NoticeError,
    event_record,
    events_in,
    read_notice,
    revision_record,
)
from sources.maintenance.sequencing import kind_told, newest_first, standing, status_of
from sources.table import Saved

Filed = tuple[str, Notice]


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one event after an import; no impacts where those that are stored stay."""

    event: MaintenanceEventRecord
    revisions: Sequence[MaintenanceRevisionRecord]
    impacts: Sequence[MaintenanceImpactRecord]


def notice_files(root: Path) -> list[Found]:
    """Give the files at or below *root* that may be notices: any, but those that are JSON by their name."""
    return files_in(root, _may_be_notice)


async def import_notices(
    connection: Connection, customer: str, root: Path, files: Iterable[Found], now: datetime | None = None
) -> Report:
    """Take in *files*, found below *root*, for *customer*, and give what became of them.

    What stands is decided by the notices alone, never by the order of the files. Raises
    ``UnknownCustomerError``, and ``SourceError`` where the store fails: then nothing is stored.
    """
    report = Report(CustomerCode(customer), IntakeFormat.MAINTENANCE, now or datetime.now(UTC))
    await stores_of(connection, customer)
    notices: dict[str, Filed] = {}
    for file in files:
        for notice in _notices(file, root, report):
            if notice.digest in notices:
                report.leave_out(file.name, "notice", f"the same notice as in {notices[notice.digest][0]}")
            else:
                notices[notice.digest] = file.name, notice
    async with transaction(connection) as inner:
        stores = await stores_of(inner, customer)
        await _take(stores, list(notices.values()), report)
        await stores.intake.save_refusals(report.refusals)
    return report


def _notices(file: Found, root: Path, report: Report) -> Iterable[Notice]:
    content: bytes | None = None
    try:
        content = read(file, root)
        events = events_in(content)
    except (UnreadableError, NoticeError) as error:
        report.refuse(file.name, "", str(error), content)
        return
    for event in events:
        try:
            yield read_notice(event)
        except NoticeError as error:
            report.refuse(file.name, "notice", str(error), content if len(events) == 1 else event.to_ical())


async def _take(stores: Stores, notices: Sequence[Filed], report: Report) -> None:
    by_event: dict[MaintenanceEventId, list[Filed]] = {}
    for file, notice in notices:
        by_event.setdefault(notice.event, []).append((file, notice))
    known = await stores.maintenance.known(stores.code, by_event)
    stored: dict[MaintenanceEventId, list[MaintenanceRevisionRecord]] = {}
    for each in await stores.maintenance.known_revisions(stores.code, by_event):
        stored.setdefault(each.event, []).append(each)
    objects = await Objects.named(
        stores, {each.object_id for _, notice in notices for each in notice.objects}
    )
    for event, several in by_event.items():
        told = _told(
            stores.code,
            [notice for _, notice in several],
            known.get(event),
            stored.get(event, []),
            objects,
        )
        files = {notice.digest: file for file, notice in several}
        await stores.maintenance.save_events([told.event])
        await stores.maintenance.save_impacts(told.impacts)
        await _save_revisions(stores, told, files, report)


async def _save_revisions(stores: Stores, told: Told, files: Mapping[str, str], report: Report) -> None:
    stands = standing(told.revisions)
    for each in told.revisions:
        saved = await stores.maintenance.save_revisions([each])
        if each.id in files:
            why = (
                "" if each.id == stands.id else f"history: the notice with SEQUENCE {stands.sequence} stands"
            )
            report.saved(files[each.id], "notice", saved, why)
        else:
            report.saved(STORED, "notice", Saved(updated=saved.updated))


def _told(
    customer: CustomerCode,
    notices: Sequence[Notice],
    known: MaintenanceEventRecord | None,
    stored: Sequence[MaintenanceRevisionRecord],
    objects: Objects,
) -> Told:
    """Give the event as all its notices tell it, whichever came first."""
    new = {each.digest: each for each in notices}
    impacts = {each.digest: objects.impacts(each, customer) for each in notices}
    touched = {each.digest: _touching(each, customer, impacts[each.digest]) for each in notices}
    revisions = [
        *(each for each in stored if each.id not in new),
        *(_as_touching(revision_record(each, customer), touched[each.digest]) for each in notices),
    ]
    stands, source = standing(revisions), _source(revisions)
    announced_at = min(each.stamped_at for each in revisions)
    base = event_record(new[stands.id], customer, announced_at) if stands.id in new else known
    whole = touched.get(source.id) or known
    if base is None or whole is None:  # pragma: no cover - a stored notice has a stored event
        raise SourceUnavailableError("maintenance", f"the notice {stands.id} is stored without its event")
    event = replace(
        base,
        status=status_of(revisions),
        raw_status=_raw_status(revisions),
        kind=kind_told(base.title, announced_at, base.starts_at),
        announced_at=announced_at,
        level=whole.level,
        on_network=whole.on_network,
        touches=whole.touches,
    )
    return Told(event, [_called_off(each, event) for each in revisions], impacts.get(source.id, []))


def _source(revisions: Sequence[MaintenanceRevisionRecord]) -> MaintenanceRevisionRecord:
    """Give the notice whose objects are the event's: a cancellation need not name them again."""
    last = newest_first(revisions)
    return next((each for each in last if each.status is not MaintenanceStatus.CANCELLED), last[0])


def _touching(
    notice: Notice, customer: CustomerCode, impacts: Sequence[MaintenanceImpactRecord]
) -> MaintenanceEventRecord:
    return touching(event_record(notice, customer, notice.stamped_at), impacts)


def _as_touching(
    revision: MaintenanceRevisionRecord, event: MaintenanceEventRecord
) -> MaintenanceRevisionRecord:
    return replace(
        revision, on_network=event.on_network, solutions=event.solutions, locations=event.locations
    )


def _called_off(
    revision: MaintenanceRevisionRecord, event: MaintenanceEventRecord
) -> MaintenanceRevisionRecord:
    """Give a cancellation as touching all that the event touches; other notices touch what they name."""
    return _as_touching(revision, event) if revision.status is MaintenanceStatus.CANCELLED else revision


def _raw_status(revisions: Sequence[MaintenanceRevisionRecord]) -> str | None:
    said = (each for each in newest_first(revisions) if each.status is not MaintenanceStatus.NO_CHANGE)
    return next((each.raw_status for each in said), None)


def _may_be_notice(name: str) -> bool:
    return not name.lower().endswith(".json")
