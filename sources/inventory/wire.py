"""Inventory as TM Forum tells it: TMF639 Resource (PhysicalResource, LogicalResource), versions 4 and 5."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from socket import AF_INET, inet_pton
from typing import Any, Final, cast

from sources.condition import span
from sources.inventory import (
    AdminState,
    ComponentKind,
    ComponentRecord,
    ComponentStatus,
    Exclusion,
    ManagedBy,
    OperationalState,
    UsageState,
)
from sources.inventory.wording import EXCLUSIONS, KINDS
from sources.keys import ComponentId, CustomerCode, LocationId
from sources.tmf import (
    KEY_LENGTH,
    Characteristic,
    ExternalIdentifier,
    Id,
    Owned,
    Ref,
    Related,
    Time,
    TmfError,
    Wire,
    day,
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
    words,
)
from sources.units import bits_per_second

_CONTAINS: Final = frozenset({"contains", "bundled", "bundles"})
"""Relations to what is reached through this resource, folded (TMF639 ResourceRelationship)."""

_REACHED_THROUGH: Final = frozenset(
    {"relieson", "requires", "iscontainedin", "containedin", "ispartof", "connectedto", "hostedby", "childof"}
)
"""Relations to what this resource is reached through, folded."""

_STATUSES: Final = {
    "suspended": ComponentStatus.SUSPENDED,
    "hotstandby": ComponentStatus.STANDBY,
    "coldstandby": ComponentStatus.STANDBY,
    "providingservice": ComponentStatus.AVAILABLE,
    "online": ComponentStatus.AVAILABLE,
    "degraded": ComponentStatus.AVAILABLE,
    "reserved": ComponentStatus.RESERVED,
    "available": ComponentStatus.AVAILABLE,
    "allocated": ComponentStatus.AVAILABLE,
    "partiallyallocated": ComponentStatus.AVAILABLE,
}
"""What version 5 says by four attributes (ITU-T X.731), folded, in version 4's words."""

_ADMIN_STATES: Final = {
    "lock": AdminState.LOCKED,
    "unlock": AdminState.UNLOCKED,
    "shutdown": AdminState.SHUTTING_DOWN,
}
_OPERATIONAL_STATES: Final = {"enable": OperationalState.ENABLED, "disable": OperationalState.DISABLED}

PRODUCTS: Final = (
    "servicepoint",
    "servicepointid",
    "installedoffer",
    "installedofferid",
    "product",
    "productid",
    "productinventoryid",
)
"""The characteristics that name the product of a resource, folded, the most particular first."""

_ADDRESSES: Final = (
    "ip",
    "ipaddress",
    "ipaddresses",
    "ipv4address",
    "ipv6address",
    "managementip",
    "managementaddress",
    "ipprefix",
    "prefix",
    "subnet",
    "lansubnet",
)
_BANDWIDTH: Final = ("bandwidth", "accessbandwidth", "speed", "linespeed")
_NO_ADDRESS: Final = frozenset({"", "na", "none", "dhcp", "unknown"})
_KIND: Final = re.compile(rf"\b(?:{'|'.join(pattern for pattern, _ in KINDS)})\b")
_MARK: Final = re.compile(rf"\b(?:{'|'.join(pattern for pattern, _ in EXCLUSIONS)})\b")

_SERIAL_LENGTH: Final = 128
"""How many characters a serial number may have: the key that it is found by holds no more."""


class Relationship(Wire, frozen=True, kw_only=True):
    """How a resource stands to another; a sample has ``type`` for the relation."""

    relationship_type: str | None = None
    type: str | None = None
    resource: Ref | None = None


class Resource(Owned, frozen=True, kw_only=True):
    """TMF639 Resource; what only physical or only logical ones have is here too."""

    category: str | None = None
    value: Any = None
    administrative_state: str | None = None
    operational_state: str | None = None
    usage_state: str | None = None
    resource_status: str | None = None
    alarm_status: str | list[str | None] | None = None
    availability_status: str | list[str | None] | None = None
    standby_status: str | list[str | None] | None = None
    control_status: str | list[str | None] | None = None
    allocation_status: str | list[str | None] | None = None
    unknown_status: bool | str | None = None
    last_update: Time | None = None
    creation_date: Time | None = None
    start_operating_date: Time | None = None
    place: Related | list[Related | None] | None = None
    characteristic: Characteristic | list[Characteristic | None] | None = None
    resource_characteristic: Characteristic | list[Characteristic | None] | None = None
    resource_relationship: Relationship | list[Relationship | None] | None = None
    supporting_resource: Ref | list[Ref | None] | None = None
    resource_specification: Ref | None = None
    serial_number: str | int | None = None
    external_id: Id | None = None
    external_identifier: ExternalIdentifier | list[ExternalIdentifier | None] | None = None

    @property
    def values(self) -> dict[str, Any]:
        """The values of the characteristics, by folded name."""
        return named([*many(self.characteristic), *many(self.resource_characteristic)])

    @property
    def since(self) -> datetime | None:
        """When it came to be, or into operation; raises ``TmfError`` where that is no time."""
        return moment(self.creation_date) or moment(self.start_operating_date)

    @property
    def product(self) -> str | None:
        """The id of the product that it is a part of, as its characteristics have it.

        TMF639 has no place of its own for it. What is too long for an id is none.
        """
        values = self.values
        said = (_id(values[name]) for name in PRODUCTS if name in values)
        return next((each for each in said if each is not None), None)

    @property
    def contained(self) -> list[ComponentId]:
        """The ids of the resources that are reached through this one."""
        return [other for kind, other in _relations(self) if kind in _CONTAINS]

    @property
    def marked(self) -> Exclusion | None:
        """Why it is never shown, by what the upstream calls it."""
        return next((mark for each in _called(self) if (mark := _mark(each))), None)


def read_resource(thing: Mapping[str, Any]) -> Resource:
    """Give *thing* as a resource; raises ``TmfError``."""
    return identified(thing, Resource)


def component_record(resource: Resource, customer: CustomerCode, seen_at: datetime) -> ComponentRecord:
    """Give *resource* as a component, without what others say of it: service point, Solution, exclusion.

    ``seen_at`` is when it was updated where the resource does not say so. Raises ``TmfError``.
    """
    values, own = resource.values, key(resource.id)
    status, raw_status = _status(resource)
    specification = resource.resource_specification
    serial = None if resource.serial_number is None else str(resource.serial_number).strip()
    if serial and len(serial) > _SERIAL_LENGTH:
        raise TmfError(f"the serial number {serial[:20]}… has more than {_SERIAL_LENGTH} characters")
    places = (optional_key(each.target.id) for each in many(resource.place))
    location = next((each for each in places if each), None)
    return ComponentRecord(  # the first by position: of more than fifteen names Python makes a dict
        customer,
        ComponentId(own),
        next((kind for each in _called(resource) if (kind := _kind(each))), ComponentKind.UNKNOWN),
        label(resource.name, _text(resource.value), own),
        status,
        _managed_by(_text(values.get("managedby"))),
        moment(resource.last_update) or seen_at,  # updated_at
        resource.at_type,  # raw_kind
        _external_ids(resource),
        serial or None,  # serial_number
        _text(values.get("model")) or (specification.name if specification else None),
        _text(values.get("vendor")) or _text(values.get("manufacturer")),
        raw_status,
        _admin_state(resource.administrative_state),
        operational_state=_operational_state(resource.operational_state),
        usage_state=_usage_state(resource.usage_state),
        location=LocationId(location) if location else None,
        parent=_parent(resource),
        addresses=_addresses(values),
        bandwidth=bits_per_second(values, _BANDWIDTH),
        access_type=_text(values.get("accesstype")),
        end_of_support=day(_text(values.get("endofsupport"))),
    )


def _managed_by(text: str | None) -> ManagedBy:
    return ManagedBy.CUSTOMER if fold(text or "") == "customer" else ManagedBy.OPERATOR


@lru_cache(maxsize=100)
def _admin_state(text: str | None) -> AdminState | None:
    return None if text is None else matched(text, AdminState, _ADMIN_STATES, AdminState.UNKNOWN)


@lru_cache(maxsize=100)
def _operational_state(text: str | None) -> OperationalState | None:
    also, otherwise = _OPERATIONAL_STATES, OperationalState.UNKNOWN
    return None if text is None else matched(text, OperationalState, also, otherwise)


@lru_cache(maxsize=100)
def _usage_state(text: str | None) -> UsageState | None:
    return None if text is None else matched(text, UsageState, {}, UsageState.UNKNOWN)


def _called(resource: Resource) -> Iterator[str]:
    """Give all that *resource* is called, the most particular first."""
    specification = resource.resource_specification
    if resource.at_type:
        yield resource.at_type
    if specification and specification.name:
        yield specification.name
    if resource.category:
        yield resource.category
    if resource.name:
        yield resource.name


@lru_cache(maxsize=10_000)
def _kind(text: str) -> ComponentKind | None:
    # most names say nothing, and asking each pattern costs ten times as much as asking all at once
    return meant([text], KINDS, None) if _KIND.search(words(text)) else None


@lru_cache(maxsize=10_000)
def _mark(text: str) -> Exclusion | None:
    return meant([text], EXCLUSIONS, None) if _MARK.search(words(text)) else None


def _status(resource: Resource) -> tuple[ComponentStatus, str | None]:
    if resource.resource_status is not None:
        text = resource.resource_status
        return _resource_status(text), text
    if str(resource.unknown_status).strip().lower() == "true":
        return ComponentStatus.UNKNOWN, "unknown"
    if alarms := many(resource.alarm_status):
        return ComponentStatus.ALARM, ", ".join(alarms)
    usable = many(resource.availability_status)
    said = [*many(resource.control_status), *many(resource.standby_status), *usable]
    if not usable:  # what failed is allocated all the same
        said += many(resource.allocation_status)
    known = (_STATUSES[fold(each)] for each in said if fold(each) in _STATUSES)
    return next(known, ComponentStatus.UNKNOWN), ", ".join(said) or None


@lru_cache(maxsize=100)
def _resource_status(text: str) -> ComponentStatus:
    return matched(text, ComponentStatus, {}, ComponentStatus.UNKNOWN)


def _relations(resource: Resource) -> Iterator[tuple[str, ComponentId]]:
    for each in many(resource.resource_relationship):
        other = optional_key(each.resource.id) if each.resource else None
        if other is not None and other != optional_key(resource.id):
            yield fold(each.relationship_type or each.type or ""), ComponentId(other)


def _parent(resource: Resource) -> ComponentId | None:
    through = next((other for kind, other in _relations(resource) if kind in _REACHED_THROUGH), None)
    supporting = (optional_key(each.id) for each in many(resource.supporting_resource))
    return through or next((ComponentId(each) for each in supporting if each), None)


def _external_ids(resource: Resource) -> tuple[str, ...]:
    said = [resource.external_id, *(each.id for each in many(resource.external_identifier))]
    texts = (optional_key(each) for each in [*said, _text(resource.value)])
    return tuple(sorted({each for each in texts if each}))


def _addresses(values: Mapping[str, Any]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in (values[name] for name in _ADDRESSES if name in values):
        several = cast("list[object]", value) if isinstance(value, list) else [value]
        for text in several:
            for each in (_text(text) or "").replace(",", " ").replace(";", " ").split():
                if fold(each) not in _NO_ADDRESS:
                    found[_address(each)] = None
    return tuple(found)


def _address(text: str) -> str:
    try:
        inet_pton(AF_INET, text)
    except OSError:  # no plain address of version 4, which nearly all are
        return _checked(text)
    return text


def _checked(text: str) -> str:
    try:
        span(text)
    except ValueError as error:
        raise TmfError(f"{text[:40]!r} is neither an IP address nor a prefix") from error
    return text


def _id(value: Any) -> str | None:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        reference = {name.lower(): each for name, each in cast("dict[str, Any]", value).items()}
        value = reference.get("id")
    text = _text(value)
    return text if text and len(text) <= KEY_LENGTH else None


def _text(value: Any) -> str | None:  # noqa: ANN401 - any JSON
    return (
        str(value).strip() or None if isinstance(value, str | int) and not isinstance(value, bool) else None
    )
