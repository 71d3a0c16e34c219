"""Maintenance in memory."""

from collections.abc import Collection, Iterable, Mapping, Sequence

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
from sources.table import Saved
from tests.fakes.shelf import Diary, Shelf


class FakeMaintenance:
    """``MaintenanceSource`` that writes down what it was asked."""

    def __init__(self) -> None:
        """Start empty."""
        self.diary = Diary("maintenance")
        self.event_shelf = Shelf[MaintenanceEventRecord](self.diary)
        self.impact_shelf = Shelf[MaintenanceImpactRecord](self.diary)
        self.revision_shelf = Shelf[MaintenanceRevisionRecord](self.diary)

    async def events(
        self, scope: Scope, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, MaintenanceEventRecord]:
        return self.event_shelf.by_id("events", scope, events)

    async def events_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[CustomerCode, Page[MaintenanceEventRecord]]:
        return self.event_shelf.pages("events_by_customer", scope, "customer", customers, listing)

    async def events_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[SolutionId, Page[MaintenanceEventRecord]]:
        return self.event_shelf.pages("events_by_solution", scope, "solutions", solutions, listing)

    async def events_by_component(
        self, scope: Scope, components: Collection[ComponentId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[ComponentId, Page[MaintenanceEventRecord]]:
        return self.event_shelf.pages("events_by_component", scope, "components", components, listing)

    async def events_by_service_point(
        self,
        scope: Scope,
        service_points: Collection[ServicePointId],
        listing: Listing[MaintenanceEventFilter],
    ) -> Mapping[ServicePointId, Page[MaintenanceEventRecord]]:
        return self.event_shelf.pages(
            "events_by_service_point", scope, "service_points", service_points, listing
        )

    async def events_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[MaintenanceEventFilter]
    ) -> Mapping[LocationId, Page[MaintenanceEventRecord]]:
        return self.event_shelf.pages("events_by_location", scope, "locations", locations, listing)

    async def impacts_by_event(
        self, scope: Scope, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, Sequence[MaintenanceImpactRecord]]:
        found = self.impact_shelf.lists(
            "impacts_by_event", scope, "event", events, MaintenanceImpactOrder.OBJECT_ID_ASC
        )
        return {event: worst_first(impacts) for event, impacts in found.items()}

    async def history_by_event(
        self, scope: Scope, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, Sequence[MaintenanceRevisionRecord]]:
        found = self.revision_shelf.lists(
            "history_by_event", scope, "event", events, MaintenanceRevisionOrder.SEQUENCE_DESC
        )
        return {event: newest_first(revisions) for event, revisions in found.items()}

    async def known(
        self, customer: CustomerCode, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, MaintenanceEventRecord]:
        return {each.id: each for each in self.event_shelf.having(customer, "id", events)}

    async def known_revisions(
        self, customer: CustomerCode, events: Collection[MaintenanceEventId]
    ) -> Sequence[MaintenanceRevisionRecord]:
        return self.revision_shelf.having(customer, "event", events)

    async def save_events(self, records: Iterable[MaintenanceEventRecord]) -> Saved:
        return self.event_shelf.save(records)

    async def save_impacts(self, records: Iterable[MaintenanceImpactRecord]) -> Saved:
        latest = {(each.customer, each.id): each for each in records}
        for customer in {customer for customer, _ in latest}:
            events = {each.event for each in latest.values() if each.customer == customer}
            known = self.impact_shelf.having(customer, "event", events)
            self.impact_shelf.remove(each for each in known if (customer, each.id) not in latest)
        return self.impact_shelf.save(latest.values())

    async def save_revisions(self, records: Iterable[MaintenanceRevisionRecord]) -> Saved:
        return self.revision_shelf.save(records)
