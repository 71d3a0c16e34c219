"""The components of a demo customer, with some that nobody may ever see (terms of use, 1.3)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from servicespace.demo.catalog import CATALOG, Part
from servicespace.demo.ordering import Estate
from servicespace.demo.plan import Plan
from servicespace.demo.skew import shares
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
from sources.inventory.exclusion import exclusion_of
from sources.keys import ComponentId, LocationId
from sources.ordering import ENDED, LocationRecord, ProductStatus, ServicePointRecord

_K = ComponentKind
_MODELS: Final[Mapping[ComponentKind, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        _K.CE_ROUTER: (
            ("Cisco", "C8300-1N1S-4T2X"),
            ("Cisco", "ISR 4331"),
            ("OneAccess", "ONE1647"),
            ("Juniper", "SRX345"),
        ),
        _K.SDWAN_EDGE: (
            ("Cisco", "C8200L-1N-4T"),
            ("Fortinet", "FortiGate 80F"),
            ("HPE Aruba", "EdgeConnect S"),
        ),
        _K.SWITCH: (("Cisco", "C9200L-24P-4G"), ("HPE Aruba", "6200F")),
        _K.WIFI_AP: (("Cisco", "CW9162I"), ("HPE Aruba", "AP-515")),
        _K.FIREWALL: (("Fortinet", "FortiGate 100F"), ("Palo Alto Networks", "PA-440")),
        _K.PE_PORT: (("Nokia", "7750 SR-7"), ("Juniper", "MX480")),
    }
)
_NAMES: Final[Mapping[ComponentKind, str]] = MappingProxyType(
    {
        _K.CE_ROUTER: "ce",
        _K.SDWAN_EDGE: "edge",
        _K.SWITCH: "sw",
        _K.WIFI_AP: "ap",
        _K.FIREWALL: "fw",
        _K.PE_PORT: "pe-port",
        _K.ACCESS_LINE: "line",
        _K.EVC: "evc",
        _K.VPN_SITE: "vpn",
        _K.INTERNET_ACCESS: "inet",
        _K.VOICE_TRUNK: "sip",
        _K.DID_RANGE: "did",
        _K.SIM: "sim",
        _K.VM: "vm",
        _K.MAILBOX_DOMAIN: "mail",
        _K.UNKNOWN: "core",
    }
)
_CIRCUITS: Final = frozenset({_K.ACCESS_LINE, _K.PE_PORT, _K.EVC, _K.VPN_SITE, _K.INTERNET_ACCESS})
"""What the operator's own notices call by a circuit number."""
_ADDRESSED: Final = frozenset({_K.CE_ROUTER, _K.SDWAN_EDGE, _K.FIREWALL, _K.SWITCH})
_ACCESS: Final = ("FTTO", "FTTH Pro", "EFM", "4G", "5G")
_GATEWAY: Final = "PUBLIC_GATEWAY"
_CORE: Final = "P_ROUTER"
_CASCADED: Final = 3
"""The turn in which a cascaded router is made."""


def components(plan: Plan, estate: Estate) -> Sequence[ComponentRecord]:
    """Give the components of *estate*; the excluded ones, one in a hundred, come on top."""
    random = plan.random("inventory")
    where = {each.id: each for each in estate.locations}
    categories = {each.id: each.category for each in estate.solutions}
    live = [each for each in estate.service_points if each.status not in ENDED]
    found: list[ComponentRecord] = []
    weights = [1.0 if index % 6 else 2.0 for index in range(len(live))]
    for service_point, count in zip(live, shares(plan.profile.components, weights), strict=True):
        location = where[_given(service_point.location)]
        parts = CATALOG[categories[service_point.solution]].parts
        found.extend(_delivering(plan, random, service_point, location, parts, len(found) + 1, count))
    hidden = list(_excluded(plan, found))
    return [*_behind_core(found, hidden), *hidden]


def _behind_core(
    shown: Sequence[ComponentRecord], hidden: Sequence[ComponentRecord]
) -> Iterator[ComponentRecord]:
    """Give *shown*, every fifth port reached through a core router: a relation that nobody may see."""
    cores = [each.id for each in hidden if each.exclusion is Exclusion.CORE_NETWORK]
    for index, each in enumerate(shown):
        behind = each.kind is _K.PE_PORT and each.parent is None and index % 5 == 0
        yield replace(each, parent=cores[index % len(cores)]) if behind else each


def _delivering(
    plan: Plan,
    random: Random,
    service_point: ServicePointRecord,
    location: LocationRecord,
    parts: Sequence[Part],
    number: int,
    count: int,
) -> Iterator[ComponentRecord]:
    """Give *count* components from *number* on: those of the product in turn, then a second set of them."""
    for index in range(count):
        turn, place = divmod(index, len(parts))
        part = parts[place]
        via = None if part.via is None else plan.key("CMP", number + turn * len(parts) + part.via)
        made = _component(plan, random, part.kind, number + index, location)
        status, operational = _condition(random, service_point, second=turn > 0)
        yield replace(
            made,
            status=status,
            raw_status=status.value.lower(),
            operational_state=operational,
            usage_state=UsageState.IDLE if status is ComponentStatus.STANDBY else UsageState.ACTIVE,
            solution=service_point.solution,
            service_point=service_point.id,
            bandwidth=service_point.bandwidth if part.kind in _CIRCUITS else None,
            parent=None if via is None else ComponentId(via),
        )


def _component(
    plan: Plan, random: Random, kind: ComponentKind, number: int, location: LocationRecord
) -> ComponentRecord:
    vendor, model = random.choice(_MODELS[kind]) if kind in _MODELS else (None, None)
    ends = plan.today + timedelta(days=random.randint(-200, 2_500)) if vendor else None
    return ComponentRecord(
        customer=plan.code,
        id=ComponentId(plan.key("CMP", number)),
        kind=kind,
        raw_kind=kind.value,
        name=f"{_NAMES[kind]}-{(location.site_code or '').lower()}-{number:06d}",
        external_ids=(f"{location.country}/{_NAMES[kind].upper()}/{number:07d}",)
        if kind in _CIRCUITS
        else (),
        serial_number=f"{_NAMES[kind][:2].upper()}{random.randrange(16**8):08X}" if vendor else None,
        model=model,
        vendor=vendor,
        status=ComponentStatus.AVAILABLE,
        admin_state=AdminState.UNLOCKED,
        location=location.id,
        managed_by=ManagedBy.CUSTOMER if kind is _K.WIFI_AP and number % 3 == 0 else ManagedBy.OPERATOR,
        addresses=_addresses(number) if kind in _ADDRESSED else (),
        access_type=random.choice(_ACCESS) if kind is _K.ACCESS_LINE else None,
        end_of_support=ends,
        updated_at=plan.now - timedelta(minutes=random.randint(1, 400_000)),
    )


def _addresses(number: int) -> tuple[str, ...]:
    """Give a management address of the tenant's own, and one of documentation (RFC 3849)."""
    return (
        f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::1",
    )


def _condition(
    random: Random, service_point: ServicePointRecord, *, second: bool
) -> tuple[ComponentStatus, OperationalState]:
    if service_point.status is ProductStatus.SUSPENDED:
        return ComponentStatus.SUSPENDED, OperationalState.DISABLED
    if service_point.status is ProductStatus.PENDING_ACTIVE:
        return ComponentStatus.RESERVED, OperationalState.DISABLED
    if random.random() < 0.03:  # noqa: PLR2004 - three in a hundred have a fault
        return ComponentStatus.ALARM, OperationalState.DISABLED
    return ComponentStatus.STANDBY if second else ComponentStatus.AVAILABLE, OperationalState.ENABLED


def _excluded(plan: Plan, shown: Sequence[ComponentRecord]) -> Iterator[ComponentRecord]:
    """Give components that are excluded, one of each kind in turn, tied like others to what is shown."""
    known = {each.id: each for each in shown}
    routers = [each for each in shown if each.kind is _K.CE_ROUTER]
    for index in range(max(4, plan.profile.components // 100)):
        cascaded = bool(routers) and index % 4 == _CASCADED
        beside = routers[index % len(routers)] if cascaded else shown[index * 97 % len(shown)]
        made = replace(
            beside,
            id=ComponentId(plan.key("CMP", len(shown) + index + 1)),
            name=f"{beside.name}-x",
            external_ids=(),
            serial_number=None,
            parent=None,
            status=ComponentStatus.AVAILABLE,
        )
        match index % 4:
            case 0:
                made = replace(made, kind=_K.UNKNOWN, raw_kind=_CORE)
            case 1:
                made = replace(made, kind=_K.UNKNOWN, raw_kind=_GATEWAY)
            case _ if cascaded:
                made = replace(
                    made, kind=_K.CE_ROUTER, raw_kind="CE_ROUTER", service_point=None, parent=beside.id
                )
            case _:
                made = replace(
                    made, kind=_K.ACCESS_LINE, raw_kind="ACCESS_LINE", access_type="ISDN dial backup"
                )
        why = exclusion_of(
            made, known, core_network=made.raw_kind == _CORE, public_gateway=made.raw_kind == _GATEWAY
        )
        yield replace(made, exclusion=why)


def _given(location: LocationId | None) -> LocationId:
    assert location is not None, "demo service points have a location"  # noqa: S101 - a fault of ours
    return location
