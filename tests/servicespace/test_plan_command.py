"""``servicespace plan``: what an operation does, seen before it is shipped."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from servicespace.cli import app
from servicespace.settings import Settings

RUN = CliRunner()


def shown(folder: Path, query: str, user: str = "acme") -> tuple[int, str]:
    """Run the command on *query*; give its exit code and what it printed."""
    file = folder / "query.graphql"
    file.write_text(query)
    result = RUN.invoke(app, ["plan", str(file), "--user", user, "--data", str(folder)])
    return result.exit_code, result.output


@pytest.fixture
def folder(filled: tuple[Settings, dict[str, str]], tmp_path: Path) -> Path:
    """Give the folder of a store in which acme has an SD-WAN Solution, STANDARD."""
    assert filled[1].keys() == {"acme", "other"}
    return tmp_path


def test_shows_scopes_batches_calls_mask_and_cost(folder: Path) -> None:
    code, output = shown(
        folder, "{ solutions(first: 2) { nodes { name mine: tickets(first: 3) { nodes { title } } } } }"
    )

    lines = output.splitlines()
    assert code == 0
    assert lines[0].startswith("mask: closed CHANGES") or "DOCUMENTS" in lines[0]
    assert lines[2:-1] == [
        "Query",
        (
            "└─ solutions → SolutionConnection  batch solution.of_customer  for 1: 2 rows at most  calls "
            "ordering.solutions_by_customer (1 keys)"
        ),
        "   └─ nodes → [Solution!]!",
        "      ├─ name",
        (
            "      └─ mine: tickets → TicketConnection  batch ticket.of_solutions  for 1: 3 rows at most  "
            "calls ticketing.tickets_by_solution (1 keys)"
        ),
        "         └─ nodes → [Ticket!]!",
        "            └─ title",
    ]
    assert lines[-1].startswith("cost: 5 rows at most, in 2 calls; this run took")


def test_shows_what_the_mask_takes_away_and_the_types_of_an_interface(folder: Path) -> None:
    node = 'node(id: "x") { id ... on Ticket { title component { name } } }'

    _, output = shown(folder, f"{{ {node} }}", "nobody")
    _, known = shown(folder, f"{{ {node} }}")

    assert output == "There is no active User 'nobody' in this store.\n"
    assert "   · Ticket" in known
    assert "error: There is no such object." in known


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{ wrong }", "Cannot query field 'wrong'"),
        ("query A { viewer { username } } query B { viewer { username } }", "exactly one operation"),
        ("{ __schema { queryType { name } } }", "left to graphql-core's own executor"),
    ],
)
def test_says_why_there_is_no_plan(folder: Path, query: str, said: str) -> None:
    code, output = shown(folder, query)

    assert code == 1
    assert said in output
