"""What whoever started the demo reads first: where it is, as whom to try it, and what to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from servicespace.demo.customers import DemoUser

QUERY: Final = (Path(__file__).parent / "dashboard.graphql").read_text(encoding="utf-8")
"""The query that shows what this is about; ``examples/dashboard.graphql`` leads to the same file."""

PASSWORD: Final = "pianos drift past lighthouses"  # noqa: S105 - of the demo's Users, on this machine only
"""What each User of the demo signs in with."""

_SHORT: Final = "{ viewer { username customer { name } } solutions { nodes { name category status } } }"


@dataclass(frozen=True, slots=True)
class Pass:
    """A User of the demo with an access token."""

    user: DemoUser
    token: str


def greet(console: Console, address: str, passes: Sequence[Pass], hours: int) -> None:
    """Write it all on *console*; lines to be copied are never broken."""
    console.print(
        f"\n[bold]servicespace[/bold] is at {address}/ until you stop it with Ctrl-C.\n", soft_wrap=True
    )
    console.print(_users(passes))
    console.print(
        f"Open a link to ask as that User in the browser; the tokens are valid for {hours} hours.\n"
    )
    console.print("To sign in with a password, as any of them:\n")
    _print(console, f"  page      {address}/sign-in")
    _print(console, f"  password  {PASSWORD}")
    _print(console, f"  mails     {address}/dev/mail\n")
    for each in passes:
        console.print(each.user.username, style="bold")
        _print(console, f"  token  {each.token}")
        _print(console, f"  link   {address}/#token={each.token}\n")
    console.print("A query to paste:\n", style="bold")
    _print(console, QUERY)
    console.print("Or from a shell:\n", style="bold")
    _print(console, _curl(address, passes[0].token))
    console.print()


def _users(passes: Sequence[Pass]) -> Table:
    table = Table("User", "Customer", "Sees")
    for each in passes:
        table.add_row(each.user.username, each.user.customer.code, each.user.sees)
    return table


def _curl(address: str, token: str) -> str:
    return (
        f"curl -s {address}/graphql -H 'Content-Type: application/json' -H 'Authorization: Bearer {token}' "
        f'--data \'{{"query": "{_SHORT}"}}\''
    )


def _print(console: Console, text: str) -> None:
    """Print *text* as it is, to be copied."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
