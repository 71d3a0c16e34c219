"""A maintenance notice in iCalendar, as the NANOG BCOP draft "maintnote" has it (RFC 5545, X-MAINTNOTE-*)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final, cast

from icalendar import Calendar, Event

from sources.keys import CustomerCode, MaintenanceEventId, MaintenanceRevisionId
from sources.maintenance.records import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceRevisionRecord,
    MaintenanceStatus,
)
from sources.maintenance.sequencing import WindowError, check_window, kind_told

ABSENT_SEQUENCE: Final = -1
"""The place of a notice without a SEQUENCE: below every numbered one."""

_PREFIX: Final = "X-MAINTNOTE-"
_MANDATORY: Final = (
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "UID",
    "SUMMARY",
    f"{_PREFIX}PROVIDER",
    f"{_PREFIX}ACCOUNT",
    f"{_PREFIX}MAINTENANCE-ID",
)
_LARGEST: Final = 2**31 - 1
"""The largest INTEGER of RFC 5545 (3.3.8)."""

_ESCAPED: Final = re.compile(r"\\([\\;,nN])")


class NoticeError(ValueError):
    """A notice that cannot be taken in; the message says why."""


@dataclass(frozen=True, slots=True)
class Touched:
    """An object that a notice names, and what is felt there."""

    object_id: str
    level: ImpactLevel


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of one event; ``digest`` is that of its content, whatever the order and form of its lines.

    ``sequence`` is -1 where it has none, ``status`` NO_CHANGE.
    """

    digest: str
    provider: str
    account: str
    reference: str
    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    status: MaintenanceStatus
    raw_status: str | None
    summary: str
    description: str | None
    organizer: str | None
    objects: tuple[Touched, ...]

    @property
    def event(self) -> MaintenanceEventId:
        """The id of the event: the provider counts its UIDs."""
        return MaintenanceEventId(sha256(f"{self.provider}\0{self.uid}".encode()).hexdigest()[:32])


def events_in(content: bytes) -> list[Event]:
    """Give the events in a file; raises ``NoticeError`` where it is no iCalendar, or holds none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoticeError(f"not UTF-8: byte {error.start} cannot be read") from error
    if not text.strip():
        raise NoticeError("the file is empty")
    if "\0" in text:
        raise NoticeError("not iCalendar: it holds the character NUL")
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        found = [each for calendar in calendars for each in calendar.events]
    except Exception as error:  # the parser raises whatever it stumbles over
        raise NoticeError(f"not iCalendar: {str(error)[:160]}") from error
    if not found:
        raise NoticeError("not iCalendar, or half written: there is no whole VEVENT in a VCALENDAR")
    return found


def read_notice(event: Event) -> Notice:
    """Give *event* as a notice.

    Raises ``NoticeError`` where something that is mandatory is missing, said twice or broken. The Organizer
    counts the revisions (RFC 5545, 3.8.7.4): it is mandatory beside a SEQUENCE. No object need be named when
    all is called off.
    """
    try:
        return _read(event)
    except NoticeError:
        raise
    except WindowError as error:
        raise NoticeError(str(error)) from error
    except Exception as error:  # broken properties raise when they are read
        raise NoticeError(f"not a maintenance notice: {str(error)[:160]}") from error


def event_record(notice: Notice, customer: CustomerCode, announced_at: datetime) -> MaintenanceEventRecord:
    """Give the event as *notice* tells it, without what it touches; its first one came at *announced_at*."""
    return MaintenanceEventRecord(
        customer=customer,
        id=notice.event,
        reference=notice.reference,
        uid=notice.uid,
        sequence=notice.sequence,
        kind=kind_told(notice.summary, announced_at, notice.starts_at),
        status=notice.status,
        raw_status=notice.raw_status,
        title=notice.summary,
        description=notice.description,
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
        announced_at=announced_at,
        provider=notice.provider,
        organizer=notice.organizer,
        account=notice.account,
    )


def revision_record(notice: Notice, customer: CustomerCode) -> MaintenanceRevisionRecord:
    """Give *notice* as a revision of its event, without what it touches."""
    return MaintenanceRevisionRecord(
        customer=customer,
        id=MaintenanceRevisionId(notice.digest),
        event=notice.event,
        sequence=notice.sequence,
        stamped_at=notice.stamped_at,
        status=notice.status,
        raw_status=notice.raw_status,
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
        on_network=False,
    )


def _read(event: Event) -> Notice:
    missing = [name for name in _MANDATORY if not _texts(event, name)]
    if missing:
        raise NoticeError(f"misses {', '.join(missing)}")
    raw_status = _text(event, f"{_PREFIX}STATUS")
    status = MaintenanceStatus.NO_CHANGE if raw_status is None else _status(raw_status)
    objects = _objects(event)
    if not objects and status is not MaintenanceStatus.CANCELLED:
        raise NoticeError(f"misses {_PREFIX}OBJECT-ID, and is not CANCELLED")
    organizer, sequence = _text(event, "ORGANIZER"), _sequence(event)
    if sequence != ABSENT_SEQUENCE and organizer is None:
        raise NoticeError("has a SEQUENCE but misses the ORGANIZER who counts it")
    starts_at, ends_at = _time(event, "DTSTART"), _time(event, "DTEND")
    check_window(starts_at, ends_at)
    return Notice(
        digest=sha256(event.to_ical(sorted=True)).hexdigest(),
        provider=_one(event, f"{_PREFIX}PROVIDER"),
        account=_one(event, f"{_PREFIX}ACCOUNT"),
        reference=", ".join(_texts(event, f"{_PREFIX}MAINTENANCE-ID")),
        uid=_one(event, "UID"),
        sequence=sequence,
        stamped_at=_time(event, "DTSTAMP"),
        starts_at=starts_at,
        ends_at=ends_at,
        status=status,
        raw_status=raw_status,
        summary=_one(event, "SUMMARY"),
        description=_text(event, "DESCRIPTION"),
        organizer=organizer,
        objects=objects,
    )


def _values(event: Event, name: str) -> list[Any]:
    value: Any = event.get(name)
    if value is None:
        return []
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _texts(event: Event, name: str) -> list[str]:
    """Give the texts of a property; those of iCalendar's own the library has unescaped, ours not."""
    if name.startswith("DT"):
        return ["said" for _ in _values(event, name)]
    texts = (str(each) for each in _values(event, name))
    own = not name.startswith("X-")
    return [text for each in texts if (text := (each if own else _unescaped(each)).strip())]


def _text(event: Event, name: str) -> str | None:
    texts = _texts(event, name)
    if len(texts) > 1:
        raise NoticeError(f"says {name} {len(texts)} times")
    return texts[0] if texts else None


def _one(event: Event, name: str) -> str:
    text = _text(event, name)
    if text is None:
        raise NoticeError(f"misses {name}")
    return text


def _time(event: Event, name: str) -> datetime:
    """Give a time in UTC: one without a zone as if it were UTC, a day as its midnight."""
    values = _values(event, name)
    if len(values) != 1:
        raise NoticeError(f"says {name} {len(values)} times")
    try:
        value = values[0].dt
    except Exception as error:
        raise NoticeError(f"has a {name} that is no time") from error
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise NoticeError(f"has a {name} that is no time")


def _sequence(event: Event) -> int:
    text = _text(event, "SEQUENCE")
    if text is None:
        return ABSENT_SEQUENCE
    if not re.fullmatch(r"\+?[0-9]{1,10}", text) or int(text) > _LARGEST:
        raise NoticeError(f"has the SEQUENCE {text[:20]!r}, which is no number from 0 to {_LARGEST}")
    return int(text)


def _objects(event: Event) -> tuple[Touched, ...]:
    said = _text(event, f"{_PREFIX}IMPACT")
    found: dict[str, ImpactLevel] = {}
    for each in _values(event, f"{_PREFIX}OBJECT-ID"):
        object_id = _unescaped(str(each)).strip()
        if object_id:
            own = each.params.get(f"{_PREFIX}OBJECT-IMPACT")
            found.setdefault(object_id, _level(said if own is None else str(own)))
    return tuple(Touched(object_id, level) for object_id, level in found.items())


def _level(text: str | None) -> ImpactLevel:
    """Give the level that *text* names; what is not said or not known is an outage."""
    name = (text or "").strip().upper().replace("-", "_").replace(" ", "_")
    return ImpactLevel.__members__.get(name, ImpactLevel.OUTAGE)


def _status(text: str) -> MaintenanceStatus:
    name = text.strip().upper().replace("-", "_").replace(" ", "_")
    return MaintenanceStatus.__members__.get(name, MaintenanceStatus.UNKNOWN)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
