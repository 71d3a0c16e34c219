"""What the operator did, does and will do to the network under a demo customer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from servicespace.demo.notices import Notice, notices_of
from servicespace.demo.ordering import Estate
from servicespace.demo.plan import Plan
from servicespace.demo.profiles import YEARS
from servicespace.demo.skew import around
from sources.inventory import ComponentRecord
from sources.keys import MaintenanceEventId, MaintenanceImpactId, MaintenanceRevisionId
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceKind,
    MaintenanceRevisionRecord,
    NetworkSegment,
)
from sources.maintenance.impact import touching
from sources.maintenance.segment import segment_of
from sources.maintenance.sequencing import kind_of

_MANY: Final = 400
"""How many components the widest maintenance touches, in the largest customers."""
_OFF_NETWORK: Final = 7
"""Which of twenty works touches nothing of the operator's network."""
_WORK: Final = (
    ("Line card replacement", "A card reports memory errors."),
    ("Router software upgrade", "The release in use is at its end of support."),
    ("Fibre rerouting", "Road works cross our duct."),
    ("Power supply works", "The building's feed is renewed."),
    ("Capacity extension", "More bandwidth between two nodes."),
    ("Emergency repair", "A fault was found that must not wait."),
)


@dataclass(frozen=True, slots=True)
class Work:
    """A maintenance event with its impacts and the notices that told of it."""

    event: MaintenanceEventRecord
    impacts: Sequence[MaintenanceImpactRecord]
    revisions: Sequence[MaintenanceRevisionRecord]


def works(plan: Plan, estate: Estate, components: Sequence[ComponentRecord]) -> Iterator[Work]:
    """Give the maintenance of two years past, what is running all of today, and what is to come.

    The first that is to come is the widest. One in twenty touches no network of the operator's: such a one
    is stored, and shown to nobody. ``components`` are those that may be shown.
    """
    crew = _Crew(plan, estate, components)
    yearly = plan.profile.maintenance_per_year
    for index in range(yearly * YEARS):
        yield crew.work(plan.now - timedelta(days=crew.random.randint(3, YEARS * 365)), index)
    for _ in range(max(1, yearly // 100)):
        yield crew.running()
    for index in range(max(4, yearly // 10)):
        yield crew.work(plan.now + timedelta(days=crew.random.randint(2, 60)), index, wide=index == 0)


class _Crew:
    """Those who work on the network under one customer: they number their works as they come."""

    def __init__(self, plan: Plan, estate: Estate, components: Sequence[ComponentRecord]) -> None:
        self.random = plan.random("maintenance")
        self._plan = plan
        self._zones = {each.id: ZoneInfo(each.time_zone or "UTC") for each in estate.locations}
        self._network = [each for each in components if _segment(each) is NetworkSegment.OPERATOR_NETWORK]
        self._beyond = [each for each in components if _segment(each) is not NetworkSegment.OPERATOR_NETWORK]
        self._number = 0

    def work(self, day: datetime, index: int, *, wide: bool = False) -> Work:
        """Give the work of the night of *day*, as the site has it."""
        touched = self._touched(index, wide=wide)
        zone = self._zones[touched[0].location] if touched[0].location else UTC
        hour = time(self.random.choice((22, 23, 0, 1, 2, 3)), self.random.choice((0, 30)), tzinfo=zone)
        starts_at = datetime.combine(day, hour).astimezone(UTC)
        return self._work(touched, starts_at, starts_at + timedelta(minutes=30 * self.random.randint(2, 12)))

    def running(self) -> Work:
        """Give a work that began last evening and goes on past tonight."""
        starts_at = self._plan.now - timedelta(minutes=30 * self.random.randint(2, 10))
        return self._work(
            self._touched(0), starts_at, self._plan.now + timedelta(hours=self.random.randint(30, 40))
        )

    def _touched(self, index: int, *, wide: bool = False) -> Sequence[ComponentRecord]:
        """Give the components that a work touches, at least one."""
        random, network = self.random, self._network
        if wide and network:
            return random.sample(
                network, min(len(network), _MANY, max(2, self._plan.profile.components // 6))
            )
        if not network or (index % 20 == _OFF_NETWORK and self._beyond):
            return [random.choice(self._beyond)]
        touched = {each.id: each for each in [random.choice(network)]}
        for _ in range(around(random, self._plan.profile.impacts_per_maintenance) - 1):
            more = random.choice(self._beyond if self._beyond and random.random() < 0.2 else network)  # noqa: PLR2004
            touched[more.id] = more
        return list(touched.values())

    def _work(self, touched: Sequence[ComponentRecord], starts_at: datetime, ends_at: datetime) -> Work:
        self._number += 1
        plan, number = self._plan, self._number
        notices = notices_of(self.random, plan.now, starts_at, ends_at)
        kind = kind_of(notices[0].stamped_at, notices[-1].starts_at)
        title, reason = self.random.choice(_WORK[3:] if kind is MaintenanceKind.EXPEDITED else _WORK[:-1])
        last, key = notices[-1], MaintenanceEventId(plan.key("MNT", number))
        impacts = [self._impact(key, place, each) for place, each in enumerate(touched, start=1)]
        event = MaintenanceEventRecord(
            customer=plan.code,
            id=key,
            reference=f"MW{last.starts_at:%y%m}-{number:06d}",
            uid=f"{key.lower()}@operator.example",
            sequence=len(notices) - 1,
            kind=kind,
            status=last.status,
            raw_status=last.status.value.replace("_", "-"),
            title=f"{title} ({touched[0].name})",
            description=f"{title}. {reason} Services may be interrupted during the window.",
            reason=reason,
            starts_at=last.starts_at,
            ends_at=last.ends_at,
            announced_at=notices[0].stamped_at,
            provider="operator.example",
            organizer="mailto:noc@operator.example",
            account=plan.customer.name,
        )
        event = touching(event, impacts)
        return Work(event, impacts, [_revision(event, place, each) for place, each in enumerate(notices)])

    def _impact(
        self, event: MaintenanceEventId, place: int, component: ComponentRecord
    ) -> MaintenanceImpactRecord:
        level = self.random.choices(tuple(ImpactLevel), (10, 35, 25, 30))[0]
        return MaintenanceImpactRecord(
            customer=self._plan.code,
            id=MaintenanceImpactId(f"{event}-{place:04d}"),
            event=event,
            object_id=component.external_ids[0] if component.external_ids else component.name,
            component=component.id,
            service_point=component.service_point,
            location=component.location,
            solution=component.solution,
            level=level,
            expected_duration=300 * self.random.randint(1, 24) if level is ImpactLevel.OUTAGE else None,
            redundant_path=level is ImpactLevel.REDUCED_REDUNDANCY,
            segment=_segment(component),
        )


def _segment(component: ComponentRecord) -> NetworkSegment:
    return segment_of(component.kind.value)


def _revision(event: MaintenanceEventRecord, sequence: int, notice: Notice) -> MaintenanceRevisionRecord:
    text = f"{event.customer}/{event.id}/{sequence}/{notice.stamped_at.isoformat()}/{notice.status.value}"
    return MaintenanceRevisionRecord(
        customer=event.customer,
        id=MaintenanceRevisionId(sha256(text.encode()).hexdigest()),
        event=event.id,
        sequence=sequence,
        stamped_at=notice.stamped_at,
        status=notice.status,
        raw_status=notice.status.value.replace("_", "-"),
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
        on_network=event.on_network,
        solutions=event.solutions,
        locations=event.locations,
    )
