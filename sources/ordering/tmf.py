"""Ordering over TM Forum's TMF637 and TMF620, versions 4 and 5.

Only products are read there: customers and locations are in the register, which is the embedded system.
"""

from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from sources.cache import Cache, Kind
from sources.http import Api
from sources.keys import BillingAccountId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Listing, Page
from sources.ordering import (
    CustomerRecord,
    LocationFilter,
    LocationRecord,
    Market,
    OrderingSource,
    ServicePointFilter,
    ServicePointOrder,
    ServicePointRecord,
    SolutionCategory,
    SolutionFilter,
    SolutionOrder,
    SolutionRecord,
)
from sources.ordering.product import ProductTree, estate, told
from sources.ordering.wire import Offering, Product, category, read_offering, read_product
from sources.parties import Parties
from sources.record import Record
from sources.scope import ALL, Scope
from sources.tmf import key
from sources.tmf.collection import Collection, Thing, as_they_are, names_owner
from sources.tmf.fast import reader
from sources.tmf.settings import Strategy, ThingSettings
from sources.tmf.tenancy import Owners


class OfferingRecord(Record, frozen=True, kw_only=True):
    """What the catalogue says of an offering, kept for a customer that ordered it."""

    name: str | None = None
    category: SolutionCategory


def _offering_record(offering: Offering, customer: CustomerCode) -> OfferingRecord:
    return OfferingRecord(
        customer=customer, id=key(offering.id), name=offering.name, category=category(offering)
    )


def _of_everybody(_offering: Offering, _owners: Owners) -> bool:
    """Tell that an offering is anybody's: the catalogue is the operator's, not a customer's."""
    return True


PRODUCTS: Final[Thing[Product, ProductTree]] = Thing(
    kept=Kind("ordering", "product", ProductTree),
    path="product",
    read=reader(Product, read_product),
    make=told,
    owned=names_owner,
)
"""Products: always a customer's whole list, since any of them may say what another one belongs to."""

OFFERINGS: Final[Thing[Offering, OfferingRecord]] = Thing(
    kept=Kind("ordering", "productOffering", OfferingRecord),
    path="productOffering",
    read=reader(Offering, read_offering),
    make=_offering_record,
    owned=_of_everybody,
)
"""Offerings of the catalogue, by id."""


class Catalogue:
    """TMF620: of which category the offerings are that products name only by their ids."""

    def __init__(
        self, api: Api, settings: ThingSettings, parties: Parties, cache: Cache | None = None
    ) -> None:
        """Read offerings through *api*, one by one where *settings* would have a customer's list."""
        if settings.strategy is Strategy.LIST:
            settings = replace(settings, strategy=Strategy.PARALLEL)
        self._offerings = Collection(api, OFFERINGS, settings, parties, as_they_are, cache)

    async def offerings(self, customer: CustomerCode, ids: Keys[str]) -> Mapping[str, OfferingRecord]:
        """Give the offerings with *ids*."""
        return await self._offerings.made(customer, ids) if ids else {}


class TmfOrdering:
    """``OrderingSource`` over TMF637; the category of a Solution is its offering's, or the catalogue's."""

    def __init__(
        self,
        api: Api,
        settings: ThingSettings,
        parties: Parties,
        register: OrderingSource,
        catalogue: Catalogue | None = None,
        cache: Cache | None = None,
    ) -> None:
        """Read products through *api*; customers and locations are those of *register*."""
        self._register = register
        self._catalogue = catalogue
        self._solutions = Collection(api, PRODUCTS, settings, parties, self._as_solutions, cache)
        self._service_points = Collection(api, PRODUCTS, settings, parties, _as_service_points, cache)

    async def customers(
        self, scope: Scope, codes: Keys[CustomerCode]
    ) -> Mapping[CustomerCode, CustomerRecord]:
        """Give the customers with these codes."""
        return await self._register.customers(scope, codes)

    async def solutions_ordered(
        self, scope: Scope, customers: Keys[CustomerCode]
    ) -> Mapping[CustomerCode, Sequence[SolutionRecord]]:
        """Give all Solutions that each customer ever ordered, by name."""
        return await self._solutions.lists(scope, "customer", customers, SolutionOrder.NAME_ASC)

    async def solutions(
        self, scope: Scope, solutions: Keys[SolutionId]
    ) -> Mapping[SolutionId, SolutionRecord]:
        """Give the Solutions with these ids."""
        found = await self._solutions.lists(scope, "id", solutions, SolutionOrder.NAME_ASC)
        return {each.id: each for rows in found.values() for each in rows}

    async def solutions_by_customer(
        self, scope: Scope, customers: Keys[CustomerCode], listing: Listing[SolutionFilter]
    ) -> Mapping[CustomerCode, Page[SolutionRecord]]:
        """Give a page of each customer's Solutions."""
        return await self._solutions.pages(scope, "customer", customers, listing)

    async def service_points(
        self, scope: Scope, service_points: Keys[ServicePointId]
    ) -> Mapping[ServicePointId, ServicePointRecord]:
        """Give the service points with these ids."""
        found = await self._service_points.lists(scope, "id", service_points, ServicePointOrder.NAME_ASC)
        return {each.id: each for rows in found.values() for each in rows}

    async def service_points_by_customer(
        self, scope: Scope, customers: Keys[CustomerCode], listing: Listing[ServicePointFilter]
    ) -> Mapping[CustomerCode, Page[ServicePointRecord]]:
        """Give a page of each customer's service points."""
        return await self._service_points.pages(scope, "customer", customers, listing)

    async def service_points_by_solution(
        self, scope: Scope, solutions: Keys[SolutionId], listing: Listing[ServicePointFilter]
    ) -> Mapping[SolutionId, Page[ServicePointRecord]]:
        """Give a page of each Solution's service points."""
        return await self._service_points.pages(scope, "solution", solutions, listing)

    async def service_points_by_location(
        self, scope: Scope, locations: Keys[LocationId], listing: Listing[ServicePointFilter]
    ) -> Mapping[LocationId, Page[ServicePointRecord]]:
        """Give a page of each location's service points."""
        return await self._service_points.pages(scope, "location", locations, listing)

    async def service_points_by_billing_account(
        self, scope: Scope, accounts: Keys[BillingAccountId], listing: Listing[ServicePointFilter]
    ) -> Mapping[BillingAccountId, Page[ServicePointRecord]]:
        """Give a page of the service points billed to each account."""
        return await self._service_points.pages(scope, "billing_account", accounts, listing)

    async def locations(
        self, scope: Scope, locations: Keys[LocationId]
    ) -> Mapping[LocationId, LocationRecord]:
        """Give the locations with these ids."""
        return await self._register.locations(scope, locations)

    async def locations_by_customer(
        self, scope: Scope, customers: Keys[CustomerCode], listing: Listing[LocationFilter]
    ) -> Mapping[CustomerCode, Page[LocationRecord]]:
        """Give a page of each customer's locations."""
        return await self._register.locations_by_customer(scope, customers, listing)

    async def _as_solutions(self, scope: Scope, trees: Sequence[ProductTree]) -> Sequence[SolutionRecord]:
        """Give the Solutions in *trees*; none of a customer that the register does not know."""
        customer = scope.customer
        everything = Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL)
        known = (await self._register.customers(everything, [customer])).get(customer)
        if known is None:
            return []
        found = estate(trees, known.market)
        unknown = {
            each.id: found.offerings[each.id]
            for each in found.solutions
            if each.category is SolutionCategory.UNKNOWN and each.id in found.offerings
        }
        if self._catalogue is None or not unknown:
            return found.solutions
        offerings = await self._catalogue.offerings(customer, dict.fromkeys(unknown.values()))
        return [_offered(each, offerings.get(unknown.get(each.id, ""))) for each in found.solutions]


async def _as_service_points(_: Scope, trees: Sequence[ProductTree]) -> Sequence[ServicePointRecord]:
    return estate(trees, Market.INTL).service_points


def _offered(solution: SolutionRecord, offering: OfferingRecord | None) -> SolutionRecord:
    """Give *solution* as one of *offering*, which the catalogue may know more of."""
    if offering is None:
        return solution
    return replace(solution, category=offering.category, offer=solution.offer or offering.name)
