"""``servicespace accounts``."""

import asyncio
import getpass
import os
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar

import msgspec
import typer
from rich.table import Table

from auth.account import UNUSED_MONTHS, AccountStoreError, Actor
from auth.administration import Administration, AdministrationError, Member
from auth.audit import AuditError, AuditLine, AuditLog
from auth.right import Rights, Role, everywhere
from auth.store import UserProfile
from auth.sweep import Swept, sweep
from auth.viewer import CustomerCode
from servicespace.commands.options import DATA, ConfigOption, DataOption, err, out, settings_of
from servicespace.settings import Settings
from servicespace.store import open_store

T = TypeVar("T")

_SECONDS: Final = 30.0
"""How long one statement may take: a command has more time than a request."""

accounts: Final = typer.Typer(
    name="accounts",
    help="The accounts of Users: who may sign in. Invitations are mailed by the running service, by the "
    "mail server of its settings. All that is done here is written into the audit log.",
    no_args_is_help=True,
)

UserArgument = Annotated[str, typer.Argument(metavar="USERNAME", help="The User.")]


@accounts.command()
def invite(
    username: UserArgument,
    customer: Annotated[str, typer.Option(metavar="CODE", help="The customer it belongs to.")],
    email: Annotated[str, typer.Option(metavar="ADDRESS", help="Where the link goes.")],
    *,
    role: Annotated[Role, typer.Option(help="What it may do, in every section of the portal.")] = Role.READER,
    administrator: Annotated[
        bool, typer.Option("--administrator", help="It manages its customer's Users.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Only send another link to one who was invited.")
    ] = False,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Make a User, and mail it a link to set its password: it works once, for 24 hours."""
    rights: Rights = everywhere(role, administrator=administrator)
    profile = UserProfile(username=username, customer=CustomerCode(customer), email=email, rights=rights)
    _run(_invite(settings_of(data, config), profile, again=again))
    _say(f"{username} is invited; the service mails the link to {email}.")


@accounts.command(name="list")
def list_accounts(
    customer: Annotated[str, typer.Option(metavar="CODE", help="The customer.")],
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """List the Users of a customer: their state, last use, and what became of the last mail to each."""
    table = Table("User", "E-mail", "State", "Administrator", "Last used", "Last mail")
    for each in _run(_members(settings_of(data, config), customer)):
        user, mail = each.account.user, each.mail
        told = "" if mail is None else f"{mail.kind.value} {mail.delivery.value} {mail.reason}".strip()
        table.add_row(
            user.username,
            user.email,
            each.state.value,
            "yes" if user.rights.administrator else "",
            _day(each.account.last_used_at),
            told,
        )
    out.print(table)


@accounts.command()
def deactivate(username: UserArgument, data: DataOption = DATA, config: ConfigOption = None) -> None:
    """Deactivate a User: its sessions, tokens and links end within a second."""
    _run(_deactivate(settings_of(data, config), username))
    _say(f"{username} is deactivated.")


@accounts.command(name="sweep")
def sweep_accounts(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell who would go.")] = False,
    months: Annotated[int, typer.Option(min=1, help="Unused for so long.")] = UNUSED_MONTHS,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Cancel the accounts that nobody used for six months (terms of use 1.5), without prior notice.

    `serve` does not do it: run this once a day. A second run at once finds nothing to do.
    """
    settings = settings_of(data, config)
    if settings.token.provider == "outside":
        err.print("Users sign in elsewhere: when they last did is not known here. Nobody was cancelled.")
        raise typer.Exit(1)
    swept = _run(_sweep(settings, months, dry_run=dry_run))
    verb = "would be cancelled" if dry_run else "cancelled"
    for each in swept.users:
        _say(f"{each.username} of {each.customer}: {verb}")
    for code in swept.unadministered:
        err.print(f"{code} is left without an administrator: invite one.", style="yellow", markup=False)
    _say(f"{len(swept.users)} {verb}.")


@accounts.command()
def audit(
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="From this UTC time on; else all."),
    ] = None,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Write the audit log as JSON, one event a line, oldest first."""
    begin = None if since is None else since.replace(tzinfo=UTC)
    _run(_export(settings_of(data, config), begin))


async def _invite(settings: Settings, profile: UserProfile, *, again: bool) -> None:
    now = datetime.now(UTC)
    async with open_store(settings.store) as connection:
        administration = Administration(connection, _SECONDS)
        if again:
            await administration.resend(profile.username, _operator(), now)
        else:
            await administration.invite(profile, _operator(), now)


async def _members(settings: Settings, customer: str) -> list[Member]:
    async with open_store(settings.store) as connection:
        return list(await Administration(connection, _SECONDS).members(customer, datetime.now(UTC)))


async def _deactivate(settings: Settings, username: str) -> None:
    async with open_store(settings.store) as connection:
        await Administration(connection, _SECONDS).deactivate(username, _operator(), datetime.now(UTC))


async def _sweep(settings: Settings, months: int, *, dry_run: bool) -> Swept:
    async with open_store(settings.store) as connection:
        return await sweep(connection, datetime.now(UTC), months=months, dry_run=dry_run, seconds=_SECONDS)


async def _export(settings: Settings, since: datetime | None) -> None:
    async with open_store(settings.store) as connection:
        async for line in AuditLog(connection, _SECONDS).all():
            if since is None or line.at >= since:
                typer.echo(msgspec.json.encode(_told(line)).decode())


def _told(line: AuditLine) -> dict[str, object]:
    return {"id": line.id, "at": line.at, **msgspec.to_builtins(line.event)}


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Do *work* with the store; end the command with a sentence where it is refused or fails."""
    try:
        return asyncio.run(work)
    except AdministrationError as error:
        err.print(f"{error} Nothing was changed.", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    except (AccountStoreError, AuditError) as error:
        err.print(f"The store cannot be used: {error}. Try again later.", style="red", markup=False)
        raise typer.Exit(1) from error


def _operator() -> Actor:
    """Give who runs this, as the operating system has it."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number that has no name
        name = f"uid {os.getuid()}"
    return Actor(name=f"operator:{name}")


def _day(seconds: int | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _say(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)
