"""Each loader asks the method of its own name, under the Scope of its feature."""

from functools import cached_property
from typing import Any, TypeAlias

import pytest

from auth.feature import ALWAYS, Detail, Feature, Gate
from loaders.loader import PageLoader, ScopedLoader
from loaders.operation import Loaders, Systems
from sources.billing import BillingAccountFilter, BillingAccountOrder
from sources.errors import SourceUnavailableError
from sources.keys import CustomerCode
from sources.listing import Listing, Window
from sources.scope import ALL, Scope
from tests.fakes.billing import FakeBilling
from tests.fakes.inventory import FakeInventory
from tests.fakes.maintenance import FakeMaintenance
from tests.fakes.ordering import FakeOrdering
from tests.fakes.ticketing import FakeTicketing

LISTING = Listing(filter=BillingAccountFilter(), order=BillingAccountOrder.NAME_ASC, window=Window(limit=1))

ASKED = {
    "customer.by_id": "ordering.customers",
    "solution.by_id": "ordering.solutions",
    "solution.by_customer": "ordering.solutions_by_customer",
    "service_point.by_id": "ordering.service_points",
    "service_point.by_customer": "ordering.service_points_by_customer",
    "service_point.by_solution": "ordering.service_points_by_solution",
    "service_point.by_location": "ordering.service_points_by_location",
    "service_point.by_billing_account": "ordering.service_points_by_billing_account",
    "location.by_id": "ordering.locations",
    "location.by_customer": "ordering.locations_by_customer",
    "billing_account.by_id": "billing.billing_accounts",
    "billing_account.by_customer": "billing.billing_accounts_by_customer",
    "billing_account.by_solution": "billing.billing_accounts_by_solution",
    "invoice.by_id": "billing.documents",
    "invoice.by_customer": "billing.documents_by_customer",
    "invoice.by_account": "billing.documents_by_account",
    "invoice.by_solution": "billing.documents_by_solution",
    "invoice.by_invoice": "billing.credit_notes_by_invoice",
    "invoice_line.by_id": "billing.lines",
    "invoice_line.by_document": "billing.lines_by_document",
    "invoice_line.by_service_point": "billing.lines_by_service_point",
    "ticket.by_id": "ticketing.tickets",
    "ticket.by_customer": "ticketing.tickets_by_customer",
    "ticket.by_solution": "ticketing.tickets_by_solution",
    "ticket.by_component": "ticketing.tickets_by_component",
    "ticket.by_service_point": "ticketing.tickets_by_service_point",
    "ticket.by_location": "ticketing.tickets_by_location",
    "ticket.by_document": "ticketing.tickets_by_document",
    "ticket.notes": "ticketing.notes_by_ticket",
    "component.by_id": "inventory.components",
    "component.by_customer": "inventory.components_by_customer",
    "component.by_solution": "inventory.components_by_solution",
    "component.by_service_point": "inventory.components_by_service_point",
    "component.by_location": "inventory.components_by_location",
    "component.by_parent": "inventory.components_by_parent",
    "maintenance.by_id": "maintenance.events",
    "maintenance.by_customer": "maintenance.events_by_customer",
    "maintenance.by_solution": "maintenance.events_by_solution",
    "maintenance.by_component": "maintenance.events_by_component",
    "maintenance.by_service_point": "maintenance.events_by_service_point",
    "maintenance.by_location": "maintenance.events_by_location",
    "maintenance.impacts": "maintenance.impacts_by_event",
    "maintenance.history": "maintenance.history_by_event",
}

GATES: dict[str, Gate] = {
    "customer": ALWAYS,
    "solution": ALWAYS,
    "service_point": ALWAYS,
    "location": ALWAYS,
    "billing_account": Feature.BILLING,
    "invoice": Feature.BILLING,
    "invoice_line": Detail(Feature.BILLING),
    "ticket": Feature.INCIDENTS,
    "component": Feature.INVENTORY,
    "maintenance": Feature.MAINTENANCE,
}


def scope(gate: Gate) -> Scope:
    """Give a Scope that tells by its Solutions which gate it is for."""
    return Scope(
        customer=CustomerCode("acme"), solutions=frozenset({gate.value}), accounts=ALL, locations=ALL
    )


def systems() -> Systems:
    """Give all systems, each failing once it has written down what it was asked."""
    found = Systems(
        ordering=FakeOrdering(),
        billing=FakeBilling(),
        ticketing=FakeTicketing(),
        inventory=FakeInventory(),
        maintenance=FakeMaintenance(),
    )
    for name in Systems.__dataclass_fields__:
        getattr(found, name).diary.failing = SourceUnavailableError(name)
    return found


AnyLoader: TypeAlias = ScopedLoader[Any, Any] | PageLoader[Any, Any, Any]


def every_loader(load: Loaders) -> dict[str, AnyLoader]:
    """Give all loaders by the names of their group and their own."""
    found: dict[str, AnyLoader] = {}
    for group in (name for name, made in vars(Loaders).items() if isinstance(made, cached_property)):
        loaders: object = getattr(load, group)
        of_group: dict[str, AnyLoader] = vars(loaders)
        found |= {f"{group}.{name}": loader for name, loader in of_group.items()}
    return found


@pytest.mark.parametrize("name", ASKED)
async def test_asks_the_method_of_its_own_name(name: str) -> None:
    behind = systems()
    loader = every_loader(Loaders(behind, scope))[name]

    with pytest.raises(SourceUnavailableError):
        await (loader.of(LISTING) if isinstance(loader, PageLoader) else loader).load("K")

    diaries = [getattr(behind, each).diary for each in Systems.__dataclass_fields__]
    assert [line for diary in diaries for line in diary.lines] == [f"{ASKED[name]} 1"]


def test_knows_every_loader() -> None:
    assert set(every_loader(Loaders(systems(), scope))) == set(ASKED)


def test_loads_each_kind_of_row_under_the_scope_of_its_feature() -> None:
    found = every_loader(Loaders(systems(), scope))

    assert {name: loader.scope for name, loader in found.items()} == {
        name: scope(GATES[name.partition(".")[0]]) for name in ASKED
    }


def test_two_operations_share_no_loader() -> None:
    behind = systems()

    one, other = every_loader(Loaders(behind, scope)), every_loader(Loaders(behind, scope))

    assert [name for name in ASKED if one[name] is other[name]] == []
