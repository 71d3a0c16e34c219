"""Ordering as TM Forum tells it: TMF637 Product, versions 4 and 5.

A product that is no part of another, or a bundle, is a Solution; one that is a part is a service point of the
Solution around it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sources.keys import BillingAccountId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.ordering import Market, ProductStatus, ServicePointRecord, SolutionCategory, SolutionRecord
from sources.ordering.offers import OFFERS
from sources.tmf import (
    Characteristic,
    Owned,
    Ref,
    Related,
    TmfError,
    Wire,
    day,
    fold,
    identified,
    key,
    label,
    many,
    matched,
    meant,
    named,
    optional_key,
)
from sources.units import bits_per_second

_CONTAINS = frozenset({"bundled", "bundles", "contains", "haspart", "includes"})
"""Relations from the whole to its part, folded (TMF637 ProductRelationship: "bundled")."""

_CONTAINED = frozenset(
    {"isbundledin", "bundledin", "iscontainedin", "containedin", "ispartof", "partof", "childof"}
)
"""Relations from the part to the whole, folded."""

_OPTIONS = ("options", "option", "optionalmodules")
_MARKET = ("market", "salesmarket")
_MARKETS = {fold(each.name): each for each in Market}
_BANDWIDTH = ("bandwidth", "accessbandwidth", "speed", "accessspeed", "fiberspeed")


class Offering(Ref, frozen=True, kw_only=True):
    """What was ordered: TMF620 ProductOffering, by reference or by value."""

    category: Ref | list[Ref | None] | str | None = None


class Relationship(Wire, frozen=True, kw_only=True):
    """How a product stands to another: version 4 has it in ``product``, version 5 by ``id``."""

    relationship_type: str | None = None
    id: str | int | None = None
    product: "Product | None" = None


class Product(Owned, frozen=True, kw_only=True):
    """TMF637 Product; ``product`` are its parts, by reference or by value."""

    is_bundle: bool | str | None = None
    is_customer_visible: bool | str | None = None
    order_date: str | None = None
    creation_date: str | None = None
    start_date: str | None = None
    termination_date: str | None = None
    status: str | None = None
    billing_account: Ref | list[Ref | None] | None = None
    place: Related | list[Related | None] | None = None
    product: "Product | list[Product | None] | None" = None
    product_offering: Offering | None = None
    product_characteristic: Characteristic | list[Characteristic | None] | None = None
    product_relationship: Relationship | list[Relationship | None] | None = None
    realizing_resource: Ref | list[Ref | None] | None = None

    @property
    def bundle(self) -> bool:
        """Whether the product is a bundle."""
        return _said(self.is_bundle, default=False)

    @property
    def visible(self) -> bool:
        """Whether the customer may see the product; it may where nothing is said."""
        return _said(self.is_customer_visible, default=True)

    @property
    def account(self) -> Ref | None:
        """The account that the product is billed to."""
        return next(iter(many(self.billing_account)), None)

    @property
    def resources(self) -> list[str]:
        """The ids of the resources that the product runs on."""
        return [found for each in many(self.realizing_resource) if (found := optional_key(each.id))]


def read_product(thing: Mapping[str, Any]) -> Product:
    """Give *thing* as a product; raises ``TmfError``."""
    return identified(thing, Product)


def read_offering(thing: Mapping[str, Any]) -> Offering:
    """Give *thing* as an offering of the catalogue; raises ``TmfError``."""
    return identified(thing, Offering)


def parts(product: Product) -> Iterator[Product]:
    """Give the products inside *product* that are sent by value, at any depth."""
    for each in _inside(product):
        if _is_value(each):
            yield each
        yield from parts(each)


def wholes(products: Iterable[Product]) -> dict[str, str]:
    """Give the id of the whole by that of its part, whichever of the two says it."""
    found: dict[str, str] = {}
    for product in products:
        own = key(product.id)
        for each in _inside(product):
            if part := optional_key(each.id):
                found.setdefault(part, own)
        for relation in many(product.product_relationship):
            if other := _other(relation):
                kind = fold(relation.relationship_type or "")
                if kind in _CONTAINS:
                    found.setdefault(other, own)
                elif kind in _CONTAINED:
                    found.setdefault(own, other)
    return {part: whole for part, whole in found.items() if part != whole}


def arrange(
    products: Sequence[Product], known: Mapping[str, str], solutions: Collection[str]
) -> dict[str, SolutionId]:
    """Give the Solution of each product; a product that is one has itself.

    ``known`` are the Solutions of service points that are known already, ``solutions`` the known Solutions:
    what was taken in as a Solution stays one. A whole that nothing is known of is named all the same.
    """
    around = {**known, **wholes(products)}
    tops = {key(each.id) for each in products if each.bundle or key(each.id) not in around} | set(solutions)
    return {key(each.id): solution_of(key(each.id), around, tops) for each in products}


def solution_of(product: str, around: Mapping[str, str], tops: Collection[str]) -> SolutionId:
    """Give the Solution of *product*: the first of *tops* around it, else what is outermost.

    ``around`` gives the whole of each part; a product that is around itself is its own Solution.
    """
    seen, at = {product}, product
    while at not in tops and (above := around.get(at)) is not None:
        if above in seen:
            return SolutionId(product)
        seen.add(above)
        at = above
    return SolutionId(at)


def solution_record(product: Product, customer: CustomerCode, market: Market) -> SolutionRecord:
    """Give *product* as a Solution; raises ``TmfError`` where no day of its order is said.

    *market* is the customer's, where the product says none of its own.
    """
    offer, more = product.product_offering, named(many(product.product_characteristic))
    ordered_on = day(product.order_date) or day(product.creation_date) or day(product.start_date)
    if ordered_on is None:
        raise TmfError("has no orderDate, creationDate or startDate: nobody knows when it was ordered")
    return SolutionRecord(
        customer=customer,
        id=SolutionId(key(product.id)),
        name=label(product.name, offer.name if offer else None, key(product.id)),
        offer=offer.name if offer else None,
        category=category(offer),
        status=_status(product.status),
        raw_status=product.status,
        market=market_of(product) or market,
        options=_options(more),
        ordered_on=ordered_on,
        activated_on=day(product.start_date),
        terminated_on=day(product.termination_date),
    )


def service_point_record(
    product: Product, customer: CustomerCode, solution: SolutionId
) -> ServicePointRecord:
    """Give *product* as a service point of *solution*; raises ``TmfError``."""
    offer, account = product.product_offering, product.account
    places = (optional_key(each.target.id) for each in many(product.place))
    location = next((each for each in places if each), None)
    number = optional_key(account.id) if account else None
    return ServicePointRecord(
        customer=customer,
        id=ServicePointId(key(product.id)),
        name=label(product.name, offer.name if offer else None, key(product.id)),
        offer=offer.name if offer else None,
        status=_status(product.status),
        raw_status=product.status,
        solution=solution,
        location=LocationId(location) if location else None,
        billing_account=BillingAccountId(number) if number else None,
        bandwidth=bits_per_second(named(many(product.product_characteristic)), _BANDWIDTH),
        activated_on=day(product.start_date),
        terminated_on=day(product.termination_date),
    )


def market_of(product: Product) -> Market | None:
    """Give the market in which *product* says to be sold."""
    values = named(many(product.product_characteristic))
    said = next((values[name] for name in _MARKET if name in values), None)
    return _MARKETS.get(fold(said)) if isinstance(said, str) else None


def category(offer: Offering | None) -> SolutionCategory:
    """Give the category of what was ordered: by the names of its categories, else by its own name."""
    if offer is None:
        return SolutionCategory.UNKNOWN
    given = offer.category
    said = (given,) if isinstance(given, str) else tuple(each.name for each in many(given))
    return _meant(said, offer.name)


@lru_cache(maxsize=2_000)
def _meant(categories: tuple[str | None, ...], name: str | None) -> SolutionCategory:
    for text in categories:
        exact = matched(text, SolutionCategory, {}, SolutionCategory.UNKNOWN)
        if exact is not SolutionCategory.UNKNOWN:
            return exact
    return meant([*categories, name], OFFERS, SolutionCategory.UNKNOWN)


@lru_cache(maxsize=500)
def _status(text: str | None) -> ProductStatus:
    return matched(text, ProductStatus, {}, ProductStatus.UNKNOWN)


def _options(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the optional modules: a list of texts, or one text with commas."""
    given = next((values[name] for name in _OPTIONS if name in values), None)
    texts = given.split(",") if isinstance(given, str) else given
    if not isinstance(texts, list):
        return ()
    said = [each.strip().upper() for each in cast("list[object]", texts) if isinstance(each, str)]
    return tuple(dict.fromkeys(label(each) for each in said if each))


def _said(value: bool | str | None, *, default: bool) -> bool:  # noqa: FBT001 - what a truth value is sent as
    return default if value is None else str(value).strip().lower() == "true"


def _inside(product: Product) -> list[Product]:
    related = (
        each.product
        for each in many(product.product_relationship)
        if fold(each.relationship_type or "") in _CONTAINS
    )
    return [*many(product.product), *(each for each in related if each is not None)]


def _is_value(product: Product) -> bool:
    """Tell whether a part is sent with its values: a reference has no more than an id and names."""
    values = (
        product.status,
        product.product_offering,
        product.start_date,
        product.is_bundle,
        product.product,
    )
    return optional_key(product.id) is not None and any(each is not None for each in values)


def _other(relation: Relationship) -> str | None:
    return optional_key(relation.product.id if relation.product else relation.id)
