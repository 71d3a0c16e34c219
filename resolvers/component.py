"""Components, from what they belong to."""

from collections.abc import Sequence
from typing import Protocol

from resolvers.batch import reads
from resolvers.connection import Connection, connections
from resolvers.context import Info
from sources.inventory import ComponentFilter, ComponentRecord
from sources.keys import ComponentId
from sources.listing import Listing
from sources.ordering import LocationRecord, ServicePointRecord, SolutionRecord


class OfComponent(Protocol):
    """A record that belongs to a component."""

    @property
    def component(self) -> ComponentId | None:
        """The id of a component."""
        ...


@reads("component")
async def of_parents(parents: Sequence[OfComponent], info: Info) -> Sequence[ComponentRecord | None]:
    """Give the component of each parent; None where it has none, or none that the asker may see."""
    return await info.context.load.component.by_id.load_present(each.component for each in parents)


@reads("parent")
async def parents(components: Sequence[ComponentRecord], info: Info) -> Sequence[ComponentRecord | None]:
    """Give the component through which each component is reached."""
    return await info.context.load.component.by_id.load_present(each.parent for each in components)


async def of_customer(
    parents: Sequence[None], info: Info, listing: Listing[ComponentFilter]
) -> Sequence[Connection[ComponentRecord]]:
    """Give the components of the asker's customer."""
    context = info.context
    return await connections(context.load.component.by_customer, [context.customer for _ in parents], listing)


@reads("id")
async def of_solutions(
    solutions: Sequence[SolutionRecord], info: Info, listing: Listing[ComponentFilter]
) -> Sequence[Connection[ComponentRecord]]:
    """Give the components of each Solution."""
    load = info.context.load.component.by_solution
    return await connections(load, [each.id for each in solutions], listing)


@reads("id")
async def of_service_points(
    service_points: Sequence[ServicePointRecord], info: Info, listing: Listing[ComponentFilter]
) -> Sequence[Connection[ComponentRecord]]:
    """Give the components of each service point."""
    load = info.context.load.component.by_service_point
    return await connections(load, [each.id for each in service_points], listing)


@reads("id")
async def of_locations(
    locations: Sequence[LocationRecord], info: Info, listing: Listing[ComponentFilter]
) -> Sequence[Connection[ComponentRecord]]:
    """Give the components at each location."""
    load = info.context.load.component.by_location
    return await connections(load, [each.id for each in locations], listing)


@reads("id")
async def children(
    components: Sequence[ComponentRecord], info: Info, listing: Listing[ComponentFilter]
) -> Sequence[Connection[ComponentRecord]]:
    """Give the components that are reached through each component."""
    load = info.context.load.component.by_parent
    return await connections(load, [each.id for each in components], listing)
