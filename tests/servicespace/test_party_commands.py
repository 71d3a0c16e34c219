"""``servicespace parties`` as an operator meets it."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from servicespace.cli import app
from servicespace.settings import Settings
from tests.servicespace.conftest import fill


@pytest.fixture
async def folder(empty_store: Settings) -> str:
    await fill(empty_store)
    assert empty_store.store.file is not None
    return str(Path(empty_store.store.file).parent)


def run(folder: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["parties", *arguments, "--data", folder], terminal_width=200)


async def ask(folder: str, *arguments: str) -> Result:
    return await asyncio.to_thread(run, folder, *arguments)


async def test_sets_lists_and_removes_the_parties_of_a_customer(folder: str) -> None:
    made = await ask(folder, "set", "acme", "ticketing", "P-1", "P-2")
    other = await ask(folder, "set", "other", "ticketing", "P-3")
    listed = await ask(folder, "list", "--customer", "acme")
    removed = await ask(folder, "remove", "acme", "ticketing", "P-1")
    rest = await ask(folder, "list")

    assert [each.exit_code for each in (made, other, listed, removed, rest)] == [0] * 5
    assert made.stdout == "acme is P-1, P-2 in ticketing.\n"
    assert removed.stdout == "Took 1 away from acme in ticketing.\n"
    assert [each in listed.stdout for each in ("P-1", "P-2", "P-3")] == [True, True, False]
    assert [each in rest.stdout for each in ("P-1", "P-2", "P-3")] == [False, True, True]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("set", "nobody", "ticketing", "P-1"),
            "There is no customer 'nobody' in this store: take it in first.",
        ),
        (
            ("remove", "acme", "ticketing"),
            "acme has no such id in ticketing; `servicespace parties list` shows those there are.",
        ),
        (
            ("set", "acme", "ticketing", " "),
            "' ' is no id of a party: it is empty, or has blanks or control characters.",
        ),
    ],
)
async def test_says_in_a_sentence_what_is_wrong(folder: str, arguments: tuple[str, ...], said: str) -> None:
    result = await ask(folder, *arguments)

    assert (result.exit_code, result.stderr.strip()) == (1, said)


async def test_says_whose_a_party_is_and_how_to_free_it(folder: str) -> None:
    await ask(folder, "set", "other", "ticketing", "P-1")

    result = await ask(folder, "set", "acme", "ticketing", "P-1")

    assert result.exit_code == 1
    assert result.stderr.strip() == (
        "The party 'P-1' of ticketing is the customer 'other' already. "
        "Where that is wrong: servicespace parties remove other ticketing P-1"
    )


async def test_refuses_a_system_that_is_none(folder: str) -> None:
    result = await ask(folder, "set", "acme", "billings", "P-1")

    assert result.exit_code == 2
    assert "'billings'" in result.stderr
