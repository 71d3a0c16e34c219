"""Coverage rules and what they do, as the command line shows them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from rich.box import SIMPLE
from rich.table import Table

from auth.coverage import Coverage
from auth.feature import Feature, Gate
from auth.rule_book import RuleBook
from auth.rule_change import Block, Step, changes
from auth.rule_store import AppliedVersion, Effect, Shift
from auth.rules import CATEGORIES, MARKETS, PORTAL_OPTIONS, CoverageRules, Level
from servicespace.effects import shifts
from servicespace.own_schema import coordinates

_MARKS: Final[Mapping[Level, str]] = {
    Level.NONE: "·",
    Level.READ: "R",
    Level.FULL: "F",
    Level.OPTION: "O",
    Level.PAID: "P",
}
_LEGEND: Final = "F full, R read only, O once the optional module is ordered, P once the paid line is, · not"


WIDE: Final = 140
"""From how many columns of a terminal on the matrix has room for the names of the categories."""


def matrix(rules: CoverageRules, market: str, portal_option: str, features: Iterable[Feature]) -> Table:
    """Give the levels, features by Solution categories; these by number."""
    table = Table(box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("Feature", no_wrap=True)
    for number, _ in enumerate(CATEGORIES, start=1):
        table.add_column(str(number), justify="right", no_wrap=True)
    for feature in features:
        levels = (rules.level(feature, category, market, portal_option) for category in CATEGORIES)
        table.add_row(feature.value, *(_MARKS[each] for each in levels))
    return table


def with_names(table: Table) -> Table:
    """Give a matrix with the names of the categories in place of their numbers, for a ``WIDE`` terminal."""
    for column, category in zip(table.columns[1:], CATEGORIES, strict=True):
        column.header = category.replace("_", "\n")
    return table


def matrix_notes(book: RuleBook, day: date) -> Iterator[str]:
    """Give what has to be known to read a matrix of *day*, as lines."""
    yield _LEGEND
    yield ", ".join(f"{number} {name}" for number, name in enumerate(CATEGORIES, start=1))
    if later := [each for each in book.boundaries if each > day]:
        yield f"Some rules change on {later[0]}: look at that day with --on."


def history(versions: Iterable[AppliedVersion]) -> Iterator[str]:
    """Give the versions as lines, each with who applied it, why, and what it did to customers."""
    for each in versions:
        note = each.note
        yield f"Version {each.version}, {each.applied_at:%Y-%m-%d %H:%M:%S} UTC, by {note.applied_by}"
        yield f"  from {note.source}" + (f", SHA-256 {note.sha256}" if note.sha256 else "")
        yield from (f"  because: {line}" for line in (note.reason or "").splitlines())
        yield from (f"  {line}" for line in effect_lines(note.effects))


def change_lines(before: RuleBook, after: RuleBook) -> Iterator[str]:
    """Give what is not the same in both books, places taken together, as lines."""
    for block, steps in changes(before, after):
        yield _where(block)
        yield from (f"  {_when(each.since, each.until)}: {_levels(each)}" for each in steps)


def effect_lines(effects: Iterable[Effect]) -> Iterator[str]:
    """Give what becomes of customers as lines; those to whom the same happens are named together."""
    together: defaultdict[tuple[date, date | None, tuple[Shift, ...], tuple[Shift, ...]], list[str]]
    together = defaultdict(list)
    for each in effects:
        together[each.since, each.until, each.gained, each.lost].append(each.customer)
    for (since, until, gained, lost), customers in together.items():
        yield f"{', '.join(customers)} ({len(customers)}), {_when(since, until)}:"
        yield from (f"  gains {_shift(each)}" for each in gained)
        yield from (f"  loses {_shift(each)}" for each in lost)


def shift_lines(before: Coverage, after: Coverage) -> Iterator[str]:
    """Give the features that are not open as far as before, as lines."""
    for shift, gained, lost in shifts(before, after):
        sign = {(True, False): "+", (False, True): "-"}.get((gained, lost), "±")
        reason = after.of(Feature[shift.feature]).reason
        why = "" if reason is None else f"; what is missing: {reason.value}"
        yield f"{sign} {_shift(shift)}{why}"


def schema_lines(before: Coverage, after: Coverage) -> Iterator[str]:
    """Give the coordinates that are in one of the schemas only, by the feature to which that is owed.

    The arguments of a field that comes or goes are not told of: they come and go with it.
    """
    was, becomes = coordinates(before), coordinates(after)
    by_gate: defaultdict[Gate, list[str]] = defaultdict(list)
    for sign, here, there, closed in (("-", was, becomes, after.closed), ("+", becomes, was, before.closed)):
        for coordinate in sorted(here.keys() - there.keys()):
            field, opened, _ = coordinate.partition("(")
            if not opened or field in there:
                owed = next(gate for gate in here[coordinate] if gate in closed)
                by_gate[owed].append(f"  {sign} {coordinate}")
    for feature in Feature:
        if feature in by_gate:
            yield feature.value
            yield from by_gate[feature]


def _where(block: Block) -> str:
    parts = [
        _all_or(block.categories, CATEGORIES, "all categories"),
        _all_or(block.markets, MARKETS, "both markets"),
        _all_or(block.portal_options, PORTAL_OPTIONS, "all portal options"),
    ]
    return f"{block.feature.value}: {'; '.join(parts)}"


def _all_or(named: Sequence[str], known: Sequence[str], every: str) -> str:
    return every if len(named) == len(known) else ", ".join(named)


def _levels(step: Step) -> str:
    return f"{step.before.value} becomes {step.after.value}"


def _when(since: date | None, until: date | None) -> str:
    begin = "since ever" if since is None else f"from {since}"
    return begin if until is None else f"{begin} until before {until}"


def _shift(shift: Shift) -> str:
    return f"{shift.feature} ({shift.before} → {shift.after})"
