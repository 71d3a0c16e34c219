"""The options that commands share: where the store is."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from servicespace.settings import Settings, SettingsError, at_port, in_folder, read_settings

DataOption = Annotated[
    Path,
    typer.Option("--data", metavar="DIR", help="The folder of the embedded store; made where it is missing."),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="A TOML file of settings, in place of --data."),
]

DATA: Final = Path(".data")
"""The folder of the embedded store when none is named."""

PORT: Final = typer.Option(
    "--port", metavar="N", min=1, max=65_535, help="Where the service is on this machine; 8000 if not given."
)

out: Final = Console()
err: Final = Console(stderr=True)


def settings_of(data: Path, config: Path | None, port: int | None = None) -> Settings:
    """Give the settings that a command works with; ends the command with a sentence where they are wrong.

    *port* is where a service without a file of settings is on this machine: its tokens are of that place.
    """
    try:
        return at_port(in_folder(data), port) if config is None else read_settings(config)
    except SettingsError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from error
