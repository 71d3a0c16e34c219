"""What a demo customer ordered, and where it is delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from servicespace.demo.catalog import CATALOG
from servicespace.demo.names import MARKS, Place, places_of, postcode, street
from servicespace.demo.payers import Payer, bill_to
from servicespace.demo.plan import Plan
from servicespace.demo.skew import shares, zipf
from sources.keys import LocationId, ServicePointId, SolutionId
from sources.ordering import (
    CustomerRecord,
    LocationRecord,
    ProductStatus,
    ServicePointRecord,
    SolutionRecord,
)

_MEGA: Final = 1_000_000
_SITE_SKEW: Final = 1.3
"""The exponent with which the top 5 % of the medium customer's sites hold 40 % of its service points."""


@dataclass(frozen=True, slots=True)
class Estate:
    """All that a customer ordered; ``payers`` are who pays for it, the main one first."""

    customer: CustomerRecord
    solutions: Sequence[SolutionRecord]
    locations: Sequence[LocationRecord]
    service_points: Sequence[ServicePointRecord]
    payers: Sequence[Payer]


def order(plan: Plan) -> Estate:
    """Give what the customer of *plan* ordered."""
    random = plan.random("ordering")
    places = _places(plan, random)
    locations = [_location(plan, random, number, place) for number, place in enumerate(places, start=1)]
    solutions = [_solution(plan, random, index) for index in range(plan.profile.solutions)]
    service_points = _service_points(plan, random, solutions, locations)
    payers, billed = bill_to(
        plan, dict(zip((each.id for each in locations), places, strict=True)), service_points
    )
    return Estate(
        CustomerRecord(
            customer=plan.code,
            id=plan.code,
            name=plan.customer.name,
            market=plan.customer.market,
            portal_option=plan.customer.portal_option,
        ),
        solutions,
        locations,
        billed,
        payers,
    )


def _places(plan: Plan, random: Random) -> list[Place]:
    """Give each site's city: the first sites in turn, so that no big customer is at one place only."""
    known = places_of(plan.customer.market)
    weights = zipf(len(known), 0.6)
    more = max(0, plan.profile.sites - len(known))
    return [*known[: plan.profile.sites], *random.choices(known, weights, k=more)]


def _location(plan: Plan, random: Random, number: int, place: Place) -> LocationRecord:
    sites = plan.customer.sites
    mark = f" {MARKS[number // 9 % len(MARKS)]}" if number % 9 == 4 else ""  # noqa: PLR2004 - now and then
    return LocationRecord(
        customer=plan.code,
        id=LocationId(plan.key("LOC", number)),
        name=f"{place.city} {sites[(number - 1) % len(sites)]} {number}{mark}",
        site_code=f"{place.code}{number:05d}",
        street=street(random, place),
        postcode=postcode(random, place),
        city=place.city,
        country=place.country,
        time_zone=place.time_zone,
        latitude=round(place.latitude + random.uniform(-0.08, 0.08), 5),
        longitude=round(place.longitude + random.uniform(-0.08, 0.08), 5),
    )


def _solution(plan: Plan, random: Random, index: int) -> SolutionRecord:
    offer = plan.customer.offers[index % len(plan.customer.offers)]
    turn = index // len(plan.customer.offers)
    ordered_on = plan.today - timedelta(days=random.randint(1_200, 2_600))
    ending = index == plan.profile.solutions - 1 and index > 3  # noqa: PLR2004 - one of many is on its way out
    return SolutionRecord(
        customer=plan.code,
        id=SolutionId(plan.key("SOL", index + 1)),
        name=f"{offer.name} {turn + 1}" if turn else offer.name,
        offer=CATALOG[offer.category].offer,
        category=offer.category,
        status=ProductStatus.PENDING_TERMINATE if ending else ProductStatus.ACTIVE,
        raw_status="pendingTerminate" if ending else "active",
        market=plan.customer.market,
        options=offer.options,
        ordered_on=ordered_on,
        activated_on=ordered_on + timedelta(days=random.randint(30, 120)),
    )


def _service_points(
    plan: Plan, random: Random, solutions: Sequence[SolutionRecord], locations: Sequence[LocationRecord]
) -> list[ServicePointRecord]:
    """Give service points, few big sites and many small ones; each Solution and each site has some."""
    total = plan.profile.service_points
    of_site = shares(total, zipf(len(locations), _SITE_SKEW), least=1)
    of_solution = shares(total, zipf(len(solutions), 0.6), least=1)
    where = [site for site, count in zip(locations, of_site, strict=True) for _ in range(count)]
    which = [each for each, count in zip(solutions, of_solution, strict=True) for _ in range(count)]
    random.shuffle(which)
    return [
        _service_point(plan, random, number, solution, location)
        for number, (solution, location) in enumerate(zip(which, where, strict=True), start=1)
    ]


def _service_point(
    plan: Plan, random: Random, number: int, solution: SolutionRecord, location: LocationRecord
) -> ServicePointRecord:
    megabits = CATALOG[solution.category].megabits
    speed = random.choice(megabits) if megabits else None
    status, activated, terminated = _life(plan.today, random, number, solution.activated_on or plan.today)
    return ServicePointRecord(
        customer=plan.code,
        id=ServicePointId(plan.key("SP", number)),
        name=f"{location.name}: {solution.name} {number}",
        offer=f"{solution.offer} {speed} Mbit/s" if speed else solution.offer,
        status=status,
        raw_status=_RAW[status],
        solution=solution.id,
        location=location.id,
        bandwidth=speed * _MEGA if speed else None,
        activated_on=activated,
        terminated_on=terminated,
    )


_RAW: Final = {
    ProductStatus.ACTIVE: "active",
    ProductStatus.SUSPENDED: "suspended",
    ProductStatus.PENDING_ACTIVE: "pendingActive",
    ProductStatus.TERMINATED: "terminated",
}


def _life(
    today: date, random: Random, number: int, since: date
) -> tuple[ProductStatus, date | None, date | None]:
    """Give a service point's state, its first and its last day: most came early, one in fifty is gone."""
    latest = today - timedelta(days=600)
    activated = since + timedelta(days=int((latest - since).days * random.random() ** 4))
    match number % 50:
        case 13:
            return ProductStatus.TERMINATED, activated, today - timedelta(days=random.randint(60, 500))
        case 27:
            return ProductStatus.SUSPENDED, activated, None
        case 41:
            return ProductStatus.PENDING_ACTIVE, None, None
        case 33:
            return ProductStatus.ACTIVE, today - timedelta(days=random.randint(20, 200)), None
        case _:
            return ProductStatus.ACTIVE, activated, None
