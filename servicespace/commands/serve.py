"""``servicespace serve``."""

from typing import Annotated, Final

import typer
import uvicorn

from servicespace.commands.options import DATA, ConfigOption, DataOption, out, settings_of
from servicespace.mail_catcher import MailCatcher
from servicespace.memory import settle
from servicespace.settings import Settings
from servicespace.wiring import create_app

GRACE: Final = 10
"""How many seconds requests under way may take when the server is stopped."""


def serve(
    data: DataOption = DATA,
    config: ConfigOption = None,
    port: Annotated[
        int | None, typer.Option("--port", metavar="N", help="Overrides the port of the settings.")
    ] = None,
) -> None:
    """Serve the GraphQL API until it is stopped with Ctrl-C."""
    settings = settings_of(data, config, port)
    out.print(f"Serving http://{settings.http.host}:{port or settings.http.port} (Ctrl-C stops it)")
    run(settings, port)


def run(settings: Settings, port: int | None = None, catcher: MailCatcher | None = None) -> None:
    """Serve with *settings*, on *port* where one is given; with a *catcher* as the demo does."""
    application = create_app(settings, catcher=catcher)
    settle()
    uvicorn.run(
        application,
        host=settings.http.host,
        port=settings.http.port if port is None else port,
        log_level="warning",
        timeout_graceful_shutdown=GRACE,
        server_header=False,
        proxy_headers=False,  # the settings say which proxies are believed, see ``Transport``
    )
