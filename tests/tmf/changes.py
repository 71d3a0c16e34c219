"""Maintenance as TM Forum's TMF655 has it, version 4, and by the habits of version 5.

The inverse of ``sources.maintenance.wire``.
"""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceKind,
    MaintenanceStatus,
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


Named: TypeAlias = tuple[str, str, ImpactLevel]
"""The type and the id of what is impacted, and what is felt there."""


def change_json(
    event: MaintenanceEventRecord, impacts: Iterable[Named], version: Version, owner: str
) -> dict[str, Any]:
    """Render *event* as a change request of the party *owner* that has *impacts*.

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
            "impactEntity": [_impact(each, version) for each in impacts],
            "relatedParty": [party(owner, "customer", version), party("noc", "implementer", version)],
            "changeRequestCharacteristic": [
                {"name": name, "value": value} for name, value in values.items() if value is not None
            ],
        }
    )


def _impact(named: Named, version: Version) -> dict[str, Any]:
    kind, own, level = named
    reference = {"id": own, "href": f"http://localhost:8000/{kind}/x", "@referredType": kind}
    rest = {"role": "impacted", "impact": _LEVELS[level]}
    return {**reference, **rest} if version is Version.V4 else {"entity": reference, **rest}
