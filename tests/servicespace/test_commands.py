"""The command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from schema.build import sdl
from servicespace.cli import app
from servicespace.settings import Settings

RUN = CliRunner()


@pytest.mark.parametrize("command", ["serve", "demo", "token", "schema", "seed", "import", "coverage"])
def test_explains_every_command(command: str) -> None:
    listed = RUN.invoke(app, ["--help"])
    explained = RUN.invoke(app, [command, "--help"])

    assert command in listed.output
    assert explained.exit_code == 0
    assert "Usage:" in explained.output


def test_prints_the_published_schema() -> None:
    result = RUN.invoke(app, ["schema"])

    assert result.exit_code == 0
    assert result.output == sdl()


def test_prints_the_token_of_a_user_and_nothing_else(
    filled: tuple[Settings, dict[str, str]], tmp_path: Path
) -> None:
    assert filled[1].keys() == {"acme", "other"}

    result = RUN.invoke(app, ["token", "acme", "--data", str(tmp_path)])

    assert result.exit_code == 0
    assert result.output.count("\n") == 1
    assert result.output.count(".") == 2


def test_says_that_a_user_does_not_exist(empty_store: Settings, tmp_path: Path) -> None:
    assert empty_store.store.file == str(tmp_path / "servicespace.db")

    result = RUN.invoke(app, ["token", "nobody", "--data", str(tmp_path)])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "no active User 'nobody'" in result.stderr


def test_prints_a_customers_own_schema(filled: tuple[Settings, dict[str, str]], tmp_path: Path) -> None:
    assert filled[1].keys() == {"acme", "other"}

    covered = RUN.invoke(app, ["schema", "--customer", "acme", "--data", str(tmp_path)])
    unknown = RUN.invoke(app, ["schema", "--customer", "nobody", "--data", str(tmp_path)])

    assert "type Ticket implements Node" in covered.output
    assert "REPORT_ENHANCED_IP" in covered.output
    assert unknown.exit_code == 1
    assert unknown.stdout == ""
    assert "no customer 'nobody'" in unknown.stderr


def test_refuses_settings_that_are_wrong(tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text("[store]\n")

    result = RUN.invoke(app, ["token", "acme", "--config", str(file)])

    assert result.exit_code == 2
    assert "wrong.toml" in result.stderr
