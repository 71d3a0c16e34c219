"""``servicespace import``."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import track

from servicespace.announcements import announce
from servicespace.commands.options import DATA, ConfigOption, DataOption, err, out, settings_of
from servicespace.intake.files import Found
from servicespace.intake.maintenance import import_notices, notice_files
from servicespace.intake.report import Report
from servicespace.intake.stores import UnknownCustomerError
from servicespace.intake.tmf import import_tmf, tmf_files
from servicespace.settings import Settings
from servicespace.store import Connection, open_store
from sources.errors import SourceError

Import = Callable[[Connection, str, Path, Iterable[Found]], Awaitable[Report]]

CustomerOption = Annotated[
    str, typer.Option("--customer", metavar="CODE", help="The code of the customer whose facts these are.")
]

_MANY: Final = 20
"""From how many files on a progress bar is shown."""

intake: Final = typer.Typer(
    name="import",
    help="Take real facts in from files. What cannot be read is quarantined with its reason, the rest is "
    "stored: all of it or, where the store fails, nothing. Running an import twice changes nothing. The exit "
    "code is 1 where something was quarantined.",
    no_args_is_help=True,
)


@intake.command()
def tmf(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", exists=True, file_okay=False, help="A folder; all *.json in it are read."
        ),
    ],
    customer: CustomerOption,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Take in TM Forum JSON, versions 4 and 5: products, resources, tickets, bills, rates, billing accounts.

    A file holds one thing or an array of them. Products and resources that refer to one another should come
    together; in which files, and in which order, does not matter.
    """
    _run(import_tmf, settings_of(data, config), customer, folder, tmf_files(folder))


@intake.command()
def maintenance(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", exists=True, help="A notice, or a folder of them, of any name but *.json."
        ),
    ],
    customer: CustomerOption,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Take in maintenance notices: iCalendar with the X-MAINTNOTE fields of the NANOG draft.

    Of an event's notices the one with the highest SEQUENCE stands, whichever came first; all are kept.
    """
    _run(import_notices, settings_of(data, config), customer, path, notice_files(path))


def _run(work: Import, settings: Settings, customer: str, root: Path, files: Sequence[Found]) -> None:
    shown = track(files, "Reading", console=err, transient=True, disable=len(files) < _MANY)
    try:
        report = asyncio.run(_import(work, settings, customer, root, shown))
    except UnknownCustomerError as error:
        err.print(_unknown(error), style="red", markup=False)
        raise typer.Exit(2) from error
    except SourceError as error:
        err.print(f"Nothing was stored: the store failed ({error}).", style="red", markup=False)
        raise typer.Exit(1) from error
    if report.rows:
        out.print(report.table())
    out.print(report.totals(), markup=False, highlight=False)
    if report.refusals:
        raise typer.Exit(1)


async def _import(
    work: Import, settings: Settings, customer: str, root: Path, files: Iterable[Found]
) -> Report:
    async with open_store(settings.store) as connection:
        report = await work(connection, customer, root, files)
    await announce(settings.valkey)
    return report


def _unknown(error: UnknownCustomerError) -> str:
    known = (
        f"it has {', '.join(error.codes)}" if error.codes else "it has none; `servicespace demo` makes some"
    )
    return f"There is no customer {error.code!r} in this store: {known}."
