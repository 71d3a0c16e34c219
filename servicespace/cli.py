"""The command line: ``servicespace --help`` explains it."""

from typing import Final

import typer

from servicespace.commands.schema import schema
from servicespace.commands.serve import serve
from servicespace.commands.token import token

app: Final = typer.Typer(
    name="servicespace",
    help="One typed GraphQL schema over a telecom operator's back-office systems.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(token)
app.command()(schema)


def main() -> None:
    """Run the command line."""
    app()
