"""``servicespace import``, as an operator runs it."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from servicespace.cli import app
from servicespace.settings import Settings
from tests.servicespace.conftest import Service
from tests.servicespace.intake import opened

RUN = CliRunner(env={"COLUMNS": "200"})
TICKET = (
    '{"@type": "TroubleTicket", "id": "T1", "name": "[red]Down\\u001b[31m", "creationDate": "2020-02-02"}'
)


async def _open(settings: Settings, folder: Path) -> None:
    async with opened(settings, folder):
        pass


@pytest.fixture
def data(empty_store: Settings, tmp_path: Path) -> list[str]:
    """Give the options of a store with the customer acme."""
    asyncio.run(_open(empty_store, tmp_path))
    return ["--customer", "acme", "--data", str(tmp_path)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with one good ticket."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "[red]ticket.json").write_text(TICKET)
    return folder


def test_ends_with_a_table_and_0(data: list[str], folder: Path) -> None:
    first = RUN.invoke(app, ["import", "tmf", str(folder), *data])
    second = RUN.invoke(app, ["import", "tmf", str(folder), *data])

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "│ [red]ticket.json │ ticket │ 1 taken in │" in first.stdout
    assert first.stdout.endswith("1 taken in, 0 updated, 0 unchanged, 0 left out, 0 quarantined.\n")
    assert second.stdout.endswith("0 taken in, 0 updated, 1 unchanged, 0 left out, 0 quarantined.\n")


def test_ends_with_1_where_something_is_quarantined(data: list[str], folder: Path) -> None:
    (folder / "bad\x1b[31m.json").write_text("{")

    result = RUN.invoke(app, ["import", "tmf", str(folder), *data])

    assert result.exit_code == 1
    assert "bad\N{REPLACEMENT CHARACTER}[31m.json" in result.stdout
    assert "1 quarantined │ not JSON: Input data was truncated" in result.stdout
    assert "\x1b" not in result.stdout


def test_shows_no_more_rows_than_one_can_read(data: list[str], folder: Path) -> None:
    for number in range(600):
        (folder / f"{number:03}.json").write_text("{")

    result = RUN.invoke(app, ["import", "tmf", str(folder), *data])

    assert result.exit_code == 1
    assert "and 101 rows more" in result.stdout
    assert result.stdout.endswith("1 taken in, 0 updated, 0 unchanged, 0 left out, 600 quarantined.\n")


def test_an_empty_folder_has_only_totals(data: list[str], tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()

    result = RUN.invoke(app, ["import", "maintenance", str(tmp_path / "nothing"), *data])

    assert result.exit_code == 0
    assert result.stdout == "0 taken in, 0 updated, 0 unchanged, 0 left out, 0 quarantined.\n"


def test_ends_with_2_where_there_is_no_such_folder(data: list[str], folder: Path) -> None:
    missing = RUN.invoke(app, ["import", "tmf", str(folder / "nowhere"), *data])
    file = RUN.invoke(app, ["import", "tmf", str(folder / "[red]ticket.json"), *data])
    path = RUN.invoke(app, ["import", "maintenance", str(folder / "nowhere"), *data])

    assert (missing.exit_code, file.exit_code, path.exit_code) == (2, 2, 2)
    assert "does not exist" in missing.stderr


def test_ends_with_2_and_the_customers_where_there_is_no_such_customer(data: list[str], folder: Path) -> None:
    data[1] = "nobody"

    result = RUN.invoke(app, ["import", "tmf", str(folder), *data])

    assert result.exit_code == 2
    assert result.stderr == "There is no customer 'nobody' in this store: it has acme.\n"


def test_says_where_customers_come_from_in_an_empty_store(
    empty_store: Settings, folder: Path, tmp_path: Path
) -> None:
    assert empty_store.store.host is None

    result = RUN.invoke(app, ["import", "tmf", str(folder), "--customer", "x", "--data", str(tmp_path)])

    assert result.exit_code == 2
    assert "it has none; `servicespace demo` makes some" in result.stderr


async def _drop(settings: Settings, folder: Path) -> None:
    async with opened(settings, folder) as store:
        await store.connection.execute_script("DROP TABLE ticketing_ticket")


def test_says_that_nothing_was_stored_where_the_store_fails(
    data: list[str], folder: Path, empty_store: Settings, tmp_path: Path
) -> None:
    asyncio.run(_drop(empty_store, tmp_path))

    result = RUN.invoke(app, ["import", "tmf", str(folder), *data])

    assert result.exit_code == 1
    assert result.stderr == "Nothing was stored: the store failed (ticketing).\n"


def test_what_is_imported_is_visible_beside_a_running_server(
    service: Service, shared_data: Path, tmp_path: Path
) -> None:
    data = ["--customer", "acme", "--data", str(tmp_path)]
    tmf = RUN.invoke(app, ["import", "tmf", str(shared_data / "tmf" / "samples"), *data])
    maintenance = RUN.invoke(app, ["import", "maintenance", str(shared_data / "maintenance" / "ical"), *data])

    answer = service.ask(
        """{
          solutions { edges { node { name } } }
          invoices { edges { node { number } } }
          tickets { edges { node { reference } } }
          components { edges { node { name } } }
          billingAccounts { edges { node { number } } }
          maintenanceEvents { edges { node { reference } } }
        }""",
        service.tokens["acme"],
    )

    assert (tmf.exit_code, maintenance.exit_code) == (1, 1)
    assert "errors" not in answer
    assert names(answer, "solutions", "name") == {"S-acme", "Voice Over IP Basic instance for Jean"}
    assert names(answer, "invoices", "number") == {"780123456"}
    assert names(answer, "tickets", "reference") == {"3180"}
    assert names(answer, "components", "name") == {"07465233456", "MobileNumber xx"}
    assert names(answer, "billingAccounts", "number") == {"5430", "A0815"}
    assert names(answer, "maintenanceEvents", "reference") == {
        "WorkOrder-31415",
        "GIN-CHG0123456",
        "02345678",
    }


def names(
    answer: dict[str, dict[str, dict[str, list[dict[str, dict[str, str]]]]]], field: str, name: str
) -> set[str]:
    """Give one value of each node of a connection."""
    return {edge["node"][name] for edge in answer["data"][field]["edges"]}
