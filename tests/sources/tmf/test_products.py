"""Solutions and service points sent as TMF637 has them, and read again: versions 4 and 5 say the same."""

from datetime import date
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from sources.keys import BillingAccountId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.ordering import Market, ProductStatus, ServicePointRecord, SolutionCategory, SolutionRecord
from sources.ordering.wire import (
    arrange,
    category,
    parts,
    read_offering,
    read_product,
    service_point_record,
    solution_record,
)
from sources.tmf import decode, key
from sources.tmf.settings import Version
from tests.tmf.products import offering, products

ACME = CustomerCode("acme")
BOTH = pytest.mark.parametrize("version", list(Version))

SOLUTION = SolutionRecord(
    customer=ACME,
    id=SolutionId("S1"),
    name="Voice",
    offer="Business Talk",
    category=SolutionCategory.BUSINESS_TALK,
    status=ProductStatus.PENDING_ACTIVE,
    raw_status="pendingActive",
    market=Market.FR,
    options=("DOCUMENTS", "REPORT_ENHANCED_IP"),
    ordered_on=date(2025, 1, 1),
    activated_on=date(2025, 2, 1),
    terminated_on=date(2026, 2, 1),
)
POINT = ServicePointRecord(
    customer=ACME,
    id=ServicePointId("P1"),
    name="Point P1",
    offer="Access",
    status=ProductStatus.ABORTED,
    raw_status="aborted ",
    solution=SolutionId("S1"),
    location=LocationId("L1"),
    billing_account=BillingAccountId("A1"),
    bandwidth=100_000_001,
    activated_on=date(2025, 2, 1),
    terminated_on=date(2026, 2, 1),
)
BARE = ServicePointRecord(
    customer=ACME,
    id=ServicePointId("P2"),
    name="Point P2",
    status=ProductStatus.UNKNOWN,
    solution=SolutionId("S-elsewhere"),
)


def read_back(things: list[dict[str, Any]]) -> tuple[list[SolutionRecord], list[ServicePointRecord]]:
    """Give what *things* say, as the file import reads it; the customer's market is INTL."""
    found = [read_product(decode(msgspec.json.encode(each))) for each in things]
    every = [*found, *(part for each in found for part in parts(each))]
    placed = arrange(every, {}, ())
    tops = [each for each in every if placed[key(each.id)] == each.id]
    return [solution_record(each, ACME, Market.INTL) for each in tops], [
        service_point_record(each, ACME, placed[key(each.id)]) for each in every if each not in tops
    ]


@BOTH
def test_solutions_and_service_points_are_the_same_in_both_versions(version: Version) -> None:
    other = replace(SOLUTION, id=SolutionId("S2"), offer=None, name="S2", options=(), market=Market.INTL)

    things = products([SOLUTION, other], [POINT, BARE], version, "p-1")
    solutions, service_points = read_back(things)

    read = [replace(each, category=SolutionCategory.BUSINESS_TALK) for each in solutions]
    assert read == [SOLUTION, other]
    assert sorted(service_points, key=lambda each: each.id) == [POINT, BARE]


def test_version_4_sends_a_tree_and_version_5_each_on_its_own() -> None:
    tree = products([SOLUTION], [POINT], Version.V4, "p-1")
    apart = products([SOLUTION], [POINT], Version.V5, "p-1")

    assert [each["id"] for each in tree] == ["S1"]
    assert [each["id"] for each in tree[0]["product"]] == ["P1"]
    assert [each["id"] for each in apart] == ["S1", "P1"]


@pytest.mark.parametrize("wanted", list(SolutionCategory))
def test_the_catalogue_names_the_category_of_an_offering(wanted: SolutionCategory) -> None:
    record = replace(SOLUTION, category=wanted, offer=None)

    assert category(read_offering(decode(msgspec.json.encode(offering(record))))) is wanted
