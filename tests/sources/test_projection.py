"""Every system gives rows with the columns that are wanted, and the same rows as with all of them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, get_args, get_origin, get_type_hints

import pytest
from msgspec.structs import replace
from tortoise.backends.base.client import BaseDBAsyncClient

from loaders.operation import Systems
from sources.billing import BillingDocumentKind, BillingDocumentRecord, BillingDocumentStatus, BillingSource
from sources.billing.sql import SqlBilling
from sources.inventory import InventorySource
from sources.inventory.sql import SqlInventory
from sources.keys import BillingDocumentId, ComponentId, CustomerCode
from sources.listing import Filter, Listing, Order, Page, Window
from sources.maintenance import MaintenanceSource
from sources.maintenance.sql import SqlMaintenance
from sources.money import Money
from sources.ordering import OrderingSource
from sources.ordering.sql import SqlOrdering
from sources.projection import columns_of, projected, wanted
from sources.record import Record
from sources.scope import ALL, Scope
from sources.sql import Database
from sources.ticketing import TicketingSource
from sources.ticketing.sql import SqlTicketing
from tests.fakes.shelf import Shelf
from tests.populace import populated
from tests.world import World

ACME: Final = CustomerCode("acme-global")
WHOLE: Final = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
SOURCES: Final = {
    "ordering": OrderingSource,
    "billing": BillingSource,
    "ticketing": TicketingSource,
    "inventory": InventorySource,
    "maintenance": MaintenanceSource,
}
METHODS: Final = [
    (system, name)
    for system, protocol in SOURCES.items()
    for name, method in vars(protocol).items()
    if "scope" in getattr(method, "__annotations__", ())
]
INVOICE: Final = BillingDocumentRecord(
    customer=ACME,
    id=BillingDocumentId("I1"),
    number="2026-1",
    kind=BillingDocumentKind.INVOICE,
    status=BillingDocumentStatus.SENT,
    issued_on=date(2026, 3, 1),
    currency="EUR",
    tax_included_minor=12_000,
)


@pytest.fixture
async def systems(connection: BaseDBAsyncClient | None) -> Systems:
    """Give all systems with the small world in them."""
    world = await whole_world()
    if connection is None:
        return world.systems
    found = Systems(
        ordering=SqlOrdering(Database(connection, "ordering")),
        billing=SqlBilling(Database(connection, "billing")),
        ticketing=SqlTicketing(Database(connection, "ticketing")),
        inventory=SqlInventory(Database(connection, "inventory")),
        maintenance=SqlMaintenance(Database(connection, "maintenance")),
    )
    await pour(world, found)
    return found


async def whole_world() -> World:
    """Give the small world, with something behind every relation."""
    world = await populated()
    component = next(iter(world.inventory.component_shelf.records.values()))
    below = replace(component, id=ComponentId("C"), parent=component.id, external_ids=("X",))
    await world.inventory.save_components([below])
    ticket = next(iter(world.ticketing.ticket_shelf.records.values()))
    await world.ticketing.save_tickets([replace(ticket, document=BillingDocumentId("I-S-VPN"))])
    return world


async def pour(world: World, systems: Systems) -> None:
    """Save all that is in *world* into *systems*."""
    for system in SOURCES:
        for name, shelf in shelves(world, system).items():
            saves = {"account_shelf": "billing_accounts"}.get(name, f"{name.removesuffix('_shelf')}s")
            await getattr(getattr(systems, system), f"save_{saves}")(shelf.records.values())


def shelves(world: World, system: str) -> dict[str, Shelf[Any]]:
    """Give the shelves of a system by their names."""
    fake: object = getattr(world, system)
    return {name: each for name, each in vars(fake).items() if isinstance(each, Shelf)}


def every_key(world: World) -> set[str]:
    """Give the ids of everything in *world*, its customers and the one external id."""
    records = [each.records for system in SOURCES for each in shelves(world, system).values()]
    return {"X", *(key for each in records for place in each for key in place)}


def listing(record: type[Record], asks: type[Filter]) -> Listing[Any]:
    """Ask for many rows in the order of a column that is not essential."""
    orders = {each.__name__: each for each in Order.__subclasses__()}
    order = next(iter(orders[asks.__name__.replace("Filter", "Order")]))
    assert order.column not in record.essential
    return Listing(filter=asks(), order=order, window=Window(limit=100))


def inner(kind: Any, base: type) -> Any:  # noqa: ANN401 - an annotation
    """Give the class under *base* that is somewhere in an annotation."""
    if isinstance(kind, type) and get_origin(kind) is None and issubclass(kind, base):
        return kind
    return next((found for each in get_args(kind) if (found := inner(each, base)) is not None), None)


def rows_of(value: object) -> Iterator[Any]:
    """Give the rows of a look-up, a page or a list, in their order."""
    if isinstance(value, Record):
        yield value
    else:
        many: Any = value
        yield from many.rows if isinstance(value, Page) else many


@pytest.mark.parametrize(("system", "name"), METHODS)
async def test_gives_the_same_rows_with_the_columns_that_are_wanted(
    systems: Systems, system: str, name: str
) -> None:
    hints = get_type_hints(vars(SOURCES[system])[name])
    record = inner(hints["return"], Record)
    keys = every_key(await whole_world())
    asked: list[Any] = [keys]
    if "listing" in hints:
        asked.append(listing(record, inner(hints["listing"], Filter)))
    read = next(each for each in reversed(record.__struct_fields__) if each not in record.essential)
    ask = getattr(getattr(systems, system), name)

    whole: Mapping[str, Any] = await ask(WHOLE, *asked)
    some: Mapping[str, Any] = await ask(replace(WHOLE, columns={record: frozenset({read})}), *asked)

    all_rows = [(key, row) for key in whole for row in rows_of(whole[key])]
    some_rows = [(key, row) for key in whole for row in rows_of(some[key])]
    assert all_rows
    assert whole.keys() == some.keys()
    for (key, one), (other, part) in zip(all_rows, some_rows, strict=True):
        assert (key, one.id, getattr(one, read)) == (other, part.id, getattr(part, read))
        assert part.whole is record


def part(*columns: str) -> BillingDocumentRecord:
    kind: Any = projected(BillingDocumentRecord, frozenset(columns) | BillingDocumentRecord.essential)
    made: BillingDocumentRecord = kind(**{name: getattr(INVOICE, name) for name in kind.__struct_fields__})
    return made


def test_has_what_is_computed_from_the_columns_that_were_fetched() -> None:
    assert part("tax_included_minor", "currency").amount == Money(12_000, "EUR")


def test_never_takes_a_column_that_was_not_fetched_for_an_empty_one() -> None:
    some = part("tax_included_minor")

    with pytest.raises(AttributeError, match="account"):
        _ = some.account
    with pytest.raises(AttributeError, match="currency"):
        _ = some.amount
    with pytest.raises(AttributeError, match="status"):
        some.within(WHOLE)


def test_is_the_record_itself_with_all_its_columns() -> None:
    assert projected(BillingDocumentRecord, columns_of(BillingDocumentRecord, None)) is BillingDocumentRecord


def test_reads_each_property_from_the_columns_that_it_names() -> None:
    for record in Record.__subclasses__():
        if record.whole is record and record.__module__.startswith("sources."):
            properties = {name for name, made in vars(record).items() if isinstance(made, property)}
            columns = {column for names in record.derived.values() for column in names}
            assert properties == set(record.derived), record
            assert columns <= set(record.__struct_fields__), record


def test_fetches_what_is_verified_whatever_is_wanted() -> None:
    scope = replace(WHOLE, columns={}, solutions=frozenset({"S1"}), accounts=frozenset({"A1"}))
    always = {"customer", "id", "kind", "status"}

    assert wanted(BillingDocumentRecord, scope) == always | {"solutions", "account"}
    assert wanted(BillingDocumentRecord, replace(WHOLE, columns={}), "number") == always | {"number"}
