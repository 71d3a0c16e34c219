"""What an event's impacts make of it."""

from collections.abc import Iterable

from msgspec.structs import replace

from sources.maintenance.records import (
    TOUCHES,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    NetworkSegment,
    Touch,
)


def worst_first(impacts: Iterable[MaintenanceImpactRecord]) -> list[MaintenanceImpactRecord]:
    """Give *impacts* from the worst to the mildest, those of one level as they came."""
    return sorted(impacts, key=_rank, reverse=True)


def touching(
    event: MaintenanceEventRecord, impacts: Iterable[MaintenanceImpactRecord]
) -> MaintenanceEventRecord:
    """Give *event* with what its *impacts* on the operator's network say of it.

    The other impacts count for nothing. An event that names no object at all, as a cancellation may, is
    taken for one on the network: the operator announced it to this customer.
    """
    every = list(impacts)
    told = [each for each in every if each.segment is NetworkSegment.OPERATOR_NETWORK]
    return replace(
        event,
        on_network=bool(told) or not every,
        level=TOUCHES.worst(told),
        touches=tuple(sorted({_touch(each) for each in told}, key=_place)),
    )


def _touch(impact: MaintenanceImpactRecord) -> Touch:
    return Touch(
        solution=impact.solution,
        location=impact.location,
        component=impact.component,
        service_point=impact.service_point,
        level=impact.level,
    )


def _place(touch: Touch) -> tuple[str, str, str, str, int]:
    """Give where *touch* stands among others: what is not known comes first."""
    return (
        touch.solution or "",
        touch.location or "",
        touch.component or "",
        touch.service_point or "",
        touch.rank,
    )


def _rank(impact: MaintenanceImpactRecord) -> int:
    return impact.level.rank
