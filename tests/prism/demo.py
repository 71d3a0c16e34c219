"""``make demo-tmf``: the demo with tickets, bills and components behind Prism."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from msgspec.structs import replace
from rich.table import Table

from servicespace.commands.demo import HOURS, prepare
from servicespace.commands.options import err, out
from servicespace.commands.serve import run
from servicespace.demo.customers import ACME, BAKER, COBALT
from servicespace.demo.greeting import Pass, greet
from servicespace.demo.profiles import ProfileName
from servicespace.mail_catcher import MailCatcher
from servicespace.settings import Settings, at_port, in_folder, read_settings
from servicespace.store import open_store
from servicespace.systems import embedded
from sources.parties.sql import SqlParties
from sources.sql import Database
from tests.prism.server import prism, prism_packages
from tests.prism.specification import FOLDER, Version, specification, with_rows
from tests.tmf.sent import Spoken, party_of, things_of

CUSTOMERS: Final = (ACME.code, BAKER.code, COBALT.code)
SPOKEN: Final = Spoken()
APIS: Final[Sequence[tuple[str, str, Version, tuple[str, ...]]]] = (
    ("ticketing", "TMF621", SPOKEN.tickets.value, ("troubleTicket",)),
    ("billing", "TMF678", SPOKEN.bills.value, ("customerBill", "appliedCustomerBillingRate")),
    ("billing", "TMF666", SPOKEN.bills.value, ("billingAccount",)),
    ("inventory", "TMF639", SPOKEN.components.value, ("resource",)),
)
"""Each API of each system, its version, and its collections."""

_UPSTREAM: Final = """
[[upstream]]
system = "{system}"
api = "{api}"
url = "{url}"
seconds = 30   # Prism holds each answer against the specification
things = {{ version = "{version}" }}
"""


def main(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Where to serve.")] = 8000,
    data: Annotated[Path, typer.Option(help="Where the store and Prism are kept.")] = Path(".data/demo-tmf"),
    specifications: Annotated[
        Path, typer.Option(help="The official specifications: files TMF621…, in v4/ and v5/.")
    ] = FOLDER,
) -> None:
    """Serve the demo with tickets, bills and components behind TM Forum's APIs, which Prism serves."""
    if not specifications.is_dir():
        err.print(
            f"The official specifications are not in {specifications}. Get TMF621, TMF639, TMF666 and TMF678 "
            "from TM Forum into folders v4/ and v5/, and name the folder around them: "
            "make demo-tmf SPECIFICATIONS=…",
            style="red",
            markup=False,
        )
        raise typer.Exit(2)
    settings = at_port(in_folder(data), port)
    is_new = not Path(settings.store.file or "").exists()
    passes, things = asyncio.run(_prepared(settings, "small" if is_new else None))
    program = data / "prism" / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    if not program.exists():
        err.print("Installing Prism …")
        program.parents[4].mkdir(parents=True, exist_ok=True)
        program = prism_packages(program.parents[4])
    with ExitStack() as stack:
        addresses: dict[str, str] = {}
        for _, api, version, collections in APIS:
            err.print(f"Starting {api} {version} …")
            rows = {each: things[each] for each in collections}
            served = with_rows(specification(api, version, specifications), rows)
            addresses[api] = stack.enter_context(prism(program.absolute(), served, data))
        greet(out, f"http://127.0.0.1:{port}", passes, HOURS)
        out.print(_table(addresses))
        run(read_settings(_file(settings, addresses, data)), port, MailCatcher())


async def _prepared(
    settings: Settings, profile: ProfileName | None
) -> tuple[Sequence[Pass], Mapping[str, list[dict[str, Any]]]]:
    """Load what is missing, say who the customers are elsewhere, and give what is to be sent from there."""
    passes = await prepare(settings, profile)
    async with open_store(settings.store) as connection:
        parties = SqlParties(Database(connection, "parties", 10))
        for customer in CUSTOMERS:
            for system in sorted({system for system, *_ in APIS}):
                await parties.set(customer, system, [party_of(customer)])
        systems = embedded(connection, replace(settings, source_seconds=60))
        return passes, await things_of(systems, CUSTOMERS, SPOKEN)


def _file(settings: Settings, addresses: Mapping[str, str], data: Path) -> Path:
    """Write the settings, as an operator would, and give the file."""
    file = data / "servicespace.toml"
    file.write_text("".join(_lines(settings, addresses)))
    return file


def _lines(settings: Settings, addresses: Mapping[str, str]) -> Iterator[str]:
    yield f'[http]\nport = {settings.http.port}\n\n[token]\nissuer = "{settings.token.issuer}"\n'
    yield f'\n[store]\nfile = "{settings.store.file}"\n'
    for system, api, version, _ in APIS:
        yield _UPSTREAM.format(system=system, api=api, url=addresses[api], version=version)


def _table(addresses: Mapping[str, str]) -> Table:
    table = Table("System", "API", "Version", "Prism serves it at")
    for system, api, version, collections in APIS:
        table.add_row(system, api, version, " ".join(f"{addresses[api]}/{each}" for each in collections))
    return table


if __name__ == "__main__":
    typer.run(main)
