"""Components as TM Forum's TMF639 has them, versions 4 and 5: the inverse of ``sources.inventory.wire``."""

from typing import Any, Final

from sources.inventory import ComponentRecord, ComponentStatus, Exclusion, OperationalState
from sources.tmf.settings import Version
from tests.tmf.parts import dropped, party, said
from tests.tmf.tickets import word

_STATUSES: Final[dict[ComponentStatus, tuple[str, str]]] = {
    ComponentStatus.STANDBY: ("standbyStatus", "coldStandby"),
    ComponentStatus.ALARM: ("alarmStatus", "major"),
    ComponentStatus.AVAILABLE: ("allocationStatus", "available"),
    ComponentStatus.RESERVED: ("allocationStatus", "reserved"),
    ComponentStatus.SUSPENDED: ("controlStatus", "suspended"),
}
"""Where version 5 says what version 4 has one attribute for."""

_MARKS: Final = {
    Exclusion.CORE_NETWORK: "Core network equipment",
    Exclusion.PUBLIC_GATEWAY: "Public gateway",
}
"""What upstreams call equipment that is never shown."""

_V4_STATES: Final = {OperationalState.ENABLED: "enable", OperationalState.DISABLED: "disable"}


def resource_json(
    component: ComponentRecord, version: Version, product: str | None, owner: str
) -> dict[str, Any]:
    """Render *component* as a resource of the party *owner* and a part of *product*.

    What TMF639 has no place for is a characteristic, as real systems have it. An exclusion is rendered as
    what it follows from; a router is cascaded by its parent alone, and then has no product.
    """
    v4 = version is Version.V4
    mark = _MARKS.get(component.exclusion) if component.exclusion else None
    through = [{"id": component.parent, "href": "http://localhost:8000/x"}] if component.parent else []
    return dropped(
        {
            "@type": component.raw_kind,
            "id": component.id,
            "href": f"https:/host:port/tmf-api/resource/{component.id}0",
            "name": component.name,
            "category": component.kind.value,
            "resourceSpecification": {"id": "4", "name": mark} if mark else None,
            "serialNumber": component.serial_number,
            **_external_ids(component, version),
            **_status(component, version),
            "administrativeState": word(component.admin_state) if component.admin_state else None,
            "operationalState": _operational(component.operational_state, version),
            "usageState": word(component.usage_state) if component.usage_state else None,
            "place": _place(component.location, version),
            "resourceRelationship": [{"relationshipType": "reliesOn", "resource": each} for each in through],
            "characteristic" if v4 else "resourceCharacteristic": _characteristics(component, product),
            "relatedParty": [party("m1", "Manufacturer", version), party(owner, "user", version)],
            "lastUpdate": said(component.updated_at),
        }
    )


def _external_ids(component: ComponentRecord, version: Version) -> dict[str, Any]:
    names = component.external_ids
    alone = names[0] if version is Version.V4 and names else None
    others = names[1:] if alone else names
    return {
        "externalId": alone,
        "externalIdentifier": [
            {"id": each, "owner": "us", "externalIdentifierType": "circuit"} for each in others
        ],
    }


def _status(component: ComponentRecord, version: Version) -> dict[str, Any]:
    if version is Version.V4:
        return {"resourceStatus": component.raw_status or word(component.status)}
    if component.status is ComponentStatus.UNKNOWN:
        return {"unknownStatus": True}
    name, value = _STATUSES[component.status]
    return {name: [value] if name == "alarmStatus" else value, "unknownStatus": False}


def _operational(state: OperationalState | None, version: Version) -> str | None:
    if state is None:
        return None
    return _V4_STATES.get(state, word(state)) if version is Version.V4 else word(state)


def _place(location: str | None, version: Version) -> Any:  # noqa: ANN401 - one thing, or a list
    if location is None:
        return None
    reference = {"id": location, "@referredType": "GeographicSite"}
    if version is Version.V4:
        return {**reference, "role": "installation"}
    return [{"role": "installation", "place": {**reference, "@type": "PlaceRef"}}]


def _characteristics(component: ComponentRecord, product: str | None) -> list[dict[str, Any]]:
    cascaded = component.exclusion is Exclusion.CASCADED_ROUTER
    values: dict[str, object] = {
        "model": component.model,
        "vendor": component.vendor,
        "managedBy": component.managed_by.value.lower(),
        "ipAddress": list(component.addresses) or None,
        "bandwidth": component.bandwidth,
        "accessType": "dial-up" if component.exclusion is Exclusion.DIAL else component.access_type,
        "endOfSupport": component.end_of_support.isoformat() if component.end_of_support else None,
        "servicePoint": None if cascaded else product,
    }
    return [{"name": name, "value": value} for name, value in values.items() if value is not None]
