"""``servicespace accounts``, as an operator runs it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from servicespace.cli import app
from servicespace.settings import Settings

runner = CliRunner()


def run(settings: Settings, *arguments: str) -> Result:
    """Run a command on that store."""
    assert settings.store.file is not None
    folder = str(Path(settings.store.file).parent)
    return runner.invoke(app, ["accounts", *arguments, "--data", folder])


def invite(settings: Settings, name: str, *more: str) -> Result:
    return run(settings, "invite", name, "--customer", "acme", "--email", f"{name}@acme.example", *more)


def test_invites_lists_and_deactivates(empty_store: Settings) -> None:
    invited = invite(empty_store, "ann", "--administrator")
    invite(empty_store, "bob")
    listed = run(empty_store, "list", "--customer", "acme")
    last = run(empty_store, "deactivate", "ann")
    other = run(empty_store, "deactivate", "bob")

    assert "ann is invited" in invited.output
    assert all(each in listed.output for each in ("ann", "bob", "INVITED"))
    assert last.exit_code == 0  # an administrator who never came is not the last one who can
    assert other.exit_code == 0


def test_writes_the_audit_log_as_lines_of_json(empty_store: Settings) -> None:
    invite(empty_store, "ann")

    lines = [json.loads(each) for each in run(empty_store, "audit").output.splitlines()]
    later = run(empty_store, "audit", "--since", "2999-01-01")

    assert [(each["action"], each["subject"], each["customer"]) for each in lines] == [
        ("INVITED", "ann", "acme")
    ]
    assert lines[0]["actor"].startswith("operator:")
    assert later.output == ""


def test_tells_whom_a_sweep_would_cancel(empty_store: Settings) -> None:
    invite(empty_store, "ann")

    swept = run(empty_store, "sweep", "--dry-run")

    assert swept.output == "0 would be cancelled.\n"


def test_sends_an_invitation_again(empty_store: Settings) -> None:
    invite(empty_store, "ann")

    again = invite(empty_store, "ann", "--again")
    taken = invite(empty_store, "ann")

    assert again.exit_code == 0
    assert taken.exit_code == 1
    assert "not free" in taken.output


@pytest.mark.parametrize("name", ["nobody", "x' OR 1=1"])
def test_says_that_there_is_no_such_user(empty_store: Settings, name: str) -> None:
    answer = run(empty_store, "deactivate", name)

    assert answer.exit_code == 1
    assert "no such User" in answer.output
