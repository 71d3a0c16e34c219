"""Changing what is hidden from an asker changes nothing in any answer (coverage.md, "Proof").

For any coverage, any data scopes, any question and either executor: data, errors, counts, cursors and notices
stay the same. ``make test-long`` asks 10,000 questions.
"""

import asyncio
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any, Final

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from auth.coverage import Coverage, FeatureCoverage, Reason, State
from auth.feature import Feature
from auth.rules import Level
from auth.standing import Standing
from resolvers.node import NAMES, global_id
from tests.covered import Covered
from tests.non_interference.hiding import Asker, change, settle, shelves
from tests.non_interference.questions import Questions
from tests.populace import SOLUTIONS, populated
from tests.ruling import SHIPPED
from tests.world import PERSONAS, World

LONG: Final = settings.get_current_profile_name() == "long"
GATED: Final = (Feature.BILLING, Feature.INCIDENTS, Feature.INVENTORY, Feature.MAINTENANCE)
ACME: Final = sorted(SOLUTIONS["acme-global"])


def made_coverage(random: Random) -> Coverage:
    """Make up what acme's Solutions cover, and which of them are no longer provided."""
    ended = frozenset(each for each in ACME if random.random() < 0.15)
    features = {each: _covered(each, ended, random) for each in Feature}
    return Coverage(
        "made up",
        features,
        features,
        ended,
        Standing(SHIPPED, [], "STANDARD", "INTL", date(2026, 3, 1)),
    )


def _covered(feature: Feature, ended: frozenset[str], random: Random) -> FeatureCoverage:
    live = [each for each in ACME if each not in ended]
    lingering = feature in {Feature.BILLING, Feature.INCIDENTS}
    past = frozenset(each for each in ended if lingering and random.random() < 0.5)
    some = frozenset(each for each in live if random.random() < 0.5)
    state = random.choice((State.ALL, State.SOME, State.SOME, State.NONE)) if feature in GATED else State.ALL
    if state is State.SOME and not some and not past:
        state = State.NONE
    return FeatureCoverage(
        feature=feature,
        state=state,
        level=Level.NONE if state is State.NONE else Level.READ,
        solutions={State.ALL: frozenset(live), State.SOME: some, State.NONE: frozenset[str]()}[state],
        past=frozenset() if state is State.NONE else past,
        reason=None if state is State.ALL else Reason.NOT_ORDERED,
        covered_by=("SDWAN",),
    )


def made_asker(random: Random) -> Asker:
    """Make up a User of acme with data scopes, and a coverage."""
    viewer = replace(
        PERSONAS["acme-admin"],
        accounts=_scope(("A-1", "A-2", "A-3"), random),
        locations=_scope(("L-1", "L-2"), random),
        solutions=_scope(ACME, random),
    )
    return Asker(viewer, made_coverage(random))


def _scope(keys: Sequence[str], random: Random) -> frozenset[str] | None:
    if random.random() < 0.7:
        return None
    return frozenset(each for each in keys if random.random() < 0.6)


async def made_world(asker: Asker, *, stock: bool) -> Covered:
    """Make the small world, with things of two Solutions, of none, and a maintenance of several."""
    world = Covered(stock=stock, viewer=asker.viewer, coverage=asker.coverage)
    for shelf, full in zip(shelves(world), shelves(await _whole()), strict=True):
        shelf.records = dict(full.records)  # records never change
    return world


_MADE: Final[list[World]] = []


async def _whole() -> World:
    if not _MADE:
        world = await populated()
        await enrich(world)
        settle(world)
        _MADE.append(world)
    return _MADE[0]


async def enrich(world: World) -> None:
    """Add things that are tied to two Solutions, or to none."""
    billing, ticketing = world.billing, world.ticketing
    document = billing.document_shelf.records["acme-global", "I-S-VPN"]
    await billing.save_documents(
        [
            replace(document, id="I-2", number="2026-22", solutions=("S-VPN", "S-WAN")),
            replace(document, id="I-0", number="2026-20", solutions=()),
        ]
    )
    account = billing.account_shelf.records["acme-global", "A-1"]
    await billing.save_billing_accounts([replace(account, solutions=("S-VPN", "S-TALK"))])
    ticket = ticketing.ticket_shelf.records["acme-global", "T-S-VPN-1"]
    await ticketing.save_tickets(
        [
            replace(ticket, id="T-0", reference="INC-0", solution=None, document="I-2"),
            replace(ticket, id="T-9", reference="INC-9", parent="T-S-WAN-1", document="I-S-VPN"),
            replace(ticket, id="T-8", reference="INC-8", component="S-VPN-X1"),
            replace(ticket, id="T-7", reference="INC-7", component="S-WAN-X2", solution="S-WAN"),
        ]
    )
    impact = next(iter(world.maintenance.impact_shelf.records.values()))
    for number, solution in enumerate(ACME):
        other = replace(
            impact, id=f"more-{number}", solution=solution, component=f"{solution}-C2", location="L-2"
        )
        world.maintenance.impact_shelf.records[other.customer, other.id] = other


def ids_of(world: World) -> list[str]:
    """Give the global ids of everything in *world*, and of nothing."""
    rows = [row for shelf in shelves(world) for row in shelf.records.values()]
    return ["junk", *sorted(global_id(row) for row in rows if type(row) in NAMES or hasattr(row, "kind"))]


async def answers(number: int) -> tuple[Any, Any, int]:
    """Ask the same of two worlds that differ only in what is hidden; give also in how many places they do."""
    random = Random(number)  # noqa: S311 - no secret
    asker = made_asker(random)
    before, after = [await made_world(asker, stock=random.random() < 0.3) for _ in range(2)]
    after.stock = before.stock
    question = Questions(random, ids_of(before)).question()
    changed = change(after, asker, random)
    return await before.ask("", question), await after.ask("", question), changed


async def compare(number: int) -> None:
    """Fail where an answer tells of what is hidden."""
    before, after, changed = await answers(number)
    event(f"changed {min(changed // 20, 4) * 20}+")
    event("errors" if "errors" in before else "no errors")
    assert before == after, f"question {number}"


@settings(
    max_examples=10_000 if LONG else 300,
    derandomize=not LONG,  # so that a red run tells of the change; new examples come with the long run
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller number is no simpler a question
)
@given(st.integers(0, 2**48))
def test_what_is_hidden_changes_no_answer(number: int) -> None:
    asyncio.run(compare(number))
