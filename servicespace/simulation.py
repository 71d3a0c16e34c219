"""What a customer would see if it had ordered something else."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from servicespace.snapshots import Facts
from sources.keys import SolutionId
from sources.ordering import CustomerRecord, PortalOption, ProductStatus, SolutionCategory, SolutionRecord


class Supposed(NamedTuple):
    """What is supposed: Solutions *added*, by category, and *removed*, by id; None for the same option."""

    added: Sequence[SolutionCategory]
    removed: Sequence[str]
    portal_option: PortalOption | None = None


class UnknownSolutionsError(Exception):
    """The customer has no Solutions with the ids ``unknown``; those that it has are ``known``."""

    def __init__(self, unknown: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(", ".join(unknown))
        self.unknown = unknown
        self.known = known


def supposed(customer: CustomerRecord, solutions: Sequence[SolutionRecord], what: Supposed) -> Facts:
    """Give the facts of *customer* as they would be; what is added is sold in its market.

    Raises ``UnknownSolutionsError`` where a Solution to be removed is not there.
    """
    there = {str(each.id): each for each in solutions}
    if unknown := [each for each in what.removed if each not in there]:
        raise UnknownSolutionsError(unknown, sorted(there))
    kept = [each for key, each in there.items() if key not in what.removed]
    added = [_added(customer, each, number) for number, each in enumerate(what.added, start=1)]
    option = customer.portal_option if what.portal_option is None else what.portal_option
    return replace(customer, portal_option=option), [*kept, *added]


def _added(customer: CustomerRecord, category: SolutionCategory, number: int) -> SolutionRecord:
    return SolutionRecord(
        customer=customer.customer,
        id=SolutionId(f"added {number}"),
        name=f"added {number}",
        category=category,
        status=ProductStatus.ACTIVE,
        market=customer.market,
        ordered_on=date.min,
    )
