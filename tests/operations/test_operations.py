"""Whole queries: each ``.graphql`` file with the answer it gets and the calls it costs.

The first line of a file says who asks: ``# as: acme-admin``; more of them ask the same. ``make bless``
records answers and calls anew.
"""

import json
from pathlib import Path

import pytest

from tests.populace import populated

FOLDER = Path(__file__).parent


def query(name: str) -> str:
    """Give the text of a query."""
    return (FOLDER / f"{name}.graphql").read_text()


def cases() -> list[tuple[str, str]]:
    """Give the name of each query with each of those who ask it."""
    return [
        (file.stem, persona)
        for file in sorted(FOLDER.glob("*.graphql"))
        for persona in query(file.stem).splitlines()[0].removeprefix("# as: ").split(", ")
    ]


@pytest.mark.parametrize("stock", [False, True], ids=["engine", "reference"])
@pytest.mark.parametrize(("name", "persona"), cases())
async def test_gives_the_recorded_answer_for_the_recorded_calls(
    name: str, persona: str, stock: bool, request: pytest.FixtureRequest
) -> None:
    world = await populated()
    world.stock = stock
    recorded = FOLDER / f"{name}.{persona}.json"
    calls = FOLDER / f"{name}.{persona}.calls"

    answer = await world.ask(persona, query(name))

    if request.config.getoption("--bless"):
        recorded.write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
        calls.write_text("".join(f"{line}\n" for line in world.calls))
    assert answer == json.loads(recorded.read_text())
    assert world.calls == calls.read_text().splitlines()


def test_every_record_belongs_to_a_query() -> None:
    known = {f"{name}.{persona}" for name, persona in cases()}

    recorded = {each.stem for each in FOLDER.iterdir() if each.suffix in {".json", ".calls"}}

    assert recorded == known
