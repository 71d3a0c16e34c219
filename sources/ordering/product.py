"""What TMF637 products say of themselves, and what they are once all of a customer's are known together.

Whether a product is a Solution or a service point, and of which Solution, is said by others as often as by
itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from logging import getLogger
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from sources.keys import CustomerCode, SolutionId
from sources.ordering import Market, ServicePointRecord, SolutionRecord
from sources.ordering.wire import (
    Product,
    market_of,
    parts,
    service_point_record,
    solution_of,
    solution_record,
    wholes,
)
from sources.record import Record
from sources.tmf import TmfError, key, optional_key

_log = getLogger(__name__)

T = TypeVar("T", SolutionRecord, ServicePointRecord)


class Told(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one product says: what it is as a Solution, and as a service point; None where it cannot be that.

    The Solution's market stands only where ``market`` does, the service point's Solution is not known yet.
    ``offering`` is the id of what was ordered.
    """

    id: str
    bundle: bool
    visible: bool
    market: Market | None = None
    offering: str | None = None
    solution: SolutionRecord | None = None
    service_point: ServicePointRecord | None = None


class ProductTree(Record, frozen=True, kw_only=True):
    """A product with those that it has inside it, at any depth; ``around`` are parts with their wholes."""

    products: tuple[Told, ...]
    around: tuple[tuple[str, str], ...]


class Estate(msgspec.Struct, frozen=True):
    """What a customer ordered; ``offerings`` are the ids of what its Solutions are, where they say one."""

    solutions: Sequence[SolutionRecord]
    service_points: Sequence[ServicePointRecord]
    offerings: Mapping[SolutionId, str]


def told(product: Product, customer: CustomerCode) -> ProductTree:
    """Give what *product* and its parts say; raises ``TmfError``."""
    every = [product, *parts(product)]
    return ProductTree(
        customer=customer,
        id=key(product.id),
        products=tuple(_told(each, customer) for each in every),
        around=tuple(wholes(every).items()),
    )


def estate(trees: Iterable[ProductTree], market: Market) -> Estate:
    """Give what all of a customer's *trees* are together; *market* is the customer's.

    A product that is sent on its own counts before the same inside another. What the customer may not see is
    left out, and what can be neither a Solution nor a service point where it stands.
    """
    whole = list(trees)
    products = {each.id: each.products[0] for each in whole}
    around: dict[str, str] = {}
    for tree in whole:
        for each in tree.products[1:]:
            products.setdefault(each.id, each)
        for part, other in tree.around:
            around.setdefault(part, other)
    tops = {own for own, each in products.items() if each.bundle or own not in around}
    solutions: list[SolutionRecord | None] = []
    service_points: list[ServicePointRecord | None] = []
    for own, each in products.items():
        above = solution_of(own, around, tops)
        if each.visible and above == own:
            solutions.append(each.solution and replace(each.solution, market=each.market or market))
        elif each.visible:
            service_points.append(each.service_point and replace(each.service_point, solution=above))
    return Estate(
        _read(solutions, "Solutions"),
        _read(service_points, "service points"),
        {SolutionId(own): each.offering for own, each in products.items() if each.offering},
    )


def _read(many: Iterable[T | None], what: str) -> Sequence[T]:
    every = list(many)
    read = [each for each in every if each is not None]
    if len(read) < len(every):
        # at each answer, since what is kept is arranged anew: too often for a warning
        _log.info("ordering: %d %s that cannot be read were left out", len(every) - len(read), what)
    return read


def _told(product: Product, customer: CustomerCode) -> Told:
    own, offer = key(product.id), product.product_offering
    solution = service_point = None
    with suppress(TmfError):
        solution = solution_record(product, customer, Market.INTL)
    with suppress(TmfError):
        service_point = service_point_record(product, customer, SolutionId(own))
    return Told(
        id=own,
        bundle=product.bundle,
        visible=product.visible,
        market=market_of(product),
        offering=optional_key(offer.id) if offer else None,
        solution=solution,
        service_point=service_point,
    )
