"""Inventory in memory."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sources.inventory import ComponentFilter, ComponentOrder, ComponentRecord
from sources.keys import ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Listing, Page
from sources.scope import Scope
from sources.table import Saved
from tests.fakes.shelf import Diary, Shelf


class FakeInventory:
    """``InventorySource`` that writes down what it was asked."""

    def __init__(self) -> None:
        """Start empty."""
        self.diary = Diary("inventory")
        self.component_shelf = Shelf[ComponentRecord](self.diary)

    async def components(
        self, scope: Scope, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, ComponentRecord]:
        return self.component_shelf.by_id("components", scope, components)

    async def components_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[ComponentFilter]
    ) -> Mapping[CustomerCode, Page[ComponentRecord]]:
        return self.component_shelf.pages("components_by_customer", scope, "customer", customers, listing)

    async def components_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[ComponentFilter]
    ) -> Mapping[SolutionId, Page[ComponentRecord]]:
        return self.component_shelf.pages("components_by_solution", scope, "solution", solutions, listing)

    async def components_by_service_point(
        self, scope: Scope, service_points: Collection[ServicePointId], listing: Listing[ComponentFilter]
    ) -> Mapping[ServicePointId, Page[ComponentRecord]]:
        return self.component_shelf.pages(
            "components_by_service_point", scope, "service_point", service_points, listing
        )

    async def components_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[ComponentFilter]
    ) -> Mapping[LocationId, Page[ComponentRecord]]:
        return self.component_shelf.pages("components_by_location", scope, "location", locations, listing)

    async def components_by_parent(
        self, scope: Scope, parents: Collection[ComponentId], listing: Listing[ComponentFilter]
    ) -> Mapping[ComponentId, Page[ComponentRecord]]:
        return self.component_shelf.pages("components_by_parent", scope, "parent", parents, listing)

    async def components_by_external_id(
        self, scope: Scope, external_ids: Collection[str]
    ) -> Mapping[str, Sequence[ComponentRecord]]:
        return self.component_shelf.lists(
            "components_by_external_id", scope, "external_ids", external_ids, ComponentOrder.NAME_ASC
        )

    async def known(
        self, customer: CustomerCode, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, ComponentRecord]:
        return {each.id: each for each in self.component_shelf.having(customer, "id", components)}

    async def known_by_external_id(
        self, customer: CustomerCode, external_ids: Collection[str]
    ) -> Sequence[ComponentRecord]:
        return self.component_shelf.having(customer, "external_ids", external_ids)

    async def save_components(self, records: Iterable[ComponentRecord]) -> Saved:
        return self.component_shelf.save(records)
