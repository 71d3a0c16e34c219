"""Demo data on its way into the embedded store."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from auth.store import UserStore
from servicespace.demo.billing import Bill, accounts, bills, disputed
from servicespace.demo.customers import users_of
from servicespace.demo.inventory import components
from servicespace.demo.maintenance import Work, works
from servicespace.demo.ordering import Estate, order
from servicespace.demo.plan import Plan
from servicespace.demo.profiles import YEARS, Profile
from servicespace.demo.ticketing import Case, Disputable, cases
from servicespace.store import StoreSettings, open_store, transaction
from sources.billing.sql import SqlBilling
from sources.inventory.sql import SqlInventory
from sources.keys import CustomerCode
from sources.maintenance.sql import SqlMaintenance
from sources.ordering.sql import SqlOrdering
from sources.scope import ALL, Scope
from sources.sql import Database
from sources.ticketing.sql import SqlTicketing

_SECONDS: Final = 120.0
"""How long one statement may take: a store that is being filled is slow now and then."""
_BATCH: Final = 2_000
"""About how many rows are handed to a system at a time."""

T = TypeVar("T")

Told: TypeAlias = Callable[[str, int], None]
"""Hears what was written, and how many rows of it."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """The five systems in the embedded store, and where auth keeps its Users."""

    ordering: SqlOrdering
    billing: SqlBilling
    ticketing: SqlTicketing
    inventory: SqlInventory
    maintenance: SqlMaintenance
    users: UserStore


def expected(profile: Profile) -> int:
    """Give about how many rows a customer of *profile* has, links not counted."""
    lines = profile.invoices_per_month * profile.lines_per_invoice * 12
    tickets = (profile.tickets_per_year + profile.billing_queries_per_year) * (1 + profile.updates_per_ticket)
    works = profile.maintenance_per_year * (2.3 + profile.impacts_per_maintenance)
    estate = profile.sites + profile.service_points + profile.components
    return estate + YEARS * int(lines + tickets + works)


async def present(store: StoreSettings, customers: Iterable[CustomerCode]) -> frozenset[CustomerCode]:
    """Give those of *customers* that the store has; one is there with all that is its own, or not at all."""
    async with open_store(store) as connection:
        ordering = SqlOrdering(Database(connection, "ordering", _SECONDS))
        found: set[CustomerCode] = set()
        for code in customers:
            scope = Scope(customer=code, solutions=ALL, accounts=ALL, locations=ALL)
            found |= (await ordering.customers(scope, [code])).keys()
        return frozenset(found)


async def load(store: StoreSettings, plan: Plan, told: Told) -> None:
    """Write the customer of *plan* with its Users, all of it or, where this fails or is stopped, nothing.

    Raises ``UsernameTakenError`` where a User of another customer has the name of one of them.
    """
    async with open_store(store) as connection, transaction(connection) as inner:
        embedded = Embedded(
            SqlOrdering(Database(inner, "ordering", _SECONDS)),
            SqlBilling(Database(inner, "billing", _SECONDS)),
            SqlTicketing(Database(inner, "ticketing", _SECONDS)),
            SqlInventory(Database(inner, "inventory", _SECONDS)),
            SqlMaintenance(Database(inner, "maintenance", _SECONDS)),
            UserStore(inner, _SECONDS),
        )
        await _write(embedded, plan, told)


async def _write(embedded: Embedded, plan: Plan, told: Told) -> None:
    estate = order(plan)
    await _write_estate(embedded, estate, told)
    payers = accounts(plan, estate)
    await embedded.billing.save_billing_accounts(payers)
    disputable = await _write_bills(embedded.billing, bills(plan, estate), told)
    every = components(plan, estate)
    for some in _batches(every, _one):
        await embedded.inventory.save_components(some)
        told("components", len(some))
    shown = [each for each in every if each.exclusion is None]
    await _write_cases(embedded.ticketing, cases(plan, estate, shown, disputable), told)
    await _write_works(embedded.maintenance, works(plan, estate, shown), told)
    for user in users_of(plan.customer):
        await embedded.users.save(user.profile(payers))


async def _write_estate(embedded: Embedded, estate: Estate, told: Told) -> None:
    await embedded.ordering.save_customers([estate.customer])
    await embedded.ordering.save_solutions(estate.solutions)
    for locations in _batches(estate.locations, _one):
        await embedded.ordering.save_locations(locations)
        told("locations", len(locations))
    for service_points in _batches(estate.service_points, _one):
        await embedded.ordering.save_service_points(service_points)
        told("service points", len(service_points))


async def _write_bills(billing: SqlBilling, made: Iterable[Bill], told: Told) -> Sequence[Disputable]:
    """Write invoices and credit notes; give what somebody may ask a question about."""
    disputable: list[Disputable] = []
    for some in _batches(made, _lines):
        lines = [line for each in some for line in each.lines]
        await billing.save_documents(each.document for each in some)
        await billing.save_lines(lines)
        disputable.extend(found for each in some if (found := disputed(each)))
        told("invoices", len(lines))
    return disputable


async def _write_cases(ticketing: SqlTicketing, made: Iterable[Case], told: Told) -> None:
    for some in _batches(made, _notes):
        notes = [note for each in some for note in each.notes]
        await ticketing.save_tickets(each.ticket for each in some)
        await ticketing.save_notes(notes)
        told("tickets", len(some) + len(notes))


async def _write_works(maintenance: SqlMaintenance, made: Iterable[Work], told: Told) -> None:
    for some in _batches(made, _impacts):
        impacts = [impact for each in some for impact in each.impacts]
        revisions = [revision for each in some for revision in each.revisions]
        await maintenance.save_events(each.event for each in some)
        await maintenance.save_impacts(impacts)
        await maintenance.save_revisions(revisions)
        told("maintenance", len(some) + len(impacts) + len(revisions))


def _batches(things: Iterable[T], rows: Callable[[T], int]) -> Iterator[list[T]]:
    """Give *things* in lists of about ``_BATCH`` rows."""
    batch: list[T] = []
    count = 0
    for each in things:
        batch.append(each)
        count += rows(each)
        if count >= _BATCH:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def _one(_: object) -> int:
    return 1


def _lines(bill: Bill) -> int:
    return len(bill.lines)


def _notes(case: Case) -> int:
    return 1 + len(case.notes)


def _impacts(work: Work) -> int:
    return 1 + len(work.impacts) + len(work.revisions)
