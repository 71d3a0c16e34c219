"""Inventory in the embedded database."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from tortoise import fields
from tortoise.models import Model

from sources.condition import AnyOf, span
from sources.inventory import (
    ADDRESSES,
    EXTERNAL_IDS,
    ComponentFilter,
    ComponentOrder,
    ComponentRecord,
)
from sources.keys import ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Listing, Page
from sources.scope import Scope
from sources.sql import Database, LinkRow, Row, index, link_indexes
from sources.table import Saved, Table, Tie, ties

_BY_EXTERNAL_ID = AnyOf("external_ids", EXTERNAL_IDS)


class Component(Row, Model):
    """The table of ``ComponentRecord``."""

    kind = fields.CharField(32)
    raw_kind = fields.TextField(null=True)
    name = fields.TextField()
    external_ids: fields.JSONField[list[str]] = fields.JSONField()
    serial_number = fields.CharField(128, null=True)
    model = fields.TextField(null=True)
    vendor = fields.TextField(null=True)
    status = fields.CharField(32)
    raw_status = fields.TextField(null=True)
    admin_state = fields.CharField(32, null=True)
    operational_state = fields.CharField(32, null=True)
    usage_state = fields.CharField(32, null=True)
    solution = fields.CharField(128, null=True)
    service_point = fields.CharField(128, null=True)
    location = fields.CharField(128, null=True)
    parent = fields.CharField(128, null=True)
    managed_by = fields.CharField(16)
    addresses: fields.JSONField[list[str]] = fields.JSONField()
    bandwidth = fields.BigIntField(null=True)
    access_type = fields.TextField(null=True)
    end_of_support = fields.DateField(null=True)
    updated_at = fields.DatetimeField()
    exclusion = fields.CharField(32, null=True)

    class Meta(Model.Meta):
        app = "inventory"
        table = "inventory_component"
        unique_together = (("customer", "id"),)
        indexes = (
            index("name"),
            index("kind"),
            index("updated_at"),
            index("serial_number"),
            index("solution", "name"),
            index("solution", "kind"),
            index("solution", "updated_at"),
            index("service_point", "name"),
            index("location", "name"),
            index("parent", "name"),
        )


class ComponentAddress(LinkRow, Model):
    """The table of ``ADDRESSES``."""

    component = fields.CharField(128)
    low = fields.CharField(33)
    high = fields.CharField(33)

    class Meta(Model.Meta):
        app = "inventory"
        table = ADDRESSES.table
        indexes = link_indexes(ADDRESSES, "high")


class ComponentExternalId(LinkRow, Model):
    """The table of ``EXTERNAL_IDS``."""

    component = fields.CharField(128)
    external_id = fields.TextField()

    class Meta(Model.Meta):
        app = "inventory"
        table = EXTERNAL_IDS.table
        indexes = link_indexes(EXTERNAL_IDS)


def _spans(component: ComponentRecord) -> Iterable[tuple[str, str]]:
    return dict.fromkeys(span(address) for address in component.addresses)


class SqlInventory:
    """``InventorySource`` in the embedded database, and the way in for components."""

    def __init__(self, database: Database) -> None:
        """Speak for inventory over *database*."""
        addresses: Tie[ComponentRecord] = Tie(ADDRESSES, ("low", "high"), _spans)
        self._components = Table(
            database, "inventory_component", ComponentRecord, [addresses, ties(EXTERNAL_IDS, "external_ids")]
        )

    async def components(
        self, scope: Scope, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, ComponentRecord]:
        """Give the components with these ids."""
        return await self._components.by_id(scope, components)

    async def components_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[ComponentFilter]
    ) -> Mapping[CustomerCode, Page[ComponentRecord]]:
        """Give a page of each customer's components."""
        return await self._components.pages(scope, "customer", customers, listing)

    async def components_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[ComponentFilter]
    ) -> Mapping[SolutionId, Page[ComponentRecord]]:
        """Give a page of each Solution's components."""
        return await self._components.pages(scope, "solution", solutions, listing)

    async def components_by_service_point(
        self, scope: Scope, service_points: Collection[ServicePointId], listing: Listing[ComponentFilter]
    ) -> Mapping[ServicePointId, Page[ComponentRecord]]:
        """Give a page of each service point's components."""
        return await self._components.pages(scope, "service_point", service_points, listing)

    async def components_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[ComponentFilter]
    ) -> Mapping[LocationId, Page[ComponentRecord]]:
        """Give a page of the components at each location."""
        return await self._components.pages(scope, "location", locations, listing)

    async def components_by_parent(
        self, scope: Scope, parents: Collection[ComponentId], listing: Listing[ComponentFilter]
    ) -> Mapping[ComponentId, Page[ComponentRecord]]:
        """Give a page of the components reached through each component."""
        return await self._components.pages(scope, "parent", parents, listing)

    async def components_by_external_id(
        self, scope: Scope, external_ids: Collection[str]
    ) -> Mapping[str, Sequence[ComponentRecord]]:
        """Give all components that others know by each of these names, by name."""
        return await self._components.lists(scope, _BY_EXTERNAL_ID, external_ids, ComponentOrder.NAME_ASC)

    async def known(
        self, customer: CustomerCode, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, ComponentRecord]:
        """Give the components with these ids, excluded ones too: for imports, never for an asker."""
        return {row.id: row for row in await self._components.having(customer, "id", components)}

    async def known_by_parent(
        self, customer: CustomerCode, parents: Collection[ComponentId]
    ) -> Sequence[ComponentRecord]:
        """Give the components reached through these, excluded ones too: for imports, never for an asker."""
        return await self._components.having(customer, "parent", parents)

    async def known_by_external_id(
        self, customer: CustomerCode, external_ids: Collection[str]
    ) -> Sequence[ComponentRecord]:
        """Give the components with one of these names, excluded ones too: for imports, never for an asker."""
        return await self._components.having(customer, _BY_EXTERNAL_ID, external_ids)

    async def save_components(self, records: Iterable[ComponentRecord]) -> Saved:
        """Write components over those with the same customer and id.

        Raises ValueError where one of ``addresses`` is neither an IP address nor a prefix.
        """
        return await self._components.save(records)
