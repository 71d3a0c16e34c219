"""Whole queries: each ``.graphql`` file with the answer it gets and the calls it costs.

The first line of a file says who asks: ``# as: acme-admin``; more of them ask the same. ``make bless`` records
answers and calls anew.
"""

import json
from pathlib import Path

import pytest

from tests.populace import populated

FOLDER = Path(__file__).parent


def cases() -> list[tuple[Path, str]]:
    """Give each query with each of those who ask it."""
    return [
        (file, persona)
        for file in sorted(FOLDER.glob("*.graphql"))
        for persona in file.read_text().splitlines()[0].removeprefix("# as: ").split(", ")
    ]


@pytest.mark.parametrize("stock", [False, True], ids=["engine", "reference"])
@pytest.mark.parametrize(("file", "persona"), cases(), ids=lambda each: getattr(each, "stem", each))
async def test_gives_the_recorded_answer_for_the_recorded_calls(
    file: Path, persona: str, stock: bool, request: pytest.FixtureRequest
) -> None:
    world = await populated()
    world.stock = stock
    recorded = FOLDER / f"{file.stem}.{persona}.json"
    calls = FOLDER / f"{file.stem}.{persona}.calls"

    answer = await world.ask(persona, file.read_text())

    if request.config.getoption("--bless"):
        recorded.write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
        calls.write_text("".join(f"{line}\n" for line in world.calls))
    assert answer == json.loads(recorded.read_text())
    assert world.calls == calls.read_text().splitlines()


def test_every_record_belongs_to_a_query() -> None:
    known = {f"{file.stem}.{persona}" for file, persona in cases()}

    recorded = {each.stem for each in FOLDER.iterdir() if each.suffix in {".json", ".calls"}}

    assert recorded == known
