"""What a run found, as a page and as data."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Final

import msgspec

from bench.figures import Figure
from bench.folder import HERE
from bench.machine import Machine
from bench.rounds import Taken

PAGE: Final = HERE / "results.md"
DATA_FILE: Final = HERE / "results.json"

_INTRODUCTION: Final = """# Benchmarks

Written by `make bench`. Each figure is a median; those with x are ratios of two servers in the same rounds on
the same data, and the range in brackets is over the rounds. Absolute times are only context: they belong to
the machine below and to what else it did.
"""


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """All of a run."""

    taken_at: str
    machine: Machine
    database: str
    load_before: list[float]
    load_after: list[float]
    load_by: str
    customers: int
    rounds: int
    answer_bytes: int
    figures: list[Figure]
    names: dict[str, str]
    """The contenders' names by their keys."""
    measures: dict[str, dict[str, list[Taken]]]
    """By question, then contender."""
    absent: list[str]
    """Who was not measured, and why."""
    notes: list[str]


def write(results: Results) -> str:
    """Write both files; give the page."""
    page = "\n".join(_page(results))
    PAGE.write_text(page)
    encoded = msgspec.json.format(msgspec.json.encode(results), indent=1)
    DATA_FILE.write_bytes(encoded + b"\n")
    return page


def _page(results: Results) -> Iterator[str]:
    yield _INTRODUCTION
    yield from figures_table(results.figures)
    for question, contenders in results.measures.items():
        yield from _measures(question, contenders, results.names)
    if results.absent:
        yield "## Not measured\n"
        yield from (f"- {each}" for each in results.absent)
        yield ""
    if results.notes:
        yield "## Notes\n"
        yield from (f"- {each}" for each in results.notes)
        yield ""
    yield from _circumstances(results)


def figures_table(figures: Sequence[Figure]) -> Iterator[str]:
    """Give the lines of a table of *figures*."""
    yield "| question | target | found | met |"
    yield "|---|---|---|---|"
    for each in figures:
        met = {True: "yes", False: "**no**", None: ""}[each.met]
        yield f"| {each.question} | {_target(each)} | {_found(each)} | {met} |"
    yield ""


def _measures(
    question: str, contenders: Mapping[str, Sequence[Taken]], names: Mapping[str, str]
) -> Iterator[str]:
    yield f"## Requests per second: {question}\n"
    yield "| server | requests/s | median | 99 % within | server CPU/request | database CPU/request |"
    yield "|---|---|---|---|---|---|"
    for key, taken in sorted(contenders.items(), key=_rate, reverse=True):
        cells = (
            f"{median(each.load.rate for each in taken):.0f}",
            f"{median(each.load.median_ms for each in taken):.1f} ms",
            f"{median(each.load.p99_ms for each in taken):.1f} ms",
            f"{median(each.server_ms for each in taken):.2f} ms",
            f"{median(each.database_ms for each in taken):.2f} ms",
        )
        yield f"| {names[key]} | {' | '.join(cells)} |"
    yield ""


def _rate(item: tuple[str, Sequence[Taken]]) -> float:
    return median(each.load.rate for each in item[1])


def _circumstances(results: Results) -> Iterator[str]:
    machine = results.machine
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    yield "## Circumstances\n"
    yield f"- {results.taken_at}; {results.rounds} alternating rounds; {results.load_by}, 8 connections."
    yield f"- {machine.processor}, {machine.cores} cores, {machine.memory_gb:g} GB."
    yield f"- {results.database}; {versions}."
    yield (
        f"- Load average (1, 5, 15 min) before {_three(results.load_before)}, "
        f"after {_three(results.load_after)}."
    )
    yield f"- {results.customers} customers; a dashboard's answer has {results.answer_bytes:,} bytes."
    yield "- One server process on a core of its own; the database and the load share another."
    yield ""


def _target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    return f"{'≥' if figure.sense == 'at least' else '≤'} {_number(figure.target)} {figure.unit}".strip()


def _found(figure: Figure) -> str:
    found = f"{_number(figure.value)} {figure.unit}".strip()
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return found
    return f"{found} ({_number(figure.low)} to {_number(figure.high)})"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"  # noqa: PLR2004 - digits


def _three(values: Sequence[float]) -> str:
    return ", ".join(f"{each:.2f}" for each in values)
