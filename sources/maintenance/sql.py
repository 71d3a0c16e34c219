"""Maintenance in the embedded database."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from tortoise import fields
from tortoise.models import Model

from sources.keys import (
    ComponentId,
    CustomerCode,
    LocationId,
    MaintenanceEventId,
    ServicePointId,
    SolutionId,
)
from sources.listing import Listing, Page
from sources.maintenance import (
    EVENT_COMPONENTS,
    EVENT_LOCATIONS,
    EVENT_SERVICE_POINTS,
    EVENT_SOLUTIONS,
    REVISION_LOCATIONS,
    REVISION_SOLUTIONS,
    TOUCHES,
    MaintenanceEventFilter,
    MaintenanceEventRecord,
    MaintenanceImpactOrder,
    MaintenanceImpactRecord,
    MaintenanceRevisionOrder,
    MaintenanceRevisionRecord,
)
from sources.maintenance.impact import worst_first
from sources.maintenance.sequencing import newest_first
from sources.scope import Scope
from sources.sql import Database, LinkRow, Row, index, link_indexes, part_indexes
from sources.table import Saved, Table, parted, ties


class Event(Row, Model):
    """The table of ``MaintenanceEventRecord``."""

    reference = fields.TextField()
    uid = fields.TextField(null=True)
    sequence = fields.BigIntField()
    kind = fields.CharField(16)
    status = fields.CharField(32)
    raw_status = fields.TextField(null=True)
    title = fields.TextField()
    description = fields.TextField(null=True)
    reason = fields.TextField(null=True)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    announced_at = fields.DatetimeField()
    provider = fields.TextField(null=True)
    organizer = fields.TextField(null=True)
    account = fields.TextField(null=True)
    level = fields.CharField(32)
    on_network = fields.BooleanField()
    # JSON, but as text: nobody looks into it, and PostgreSQL would write its own kind anew for each row.
    touches = fields.TextField()

    class Meta(Model.Meta):
        app = "maintenance"
        table = "maintenance_event"
        unique_together = (("customer", "id"),)
        indexes = (index("starts_at"), index("ends_at"), index("announced_at"))


class EventTouch(LinkRow, Model):
    """The table of ``TOUCHES``: a row for each ``Touch`` of an event."""

    event = fields.CharField(128)
    solution = fields.CharField(128, null=True)
    location = fields.CharField(128, null=True)
    component = fields.CharField(128, null=True)
    service_point = fields.CharField(128, null=True)
    rank = fields.SmallIntField()
    first_solution = fields.BooleanField()
    first_location = fields.BooleanField()
    first_component = fields.BooleanField()
    first_service_point = fields.BooleanField()
    starts_at = fields.DatetimeField()

    class Meta(Model.Meta):
        app = "maintenance"
        table = TOUCHES.table
        indexes = part_indexes(TOUCHES)


class Impact(Row, Model):
    """The table of ``MaintenanceImpactRecord``."""

    event = fields.CharField(128)
    object_id = fields.TextField()
    component = fields.CharField(128, null=True)
    service_point = fields.CharField(128, null=True)
    location = fields.CharField(128, null=True)
    solution = fields.CharField(128, null=True)
    level = fields.CharField(32)
    expected_duration = fields.BigIntField(null=True)
    redundant_path = fields.BooleanField(null=True)
    segment = fields.CharField(32)

    class Meta(Model.Meta):
        app = "maintenance"
        table = "maintenance_impact"
        unique_together = (("customer", "id"),)
        indexes = (index("event", "object_id"),)


class Revision(Row, Model):
    """The table of ``MaintenanceRevisionRecord``."""

    event = fields.CharField(128)
    sequence = fields.BigIntField()
    stamped_at = fields.DatetimeField()
    status = fields.CharField(32)
    raw_status = fields.TextField(null=True)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    on_network = fields.BooleanField()
    solutions: fields.JSONField[list[str]] = fields.JSONField()
    locations: fields.JSONField[list[str]] = fields.JSONField()

    class Meta(Model.Meta):
        app = "maintenance"
        table = "maintenance_revision"
        unique_together = (("customer", "id"),)
        indexes = (index("event", "sequence"),)


class RevisionSolution(LinkRow, Model):
    """The table of ``REVISION_SOLUTIONS``."""

    revision = fields.CharField(128)
    solution = fields.CharField(128)

    class Meta(Model.Meta):
        app = "maintenance"
        table = REVISION_SOLUTIONS.table
        indexes = link_indexes(REVISION_SOLUTIONS)


class RevisionLocation(LinkRow, Model):
    """The table of ``REVISION_LOCATIONS``."""

    revision = fields.CharField(128)
    location = fields.CharField(128)

    class Meta(Model.Meta):
        app = "maintenance"
        table = REVISION_LOCATIONS.table
        indexes = link_indexes(REVISION_LOCATIONS)


class SqlMaintenance:
    """``MaintenanceSource`` in the embedded database, and the way in for what notices tell."""

    def __init__(self, database: Database) -> None:
        """Speak for maintenance over *database*."""
        revision_ties = [ties(REVISION_SOLUTIONS, "solutions"), ties(REVISION_LOCATIONS, "locations")]
        self._events = Table(database, "maintenance_event", MaintenanceEventRecord, [parted(TOUCHES)])
        self._impacts = Table(database, "maintenance_impact", MaintenanceImpactRecord)
        self._revisions = Table(database, "maintenance_revision", MaintenanceRevisionRecord, revision_ties)

    async def events(
        self, scope: Scope, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, MaintenanceEventRecord]:
        """Give the events with these ids."""
        return await self._events.by_id(scope, events)

    async def events_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[CustomerCode, Page[MaintenanceEventRecord]]:
        """Give a page of each customer's events."""
        return await self._events.pages(scope, "customer", customers, listing)

    async def events_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[SolutionId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each Solution."""
        return await self._events.pages(scope, EVENT_SOLUTIONS, solutions, listing)

    async def events_by_component(
        self, scope: Scope, components: Collection[ComponentId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[ComponentId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each component."""
        return await self._events.pages(scope, EVENT_COMPONENTS, components, listing)

    async def events_by_service_point(
        self,
        scope: Scope,
        service_points: Collection[ServicePointId],
        listing: Listing[MaintenanceEventFilter],
    ) -> Mapping[ServicePointId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each service point."""
        return await self._events.pages(scope, EVENT_SERVICE_POINTS, service_points, listing)

    async def events_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[LocationId, Page[MaintenanceEventRecord]]:
        """Give a page of the events that touch each location."""
        return await self._events.pages(scope, EVENT_LOCATIONS, locations, listing)

    async def impacts_by_event(
        self, scope: Scope, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, Sequence[MaintenanceImpactRecord]]:
        """Give each event's impacts, worst first, then by object."""
        found = await self._impacts.lists(scope, "event", events, MaintenanceImpactOrder.OBJECT_ID_ASC)
        return {event: worst_first(impacts) for event, impacts in found.items()}

    async def history_by_event(
        self, scope: Scope, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, Sequence[MaintenanceRevisionRecord]]:
        """Give each event's revisions, newest first."""
        found = await self._revisions.lists(scope, "event", events, MaintenanceRevisionOrder.SEQUENCE_DESC)
        return {event: newest_first(revisions) for event, revisions in found.items()}

    async def known(
        self, customer: CustomerCode, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, MaintenanceEventRecord]:
        """Give the events with these ids, off the network too: for imports, never for an asker."""
        return {row.id: row for row in await self._events.having(customer, "id", events)}

    async def known_revisions(
        self, customer: CustomerCode, events: Collection[MaintenanceEventId]
    ) -> Sequence[MaintenanceRevisionRecord]:
        """Give all revisions of these events: for imports, never for an asker."""
        return await self._revisions.having(customer, "event", events)

    async def save_events(self, records: Iterable[MaintenanceEventRecord]) -> Saved:
        """Write events over those with the same customer and id."""
        return await self._events.save(records)

    async def save_impacts(self, records: Iterable[MaintenanceImpactRecord]) -> Saved:
        """Write impacts in place of all that their events had; call it inside a transaction."""
        latest = {(each.customer, each.id): each for each in records}
        for customer in dict.fromkeys(customer for customer, _ in latest):
            events = {each.event for each in latest.values() if each.customer == customer}
            known = await self._impacts.having(customer, "event", events)
            await self._impacts.remove([each for each in known if (customer, each.id) not in latest])
        return await self._impacts.save(latest.values())

    async def save_revisions(self, records: Iterable[MaintenanceRevisionRecord]) -> Saved:
        """Write revisions over those with the same customer and digest."""
        return await self._revisions.save(records)
