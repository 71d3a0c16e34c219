"""Files to take in, and what a store holds after it."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from servicespace.intake.maintenance import import_notices, notice_files
from servicespace.intake.report import Report
from servicespace.intake.stores import Stores, stores_of
from servicespace.intake.tmf import import_tmf, tmf_files
from servicespace.settings import Settings
from servicespace.store import Connection, open_store
from sources.keys import CustomerCode
from sources.ordering import CustomerRecord, Market, PortalOption
from sources.ordering.sql import SqlOrdering
from sources.sql import Database

ACME = CustomerCode("acme")
NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)
LATER = datetime(2026, 2, 3, 4, tzinfo=UTC)

TICKET = """{"@type": "TroubleTicket", "id": "T1", "name": "Down", "creationDate": "2020-02-02",
    "relatedEntity": [{"id": "R1", "@referredType": "Resource"}], "note": [{"id": 1, "text": "Hello"}]}"""


@dataclass(frozen=True)
class Opened:
    """An open store with a customer, ACME, and a folder to import from."""

    connection: Connection
    stores: Stores
    folder: Path

    async def tmf(self, files: Mapping[str, str], now: datetime = NOW) -> Report:
        """Take in TM Forum files, in place of what the folder held."""
        root = self.filled(files)
        return await import_tmf(self.connection, ACME, root, tmf_files(root), now)

    async def notices(self, files: Mapping[str, str], now: datetime = NOW) -> Report:
        """Take in notices, in place of what the folder held."""
        root = self.filled(files)
        return await import_notices(self.connection, ACME, root, notice_files(root), now)

    def filled(self, files: Mapping[str, str]) -> Path:
        """Give a new folder that holds *files*, by name."""
        root = Path(mkdtemp(dir=self.folder))
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return root


@asynccontextmanager
async def opened(settings: Settings, folder: Path) -> AsyncGenerator[Opened]:
    """Open a store with a customer."""
    async with open_store(settings.store) as connection:
        await save_customer(connection, "acme")
        yield Opened(connection, await stores_of(connection, "acme"), folder)


async def save_customer(connection: Connection, code: str) -> None:
    """Store a customer."""
    await SqlOrdering(Database(connection, "ordering")).save_customers(
        [
            CustomerRecord(
                customer=CustomerCode(code),
                id=code,
                name=code,
                market=Market.FR,
                portal_option=PortalOption.PREMIUM,
            )
        ]
    )


def counts(report: Report) -> dict[tuple[str, str], str]:
    """Give what became of the things of each file, by file and kind."""
    return {(file, kind): each.text for (file, kind, _), each in report.rows.items()}


def reasons(report: Report) -> dict[str, str]:
    """Give why things were left out or quarantined, by file."""
    return {file: why for (file, _, why) in report.rows if why}
