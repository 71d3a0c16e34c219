"""Ordering in memory."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sources.keys import BillingAccountId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Listing, Page
from sources.ordering import (
    CustomerRecord,
    LocationFilter,
    LocationRecord,
    ServicePointFilter,
    ServicePointRecord,
    SolutionFilter,
    SolutionOrder,
    SolutionRecord,
)
from sources.scope import Scope
from sources.table import Saved
from tests.fakes.shelf import Diary, Shelf


class FakeOrdering:
    """``OrderingSource`` that writes down what it was asked."""

    def __init__(self) -> None:
        """Start empty."""
        self.diary = Diary("ordering")
        self.customer_shelf = Shelf[CustomerRecord](self.diary)
        self.solution_shelf = Shelf[SolutionRecord](self.diary)
        self.service_point_shelf = Shelf[ServicePointRecord](self.diary)
        self.location_shelf = Shelf[LocationRecord](self.diary)

    async def customers(
        self, scope: Scope, codes: Collection[CustomerCode]
    ) -> Mapping[CustomerCode, CustomerRecord]:
        return self.customer_shelf.by_id("customers", scope, codes)

    async def solutions_ordered(
        self, scope: Scope, customers: Collection[CustomerCode]
    ) -> Mapping[CustomerCode, Sequence[SolutionRecord]]:
        return self.solution_shelf.lists(
            "solutions_ordered", scope, "customer", customers, SolutionOrder.NAME_ASC
        )

    async def solutions(
        self, scope: Scope, solutions: Collection[SolutionId]
    ) -> Mapping[SolutionId, SolutionRecord]:
        return self.solution_shelf.by_id("solutions", scope, solutions)

    async def solutions_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[SolutionFilter]
    ) -> Mapping[CustomerCode, Page[SolutionRecord]]:
        return self.solution_shelf.pages("solutions_by_customer", scope, "customer", customers, listing)

    async def service_points(
        self, scope: Scope, service_points: Collection[ServicePointId]
    ) -> Mapping[ServicePointId, ServicePointRecord]:
        return self.service_point_shelf.by_id("service_points", scope, service_points)

    async def service_points_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[ServicePointFilter]
    ) -> Mapping[CustomerCode, Page[ServicePointRecord]]:
        return self.service_point_shelf.pages(
            "service_points_by_customer", scope, "customer", customers, listing
        )

    async def service_points_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[ServicePointFilter]
    ) -> Mapping[SolutionId, Page[ServicePointRecord]]:
        return self.service_point_shelf.pages(
            "service_points_by_solution", scope, "solution", solutions, listing
        )

    async def service_points_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[ServicePointFilter]
    ) -> Mapping[LocationId, Page[ServicePointRecord]]:
        return self.service_point_shelf.pages(
            "service_points_by_location", scope, "location", locations, listing
        )

    async def service_points_by_billing_account(
        self, scope: Scope, accounts: Collection[BillingAccountId], listing: Listing[ServicePointFilter]
    ) -> Mapping[BillingAccountId, Page[ServicePointRecord]]:
        return self.service_point_shelf.pages(
            "service_points_by_billing_account", scope, "billing_account", accounts, listing
        )

    async def locations(
        self, scope: Scope, locations: Collection[LocationId]
    ) -> Mapping[LocationId, LocationRecord]:
        return self.location_shelf.by_id("locations", scope, locations)

    async def locations_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[LocationFilter]
    ) -> Mapping[CustomerCode, Page[LocationRecord]]:
        return self.location_shelf.pages("locations_by_customer", scope, "customer", customers, listing)

    async def save_customers(self, records: Iterable[CustomerRecord]) -> Saved:
        return self.customer_shelf.save(records)

    async def save_solutions(self, records: Iterable[SolutionRecord]) -> Saved:
        return self.solution_shelf.save(records)

    async def save_service_points(self, records: Iterable[ServicePointRecord]) -> Saved:
        return self.service_point_shelf.save(records)

    async def save_locations(self, records: Iterable[LocationRecord]) -> Saved:
        return self.location_shelf.save(records)
