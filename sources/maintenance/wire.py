"""Maintenance as TM Forum tells it: TMF655 ChangeRequest, version 4; there is no version 5.

What a change does is in ``impactEntity``. ``targetEntity``, which the specification demands, is what is
worked on: it counts where nothing is said to be impacted.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from sources.keys import (
    ComponentId,
    CustomerCode,
    LocationId,
    MaintenanceEventId,
    MaintenanceImpactId,
)
from sources.maintenance.impact import touching
from sources.maintenance.records import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceKind,
    MaintenanceStatus,
    NetworkSegment,
)
from sources.maintenance.segment import segment_of
from sources.maintenance.sequencing import WindowError, check_window, kind_told
from sources.placement import Place
from sources.tmf import (
    NAME_LENGTH,
    Characteristic,
    ExternalIdentifier,
    Owned,
    Ref,
    Related,
    Time,
    TmfError,
    Wording,
    fold,
    identified,
    key,
    label,
    many,
    matched,
    meant,
    moment,
    named,
    optional_key,
)

MAINTENANCE: Final = (
    "maintenance|planned works?|planned outages?|scheduled outages?|expedited works?|emergency works?"
)
"""What the type of a change that is maintenance is called; any other change is none."""

KINDS: Final[Wording[MaintenanceKind]] = (
    ("emergency|urgent|expedited|unplanned|unscheduled", MaintenanceKind.EXPEDITED),
    ("planned|scheduled|standard|normal|routine|preventive", MaintenanceKind.PLANNED),
)
"""What the types of changes say of the time that there was to plan."""

LEVELS: Final[Wording[ImpactLevel]] = (
    ("no impact|not impacted|none|transparent|unaffected|not affected", ImpactLevel.NO_IMPACT),
    ("reduced redundancy|loss of redundancy|redundancy|at risk", ImpactLevel.REDUCED_REDUNDANCY),
    ("degraded|degradation|intermittent|slow", ImpactLevel.DEGRADED),
    ("outage|down|interruption|interrupted|unavailable|loss of service", ImpactLevel.OUTAGE),
)
"""What is felt of a change, in the upstream's words; what none of them says is an outage."""

_STATUSES: Final = {
    "acknowledged": MaintenanceStatus.TENTATIVE,
    "requestforauthorization": MaintenanceStatus.TENTATIVE,
    "waitforapproval": MaintenanceStatus.TENTATIVE,
    "approved": MaintenanceStatus.CONFIRMED,
    "scheduled": MaintenanceStatus.CONFIRMED,
    "inprogress": MaintenanceStatus.IN_PROCESS,
    "fallbackexecution": MaintenanceStatus.IN_PROCESS,
    "postimplementationreview": MaintenanceStatus.COMPLETED,
    "completed": MaintenanceStatus.COMPLETED,
    "failed": MaintenanceStatus.COMPLETED,
    "cancelled": MaintenanceStatus.CANCELLED,
    "canceled": MaintenanceStatus.CANCELLED,
    "rejected": MaintenanceStatus.CANCELLED,
}
"""TMF655 ChangeRequestStatusType, folded; a change that failed is over, whatever it achieved."""

_OWN_STATUSES: Final = tuple(each for each in MaintenanceStatus if each is not MaintenanceStatus.NO_CHANGE)
"""The states of notices, which some systems use; none leaves an event as it was."""

_ANNOUNCED: Final = ("announcedat", "announcementdate", "notificationdate")
_SEQUENCE: Final = ("sequence", "revision")
_LARGEST: Final = 2**31 - 1


class ObjectKind(Enum):
    """What of the customer's an impacted entity may be."""

    COMPONENT = "COMPONENT"
    PRODUCT = "PRODUCT"
    LOCATION = "LOCATION"


_OBJECT_KINDS: Final = {
    **dict.fromkeys(
        ("resource", "physicalresource", "logicalresource", "resourceref", "softwareresource"),
        ObjectKind.COMPONENT,
    ),
    **dict.fromkeys(("product", "productref"), ObjectKind.PRODUCT),
    **dict.fromkeys(
        ("place", "placeref", "geographicsite", "geographicaddress", "geographiclocation"),
        ObjectKind.LOCATION,
    ),
}


class ImpactEntity(Related, frozen=True, kw_only=True):
    """TMF655 ImpactEntity; ``impact`` is an extension that says what is felt of this one alone."""

    impact: str | None = None


class ChangeRequest(Owned, frozen=True, kw_only=True):
    """TMF655 ChangeRequest; the specification has no name for one, real systems have."""

    description: str | None = None
    request_type: str | None = None
    specification: Ref | None = None
    status: str | None = None
    impact: str | None = None
    request_date: Time | None = None
    scheduled_date: Time | None = None
    last_update_date: Time | None = None
    planned_start_time: Time | None = None
    planned_end_time: Time | None = None
    actual_start_time: Time | None = None
    actual_end_time: Time | None = None
    external_reference: ExternalIdentifier | list[ExternalIdentifier | None] | None = None
    change_request_characteristic: Characteristic | list[Characteristic | None] | None = None
    impact_entity: ImpactEntity | list[ImpactEntity | None] | None = None
    target_entity: ImpactEntity | list[ImpactEntity | None] | None = None


class Touched(msgspec.Struct, frozen=True):
    """Something that a change names: its id and name, what it may be, and what is felt there."""

    id: str
    name: str
    kinds: frozenset[ObjectKind]
    level: ImpactLevel


@dataclass(frozen=True, slots=True)
class Places:
    """What of the things that changes name is the customer's, and where it stands.

    Of things that may be of one of the kinds ``untold`` nothing can be told now: a system fails.
    """

    components: Mapping[ComponentId, Place]
    products: Mapping[str, Place]
    locations: Mapping[LocationId, Place]
    untold: frozenset[ObjectKind] = frozenset()


def read_change(thing: Mapping[str, Any]) -> ChangeRequest:
    """Give *thing* as a change request; raises ``TmfError``."""
    return identified(thing, ChangeRequest)


class _Type(Enum):
    MAINTENANCE = "MAINTENANCE"


def is_maintenance(change: ChangeRequest, words: str = MAINTENANCE) -> bool:
    """Tell whether *change* is maintenance: whether its type, or what it is specified by, says so.

    *words* is a pattern over lower case words. A customer's own change is none, nor is one without a type.
    """
    return _is_called(_types(change), words)


def event_record(change: ChangeRequest, customer: CustomerCode) -> MaintenanceEventRecord:
    """Give *change* as an event, without what it touches.

    It lasts as long as it is planned to, where no plan is said as long as it did. Raises ``TmfError`` where
    its start or its end is not said, or it ends before it begins.
    """
    own, values = key(change.id), named(many(change.change_request_characteristic))
    starts_at, ends_at = _window(change)
    announced_at = _announced_at(change, values, starts_at)
    title = _title(change)
    references = (optional_key(each.id) for each in many(change.external_reference))
    return MaintenanceEventRecord(  # the first by position: of more than fifteen names Python makes a dict
        customer,
        MaintenanceEventId(own),
        next((each for each in references if each), own),  # reference
        _kind(_types(change)) or kind_told(title, announced_at, starts_at),
        _status(change.status),
        title,
        starts_at,
        ends_at,
        announced_at,
        _text(values.get("uid")),
        sequence=_sequence(values),
        raw_status=change.status,
        description=change.description,
        reason=_text(values.get("reason")),
        provider=_text(values.get("provider")),
        organizer=_text(values.get("organizer")),
        account=_text(values.get("account")),
    )


def impacted(change: ChangeRequest) -> bool:
    """Tell whether *change* names something that it impacts; raises ``TmfError``."""
    return bool(_impacted(change))


def touched(change: ChangeRequest) -> tuple[Touched, ...]:
    """Give what *change* touches, each thing once; raises ``TmfError``."""
    found: dict[tuple[str, frozenset[ObjectKind]], Touched] = {}
    for each in _impacted(change) or many(change.target_entity):
        target = each.target
        own = optional_key(target.id)
        if own is None:
            continue
        kinds = _kinds(target)
        level = _level((each.impact, each.role, change.impact))
        found.setdefault((own, kinds), Touched(own, label(target.name, each.name, own), kinds, level))
    return tuple(found.values())


def impact_records(
    event: MaintenanceEventRecord, things: Iterable[Touched], places: Places
) -> list[MaintenanceImpactRecord]:
    """Give what *event* does to those of *things* that are the customer's.

    One change touches the things of many customers: what *places* does not know to be this one's is never
    told.
    """
    placed = ((each, *_placed(each, places)) for each in things)
    return [
        MaintenanceImpactRecord(
            customer=event.customer,
            id=_impact_id(event.id, kind, each.id),
            event=event.id,
            object_id=each.name,
            component=ComponentId(each.id) if kind is ObjectKind.COMPONENT else None,
            service_point=place.service_point,
            location=place.location,
            solution=place.solution,
            level=each.level,
            segment=segment_of(place.kind) if place.kind else NetworkSegment.OPERATOR_NETWORK,
        )
        for each, kind, place in placed
        if place is not None
    ]


def placed_record(
    event: MaintenanceEventRecord, things: Iterable[Touched], places: Places, *, named: bool
) -> MaintenanceEventRecord:
    """Give *event* with what it touches of the customer's; *named* where its change names what it impacts.

    One that names nothing impacted at all was told to the customer for its own sake. One that names things,
    none of which is known to be the customer's, is on no network that it has to do with, and so is never
    shown: it may be about what is excluded. As little is one shown of whose things nothing can be told now.
    """
    every = list(things)
    impacts = impact_records(event, every, places)
    told = touching(event, impacts)
    named = named or any(not places.untold.isdisjoint(each.kinds) for each in every)
    return told if impacts or not named else replace(told, on_network=False)


def _impacted(change: ChangeRequest) -> list[ImpactEntity]:
    return [each for each in many(change.impact_entity) if optional_key(each.target.id) is not None]


def _types(change: ChangeRequest) -> tuple[str | None, ...]:
    return change.request_type, change.specification.name if change.specification else None


@lru_cache(maxsize=500)
def _is_called(types: tuple[str | None, ...], words: str) -> bool:
    return meant(types, ((words, _Type.MAINTENANCE),), None) is not None


@lru_cache(maxsize=500)
def _kind(types: tuple[str | None, ...]) -> MaintenanceKind | None:
    return meant(types, KINDS, None)


@lru_cache(maxsize=500)
def _status(text: str | None) -> MaintenanceStatus:
    return matched(text, _OWN_STATUSES, _STATUSES, MaintenanceStatus.UNKNOWN)


@lru_cache(maxsize=500)
def _level(texts: tuple[str | None, ...]) -> ImpactLevel:
    return meant(texts, LEVELS, ImpactLevel.OUTAGE)


def _window(change: ChangeRequest) -> tuple[datetime, datetime]:
    starts_at = moment(change.planned_start_time) or moment(change.actual_start_time)
    ends_at = moment(change.planned_end_time) or moment(change.actual_end_time)
    if starts_at is None or ends_at is None:
        raise TmfError("says no start, or no end")
    try:
        check_window(starts_at, ends_at)
    except WindowError as error:
        raise TmfError(str(error)) from error
    return starts_at, ends_at


def _announced_at(change: ChangeRequest, values: Mapping[str, Any], starts_at: datetime) -> datetime:
    """Give when *change* was told: when it says so, when it was asked for or scheduled, or at its start."""
    said = (_text(values.get(name)) for name in _ANNOUNCED)
    texts = (*said, change.request_date, change.scheduled_date, change.last_update_date)
    return next((time for each in texts if (time := moment(each)) is not None), starts_at)


def _title(change: ChangeRequest) -> str:
    lines = (change.description or "").strip().splitlines()
    return label(change.name, lines[0][:NAME_LENGTH] if lines else None, key(change.id))


def _sequence(values: Mapping[str, Any]) -> int:
    texts = (_text(values.get(name)) or "" for name in _SEQUENCE)
    numbers = (int(each) for each in texts if re.fullmatch(r"[0-9]{1,10}", each))
    return next((each for each in numbers if each <= _LARGEST), 0)


def _kinds(target: Ref) -> frozenset[ObjectKind]:
    """Give what *target* may be: by its type, and anything where that says nothing."""
    said = (fold(each or "") for each in (target.at_referred_type, target.at_type))
    known = [_OBJECT_KINDS[each] for each in said if each in _OBJECT_KINDS]
    return frozenset(known[:1] or ObjectKind)


def _placed(each: Touched, places: Places) -> tuple[ObjectKind, Place | None]:
    found = (
        (ObjectKind.COMPONENT, places.components.get(ComponentId(each.id))),
        (ObjectKind.PRODUCT, places.products.get(each.id)),
        (ObjectKind.LOCATION, places.locations.get(LocationId(each.id))),
    )
    if not places.untold.isdisjoint(each.kinds):
        return ObjectKind.COMPONENT, None
    known = ((kind, place) for kind, place in found if kind in each.kinds and place is not None)
    return next(known, (ObjectKind.COMPONENT, None))


def _impact_id(event: MaintenanceEventId, kind: ObjectKind, own: str) -> MaintenanceImpactId:
    return MaintenanceImpactId(sha256(f"{event}\0{kind.value}\0{own}".encode()).hexdigest()[:32])


def _text(value: Any) -> str | None:  # noqa: ANN401 - any JSON
    return (
        str(value).strip() or None if isinstance(value, str | int) and not isinstance(value, bool) else None
    )
