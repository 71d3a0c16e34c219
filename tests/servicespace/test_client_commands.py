"""``servicespace clients`` and ``servicespace keys`` as an operator meets them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from servicespace.cli import app
from servicespace.settings import Settings


@pytest.fixture
def folder(empty_store: Settings) -> str:
    assert empty_store.store.file is not None
    return str(Path(empty_store.store.file).parent)


def run(folder: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--data", folder], terminal_width=200)


def create(folder: str, *more: str) -> Result:
    robot = ("clients", "create", "robot", "--name", "Robot", "--kind", "SERVICE", "--scope", "billing")
    return run(folder, *robot, "--owner", "acme", *more)


def test_registers_grants_lists_rotates_and_ends_a_client(folder: str) -> None:
    made = create(folder)
    granted = run(
        folder, "clients", "grant", "robot", "acme", "--scope", "billing:readonly", "--account", "A-1"
    )
    listed = run(folder, "clients", "list", "--customer", "acme")
    rotated = run(folder, "clients", "rotate", "robot")
    ended = run(folder, "clients", "revoke", "robot")

    assert [each.exit_code for each in (made, granted, listed, rotated, ended)] == [0] * 5
    secrets = [each.stdout.splitlines()[-1] for each in (made, rotated)]
    assert [len(each) for each in secrets] == [43, 43]
    assert secrets[0] != secrets[1]
    assert "robot" in listed.stdout
    assert not any(each in listed.stdout for each in secrets)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("clients", "revoke", "nobody"), "There is no client 'nobody'."),
        (("clients", "rotate", "nobody"), "There is no such client that has secrets."),
        (("clients", "grant", "nobody", "acme"), "There is no such client."),
        (
            ("clients", "create", "page", "--name", "Page", "--kind", "BROWSER"),
            "A client that Users sign in to needs an address to redirect to.",
        ),
    ],
)
def test_says_in_a_sentence_what_is_wrong(folder: str, arguments: tuple[str, ...], said: str) -> None:
    result = run(folder, *arguments)

    assert (result.exit_code, result.stderr.strip()) == (1, said)


def test_refuses_an_id_that_is_taken(folder: str) -> None:
    create(folder)

    assert create(folder).stderr.strip() == "There is a client 'robot' already."


def test_publishes_the_next_key_once_and_signs_with_it_now(folder: str) -> None:
    first = run(folder, "keys", "rotate")
    again = run(folder, "keys", "rotate")
    now = run(folder, "keys", "rotate", "--now")

    assert first.stdout.startswith("The next key is published; it signs from ")
    assert (again.exit_code, "published already" in again.stderr) == (1, True)
    assert now.stdout == "A new key signs from now on.\n"
