"""What is hidden from an asker, said anew and row by row, and the same world with hidden things changed.

Nothing here uses what the service decides by: Scopes, paths and gates would hide the same mistake twice.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from random import Random
from typing import Any, Final, get_args

import msgspec
from msgspec.structs import replace

from auth.coverage import Coverage, State
from auth.feature import Feature
from auth.viewer import Viewer
from sources.billing import (
    BillingAccountRecord,
    BillingDocumentRecord,
    BillingDocumentStatus,
    InvoiceLineRecord,
)
from sources.inventory import ComponentRecord
from sources.maintenance import (
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceRevisionRecord,
    NetworkSegment,
)
from sources.maintenance.impact import touching
from sources.ordering import CustomerRecord, LocationRecord, ServicePointRecord, SolutionRecord
from sources.record import Record
from sources.ticketing import TicketNoteRecord, TicketRecord, TicketStatus
from tests.fakes.shelf import Shelf
from tests.world import World

FEATURES: Final[Mapping[type[Record], Feature | None]] = {
    CustomerRecord: None,
    SolutionRecord: None,
    ServicePointRecord: None,
    LocationRecord: None,
    BillingAccountRecord: Feature.BILLING,
    BillingDocumentRecord: Feature.BILLING,
    InvoiceLineRecord: Feature.BILLING,
    TicketRecord: Feature.INCIDENTS,
    TicketNoteRecord: Feature.INCIDENTS,
    ComponentRecord: Feature.INVENTORY,
    MaintenanceEventRecord: Feature.MAINTENANCE,
    MaintenanceImpactRecord: Feature.MAINTENANCE,
    MaintenanceRevisionRecord: Feature.MAINTENANCE,
}
"""The feature under which each kind of row is shown."""

COLUMNS: Final = (
    (TicketRecord, "component", Feature.INVENTORY),
    (TicketRecord, "document", Feature.BILLING),
    (MaintenanceImpactRecord, "component", Feature.INVENTORY),
    (ServicePointRecord, "billing_account", Feature.BILLING),
)
"""Columns that are shown under another feature than their row."""

FINAL: Final = {TicketStatus.CLOSED, TicketStatus.REJECTED, TicketStatus.CANCELLED}
SENT: Final = {
    BillingDocumentStatus.SENT,
    BillingDocumentStatus.PARTIALLY_PAID,
    BillingDocumentStatus.SETTLED,
}
KEPT: Final = frozenset(
    [
        "customer",
        "id",
        "solution",
        "solutions",
        "location",
        "locations",
        "account",
        "document_status",
        "exclusion",
        "segment",
        "on_network",
        "event",
        "ticket",
        "document",
        "status",
        "touches",
    ]
)
"""Columns by which a row is tied, or hidden: they stay as they are."""


@dataclass(frozen=True)
class Asker:
    """Who asks, and what is covered."""

    viewer: Viewer
    coverage: Coverage

    def shows(self, feature: Feature | None, ties: Collection[str] | None, *, final: bool = False) -> bool:
        """Tell whether what belongs to the Solutions *ties*, None for no Solutions at all, is shown."""
        own = self.viewer.solutions
        if feature is None:
            return ties is None or own is None or not own.isdisjoint(ties)
        found = self.coverage.of(feature)
        past = found.past if final or feature is not Feature.INCIDENTS else frozenset[str]()
        match found.state:
            case State.NONE:
                return False
            case State.SOME:
                shown = [each for each in ties or () if each in found.solutions or each in past]
            case State.ALL:
                if not ties:
                    return own is None
                shown = [each for each in ties if each not in self.coverage.ended or each in past]
        return any(own is None or each in own for each in shown)

    def places(self, location: str | None) -> bool:
        """Tell whether what is at *location* is shown."""
        return self.viewer.locations is None or location in self.viewer.locations

    def pays(self, account: str | None) -> bool:
        """Tell whether what is on *account* is shown."""
        return self.viewer.accounts is None or account in self.viewer.accounts


def hidden(row: Any, asker: Asker, world: World) -> bool:  # noqa: ANN401 - a record of any kind
    """Tell whether *row* is hidden from *asker*."""
    if row.customer != asker.viewer.customer:
        return True
    if isinstance(row, TicketNoteRecord):
        ticket = world.ticketing.ticket_shelf.records.get((row.customer, row.ticket))
        return ticket is None or hidden(ticket, asker, world)
    if isinstance(row, MaintenanceEventRecord):
        impacts = world.maintenance.impact_shelf.records.values()
        return all(hidden(each, asker, world) for each in impacts if each.event == row.id)
    shown = _shown(row) and asker.shows(
        FEATURES[type(row)], _ties(row), final=getattr(row, "status", None) in FINAL
    )
    return not (shown and _placed(row, asker) and _paid(row, asker))


def _shown(row: Any) -> bool:  # noqa: ANN401 - a record of any kind
    match row:
        case ComponentRecord():
            return row.exclusion is None
        case BillingDocumentRecord():
            return row.status in SENT
        case InvoiceLineRecord():
            return row.document_status in SENT
        case MaintenanceImpactRecord():
            return row.segment is NetworkSegment.OPERATOR_NETWORK
        case MaintenanceRevisionRecord():
            return bool(row.on_network)
        case _:
            return True


def _ties(row: Any) -> Collection[str] | None:  # noqa: ANN401 - a record of any kind
    match row:
        case CustomerRecord() | LocationRecord():
            return None
        case SolutionRecord():
            return (row.id,)
        case BillingAccountRecord() | BillingDocumentRecord() | MaintenanceRevisionRecord():
            return row.solutions
        case _:
            return () if row.solution is None else (row.solution,)


def _placed(row: Any, asker: Asker) -> bool:  # noqa: ANN401 - a record of any kind
    match row:
        case LocationRecord():
            return asker.places(row.id)
        case ServicePointRecord() | TicketRecord() | ComponentRecord() | MaintenanceImpactRecord():
            return asker.places(row.location)
        case MaintenanceRevisionRecord():
            return asker.viewer.locations is None or any(map(asker.places, row.locations))
        case _:
            return True


def _paid(row: Any, asker: Asker) -> bool:  # noqa: ANN401 - a record of any kind
    match row:
        case BillingAccountRecord():
            return asker.pays(row.id)
        case BillingDocumentRecord() | InvoiceLineRecord():
            return asker.pays(row.account)
        case _:
            return True


def change(world: World, asker: Asker, random: Random) -> int:
    """Change what is hidden in *world*, and say how many rows and columns that were."""
    rows = [(shelf, row) for shelf in shelves(world) for row in [*shelf.records.values()]]
    secret = [(shelf, row) for shelf, row in rows if hidden(row, asker, world)]
    columns = [(shelf, row) for shelf, row in rows if not hidden(row, asker, world)]
    changed = 0
    for shelf, row in secret:
        changed += _change_row(shelf, row, random)
    components = {row.id for _, row in secret if isinstance(row, ComponentRecord)}
    for shelf, row in columns:
        changed += _change_columns(shelf, row, asker, random)
        changed += _change_ties(shelf, row, asker, random)
        changed += _change_pointer(shelf, row, components, random)
    settle(world)
    return changed


def settle(world: World) -> None:
    """Have every event say of what it touches what its impacts say."""
    events, impacts = world.maintenance.event_shelf.records, world.maintenance.impact_shelf.records
    for key, event in [*events.items()]:
        events[key] = touching(event, [each for each in impacts.values() if _of(each, event)])


def _of(impact: MaintenanceImpactRecord, event: MaintenanceEventRecord) -> bool:
    return (impact.customer, impact.event) == (event.customer, event.id)


def shelves(world: World) -> Iterator[Shelf[Any]]:
    """Give all shelves of all systems."""
    fakes = (world.ordering, world.billing, world.ticketing, world.inventory, world.maintenance)
    for fake in fakes:
        yield from (each for each in vars(fake).values() if isinstance(each, Shelf))


def _change_ties(shelf: Shelf[Any], row: Any, asker: Asker, random: Random) -> int:  # noqa: ANN401 - see above
    """Tie a row that shows by one of its Solutions to other hidden ones."""
    if not isinstance(row, BillingDocumentRecord | BillingAccountRecord):
        return 0
    shown = [each for each in row.solutions if asker.shows(Feature.BILLING, (each,))]
    others = [each for each in _SOLUTIONS if not asker.shows(Feature.BILLING, (each,))]
    if not shown or not others:
        return 0
    ties = (*shown, *(each for each in others if random.random() < 0.5))
    row = shelf.records[row.customer, row.id]
    shelf.records[row.customer, row.id] = replace(row, solutions=ties)
    return 1


_SOLUTIONS: Final = ("S-VPN", "S-WAN", "S-TALK")


def _change_pointer(shelf: Shelf[Any], row: Any, components: Collection[str], random: Random) -> int:  # noqa: ANN401 - see above
    """Have a ticket about a component that is hidden be about another one of these, or about none."""
    if not isinstance(row, TicketRecord) or row.component not in components:
        return 0
    row = shelf.records[row.customer, row.id]
    component = random.choice((None, "made-up", *sorted(components)))
    shelf.records[row.customer, row.id] = replace(row, component=component)
    return 1


_NEEDED: Final = MaintenanceEventRecord | MaintenanceImpactRecord | TicketRecord | BillingDocumentRecord
"""Others hang on these; and an event without any impact is taken for one that is shown."""


def _change_row(shelf: Shelf[Any], row: Any, random: Random) -> int:  # noqa: ANN401 - see above
    if isinstance(row, SolutionRecord | CustomerRecord):
        return 0  # coverage follows from them
    match random.choice(("change", "change", "remove", "double", "leave")):
        case "remove" if not isinstance(row, _NEEDED):
            del shelf.records[row.customer, row.id]
        case "double" if not isinstance(row, MaintenanceEventRecord):
            shelf.records[row.customer, f"{row.id}-2"] = replace(row, id=f"{row.id}-2")
        case "change":
            shelf.records[row.customer, row.id] = _other(row, random)
        case _:
            return 0
    return 1


def _change_columns(shelf: Shelf[Any], row: Any, asker: Asker, random: Random) -> int:  # noqa: ANN401 - see above
    kept = {
        column: random.choice((None, "made-up", f"{row.solution}-C1", f"{row.solution}-C2"))
        for kind, column, feature in COLUMNS
        if isinstance(row, kind) and not asker.shows(feature, _ties(row)) and random.random() < 0.5
    }
    if kept:
        shelf.records[row.customer, row.id] = replace(row, **kept)
    return len(kept)


def _other(row: Any, random: Random) -> Any:  # noqa: ANN401 - see above
    """Give *row* with other values in columns by which it is neither tied nor hidden."""
    found = {
        each.name: _another(getattr(row, each.name), each.type, random)
        for each in msgspec.structs.fields(row)
        if each.name not in KEPT and random.random() < 0.7
    }
    return replace(row, **found)


def _another(value: Any, kind: Any, random: Random) -> Any:  # noqa: ANN401 - a value of any column
    other = value
    match value:
        case Enum():
            other = random.choice(list(type(value)))
        case bool():
            other = not value
        case int() | float():
            other = value + random.randint(1, 1_000)
        case datetime() | date():
            other = value + timedelta(days=random.randint(-40, 40))
        case str() if str in (kind, *get_args(kind)):
            other = f"changed {random.randrange(10**6)}"
        case _:
            pass
    return other
