"""``servicespace keys``."""

import asyncio
import getpass
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from auth.key_store import PUBLISHED, KeyStore
from servicespace.announcements import announce
from servicespace.commands.options import DATA, ConfigOption, DataOption, err, out, settings_of
from servicespace.settings import Settings
from servicespace.store import open_store

keys: Final = typer.Typer(
    name="keys",
    help="The keys that sign tokens. `rotate` publishes the next one, which signs a day later: who verifies "
    "our tokens has it by then. Running replicas follow within a second.",
    no_args_is_help=True,
)

NowOption = Annotated[bool, typer.Option("--now", help="Sign with the next key at once.")]
CompromisedOption = Annotated[
    bool,
    typer.Option(
        "--compromised", help="Also refuse from now on what the old key signed: all Users are asked in."
    ),
]


@keys.callback()
def _keys() -> None:
    """Have ``rotate`` be a command of its own, although it is the only one."""


@keys.command()
def rotate(
    *,
    now: NowOption = False,
    compromised: CompromisedOption = False,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Publish the next signing key; with --now sign with it."""
    out.print(
        asyncio.run(_rotate(settings_of(data, config), now=now or compromised, compromised=compromised))
    )


async def _rotate(settings: Settings, *, now: bool, compromised: bool) -> str:
    async with open_store(settings.store) as connection:
        store, moment, by = KeyStore(connection), datetime.now(UTC), f"operator:{getpass.getuser()}"
        if now:
            await store.rotate_now(moment, by, compromised=compromised)
            told = "A new key signs from now on."
        elif await store.publish_next(moment, by):
            told = f"The next key is published; it signs from {moment + PUBLISHED:%Y-%m-%d %H:%M} UTC on."
        else:
            err.print("The next key is published already; --now signs with it at once.", style="red")
            raise typer.Exit(1)
    await announce(settings.valkey)
    return told
