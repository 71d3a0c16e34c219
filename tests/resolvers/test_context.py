"""Under which Scope each kind of row is asked for."""

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from auth.coverage import State
from auth.feature import ALWAYS, Feature
from loaders.loader import Loader
from loaders.operation import Loaders
from resolvers.context import Context, solutions_of
from sources.billing import BillingAccountRecord, BillingAccountStatus
from sources.keys import BillingAccountId, CustomerCode, LocationId, ServicePointId, SolutionId
from sources.ordering import LocationRecord, ProductStatus, ServicePointRecord
from sources.scope import ALL, Extent, Scope
from tests.asking import asked_by, covering
from tests.populace import populated
from tests.sources.tickets import ticket
from tests.world import user

ANN = user(1, "ann", "acme")
ACME = CustomerCode("acme")
NONE: set[str] = set()

CASES = [
    pytest.param(State.ALL, None, ALL, id="covered by all, sees all"),
    pytest.param(State.ALL, {"S1"}, {"S1"}, id="covered by all, sees one"),
    pytest.param(State.ALL, NONE, NONE, id="covered by all, sees none"),
    pytest.param({"S1", "S2"}, None, {"S1", "S2"}, id="covered by two, sees all"),
    pytest.param({"S1", "S2"}, {"S2", "S3"}, {"S2"}, id="covered by two, sees one of them"),
    pytest.param({"S1", "S2"}, {"S3"}, NONE, id="covered by two, sees another"),
    pytest.param(State.NONE, None, NONE, id="not covered, sees all"),
    pytest.param(State.NONE, {"S1"}, NONE, id="not covered, sees one"),
]


@pytest.mark.parametrize(("covered", "own", "solutions"), CASES)
def test_a_scope_has_the_solutions_that_cover_and_that_the_user_sees(
    covered: State | set[str], own: set[str] | None, solutions: Extent | set[str]
) -> None:
    viewer = replace(ANN, solutions=None if own is None else frozenset(own))
    context = asked_by(viewer, covering(INCIDENTS=covered))

    assert context.scope(Feature.INCIDENTS) == Scope(
        customer=ACME,
        solutions=solutions if solutions is ALL else frozenset(solutions),
        accounts=ALL,
        locations=ALL,
    )


@pytest.mark.parametrize(("own", "extent"), [(None, ALL), (frozenset({"X1"}), frozenset({"X1"}))])
def test_a_scope_has_the_accounts_and_locations_that_the_user_sees(
    own: frozenset[str] | None, extent: Extent
) -> None:
    context = asked_by(replace(ANN, accounts=own, locations=own), covering(BILLING=State.ALL))

    assert context.scope(Feature.BILLING) == Scope(
        customer=ACME, solutions=ALL, accounts=extent, locations=extent
    )


def test_what_is_always_open_is_bounded_by_what_the_user_sees() -> None:
    context = asked_by(replace(ANN, solutions=frozenset({"S1"})))

    assert context.scope(ALWAYS).solutions == frozenset({"S1"})


def test_a_feature_that_coverage_does_not_name_is_not_covered() -> None:
    assert asked_by().scope(Feature.MAINTENANCE).solutions == frozenset()


keys = st.frozensets(st.sampled_from(["S1", "S2", "S3", "S4"]))


@given(covered=st.sampled_from(State) | keys.map(set), own=st.none() | keys)
def test_a_scope_is_never_wider_than_coverage_nor_than_what_the_user_sees(
    covered: State | set[str], own: frozenset[str] | None
) -> None:
    coverage = covering(INCIDENTS=covered)

    solutions = asked_by(replace(ANN, solutions=own), coverage).scope(Feature.INCIDENTS).solutions

    inside = {key for key in ("S1", "S2", "S3", "S4") if solutions is ALL or key in solutions}
    assert inside == {
        key
        for key in ("S1", "S2", "S3", "S4")
        if coverage.covers(Feature.INCIDENTS, {key}) and (own is None or key in own)
    }


def test_each_operation_has_loaders_of_its_own() -> None:
    one, other = asked_by(), asked_by()

    assert one.load is not other.load
    assert one.batches is not other.batches


ACCOUNT = BillingAccountRecord(
    customer=ACME,
    id=BillingAccountId("A1"),
    number="1",
    name="One",
    status=BillingAccountStatus.ACTIVE,
    solutions=(SolutionId("S1"), SolutionId("S2")),
)
POINT = ServicePointRecord(
    customer=ACME,
    id=ServicePointId("P1"),
    name="One",
    status=ProductStatus.ACTIVE,
    solution=SolutionId("S1"),
)
SITE = LocationRecord(customer=ACME, id=LocationId("L1"), name="One", country="FR")


@pytest.mark.parametrize(
    ("record", "solutions"),
    [
        pytest.param(POINT, ("S1",), id="one"),
        pytest.param(ACCOUNT, ("S1", "S2"), id="many"),
        pytest.param(ticket(ACME, "T1"), (), id="none of its own"),
        pytest.param(SITE, None, id="no tie"),
        pytest.param(None, None, id="the root"),
        pytest.param(ANN, None, id="no row"),
    ],
)
def test_tells_the_solutions_that_a_parent_is_tied_to(
    record: object, solutions: tuple[str, ...] | None
) -> None:
    assert solutions_of(record) == solutions


async def test_leaves_nothing_loaded_to_the_garbage_collector() -> None:
    world = await populated()
    query = """{
      solutions { nodes { tickets { nodes { notes { text } } } components { nodes { location { name } } } } }
    }"""
    await world.ask("acme-admin", query)
    ours = (Context, Loaders, Loader)
    gc.collect()
    gc.disable()
    try:
        await world.ask("acme-admin", query)
        left = [each for each in gc.get_objects() if issubclass(type(each), ours)]
    finally:
        gc.enable()

    assert left == []
