"""``servicespace token``."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from auth.key_store import KeyStore
from auth.scope import PORTAL
from auth.store import UserStore
from auth.token import issue_token
from servicespace.commands.options import DATA, PORT, ConfigOption, DataOption, err, settings_of
from servicespace.settings import Settings
from servicespace.store import Connection, open_store


def token(
    user: Annotated[str, typer.Argument(help="The username.")],
    data: DataOption = DATA,
    config: ConfigOption = None,
    minutes: Annotated[int, typer.Option(min=1, max=60 * 24, help="How long the token is valid.")] = 10,
    port: Annotated[int | None, PORT] = None,
) -> None:
    """Print an access token of a User, for a client to send as its bearer token."""
    settings = settings_of(data, config, port)
    found = asyncio.run(_token(settings, user, timedelta(minutes=minutes)))
    if found is None:
        message = f"There is no active User {user!r} in this store; `servicespace demo` makes some."
        err.print(message, style="red", markup=False)
        raise typer.Exit(1)
    typer.echo(found)


async def _token(settings: Settings, username: str, lifetime: timedelta) -> str | None:
    async with open_store(settings.store) as connection:
        return await token_of(connection, settings, username, lifetime)


async def token_of(
    connection: Connection, settings: Settings, username: str, lifetime: timedelta
) -> str | None:
    """Give an access token of the User of that name, None where there is no active one."""
    user = await UserStore(connection, settings.source_seconds).by_username(username)
    if user is None or not user.active:
        return None
    return issue_token(
        await KeyStore(connection, settings.source_seconds).signing(),
        issuer=settings.token.issuer,
        audience=settings.token.audience,
        subject=user.username,
        customer=user.customer,
        client_id="servicespace-cli",
        scope=PORTAL,
        now=datetime.now(UTC),
        valid_from=user.valid_from,
        lifetime=lifetime,
    )
