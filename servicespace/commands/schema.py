"""``servicespace schema``."""

import asyncio
from typing import Annotated

import typer

from schema.build import sdl
from schema.view import own_sdl
from servicespace.commands.options import DATA, ConfigOption, DataOption, settings_of
from servicespace.settings import Settings
from servicespace.store import open_store
from servicespace.wiring import make_desk
from sources.keys import CustomerCode


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
        typer.echo(asyncio.run(_own_sdl(settings_of(data, config), customer)), nl=False)


async def _own_sdl(settings: Settings, code: str) -> str:
    async with open_store(settings.store) as connection:
        desk = await make_desk(connection, settings)
        return own_sdl(await desk.coverage.of(CustomerCode(code)))
