"""Maintenance as TM Forum's TMF655 has it, version 4, and by the habits of version 5.

The inverse of ``sources.maintenance.wire``.
"""

from collections.abc import Iterable
from typing import Any, Final

from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceKind,
    MaintenanceStatus,
    Touch,
)
from sources.tmf.settings import Version
from tests.tmf.parts import dropped, party, said

_TYPES: Final = {
    MaintenanceKind.PLANNED: "Planned maintenance",
    MaintenanceKind.EXPEDITED: "Emergency maintenance",
}
_STATUSES: Final = {
    MaintenanceStatus.TENTATIVE: "waitForApproval",
    MaintenanceStatus.CONFIRMED: "scheduled",
    MaintenanceStatus.RE_SCHEDULED: "rescheduled",
    MaintenanceStatus.IN_PROCESS: "inProgress",
    MaintenanceStatus.COMPLETED: "completed",
    MaintenanceStatus.CANCELLED: "cancelled",
    MaintenanceStatus.UNKNOWN: "unknown",
}
_LEVELS: Final = {
    ImpactLevel.NO_IMPACT: "noImpact",
    ImpactLevel.REDUCED_REDUNDANCY: "reduced redundancy",
    ImpactLevel.DEGRADED: "Degraded",
    ImpactLevel.OUTAGE: "outage",
}


def named_by(touch: Touch) -> tuple[str, str]:
    """Give the type and the id of what *touch* is of: its component, its product, its location."""
    if touch.component is not None:
        return "PhysicalResource", touch.component
    if touch.service_point is not None:
        return "Product", f"{touch.solution or ''}/{touch.location or ''}/{touch.service_point}"
    if touch.solution is not None:
        return "Product", f"{touch.solution}/{touch.location or ''}"
    return "GeographicSite", touch.location or ""


def change_json(
    event: MaintenanceEventRecord, touches: Iterable[Touch], version: Version, owner: str
) -> dict[str, Any]:
    """Render *event* as a change request of the party *owner* that impacts *touches*.

    What TMF655 has no place for is a characteristic, as real systems have it.
    """
    values = {
        "announcedAt": said(event.announced_at),
        "sequence": event.sequence or None,
        "reason": event.reason,
        "uid": event.uid,
        "provider": event.provider,
        "organizer": event.organizer,
        "account": event.account,
    }
    return dropped(
        {
            "@type": "ChangeRequest",
            "id": event.id,
            "href": f"https:/host:port/tmf-api/ChangeManagement/v4/changeRequest/{event.id}x",
            "name": event.title,
            "description": event.description,
            "requestType": _TYPES[event.kind],
            "status": event.raw_status or _STATUSES[event.status],
            "requestDate": said(event.announced_at),
            "plannedStartTime": said(event.starts_at),
            "plannedEndTime": said(event.ends_at),
            "externalReference": [{"id": event.reference, "externalReferenceType": "maintenance"}],
            "targetEntity": [{"id": "core-1", "role": "target", "@referredType": "LogicalResource"}],
            "impactEntity": [_impact(each, version) for each in touches],
            "relatedParty": [party(owner, "customer", version), party("noc", "implementer", version)],
            "changeRequestCharacteristic": [
                {"name": name, "value": value} for name, value in values.items() if value is not None
            ],
        }
    )


def _impact(touch: Touch, version: Version) -> dict[str, Any]:
    kind, own = named_by(touch)
    reference = {"id": own, "href": f"http://localhost:8000/{kind}/x", "@referredType": kind}
    rest = {"role": "impacted", "impact": _LEVELS[touch.level]}
    return {**reference, **rest} if version is Version.V4 else {"entity": reference, **rest}
