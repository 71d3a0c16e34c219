"""Maintenance events, from what they touch."""

from collections.abc import Sequence

from resolvers.batch import reads
from resolvers.connection import Connection, connections
from resolvers.context import Info
from sources.inventory import ComponentRecord
from sources.listing import Listing
from sources.maintenance import (
    MaintenanceEventFilter,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceRevisionRecord,
)
from sources.ordering import LocationRecord, ServicePointRecord, SolutionRecord


@reads("id")
async def impacts(
    events: Sequence[MaintenanceEventRecord], info: Info
) -> Sequence[Sequence[MaintenanceImpactRecord]]:
    """Give what each event does to what, worst first."""
    return await info.context.load.maintenance.impacts.load_many(each.id for each in events)


@reads("id")
async def history(
    events: Sequence[MaintenanceEventRecord], info: Info
) -> Sequence[Sequence[MaintenanceRevisionRecord]]:
    """Give the notices that told of each event, newest first."""
    return await info.context.load.maintenance.history.load_many(each.id for each in events)


async def of_customer(
    parents: Sequence[None], info: Info, listing: Listing[MaintenanceEventFilter]
) -> Sequence[Connection[MaintenanceEventRecord]]:
    """Give the maintenance events that touch something of the asker's customer."""
    context = info.context
    return await connections(
        context.load.maintenance.by_customer, [context.customer for _ in parents], listing
    )


@reads("id")
async def of_solutions(
    solutions: Sequence[SolutionRecord], info: Info, listing: Listing[MaintenanceEventFilter]
) -> Sequence[Connection[MaintenanceEventRecord]]:
    """Give the maintenance events that touch each Solution."""
    load = info.context.load.maintenance.by_solution
    return await connections(load, [each.id for each in solutions], listing)


@reads("id")
async def of_components(
    components: Sequence[ComponentRecord], info: Info, listing: Listing[MaintenanceEventFilter]
) -> Sequence[Connection[MaintenanceEventRecord]]:
    """Give the maintenance events that touch each component."""
    load = info.context.load.maintenance.by_component
    return await connections(load, [each.id for each in components], listing)


@reads("id")
async def of_service_points(
    service_points: Sequence[ServicePointRecord], info: Info, listing: Listing[MaintenanceEventFilter]
) -> Sequence[Connection[MaintenanceEventRecord]]:
    """Give the maintenance events that touch each service point."""
    load = info.context.load.maintenance.by_service_point
    return await connections(load, [each.id for each in service_points], listing)


@reads("id")
async def of_locations(
    locations: Sequence[LocationRecord], info: Info, listing: Listing[MaintenanceEventFilter]
) -> Sequence[Connection[MaintenanceEventRecord]]:
    """Give the maintenance events that touch something at each location."""
    load = info.context.load.maintenance.by_location
    return await connections(load, [each.id for each in locations], listing)
