"""Locations, from what is delivered there."""

from collections.abc import Sequence
from typing import Protocol

from resolvers.batch import reads
from resolvers.connection import Connection, connections
from resolvers.context import Info
from sources.keys import LocationId
from sources.listing import Listing
from sources.ordering import LocationFilter, LocationRecord


class OfLocation(Protocol):
    """A record that belongs to a location."""

    @property
    def location(self) -> LocationId | None:
        """The location's id."""
        ...


async def of_customer(
    parents: Sequence[None], info: Info, listing: Listing[LocationFilter]
) -> Sequence[Connection[LocationRecord]]:
    """Give the locations of the asker's customer."""
    context = info.context
    return await connections(context.load.location.by_customer, [context.customer for _ in parents], listing)


@reads("location")
async def of_parents(parents: Sequence[OfLocation], info: Info) -> Sequence[LocationRecord | None]:
    """Give the location of each parent."""
    return await info.context.load.location.by_id.load_present(each.location for each in parents)
