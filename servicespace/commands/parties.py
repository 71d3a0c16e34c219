"""``servicespace parties``."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Annotated, Final, TypeVar

import typer
from rich.table import Table

from servicespace.announcements import announce
from servicespace.commands.options import DATA, ConfigOption, DataOption, err, out, settings_of
from servicespace.settings import Settings
from servicespace.store import Connection, open_store
from servicespace.upstreams.api import SystemName
from sources.errors import SourceError
from sources.keys import CustomerCode
from sources.ordering.sql import SqlOrdering
from sources.parties.sql import Known, PartyError, SqlParties
from sources.scope import ALL, Scope
from sources.sql import Database

T = TypeVar("T")

parties: Final = typer.Typer(
    name="parties",
    help="By which ids the systems that are not embedded know a customer: of rows that name none of them, "
    "nothing is shown. A customer that a system has no id for has nothing there. Changes take effect within "
    "a second.",
    no_args_is_help=True,
)

CustomerArgument = Annotated[str, typer.Argument(metavar="CODE", help="The customer's code.")]
SystemArgument = Annotated[SystemName, typer.Argument(metavar="SYSTEM", help=", ".join(SystemName))]


@parties.command(name="list")
def list_(
    customer: Annotated[str | None, typer.Option(metavar="CODE", help="Of this customer only.")] = None,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """List the customers' ids in each system."""
    table = Table("Customer", "System", "Party")
    for each in _run(settings_of(data, config), partial(_known, customer)):
        table.add_row(*each)
    out.print(table)


@parties.command(name="set")
def set_(
    customer: CustomerArgument,
    system: SystemArgument,
    party: Annotated[list[str], typer.Argument(metavar="PARTY…", help="Its ids there (TMF632 party ids).")],
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Say by which ids a system knows a customer, in place of those that it knew it by before."""
    _run(settings_of(data, config), partial(_set, CustomerCode(customer), system, party))
    out.print(f"{customer} is {', '.join(party)} in {system}.", markup=False, highlight=False)


@parties.command()
def remove(
    customer: CustomerArgument,
    system: SystemArgument,
    party: Annotated[
        list[str] | None, typer.Argument(metavar="[PARTY…]", help="These only; all where none is named.")
    ] = None,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Take a customer's ids in a system away: it sees nothing of that system by them any more."""
    work = partial(_remove, CustomerCode(customer), system, party or ())
    gone = _run(settings_of(data, config), work)
    if not gone:
        err.print(
            f"{customer} has no such id in {system}; `servicespace parties list` shows those there are.",
            style="red",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(1)
    out.print(f"Took {gone} away from {customer} in {system}.", markup=False, highlight=False)


def _run(settings: Settings, work: Callable[[Connection], Awaitable[T]]) -> T:
    """Do *work*; end the command with a sentence where that fails."""
    try:
        return asyncio.run(_opened(settings, work))
    except (PartyError, SourceError) as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error


async def _opened(settings: Settings, work: Callable[[Connection], Awaitable[T]]) -> T:
    async with open_store(settings.store) as connection:
        done = await work(connection)
    await announce(settings.valkey)
    return done


async def _known(customer: str | None, connection: Connection) -> Sequence[Known]:
    return await _parties(connection).known(customer)


async def _set(
    customer: CustomerCode, system: SystemName, party: Sequence[str], connection: Connection
) -> None:
    ordering = SqlOrdering(Database(connection, "ordering"))
    scope = Scope(customer=customer, solutions=ALL, accounts=ALL, locations=ALL)
    if customer not in await ordering.customers(scope, [customer]):
        raise PartyError(f"There is no customer {customer!r} in this store: take it in first.")
    await _parties(connection).set(customer, system.value, party)


async def _remove(
    customer: CustomerCode, system: SystemName, party: Sequence[str], connection: Connection
) -> int:
    return await _parties(connection).remove(customer, system.value, party)


def _parties(connection: Connection) -> SqlParties:
    return SqlParties(Database(connection, "parties"))
