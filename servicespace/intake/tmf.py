"""TM Forum's JSON, taken in: all that is good in one transaction, the rest quarantined."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from servicespace.intake.bills import take_bills
from servicespace.intake.components import take_components
from servicespace.intake.files import Found, UnreadableError, files_in, read
from servicespace.intake.products import take_products
from servicespace.intake.report import Report
from servicespace.intake.stores import Stores, stores_of
from servicespace.intake.things import Kind, Thing, latest, things_in
from servicespace.intake.tickets import take_tickets
from servicespace.store import Connection, transaction
from sources.intake import IntakeFormat
from sources.keys import CustomerCode


def tmf_files(root: Path) -> list[Found]:
    """Give the files at or below *root* that may hold TM Forum's JSON."""
    return files_in(root, _is_json)


async def import_tmf(
    connection: Connection, customer: str, root: Path, files: Iterable[Found], now: datetime | None = None
) -> Report:
    """Take in *files*, found below *root*, for *customer*, and give what became of them.

    What refers to what is found whatever the order of the files; an id that nothing is known of is kept.
    Raises ``UnknownCustomerError``, and ``SourceError`` where the store fails: then nothing is stored.
    """
    now = now or datetime.now(UTC)
    report = Report(CustomerCode(customer), IntakeFormat.TMF, now)
    await stores_of(connection, customer)
    things: list[Thing[Any]] = []
    for file in files:
        try:
            content = read(file, root)
        except UnreadableError as error:
            report.refuse(file.name, "", str(error), None)
        else:
            things += things_in(file.name, content, report)
    async with transaction(connection) as inner:
        stores = await stores_of(inner, customer)
        await _take(stores, latest(things, report), report, now)
        await stores.intake.save_refusals(report.refusals)
    return report


async def _take(stores: Stores, things: dict[Kind, list[Thing[Any]]], report: Report, now: datetime) -> None:
    products = await take_products(stores, things[Kind.PRODUCT], report)
    components = await take_components(stores, things[Kind.RESOURCE], products, report, now)
    documents = await take_bills(stores, things, products, report)
    await take_tickets(stores, things[Kind.TICKET], products, components, documents, report)


def _is_json(name: str) -> bool:
    return name.lower().endswith(".json")
