"""The command line: ``servicespace --help`` explains it."""

import sys
from typing import Final

import typer

from servicespace.commands.accounts import accounts
from servicespace.commands.clients import clients
from servicespace.commands.coverage import coverage
from servicespace.commands.demo import demo
from servicespace.commands.doctor import doctor
from servicespace.commands.intake import intake
from servicespace.commands.keys import keys
from servicespace.commands.options import err
from servicespace.commands.parties import parties
from servicespace.commands.plan import plan
from servicespace.commands.schema import schema
from servicespace.commands.seed import seed
from servicespace.commands.serve import serve
from servicespace.commands.token import token
from servicespace.store import StoreError

app: Final = typer.Typer(
    name="servicespace",
    help="One typed GraphQL schema over a telecom operator's back-office systems.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command()(serve)
app.command()(token)
app.command()(schema)
app.command()(plan)
app.command()(seed)
app.command()(doctor)
app.add_typer(intake)
app.add_typer(coverage)
app.add_typer(accounts)
app.add_typer(clients)
app.add_typer(parties)
app.add_typer(keys)


def main() -> None:
    """Run the command line; a store that cannot be opened is told in a sentence."""
    try:
        app()
    except StoreError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(2)
