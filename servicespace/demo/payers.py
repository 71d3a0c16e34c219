"""Which billing account each service point of a demo customer is billed to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from msgspec.structs import replace

from servicespace.demo.names import Place
from servicespace.demo.plan import Plan
from servicespace.demo.skew import shares, zipf
from sources.keys import BillingAccountId, LocationId
from sources.ordering import ServicePointRecord


@dataclass(frozen=True, slots=True)
class Payer:
    """A billing account before billing knows it: who it is, and in what currency it pays."""

    account: BillingAccountId
    place: Place


def bill_to(
    plan: Plan, places: Mapping[LocationId, Place], service_points: Sequence[ServicePointRecord]
) -> tuple[Sequence[Payer], Sequence[ServicePointRecord]]:
    """Give the billing accounts, the main one first, and *service_points* with theirs, in their order.

    An account pays in one currency, for the sites that pay in it; where there are fewer accounts than
    currencies, the main one pays for the rest too. Every account pays for at least one service point.
    """
    areas = _areas(plan, places, service_points)
    counts = shares(plan.profile.billing_accounts, [len(area) for area in areas], least=1)
    payers: list[Payer] = []
    billed: dict[str, ServicePointRecord] = {}
    for area, count in zip(areas, counts, strict=True):
        limits = accumulate(shares(len(area), zipf(count, 0.8), least=1), initial=0)
        for start, end in pairwise(limits):
            account = BillingAccountId(plan.key("BA", len(payers) + 1))
            payers.append(Payer(account, _place(places, area[start])))
            billed |= {each.id: replace(each, billing_account=account) for each in area[start:end]}
    return payers, [billed[each.id] for each in service_points]


def _areas(
    plan: Plan, places: Mapping[LocationId, Place], service_points: Sequence[ServicePointRecord]
) -> list[list[ServicePointRecord]]:
    """Give the service points by currency, most first, not more groups than there are accounts."""
    by_currency: dict[str, list[ServicePointRecord]] = {}
    for each in service_points:
        by_currency.setdefault(_place(places, each).currency, []).append(each)
    areas = sorted(by_currency.values(), key=len, reverse=True)
    kept = areas[: plan.profile.billing_accounts]
    for area in areas[len(kept) :]:
        kept[0].extend(area)
    return kept


def _place(places: Mapping[LocationId, Place], service_point: ServicePointRecord) -> Place:
    assert service_point.location is not None, "demo service points have a location"  # noqa: S101 - a fault of ours
    return places[service_point.location]
