"""What the documents say is true: queries run, answers are the right ones, links lead somewhere.

A fence ``json PERSONA`` after a query is that persona's answer to it in the small world; ``make bless``
writes it.
"""

import json
import re
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from auth.administration import Administration
from auth.audit import AuditLog
from auth.client_store import ClientStore
from auth.rule_file import parse_rules
from resolvers.context import Registry
from servicespace.settings import Settings
from servicespace.store import open_store
from tests.populace import populated

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | None"

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCE: Final = re.compile(r"^```graphql\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANSWER: Final = re.compile(r"^```json (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TOML: Final = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK: Final = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def queries() -> list[tuple[str, str]]:
    """Give each query in the documents and examples, with the name of its file."""
    fenced = [(file.name, text) for file in DOCUMENTS for text in FENCE.findall(file.read_text())]
    return fenced + [(file.name, file.read_text()) for file in sorted(ROOT.glob("examples/*.graphql"))]


@pytest.mark.parametrize(("document", "query"), queries())
async def test_every_query_gives_data_and_no_error(document: str, query: str, empty_store: Settings) -> None:
    world = await populated()

    async with open_store(empty_store.store) as connection:
        world.registry = Registry(Administration(connection), ClientStore(connection), AuditLog(connection))
        answer = await world.ask("acme-admin", query)

    assert "errors" not in answer, document
    assert "extensions" not in answer
    assert all(part is not None for part in answer["data"].values())


async def test_the_first_answers_are_the_true_ones(request: pytest.FixtureRequest) -> None:
    readme = ROOT / "README.md"
    text = readme.read_text()
    query = FENCE.findall(text)[0]
    world = await populated()
    true = {persona: await world.ask(persona, query) for persona, _ in ANSWER.findall(text)}

    if request.config.getoption("--bless"):
        for persona, answer in true.items():
            old = re.compile(rf"^```json {persona}\n.*?^```", re.MULTILINE | re.DOTALL)
            text = old.sub(partial(fence, persona, answer), text)
        readme.write_text(text)

    assert {persona: json.loads(shown) for persona, shown in ANSWER.findall(text)} == true
    assert list(true) == ["acme-admin", "cobalt-admin"]


async def test_the_first_query_costs_at_most_eight_calls() -> None:
    query = FENCE.findall((ROOT / "README.md").read_text())[0]
    world = await populated()

    await world.ask("acme-admin", query)
    acme = world.calls
    await world.ask("cobalt-admin", query)

    assert acme == [
        "billing.documents_by_solution 1",
        "inventory.components_by_solution 1",
        "maintenance.events_by_solution 1",
        "ordering.locations 1",
        "ordering.solutions_by_customer 1",
        "ticketing.tickets_by_solution 1",
    ]
    assert world.calls == [
        "billing.documents_by_solution 1",
        "ordering.solutions_by_customer 1",
        "ticketing.tickets_by_solution 1",
    ]


def test_the_rules_file_of_the_manual_can_be_applied() -> None:
    [text] = [each for each in TOML.findall((ROOT / "docs/operating.md").read_text()) if "[[rule]]" in each]

    rules = parse_rules("operating.md", text.encode(), date(2026, 11, 20))

    assert [(each.level.value, each.valid_to) for each in rules] == [
        ("READ", date(2027, 2, 1)),
        ("NONE", None),
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_every_link_leads_to_a_file(document: Path) -> None:
    missing = [link for link in LINK.findall(document.read_text()) if not (document.parent / link).exists()]

    assert missing == []


def fence(persona: str, answer: Json, _: re.Match[str]) -> str:
    """Give a fence with what *persona* is answered."""
    return f"```json {persona}\n{pretty(answer)}\n```"


def pretty(value: Json, depth: int = 0) -> str:
    """Give JSON as people write it: what fits on a short line stays on one."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(flat) + 2 * depth <= 72:
        return flat
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        rows = [f"{inner}{json.dumps(key)}: {pretty(each, depth + 1)}" for key, each in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{outer}}}"
    return "[\n" + ",\n".join(f"{inner}{pretty(each, depth + 1)}" for each in value) + f"\n{outer}]"
