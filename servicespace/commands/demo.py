"""``servicespace demo``."""

import asyncio
import socket
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec.structs import replace

from auth.account import AccountStoreError, Visit
from auth.key_store import KeyStoreError
from auth.outbox import MailKind
from auth.password_hash import Passwords
from auth.recovery import Recovery
from auth.store import UserStoreError
from servicespace.commands.options import DataOption, err, out, settings_of
from servicespace.commands.serve import run
from servicespace.commands.token import token_of
from servicespace.demo.customers import ACME, BAKER, COBALT, USERS
from servicespace.demo.greeting import PASSWORD, Pass, greet
from servicespace.demo.load import present
from servicespace.demo.plan import SEED, Plan
from servicespace.demo.profiles import PROFILES, ProfileName
from servicespace.demo.progress import load_showing
from servicespace.mail_catcher import MailCatcher
from servicespace.settings import Settings
from servicespace.store import open_store
from sources.errors import SourceError

DEMO_DATA: Final = Path(".data/demo")
"""Where the demo's store is when no folder is named."""
HOURS: Final = 8
"""How long the demo's tokens are valid."""
STOPPED: Final = 130
"""The exit code of a command that was stopped with Ctrl-C."""


def demo(
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=1, max=65_535, help="Where to serve.")
    ] = 8000,
    data: DataOption = DEMO_DATA,
    profile: Annotated[
        ProfileName | None,
        typer.Option(help="How large acme-global is when it is loaded; medium when not given."),
    ] = None,
) -> None:
    """Load demo data, serve it, and print how to try it.

    The first run loads three customers into the folder; a later one finds them there. A load that is stopped
    leaves nothing behind, and the next run starts it anew.
    """
    settings = settings_of(data, None, port)
    _check_port(settings.http.host, port)
    address = f"http://{settings.http.host}:{port}"
    settings = replace(settings, token=replace(settings.token, issuer=address))
    try:
        passes = asyncio.run(prepare(settings, profile))
    except KeyboardInterrupt:
        err.print("Stopped. What was being loaded is not there; the next run starts it anew.")
        raise typer.Exit(STOPPED) from None
    except (SourceError, UserStoreError, KeyStoreError, AccountStoreError) as error:
        err.print(f"The store in {data} cannot be used: {error}", style="red", markup=False)
        raise typer.Exit(1) from error
    greet(out, address, passes, HOURS)
    run(settings, port, MailCatcher())


def _check_port(host: str, port: int) -> None:
    """End the command where another program has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            probe.bind((host, port))
        except OSError as error:
            other = port + 1 if port < 65_535 else 8000  # noqa: PLR2004 - the last port there is
            err.print(
                f"Port {port} of {host} cannot be used ({error.strerror}). "
                f"Stop what uses it, or name another one: servicespace demo --port {other}",
                style="red",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
            raise typer.Exit(1) from error


async def prepare(settings: Settings, profile: ProfileName | None) -> Sequence[Pass]:
    """Load what is missing, and give a token for each User."""
    plans = plans_of(profile or "medium", datetime.now(UTC).date())
    there = await present(settings.store, [each.code for each in plans])
    if profile is not None and ACME.code in there:
        err.print(
            f"{ACME.code} is loaded already and stays as it is; --profile needs an empty --data folder."
        )
    for plan in plans:
        if plan.code not in there:
            await load_showing(settings.store, plan, err)
    await set_passwords(settings)
    return await passes_of(settings)


def plans_of(profile: ProfileName, today: date) -> Sequence[Plan]:
    """Give what the demo loads; *profile* is that of its large customer."""
    return (
        Plan(ACME, PROFILES[profile], SEED, today),
        Plan(BAKER, PROFILES["small"], SEED, today),
        Plan(COBALT, PROFILES["tiny"], SEED, today),
    )


async def set_passwords(settings: Settings) -> None:
    """Give ``PASSWORD`` to the Users of the demo that have none."""
    async with open_store(settings.store) as connection:
        passwords = Passwords()
        recovery = Recovery(connection, passwords)
        try:
            for each in USERS:
                now = datetime.now(UTC) - timedelta(seconds=2)  # so that it voids no token made from now on
                link = await recovery.link_for(each.username, MailKind.INVITATION, now)
                if link is not None:
                    await recovery.set_password(link.reveal(), PASSWORD, Visit(), now)
        finally:
            passwords.close()


async def passes_of(settings: Settings) -> Sequence[Pass]:
    """Give the Users of the demo that the store has, each with a token."""
    async with open_store(settings.store) as connection:
        lifetime = timedelta(hours=HOURS)
        made = [(each, await token_of(connection, settings, each.username, lifetime)) for each in USERS]
        return [Pass(user, token) for user, token in made if token is not None]
