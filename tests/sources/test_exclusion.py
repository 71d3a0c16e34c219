"""Which components are excluded (terms of use, 1.3)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sources.inventory import ComponentKind, ComponentRecord, ComponentStatus, Exclusion, ManagedBy
from sources.inventory.exclusion import exclusion_of
from sources.keys import ComponentId, CustomerCode, ServicePointId

IDS = [ComponentId(key) for key in "ABCD"]


def component(key: str, **changes: object) -> ComponentRecord:
    """Make a router without a service point."""
    record = ComponentRecord(
        customer=CustomerCode("acme"),
        id=ComponentId(key),
        kind=ComponentKind.CE_ROUTER,
        name=key,
        status=ComponentStatus.AVAILABLE,
        managed_by=ManagedBy.OPERATOR,
        updated_at=datetime(2025, 1, 1, tzinfo=UTC),
    )
    return replace(record, **changes)


def chain(*kinds: ComponentKind) -> dict[ComponentId, ComponentRecord]:
    """Make components A, B, C… of these kinds, each the parent of the next."""
    parents = [None, *IDS]
    return {
        key: component(key, kind=kind, parent=parent)
        for key, kind, parent in zip(IDS, kinds, parents, strict=False)
    }


def test_shows_a_router_that_hangs_on_nothing() -> None:
    assert exclusion_of(component("A"), {}) is None


@pytest.mark.parametrize("access_type", ["dial", "Dial-Up", "ISDN dialup", "DIAL_BACKUP"])
def test_excludes_what_is_connected_by_dial(access_type: str) -> None:
    assert exclusion_of(component("A", access_type=access_type), {}) is Exclusion.DIAL


def test_shows_what_is_connected_otherwise() -> None:
    assert exclusion_of(component("A", access_type="fibre"), {}) is None


def test_excludes_core_equipment_and_public_gateways_whatever_else_they_are() -> None:
    dialled = component("A", access_type="dial")

    assert exclusion_of(dialled, {}, core_network=True, public_gateway=True) is Exclusion.CORE_NETWORK
    assert exclusion_of(dialled, {}, public_gateway=True) is Exclusion.PUBLIC_GATEWAY


@pytest.mark.parametrize(
    "between",
    [
        [],
        [ComponentKind.SWITCH],
        [ComponentKind.FIREWALL, ComponentKind.WIFI_AP],
    ],
)
def test_excludes_a_router_reached_through_anothers_lan(between: list[ComponentKind]) -> None:
    components = chain(ComponentKind.CE_ROUTER, *between, ComponentKind.CE_ROUTER)

    assert exclusion_of(components[IDS[len(between) + 1]], components) is Exclusion.CASCADED_ROUTER


def test_shows_a_router_behind_another_that_has_a_service_point_of_its_own() -> None:
    components = chain(ComponentKind.CE_ROUTER, ComponentKind.CE_ROUTER)
    own = replace(components[IDS[1]], service_point=ServicePointId("P1"))

    assert exclusion_of(own, components) is None


@pytest.mark.parametrize("kind", [each for each in ComponentKind if each is not ComponentKind.CE_ROUTER])
def test_shows_what_is_behind_a_router_and_no_router(kind: ComponentKind) -> None:
    components = chain(ComponentKind.CE_ROUTER, kind)

    assert exclusion_of(components[IDS[1]], components) is None


def test_shows_a_router_on_a_line_of_its_own_or_of_an_unknown_parent() -> None:
    components = chain(ComponentKind.CE_ROUTER, ComponentKind.ACCESS_LINE, ComponentKind.CE_ROUTER)

    assert exclusion_of(components[IDS[2]], components) is None
    assert exclusion_of(component("D", parent=ComponentId("Z")), components) is None


def test_shows_a_router_that_is_its_own_parent() -> None:
    router = component("A", parent=ComponentId("A"))

    assert exclusion_of(router, {router.id: router}) is None


@given(
    st.lists(st.sampled_from(ComponentKind), min_size=4, max_size=4),
    st.lists(st.sampled_from([*IDS, None]), min_size=4, max_size=4),
)
def test_ends_whatever_the_parents(kinds: list[ComponentKind], parents: list[ComponentId | None]) -> None:
    components = {
        key: component(key, kind=kind, parent=parent)
        for key, kind, parent in zip(IDS, kinds, parents, strict=True)
    }

    excluded = {key for key, each in components.items() if exclusion_of(each, components)}

    routers = {key for key, each in components.items() if each.kind is ComponentKind.CE_ROUTER}
    behind = {key for key in routers if components[key].parent in routers - {key}}
    assert behind <= excluded <= routers
