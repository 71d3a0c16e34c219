"""What an event's impacts make of it."""

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from sources.maintenance.records import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    NetworkSegment,
)

K = TypeVar("K", bound=str)


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
        level=max((each.level for each in told), key=_level_rank, default=ImpactLevel.NO_IMPACT),
        solutions=_keys(each.solution for each in told),
        locations=_keys(each.location for each in told),
        components=_keys(each.component for each in told),
        service_points=_keys(each.service_point for each in told),
    )


def _keys(keys: Iterable[K | None]) -> tuple[K, ...]:
    return tuple(sorted({key for key in keys if key is not None}))


def _rank(impact: MaintenanceImpactRecord) -> int:
    return impact.level.rank


def _level_rank(level: ImpactLevel) -> int:
    return level.rank
