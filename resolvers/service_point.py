"""Service points, from what they belong to and what belongs to them."""

from collections.abc import Sequence
from typing import Protocol

from resolvers.batch import reads
from resolvers.connection import Connection, connections
from resolvers.context import Info
from sources.billing import BillingAccountRecord
from sources.keys import ServicePointId
from sources.listing import Listing
from sources.ordering import LocationRecord, ServicePointFilter, ServicePointRecord, SolutionRecord


class OfServicePoint(Protocol):
    """A record that belongs to a service point."""

    @property
    def service_point(self) -> ServicePointId | None:
        """The service point's id."""
        ...


async def of_customer(
    parents: Sequence[None], info: Info, listing: Listing[ServicePointFilter]
) -> Sequence[Connection[ServicePointRecord]]:
    """Give the service points of the asker's customer."""
    context = info.context
    return await connections(
        context.load.service_point.by_customer, [context.customer for _ in parents], listing
    )


@reads("id")
async def of_solutions(
    solutions: Sequence[SolutionRecord], info: Info, listing: Listing[ServicePointFilter]
) -> Sequence[Connection[ServicePointRecord]]:
    """Give each Solution's service points."""
    load = info.context.load.service_point.by_solution
    return await connections(load, [each.id for each in solutions], listing)


@reads("id")
async def of_locations(
    locations: Sequence[LocationRecord], info: Info, listing: Listing[ServicePointFilter]
) -> Sequence[Connection[ServicePointRecord]]:
    """Give the service points at each location."""
    load = info.context.load.service_point.by_location
    return await connections(load, [each.id for each in locations], listing)


@reads("service_point")
async def of_parents(parents: Sequence[OfServicePoint], info: Info) -> Sequence[ServicePointRecord | None]:
    """Give the service point that each parent belongs to."""
    return await info.context.load.service_point.by_id.load_present(each.service_point for each in parents)


@reads("id")
async def of_accounts(
    accounts: Sequence[BillingAccountRecord], info: Info, listing: Listing[ServicePointFilter]
) -> Sequence[Connection[ServicePointRecord]]:
    """Give the service points billed to each account."""
    load = info.context.load.service_point.by_billing_account
    return await connections(load, [each.id for each in accounts], listing)
