"""The whole run: data, equality, executor, rounds, results."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import uvloop

from bench import equal, executor, hidden, peers, report
from bench.account import ACCOUNT
from bench.contenders import Contender, Field, gather
from bench.database import Running, postgres
from bench.figures import Figure, ratio
from bench.load import Load
from bench.loading import ensure
from bench.machine import load_average, machine
from bench.place import Place
from bench.rounds import DASHBOARD_QUESTION, SMALL_QUESTION, SOME, Lengths, Rounds, Taken
from bench.shape import Shape
from bench.tokens import tokens
from bench.wire import connect
from servicespace.memory import settle

Told = Callable[[str], None]

CHECKED = 5
"""For how many customers the answers of all contenders are compared."""

ORDER = (
    "service",
    "endpoint",
    "mercurius-jit",
    "mercurius",
    "yoga",
    "apollo",
    "stock",
    "ariadne_peer",
    "without_coverage",
)

AGAINST = (
    ("dashboard", "endpoint", 0.8),
    ("dashboard", "mercurius-jit", 1.5),
    ("dashboard", "mercurius", None),
    ("dashboard", "yoga", 2.5),
    ("dashboard", "apollo", 4.0),
    ("dashboard", "stock", 8.0),
    ("dashboard", "ariadne_peer", 8.0),
    ("small", "endpoint", 0.6),
    ("small", "mercurius-jit", 1.0),
)
"""What is asked, of whom, and how many times as fast we shall be (None: only told)."""


def run(shape: Shape, lengths: Lengths, only: frozenset[str], told: Told) -> str:
    """Measure everything, write the results, and give them as a page; *only* bounds who is measured."""
    before = load_average()
    installed = peers.install()
    told("Executor …")
    settle()
    figures = executor.figures()
    with postgres() as database:
        asyncio.run(ensure(database.host, shape, told))
        place = Place(database.host, shape.database)
        figures += uvloop.run(hidden.figures(place, shape))
        known = asyncio.run(tokens(place, shape))
        field = gather(place, installed)
        chosen = [each for each in field.of(*ORDER) if not only or each.key in only]
        size = _compare(chosen, known, told)
        load = Load(known, installed if isinstance(installed, Path) else None)
        rounds = Rounds(database, shape, load, known[0], told, lengths)
        count = rounds.run(_with_some(chosen))
        version = asyncio.run(_version(database))
    results = report.Results(
        taken_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        machine=machine(),
        database=version,
        load_before=before,
        load_after=load_average(),
        load_by=load.name,
        customers=shape.customers,
        rounds=count,
        answer_bytes=size,
        figures=[*_ratios(rounds, field), *figures],
        names={each.key: each.name for each in _with_some(chosen)},
        measures=_measures(rounds),
        absent=list(field.absent),
        notes=list(ACCOUNT),
    )
    return report.write(results)


def _compare(chosen: list[Contender], known: list[str], told: Told) -> int:
    """Compare all answers with the service's; give the size of one. Raises ``UnequalError``."""
    questions = (DASHBOARD_QUESTION, SMALL_QUESTION)
    asked = known[:CHECKED]
    ours = equal.answers(next(each for each in chosen if each.key == "service"), questions, asked)
    for each in chosen:
        told(f"The same answers? {each.name}")
        equal.check(each, equal.answers(each, questions, asked), ours)
    return len(ours[DASHBOARD_QUESTION.name, asked[0]])


def _with_some(chosen: list[Contender]) -> list[Contender]:
    service = next(each for each in chosen if each.key == "service")
    return [*chosen, Contender(SOME, "servicespace, half of the Solutions covered", service.command)]


def _ratios(rounds: Rounds, field: Field) -> list[Figure]:
    names = {each.key: each.name for each in field.contenders}
    found = [
        ratio(f"{question}: ours / {names[key]}", rounds.rates(question, "service"), theirs, target)
        for question, key, target in AGAINST
        if (theirs := rounds.rates(question, key))
    ]
    ours = rounds.rates("dashboard", "service")
    off, some = rounds.rates("dashboard", "without_coverage"), rounds.rates("dashboard", SOME)
    if off:
        found.append(ratio("dashboard: coverage on / off, same answer", ours, off, 0.98))
    found.append(ratio("dashboard: half of the Solutions covered / all", some, ours, 1.0))
    return found


def _measures(rounds: Rounds) -> dict[str, dict[str, list[Taken]]]:
    measures: dict[str, dict[str, list[Taken]]] = {}
    for (question, key), taken in rounds.taken.items():
        measures.setdefault(question, {})[key] = taken
    return measures


async def _version(database: Running) -> str:
    connection = await connect(Place(database.host, "postgres"))
    try:
        return f"PostgreSQL {await connection.fetchval('SHOW server_version')}"
    finally:
        await connection.close()


def timed(told: Callable[[str], None]) -> Told:
    """Give *told* so that each line starts with the seconds since now."""
    start = monotonic()
    return lambda line: told(f"{monotonic() - start:6.1f} s  {line}")
