"""Ordering in the embedded database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from tortoise import fields
from tortoise.models import Model

from sources.changes import Changes
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
from sources.record import R
from sources.scope import Scope
from sources.sql import Database, Row, index
from sources.table import Saved, Table


class Customer(Row, Model):
    """The table of ``CustomerRecord``."""

    name = fields.TextField()
    market = fields.CharField(4)
    portal_option = fields.CharField(8)

    class Meta(Model.Meta):
        app = "ordering"
        table = "ordering_customer"
        unique_together = (("customer", "id"),)


class Location(Row, Model):
    """The table of ``LocationRecord``."""

    name = fields.TextField()
    site_code = fields.TextField(null=True)
    street = fields.TextField(null=True)
    postcode = fields.TextField(null=True)
    city = fields.TextField(null=True)
    country = fields.CharField(2)
    time_zone = fields.TextField(null=True)
    latitude = fields.FloatField(null=True)
    longitude = fields.FloatField(null=True)

    class Meta(Model.Meta):
        app = "ordering"
        table = "ordering_location"
        unique_together = (("customer", "id"),)
        indexes = (index("name"), index("country"), index("site_code"))


class Solution(Row, Model):
    """The table of ``SolutionRecord``."""

    name = fields.TextField()
    offer = fields.TextField(null=True)
    category = fields.CharField(32)
    status = fields.CharField(32)
    raw_status = fields.TextField(null=True)
    market = fields.CharField(4)
    options: fields.JSONField[list[str]] = fields.JSONField()
    ordered_on = fields.DateField()
    activated_on = fields.DateField(null=True)
    terminated_on = fields.DateField(null=True)

    class Meta(Model.Meta):
        app = "ordering"
        table = "ordering_solution"
        unique_together = (("customer", "id"),)
        indexes = (index("name"), index("ordered_on"))


class ServicePoint(Row, Model):
    """The table of ``ServicePointRecord``."""

    name = fields.TextField()
    offer = fields.TextField(null=True)
    status = fields.CharField(32)
    raw_status = fields.TextField(null=True)
    solution = fields.CharField(128)
    location = fields.CharField(128, null=True)
    billing_account = fields.CharField(128, null=True)
    bandwidth = fields.BigIntField(null=True)
    activated_on = fields.DateField(null=True)
    terminated_on = fields.DateField(null=True)

    class Meta(Model.Meta):
        app = "ordering"
        table = "ordering_service_point"
        unique_together = (("customer", "id"),)
        indexes = (
            index("name"),
            index("solution", "name"),
            index("location", "name"),
            index("billing_account", "name"),
        )


class Change(Model):
    """When a customer's coverage last changed. The row of no customer counts the epochs."""

    customer = fields.CharField(64, primary_key=True)
    epoch = fields.BigIntField(db_index=True)

    class Meta(Model.Meta):
        app = "ordering"
        table = "ordering_change"


_COUNT: Final = (
    "INSERT INTO ordering_change (customer, epoch) VALUES (?, 1) "
    "ON CONFLICT (customer) DO UPDATE SET epoch = ordering_change.epoch + 1"
)
"""Holds the counter's row until the transaction ends: epochs are seen in their order, and none is missed."""
_ANNOUNCE: Final = (
    "INSERT INTO ordering_change (customer, epoch) SELECT ?, epoch FROM ordering_change WHERE customer = '' "
    "ON CONFLICT (customer) DO UPDATE SET epoch = excluded.epoch"
)


class SqlOrdering:
    """``OrderingSource`` in the embedded database, and the way in for what was ordered."""

    def __init__(self, database: Database) -> None:
        """Speak for ordering over *database*."""
        self._database = database
        self._customers = Table(database, "ordering_customer", CustomerRecord)
        self._solutions = Table(database, "ordering_solution", SolutionRecord)
        self._service_points = Table(database, "ordering_service_point", ServicePointRecord)
        self._locations = Table(database, "ordering_location", LocationRecord)

    async def customers(
        self, scope: Scope, codes: Collection[CustomerCode]
    ) -> Mapping[CustomerCode, CustomerRecord]:
        """Give the customers with these codes."""
        return await self._customers.by_id(scope, codes)

    async def solutions_ordered(
        self, scope: Scope, customers: Collection[CustomerCode]
    ) -> Mapping[CustomerCode, Sequence[SolutionRecord]]:
        """Give all Solutions that each customer ever ordered, by name."""
        return await self._solutions.lists(scope, "customer", customers, SolutionOrder.NAME_ASC)

    async def solutions(
        self, scope: Scope, solutions: Collection[SolutionId]
    ) -> Mapping[SolutionId, SolutionRecord]:
        """Give the Solutions with these ids."""
        return await self._solutions.by_id(scope, solutions)

    async def solutions_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[SolutionFilter]
    ) -> Mapping[CustomerCode, Page[SolutionRecord]]:
        """Give a page of each customer's Solutions."""
        return await self._solutions.pages(scope, "customer", customers, listing)

    async def service_points(
        self, scope: Scope, service_points: Collection[ServicePointId]
    ) -> Mapping[ServicePointId, ServicePointRecord]:
        """Give the service points with these ids."""
        return await self._service_points.by_id(scope, service_points)

    async def service_points_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[ServicePointFilter]
    ) -> Mapping[CustomerCode, Page[ServicePointRecord]]:
        """Give a page of each customer's service points."""
        return await self._service_points.pages(scope, "customer", customers, listing)

    async def service_points_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[ServicePointFilter]
    ) -> Mapping[SolutionId, Page[ServicePointRecord]]:
        """Give a page of each Solution's service points."""
        return await self._service_points.pages(scope, "solution", solutions, listing)

    async def service_points_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[ServicePointFilter]
    ) -> Mapping[LocationId, Page[ServicePointRecord]]:
        """Give a page of each location's service points."""
        return await self._service_points.pages(scope, "location", locations, listing)

    async def service_points_by_billing_account(
        self, scope: Scope, accounts: Collection[BillingAccountId], listing: Listing[ServicePointFilter]
    ) -> Mapping[BillingAccountId, Page[ServicePointRecord]]:
        """Give a page of the service points billed to each account."""
        return await self._service_points.pages(scope, "billing_account", accounts, listing)

    async def locations(
        self, scope: Scope, locations: Collection[LocationId]
    ) -> Mapping[LocationId, LocationRecord]:
        """Give the locations with these ids."""
        return await self._locations.by_id(scope, locations)

    async def locations_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[LocationFilter]
    ) -> Mapping[CustomerCode, Page[LocationRecord]]:
        """Give a page of each customer's locations."""
        return await self._locations.pages(scope, "customer", customers, listing)

    async def customer_codes(self, most: int = 100, after: str = "") -> Sequence[CustomerCode]:
        """Give the codes of the first customers *after* that code: for operators, never for an asker."""
        statement = "SELECT id FROM ordering_customer WHERE id > ? ORDER BY id LIMIT ?", [after, most]
        return [CustomerCode(row[0]) for row in await self._database.rows(statement)]

    async def all_customer_codes(self, page: int = 1_000) -> Sequence[CustomerCode]:
        """Give the codes of all customers, asked for *page* by page: for operators, never for an asker."""
        codes: list[CustomerCode] = []
        while found := await self.customer_codes(page, codes[-1] if codes else ""):
            codes += found
        return codes

    async def remove_products(self, customer: CustomerCode, products: Collection[str]) -> int:
        """Remove the Solutions and service points with these ids, and say how many there were."""
        solutions = await self._solutions.having(customer, "id", products)
        service_points = await self._service_points.having(customer, "id", products)
        await self._solutions.remove(solutions)
        await self._service_points.remove(service_points)
        if solutions:
            await self._announce([customer])
        return len(solutions) + len(service_points)

    async def save_customers(self, records: Iterable[CustomerRecord]) -> Saved:
        """Write customers over those with the same code, and announce it."""
        return await self._saved(self._customers, list(records))

    async def save_solutions(self, records: Iterable[SolutionRecord]) -> Saved:
        """Write Solutions over those with the same customer and id, and announce it."""
        return await self._saved(self._solutions, list(records))

    async def save_service_points(self, records: Iterable[ServicePointRecord]) -> Saved:
        """Write service points over those with the same customer and id."""
        return await self._service_points.save(records)

    async def save_locations(self, records: Iterable[LocationRecord]) -> Saved:
        """Write locations over those with the same customer and id."""
        return await self._locations.save(records)

    async def changes(self, after: int | None) -> Changes:
        """Give the customers whose coverage may have changed after the epoch *after*; none for None.

        An epoch is told when all that it changed can be read.
        """
        test, key = ("customer = ?", "") if after is None else ("epoch > ?", after)
        text = f"SELECT customer, epoch FROM ordering_change WHERE {test}"  # noqa: S608 - one of two tests
        rows = await self._database.rows((text, [key]))
        return Changes(max((row[1] for row in rows), default=after or 0), [row[0] for row in rows if row[0]])

    async def _saved(self, table: Table[R], records: Sequence[R]) -> Saved:
        saved = await table.save(records)
        if saved.taken_in or saved.updated:
            await self._announce(each.customer for each in records)
        return saved

    async def _announce(self, customers: Iterable[CustomerCode]) -> None:
        named = [[each] for each in sorted(set(customers))]
        await self._database.write_together((_COUNT, [[""]]), (_ANNOUNCE, named))
