"""The embedded systems as an import uses them: one customer, one transaction."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from servicespace.intake.report import STORED, Report
from servicespace.store import Connection
from sources.billing.sql import SqlBilling
from sources.intake.sql import SqlIntake
from sources.inventory.sql import SqlInventory
from sources.keys import CustomerCode
from sources.maintenance.sql import SqlMaintenance
from sources.ordering import CustomerRecord
from sources.ordering.sql import SqlOrdering
from sources.record import Record
from sources.scope import ALL, Scope
from sources.sql import Database
from sources.table import Saved
from sources.ticketing.sql import SqlTicketing

SECONDS = 120.0
"""How long one statement of an import may take: it may read very much at once."""

R = TypeVar("R", bound=Record)


class UnknownCustomerError(Exception):
    """There is no such customer; ``codes`` are those that there are."""

    def __init__(self, code: str, codes: Sequence[str]) -> None:
        """Name the *code* that was asked for."""
        super().__init__(code)
        self.code = code
        self.codes = codes


@dataclass(frozen=True, slots=True)
class Stores:
    """The systems, and whose facts go into them."""

    customer: CustomerRecord
    ordering: SqlOrdering
    billing: SqlBilling
    ticketing: SqlTicketing
    inventory: SqlInventory
    maintenance: SqlMaintenance
    intake: SqlIntake

    @property
    def code(self) -> CustomerCode:
        """The customer's code."""
        return CustomerCode(self.customer.id)

    @property
    def everything(self) -> Scope:
        """The scope of all that is the customer's."""
        return Scope(customer=self.code, solutions=ALL, accounts=ALL, locations=ALL)


async def stores_of(connection: Connection, code: str) -> Stores:
    """Give the systems over *connection* for a customer; raises ``UnknownCustomerError``."""
    ordering = SqlOrdering(Database(connection, "ordering", SECONDS))
    customer = CustomerCode(code)
    scope = Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL)
    found = await ordering.customers(scope, [customer])
    if customer not in found:
        raise UnknownCustomerError(code, await ordering.customer_codes())
    return Stores(
        customer=found[customer],
        ordering=ordering,
        billing=SqlBilling(Database(connection, "billing", SECONDS)),
        ticketing=SqlTicketing(Database(connection, "ticketing", SECONDS)),
        inventory=SqlInventory(Database(connection, "inventory", SECONDS)),
        maintenance=SqlMaintenance(Database(connection, "maintenance", SECONDS)),
        intake=SqlIntake(Database(connection, "intake", SECONDS)),
    )


async def save(
    report: Report, kind: str, rows: Iterable[tuple[str, R]], write: Callable[[list[R]], Awaitable[Saved]]
) -> None:
    """Write *rows*, each with its file, and count what became of them file by file.

    Rows of earlier imports count only where they change.
    """
    by_file: dict[str, list[R]] = {}
    for file, row in rows:
        by_file.setdefault(file, []).append(row)
    for file, records in by_file.items():
        saved = await write(records)
        report.saved(file, kind, Saved(updated=saved.updated) if file == STORED else saved)
