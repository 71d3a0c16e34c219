"""``servicespace clients``."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Final, TypeVar

import typer
from rich.table import Table

from auth.client import Client, ClientError, ClientGrant, ClientKind, CoverageMode, RegisteredClient
from auth.client_store import GRACE, SECRET_LIFETIME, ClientStore, ClientStoreError
from auth.key import Secret
from auth.viewer import ClientId, CustomerCode
from servicespace.announcements import announce
from servicespace.commands.options import DATA, ConfigOption, DataOption, err, out, settings_of
from servicespace.settings import Settings
from servicespace.store import open_store

T = TypeVar("T")

clients: Final = typer.Typer(
    name="clients",
    help="The OAuth clients: the applications that may ask for tokens. A BROWSER client signs Users in and "
    "has no secret, a WEB client has one; a SERVICE client asks for itself, of the customers it is granted. "
    "What a client sees is what its scopes, its grant and the customer's coverage all allow.",
    no_args_is_help=True,
)

ClientArgument = Annotated[str, typer.Argument(metavar="CLIENT", help="The client's id.")]
ScopeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--scope", metavar="SCOPE", help="A scope such as incidents or incidents:readonly; repeat it."
    ),
]
NameOption = Annotated[str, typer.Option(help="What Users read when they are asked to allow it.")]
OwnerOption = Annotated[
    str,
    typer.Option(
        "--owner", metavar="CODE", help="The customer that it belongs to; the operator if not given."
    ),
]
FirstPartyOption = Annotated[
    bool, typer.Option("--first-party", help="The operator's own: Users are not asked to allow it.")
]
RedirectOption = Annotated[
    list[str] | None,
    typer.Option("--redirect", metavar="URI", help="Where Users are sent back to; repeat it."),
]
LogoutOption = Annotated[
    list[str] | None,
    typer.Option("--after-logout", metavar="URI", help="Where Users go after they signed out."),
]
ModeOption = Annotated[CoverageMode, typer.Option(help="What it is told of fields that coverage hides.")]
IdsOption = Annotated[list[str] | None, typer.Option(metavar="ID", help="Only these; repeat it.")]


@clients.command()
def create(  # noqa: PLR0913 - a command's options
    client: ClientArgument,
    name: NameOption,
    kind: Annotated[ClientKind, typer.Option(help="How it gets its tokens.")],
    scope: ScopeOption = None,
    owner: OwnerOption = "",
    redirect: RedirectOption = None,
    after_logout: LogoutOption = None,
    coverage_mode: ModeOption = CoverageMode.PRUNE,
    *,
    first_party: FirstPartyOption = False,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Register a client; its secret is printed this once."""
    made = Client(
        id=ClientId(client),
        name=name,
        kind=kind,
        owner=owner,
        first_party=first_party,
        redirect_uris=tuple(redirect or ()),
        logout_uris=tuple(after_logout or ()),
        scopes=tuple(scope or ()),
        coverage=coverage_mode,
    )
    secret = _run(settings_of(data, config), partial(_create, made))
    out.print(f"Registered {client}.")
    if secret is not None:
        _tell(secret)


@clients.command(name="list")
def list_(
    customer: Annotated[str | None, typer.Option(metavar="CODE", help="Of this customer only.")] = None,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """List the clients, and what they are granted."""
    table = Table("Client", "Kind", "Owner", "Scopes", "Granted", "Secret until")
    for each in _run(settings_of(data, config), partial(_list, customer)):
        table.add_row(*_row(each))
    out.print(table)


@clients.command()
def rotate(
    client: ClientArgument,
    grace_days: Annotated[
        int, typer.Option(min=0, max=90, help="For how many days the old secret can still be used.")
    ] = GRACE.days,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Give a client a new secret, printed this once."""
    _tell(_run(settings_of(data, config), partial(_rotate, ClientId(client), timedelta(days=grace_days))))


@clients.command()
def revoke(client: ClientArgument, data: DataOption = DATA, config: ConfigOption = None) -> None:
    """End a client for good: its tokens are refused within a second."""
    if not _run(settings_of(data, config), partial(_revoke, ClientId(client))):
        err.print(f"There is no client {client!r}.", style="red", markup=False)
        raise typer.Exit(1)
    out.print(f"Ended {client}.")


@clients.command()
def grant(  # noqa: PLR0913 - a command's options
    client: ClientArgument,
    customer: Annotated[str, typer.Argument(metavar="CODE", help="The customer that it may see.")],
    scope: ScopeOption = None,
    account: IdsOption = None,
    location: IdsOption = None,
    solution: IdsOption = None,
    *,
    end: Annotated[bool, typer.Option("--end", help="Take the grant away.")] = False,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Let a client see a customer, in place of what it was granted of it before."""
    given = ClientGrant(
        customer=CustomerCode(customer),
        scopes=tuple(scope or ()),
        accounts=None if account is None else frozenset(account),
        locations=None if location is None else frozenset(location),
        solutions=None if solution is None else frozenset(solution),
        active=not end,
    )
    _run(settings_of(data, config), partial(_grant, ClientId(client), given))
    out.print(f"{client} {'no longer sees' if end else 'may see'} {customer}.")


def _run(settings: Settings, work: Callable[[ClientStore], Awaitable[T]]) -> T:
    """Do *work*; end the command with a sentence where that fails."""
    try:
        return asyncio.run(_opened(settings, work))
    except (ClientError, ClientStoreError) as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error


async def _opened(settings: Settings, work: Callable[[ClientStore], Awaitable[T]]) -> T:
    async with open_store(settings.store) as connection:
        done = await work(ClientStore(connection, settings.source_seconds))
    await announce(settings.valkey)
    return done


async def _create(client: Client, store: ClientStore) -> Secret | None:
    return await store.create_client(client, by=_operator(), now=datetime.now(UTC))


async def _list(customer: str | None, store: ClientStore) -> Sequence[RegisteredClient]:
    return await (store.all() if customer is None else store.clients_of(CustomerCode(customer)))


async def _rotate(client: ClientId, grace: timedelta, store: ClientStore) -> Secret:
    return await store.rotate_secret(client, by=_operator(), now=datetime.now(UTC), grace=grace)


async def _revoke(client: ClientId, store: ClientStore) -> bool:
    return await store.revoke_client(client, by=_operator())


async def _grant(client: ClientId, given: ClientGrant, store: ClientStore) -> None:
    await store.grant(client, given, by=_operator())


def _operator() -> str:
    return f"operator:{getpass.getuser()}"


def _row(registered: RegisteredClient) -> Sequence[str]:
    client = registered.client
    until = [datetime.fromtimestamp(each.expires_at, UTC) for each in registered.secrets]
    return (
        client.id if client.active else f"{client.id} (ended)",
        client.kind.value,
        client.owner or "operator",
        " ".join(client.scopes),
        ", ".join(f"{each.customer}: {' '.join(each.scopes)}" for each in registered.granted()),
        ", ".join(f"{each:%Y-%m-%d}" for each in until),
    )


def _tell(secret: Secret) -> None:
    """Print a secret, to be copied."""
    days = SECRET_LIFETIME.days
    out.print(f"Its secret, which is shown this once and can be used for {days} days:", highlight=False)
    typer.echo(secret.encode().decode())
