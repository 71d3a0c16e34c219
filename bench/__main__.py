"""``python -m bench``: measure, print the table, write ``bench/results.md`` and ``bench/results.json``."""

from typing import Annotated

import typer

from bench.equal import UnequalError
from bench.load import LoadError
from bench.rounds import Lengths
from bench.run import run, timed
from bench.server import ServerError
from bench.shape import scaled


def main(
    scale: Annotated[float, typer.Option(help="How many customers, as a part of 200.")] = 1.0,
    rounds: Annotated[int, typer.Option(min=1, help="How many alternating rounds.")] = 5,
    seconds: Annotated[float, typer.Option(help="How long each server is asked in a round.")] = 4.0,
    only: Annotated[
        list[str] | None, typer.Option(help="Measure these servers only; `service` is always one.")
    ] = None,
) -> None:
    """Measure the service against its peers; about ten minutes at full scale."""
    lengths = Lengths(rounds=rounds, dashboard=seconds, small=max(1.0, seconds / 2))
    chosen = frozenset({*only, "service"}) if only else frozenset[str]()
    try:
        page = run(scaled(scale), lengths, chosen, timed(_tell))
    except (UnequalError, ServerError, LoadError) as error:
        _tell(str(error))
        raise typer.Exit(1) from error
    typer.echo(f"\n{page}")


def _tell(line: str) -> None:
    typer.echo(line, err=True)


if __name__ == "__main__":
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    application.command()(main)
    application()
