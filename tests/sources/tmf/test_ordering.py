"""Ordering over TMF637 and TMF620: whose products are, how they belong together, and of which category."""

from datetime import date
from itertools import product
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sources.errors import SourceUnavailableError
from sources.http import Answer, Query
from sources.keys import BillingAccountId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.listing import Listing, Page, Window
from sources.ordering import (
    CustomerRecord,
    Market,
    PortalOption,
    ProductStatus,
    ServicePointFilter,
    ServicePointOrder,
    ServicePointRecord,
    SolutionCategory,
    SolutionFilter,
    SolutionOrder,
    SolutionRecord,
)
from sources.ordering.product import ProductTree, told
from sources.ordering.tmf import Catalogue, TmfOrdering
from sources.ordering.wire import read_product
from sources.scope import ALL, Scope
from sources.tmf import decode
from sources.tmf.settings import Strategy, ThingSettings, Version
from tests.fakes.ordering import FakeOrdering
from tests.tmf.deaf import OWNERS, Deaf, owned, parties
from tests.tmf.ordering import SavedOrdering, tmf_ordering
from tests.tmf.products import products
from tests.tmf.server import Habits, Total

ACME, OTHER = CustomerCode("acme"), CustomerCode("other")
WHOLE: Final = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
S1, S2, S9 = (SolutionId(each) for each in ("S1", "S2", "S9"))
P1, P2, P9 = (ServicePointId(each) for each in ("P1", "P2", "P9"))
SOLUTIONS: Final = Listing(
    filter=SolutionFilter(), order=SolutionOrder.NAME_ASC, window=Window(limit=9), counted=True
)
POINTS: Final = Listing(
    filter=ServicePointFilter(), order=ServicePointOrder.NAME_ASC, window=Window(limit=9), counted=True
)

SOLUTION: Final = SolutionRecord(
    customer=ACME,
    id=S1,
    name="S1",
    category=SolutionCategory.SDWAN,
    status=ProductStatus.ACTIVE,
    raw_status="active",
    market=Market.INTL,
    ordered_on=date(2025, 1, 1),
)
POINT: Final = ServicePointRecord(
    customer=ACME,
    id=P1,
    name="P1",
    status=ProductStatus.ACTIVE,
    raw_status="active",
    solution=S1,
    location=LocationId("L1"),
    billing_account=BillingAccountId("A1"),
)
OURS: Final = {"relatedParty": [{"id": "1", "role": "customer"}], "startDate": "2025-01-01"}


async def everything_of(ordering: SavedOrdering, scope: Scope) -> list[object]:
    """Ask every method that reads products for everything."""
    return [
        await ordering.solutions_ordered(scope, [ACME, OTHER]),
        await ordering.solutions(scope, [S1, S2]),
        await ordering.solutions_by_customer(scope, [ACME, OTHER], SOLUTIONS),
        await ordering.service_points(scope, [P1, P2]),
        await ordering.service_points_by_customer(scope, [ACME, OTHER], POINTS),
        await ordering.service_points_by_solution(scope, [S1, S2], POINTS),
        await ordering.service_points_by_location(scope, [LocationId("L1")], POINTS),
        await ordering.service_points_by_billing_account(scope, [BillingAccountId("A1")], POINTS),
    ]


@pytest.mark.parametrize("scope", [WHOLE, replace(WHOLE, solutions=frozenset({S1}))])
async def test_gives_the_same_whatever_the_habits_and_the_version_of_a_system(scope: Scope) -> None:
    habits = [
        Habits(),
        Habits(filters=False, total=Total.OF_THE_COLLECTION),
        Habits(filters=False, total=Total.ZERO, cap=2),
        Habits(total=Total.NEGATIVE, cap=1, status=206),
    ]
    given: list[list[object]] = []
    for each, version in product(habits, Version):
        async with tmf_ordering(ThingSettings(version=version), each) as ordering:
            await ordering.save_solutions(
                [
                    SOLUTION,
                    replace(SOLUTION, id=S2, name="S2"),
                    replace(SOLUTION, customer=OTHER, id=SolutionId("S9")),
                ]
            )
            await ordering.save_service_points(
                [
                    POINT,
                    replace(POINT, id=P2, solution=S2),
                    replace(POINT, customer=OTHER, id=ServicePointId("P9")),
                ]
            )
            given.append(await everything_of(ordering, scope))

    assert all(each == given[0] for each in given)
    points: Any = given[0][3]
    assert points == ({P1: POINT, P2: replace(POINT, id=P2, solution=S2)} if scope is WHOLE else {P1: POINT})


async def test_reads_the_customers_products_once_for_many_keys() -> None:
    async with tmf_ordering(ThingSettings()) as ordering:
        await ordering.save_solutions([SOLUTION])
        await ordering.save_service_points([POINT])

        await ordering.service_points_by_solution(WHOLE, [S1, S2], POINTS)
        await ordering.service_points(WHOLE, [P1, P2])

        assert ordering.server.queries == ["/product?relatedParty.id=party of acme"] * 2


@pytest.mark.parametrize("flag", [False, "false"])
async def test_what_is_not_visible_to_the_customer_is_never_shown(flag: bool | str) -> None:
    part = {"id": "P2", "status": "active"}
    ordering = known(
        {"id": "S1", **OURS, "product": [{**part, "isCustomerVisible": flag}, {**part, "id": "P1"}]},
        {"id": "S2", **OURS, "isCustomerVisible": flag},
    )

    assert (await ordering.solutions(WHOLE, [S1, S2])).keys() == {S1}
    assert (await ordering.service_points(WHOLE, [P1, P2])).keys() == {P1}


async def test_a_tree_of_products_is_read_to_its_leaves() -> None:
    leaf: dict[str, Any] = {"id": "P1", "status": "active", "description": "x" * 1_000}
    for depth in range(30):
        leaf = {"id": f"N{depth}", "status": "active", "product": [leaf], "description": "x" * 1_000}
    ordering = known({"id": "S1", **OURS, "product": [leaf]})

    points = await ordering.service_points_by_solution(WHOLE, [S1], replace(POINTS, window=Window(limit=50)))

    assert len(points[S1].rows) == 31
    assert {each.solution for each in points[S1].rows} == {S1}


async def test_products_around_one_another_and_broken_ones_take_no_other_with_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    around = [{"relationshipType": "isContainedIn", "id": "S2"}]
    ordering = known(
        {"id": "S1", **OURS},
        {"id": "S2", **OURS, "productRelationship": [{"relationshipType": "isContainedIn", "id": "S3"}]},
        {"id": "S3", **OURS, "productRelationship": around},
        {"id": "undated", "relatedParty": OURS["relatedParty"]},
        {"id": "x" * 129, **OURS},
    )

    found = await ordering.solutions_ordered(WHOLE, [ACME])

    assert [each.id for each in found[ACME]] == ["S1", "S2", "S3"]
    assert caplog.messages == [
        "ordering: of product, 0 not of the customer and 1 that cannot be read were left out",
        "ordering: 1 Solutions that cannot be read were left out",
    ]


async def test_asks_the_catalogue_once_and_only_for_what_products_do_not_say() -> None:
    async with tmf_ordering(ThingSettings()) as ordering:
        await ordering.save_solutions(
            [
                replace(SOLUTION, offer="Flexible SD-WAN"),
                *(replace(SOLUTION, id=SolutionId(f"S{n}"), category=each) for n, each in CATEGORIES),
            ]
        )

        found = await ordering.solutions_ordered(WHOLE, [ACME])

        assert {each.category for each in found[ACME]} == {
            SolutionCategory.SDWAN,
            *(each for _, each in CATEGORIES),
        }
        _, offerings = ordering.server.queries
        assert offerings == "/productOffering?id=PO-MOBILE-,PO-ETHERNET-"


CATEGORIES: Final = [(2, SolutionCategory.MOBILE), (3, SolutionCategory.ETHERNET)]


async def test_a_solution_has_its_offers_name_from_the_catalogue_where_it_says_none() -> None:
    ordering = known(
        {"id": "S1", **OURS, "productOffering": {"id": "O1"}},
        {"id": "S2", **OURS, "productOffering": {"id": "O2"}},
        offerings=[{"id": "O1", "name": "Managed Firewall"}],
    )

    found = await ordering.solutions(WHOLE, [S1, S2])

    assert (found[S1].category, found[S1].offer) == (SolutionCategory.SECURITY, "Managed Firewall")
    assert (found[S2].category, found[S2].offer) == (SolutionCategory.UNKNOWN, None)


class Down:
    """An API that does not answer."""

    system = "ordering"

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Fail."""
        raise SourceUnavailableError(self.system)


async def test_without_the_catalogue_that_it_needs_coverage_is_not_computed_from_less() -> None:
    api = Deaf({"product": [{"id": "S1", **OURS, "productOffering": {"id": "O1"}}]}, "ordering")
    catalogue = Catalogue(Down(), ThingSettings(), parties)
    ordering = TmfOrdering(api, ThingSettings(), parties, register(), catalogue)

    with pytest.raises(SourceUnavailableError):
        await ordering.solutions_ordered(WHOLE, [ACME])


async def test_a_customer_that_the_register_does_not_know_has_no_solutions() -> None:
    api = Deaf({"product": [{"id": "S1", **OURS}]}, "ordering")
    ordering = TmfOrdering(api, ThingSettings(), parties, FakeOrdering())

    assert await ordering.solutions_ordered(WHOLE, [ACME]) == {}


@pytest.mark.parametrize("version", Version, ids=lambda version: version.value)
def test_what_is_kept_of_products_is_the_same_after_it_was_written_and_read(version: Version) -> None:
    tree = products([SOLUTION], [POINT, replace(POINT, id=P2)], version, "1")[0]
    kept = told(read_product(decode(msgspec.json.encode(tree))), ACME)

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=ProductTree) == kept


async def test_a_solution_is_sold_in_the_customers_market() -> None:
    assert (await known({"id": "S1", **OURS}).solutions(WHOLE, [S1]))[S1].market is Market.FR


@pytest.mark.parametrize("strategy", Strategy, ids=lambda strategy: strategy.value)
@settings(deadline=None)
@given(
    sent=st.lists(
        st.tuples(st.sampled_from(["S1", "S2", "P1", "P2"]), OWNERS, st.sampled_from(["S1", "P1", None])),
        max_size=5,
    )
)
async def test_gives_no_product_of_another_tenant(
    strategy: Strategy, sent: list[tuple[str, str | None, str | None]]
) -> None:
    rows = [
        {
            **owned({"id": own, "name": f"of {owner}", "startDate": "2025-01-01"}, owner),
            "productRelationship": [{"relationshipType": "isContainedIn", "id": above}],
        }
        for own, owner, above in sent
    ]
    api = Deaf({"product": rows}, "ordering")
    ordering = TmfOrdering(api, ThingSettings(strategy=strategy), parties, register())

    solutions = await ordering.solutions_by_customer(WHOLE, [ACME, OTHER], SOLUTIONS)
    points = await ordering.service_points_by_customer(WHOLE, [ACME, OTHER], POINTS)

    found = {str(each.id): each.name for each in solutions[ACME].rows}
    found |= {str(each.id): each.name for each in points[ACME].rows}
    assert found == {own: "of 1" for own, owner, _ in sent if owner == "1"}
    assert solutions[OTHER] == Page([], total=0)
    assert points[OTHER] == Page([], total=0)


def register() -> FakeOrdering:
    """Give a register that knows ACME, in France."""
    found = FakeOrdering()
    found.customer_shelf.save(
        [
            CustomerRecord(
                customer=ACME, id=ACME, name="Acme", market=Market.FR, portal_option=PortalOption.LITE
            )
        ]
    )
    return found


def known(*products: dict[str, Any], offerings: list[dict[str, Any]] | None = None) -> TmfOrdering:
    """Give ordering over a system that has *products* and *offerings*."""
    api = Deaf({"product": [*products], "productOffering": offerings or []}, "ordering")
    catalogue = Catalogue(api, ThingSettings(), parties)
    return TmfOrdering(api, ThingSettings(), parties, register(), catalogue)
