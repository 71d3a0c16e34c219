"""The command line: ``servicespace --help`` explains it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
import uvicorn
from rich.console import Console

from auth.store import UserStore
from auth.token import issue_token
from schema.build import sdl
from schema.view import own_sdl
from servicespace.settings import Settings, SettingsError, in_folder, read_settings
from servicespace.store import open_store
from servicespace.wiring import create_app, make_desk
from sources.keys import CustomerCode

app: Final = typer.Typer(
    name="servicespace",
    help="One typed GraphQL schema over a telecom operator's back-office systems.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

DataOption = Annotated[
    Path,
    typer.Option("--data", metavar="DIR", help="The folder of the embedded store; made where it is missing."),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="A TOML file of settings, in place of --data."),
]
PortOption = Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port to serve on.")]

DATA: Final = Path(".data")
out: Final = Console()
err: Final = Console(stderr=True)


def settings_of(data: Path, config: Path | None) -> Settings:
    """Give the settings that a command works with; ends the command with a sentence where they are wrong."""
    try:
        return in_folder(data) if config is None else read_settings(config)
    except SettingsError as error:
        err.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from error


@app.command()
def serve(
    data: DataOption = DATA,
    config: ConfigOption = None,
    port: Annotated[int | None, typer.Option("--port", metavar="N", help="Overrides the port of the settings.")] = None,
) -> None:
    """Serve the GraphQL API until it is stopped with Ctrl-C."""
    run(settings_of(data, config), port)


def run(settings: Settings, port: int | None = None) -> None:
    """Serve with *settings*, on *port* where one is given."""
    uvicorn.run(
        create_app(settings),
        host=settings.http.host,
        port=settings.http.port if port is None else port,
        log_level="warning",
        timeout_graceful_shutdown=10,
        server_header=False,
    )


@app.command()
def token(
    user: Annotated[str, typer.Argument(help="The username.")],
    data: DataOption = DATA,
    config: ConfigOption = None,
    minutes: Annotated[int, typer.Option(min=1, max=60 * 24, help="How long the token is valid.")] = 10,
) -> None:
    """Print an access token of a User, for a client to send as its bearer token."""
    settings = settings_of(data, config)
    found = asyncio.run(_token(settings, user, timedelta(minutes=minutes)))
    if found is None:
        err.print(f"[red]There is no active User {user!r} in this store.[/red] `servicespace demo` makes some.")
        raise typer.Exit(1)
    typer.echo(found)


async def _token(settings: Settings, username: str, lifetime: timedelta) -> str | None:
    async with open_store(settings.store) as connection:
        return await token_of(UserStore(connection), settings, username, lifetime)


async def token_of(users: UserStore, settings: Settings, username: str, lifetime: timedelta) -> str | None:
    """Give an access token of the User of that name, None where there is no active one."""
    user = await users.by_username(username)
    if user is None or not user.active:
        return None
    return issue_token(
        await users.signing_key(),
        issuer=settings.token.issuer,
        audience=settings.token.audience,
        subject=user.username,
        customer=user.customer,
        client_id="servicespace-cli",
        now=datetime.now(UTC),
        lifetime=lifetime,
    )


@app.command()
def schema(
    customer: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only what this customer's Solutions cover.")
    ] = None,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Print the GraphQL schema: the published one, or a customer's own."""
    settings = settings_of(data, config)
    typer.echo(sdl() if customer is None else asyncio.run(_own_sdl(settings, customer)), nl=False)


async def _own_sdl(settings: Settings, code: str) -> str:
    async with open_store(settings.store) as connection:
        desk = await make_desk(connection, settings)
        return own_sdl(await desk.coverage.of(CustomerCode(code)))


def main() -> None:
    """Run the command line."""
    app()
