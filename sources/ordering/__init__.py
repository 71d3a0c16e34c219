"""Ordering: who the customer is, the Solutions it ordered, and where they are delivered.

Records and protocol. The facts are TM Forum's: Solutions and service points are products (TMF637 Product; a
Solution is the bundle, a service point an installed offer in it), locations are sites (TMF674, TMF673).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import ClassVar, Protocol

from sources.code import Code
from sources.condition import Between, Conditions, Contains, OneOf, Paths, Range
from sources.keys import BillingAccountId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Filter, Listing, Order, Page
from sources.record import Record
from sources.scope import Scope


class SolutionCategory(Code):
    """The operator's service catalogue, as the coverage rules know it."""

    BUSINESS_VPN = "BUSINESS_VPN"
    BVPN_GALERIE = "BVPN_GALERIE"
    INTERNET_ACCESS = "INTERNET_ACCESS"
    SDWAN = "SDWAN"
    ETHERNET = "ETHERNET"
    BUSINESS_TALK = "BUSINESS_TALK"
    CONTACT_CENTER = "CONTACT_CENTER"
    MOBILE = "MOBILE"
    IOT_CONNECTIVITY = "IOT_CONNECTIVITY"
    CLOUD_IAAS = "CLOUD_IAAS"
    SECURITY = "SECURITY"
    LAN_WIFI_MGMT = "LAN_WIFI_MGMT"
    MAIL_IP_MESSAGING = "MAIL_IP_MESSAGING"
    COLLAB_UC = "COLLAB_UC"
    UNKNOWN = "UNKNOWN"


class ProductStatus(Code):
    """The life of an ordered product (TMF637 ProductStatusType)."""

    CREATED = "CREATED"
    PENDING_ACTIVE = "PENDING_ACTIVE"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    PENDING_TERMINATE = "PENDING_TERMINATE"
    TERMINATED = "TERMINATED"
    CANCELLED = "CANCELLED"
    ABORTED = "ABORTED"
    UNKNOWN = "UNKNOWN"


ENDED = frozenset({ProductStatus.TERMINATED, ProductStatus.CANCELLED, ProductStatus.ABORTED})
"""The final states: such a product is no longer provided."""


class Market(Code):
    """Where a Solution is sold: internationally or in France."""

    INTL = "INTL"
    FR = "FR"


class PortalOption(Code):
    """The web portal option that the operator makes available (terms of use 1.1 b)."""

    LITE = "LITE"
    STANDARD = "STANDARD"
    PREMIUM = "PREMIUM"


class CustomerRecord(Record, frozen=True, kw_only=True):
    """An enterprise customer; its id is its code."""

    derived: ClassVar[Mapping[str, tuple[str, ...]]] = {"code": ("id",)}

    name: str
    market: Market
    portal_option: PortalOption

    @property
    def code(self) -> str:
        """The customer's code."""
        return self.id


class SolutionRecord(Record, frozen=True, kw_only=True):
    """An ordered Solution (TMF637 Product, isBundle).

    ``options`` are the optional modules and paid lines ordered with it, by feature name.
    """

    paths: ClassVar[Paths] = {"solutions": OneOf("id")}
    derived: ClassVar[Mapping[str, tuple[str, ...]]] = {"ended": ("status",)}

    id: SolutionId
    name: str
    offer: str | None = None
    category: SolutionCategory
    status: ProductStatus
    raw_status: str | None = None
    market: Market
    options: tuple[str, ...] = ()
    ordered_on: date
    activated_on: date | None = None
    terminated_on: date | None = None

    @property
    def ended(self) -> bool:
        """Whether the Solution is no longer provided."""
        return self.status in ENDED


class ServicePointRecord(Record, frozen=True, kw_only=True):
    """An installed offer of a Solution at a location (TMF637 Product); ``bandwidth`` in bit/s."""

    paths: ClassVar[Paths] = {"solutions": OneOf("solution"), "locations": OneOf("location")}

    id: ServicePointId
    name: str
    offer: str | None = None
    status: ProductStatus
    raw_status: str | None = None
    solution: SolutionId
    location: LocationId | None = None
    billing_account: BillingAccountId | None = None
    bandwidth: int | None = None
    activated_on: date | None = None
    terminated_on: date | None = None


class LocationRecord(Record, frozen=True, kw_only=True):
    """A site of the customer (TMF674 GeographicSite).

    ``country`` is in ISO 3166-1 alpha-2, ``time_zone`` in IANA names.
    """

    paths: ClassVar[Paths] = {"locations": OneOf("id")}

    id: LocationId
    name: str
    site_code: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str
    time_zone: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class SolutionFilter(Filter, frozen=True):
    """What Solutions may be asked by."""

    conditions: ClassVar[Conditions] = {
        "category": OneOf("category"),
        "status": OneOf("status"),
        "market": OneOf("market"),
        "ordered": Between("ordered_on"),
        "text": Contains(("id", "name", "offer")),
    }

    category: frozenset[SolutionCategory] | None = None
    status: frozenset[ProductStatus] | None = None
    market: frozenset[Market] | None = None
    ordered: Range[date] | None = None
    text: str | None = None


class ServicePointFilter(Filter, frozen=True):
    """What service points may be asked by."""

    conditions: ClassVar[Conditions] = {
        "status": OneOf("status"),
        "solution": OneOf("solution"),
        "location": OneOf("location"),
        "billing_account": OneOf("billing_account"),
        "text": Contains(("id", "name", "offer")),
    }

    status: frozenset[ProductStatus] | None = None
    solution: frozenset[SolutionId] | None = None
    location: frozenset[LocationId] | None = None
    billing_account: frozenset[BillingAccountId] | None = None
    text: str | None = None


class LocationFilter(Filter, frozen=True):
    """What locations may be asked by."""

    conditions: ClassVar[Conditions] = {
        "country": OneOf("country"),
        "site_code": OneOf("site_code"),
        "text": Contains(("id", "name", "site_code", "city", "street")),
    }

    country: frozenset[str] | None = None
    site_code: frozenset[str] | None = None
    text: str | None = None


class SolutionOrder(Order):
    """The orders of Solutions."""

    NAME_ASC = "name"
    NAME_DESC = "-name"
    ORDERED_ON_ASC = "ordered_on"
    ORDERED_ON_DESC = "-ordered_on"


class ServicePointOrder(Order):
    """The orders of service points."""

    NAME_ASC = "name"
    NAME_DESC = "-name"


class LocationOrder(Order):
    """The orders of locations."""

    NAME_ASC = "name"
    NAME_DESC = "-name"
    COUNTRY_ASC = "country"
    COUNTRY_DESC = "-country"


class OrderingSource(Protocol):
    """What the loaders may ask of ordering.

    Each method takes the Scope of the asker, then many keys, and gives a mapping; a key that ordering does
    not know, or the Scope leaves out, is left out of look-ups and has an empty page in lists. A failing
    system raises ``SourceError``.
    """

    async def customers(
        self, scope: Scope, codes: Collection[CustomerCode]
    ) -> Mapping[CustomerCode, CustomerRecord]:
        """Give the customers with these codes."""
        ...

    async def solutions_ordered(
        self, scope: Scope, customers: Collection[CustomerCode]
    ) -> Mapping[CustomerCode, Sequence[SolutionRecord]]:
        """Give all Solutions that each customer ever ordered, by name: what coverage is computed from."""
        ...

    async def solutions(
        self, scope: Scope, solutions: Collection[SolutionId]
    ) -> Mapping[SolutionId, SolutionRecord]:
        """Give the Solutions with these ids."""
        ...

    async def solutions_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[SolutionFilter]
    ) -> Mapping[CustomerCode, Page[SolutionRecord]]:
        """Give a page of each customer's Solutions."""
        ...

    async def service_points(
        self, scope: Scope, service_points: Collection[ServicePointId]
    ) -> Mapping[ServicePointId, ServicePointRecord]:
        """Give the service points with these ids."""
        ...

    async def service_points_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[ServicePointFilter]
    ) -> Mapping[CustomerCode, Page[ServicePointRecord]]:
        """Give a page of each customer's service points."""
        ...

    async def service_points_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[ServicePointFilter]
    ) -> Mapping[SolutionId, Page[ServicePointRecord]]:
        """Give a page of each Solution's service points."""
        ...

    async def service_points_by_location(
        self, scope: Scope, locations: Collection[LocationId], listing: Listing[ServicePointFilter]
    ) -> Mapping[LocationId, Page[ServicePointRecord]]:
        """Give a page of each location's service points."""
        ...

    async def service_points_by_billing_account(
        self, scope: Scope, accounts: Collection[BillingAccountId], listing: Listing[ServicePointFilter]
    ) -> Mapping[BillingAccountId, Page[ServicePointRecord]]:
        """Give a page of the service points billed to each account."""
        ...

    async def locations(
        self, scope: Scope, locations: Collection[LocationId]
    ) -> Mapping[LocationId, LocationRecord]:
        """Give the locations with these ids."""
        ...

    async def locations_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[LocationFilter]
    ) -> Mapping[CustomerCode, Page[LocationRecord]]:
        """Give a page of each customer's locations."""
        ...
