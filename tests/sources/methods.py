"""Every method of every source, asked the same of each implementation over the same small world."""

from collections.abc import Iterator
from typing import Any, Final, get_args, get_origin

from msgspec.structs import replace

from loaders.operation import Systems
from sources.billing import BillingSource
from sources.inventory import InventorySource
from sources.keys import BillingDocumentId, ComponentId, CustomerCode, SolutionId, TicketId
from sources.listing import Filter, Listing, Order, Page, Window
from sources.maintenance import MaintenanceSource
from sources.ordering import OrderingSource
from sources.record import Record
from sources.scope import ALL, Scope
from sources.ticketing import TicketingSource
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


async def whole_world() -> World:
    """Give the small world, with something behind every relation."""
    world = await populated()
    component = next(iter(world.inventory.component_shelf.records.values()))
    below = replace(component, id=ComponentId("C"), parent=component.id, external_ids=("X",))
    await world.inventory.save_components([below])
    ticket = next(iter(world.ticketing.ticket_shelf.records.values()))
    await world.ticketing.save_tickets([replace(ticket, document=BillingDocumentId("I-S-VPN"))])
    await _tie_differently(world)
    return world


async def _tie_differently(world: World) -> None:
    """Have things of two Solutions, and of none."""
    both = (SolutionId("S-VPN"), SolutionId("S-WAN"))
    document = world.billing.document_shelf.records[ACME, "I-S-VPN"]
    await world.billing.save_documents(
        [
            replace(document, id=BillingDocumentId("I-2"), solutions=both),
            replace(document, id=BillingDocumentId("I-0"), solutions=()),
        ]
    )
    ticket = world.ticketing.ticket_shelf.records[ACME, "T-S-VPN-1"]
    await world.ticketing.save_tickets([replace(ticket, id=TicketId("T-0"), solution=None)])


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
