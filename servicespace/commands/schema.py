"""``servicespace schema``."""

import asyncio
from typing import Annotated

import typer

from schema.build import sdl
from schema.view import Views
from servicespace.commands.options import DATA, ConfigOption, DataOption, err, settings_of
from servicespace.settings import Settings
from servicespace.store import open_store
from servicespace.wiring import open_desk
from sources.keys import CustomerCode
from sources.scope import ALL, Scope


def schema(
    customer: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only what this customer's Solutions cover.")
    ] = None,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Print the GraphQL schema: the published one, or a customer's own."""
    if customer is None:
        typer.echo(sdl(), nl=False)
    else:
        own = asyncio.run(_own_sdl(settings_of(data, config), CustomerCode(customer)))
        if own is None:
            err.print(f"There is no customer {customer!r} in this store.", style="red", markup=False)
            raise typer.Exit(1)
        typer.echo(own, nl=False)


async def _own_sdl(settings: Settings, code: CustomerCode) -> str | None:
    async with open_store(settings.store) as connection, open_desk(connection, settings) as desk:
        scope = Scope(customer=code, solutions=ALL, accounts=ALL, locations=ALL)
        if code not in await desk.markets.customers(scope, [code]):
            return None
        return Views().of(await desk.coverage.of(code)).sdl
