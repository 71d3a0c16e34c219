"""What a change of the coverage rules does to customers: what each gains and loses, and from when on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from auth.coverage import Coverage, FeatureCoverage, State
from auth.entitlement import coverage_of
from auth.feature import NEVER_GATED, Feature
from auth.rule_book import RuleBook
from auth.rule_store import Effect, Shift
from auth.rules import Level
from servicespace.snapshots import Facts, Orders, facts_of, standing_of
from sources.keys import CustomerCode

_RANK = {Level.NONE: 0, Level.READ: 1, Level.FULL: 2}
"""The levels that a customer may have, from little to much."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What becomes of all customers."""

    effects: Sequence[Effect]
    emptied: Sequence[CustomerCode]
    """The customers that see something gated today, and would be left with what is never gated."""


async def outlook(
    ordering: Orders,
    customers: Iterable[CustomerCode],
    before: RuleBook,
    after: RuleBook,
    today: date,
) -> Outlook:
    """Give what the rules *after* do to *customers*, compared with those *before*, from *today* on.

    Raises ``SourceError`` where ordering fails.
    """
    days = _days(before, after, today)
    effects: list[Effect] = []
    emptied: list[CustomerCode] = []
    for customer in customers:
        facts = await facts_of(ordering, customer)
        pairs = [(coverage_on(facts, before, day), coverage_on(facts, after, day)) for day in days]
        effects += _effects(customer, days, pairs)
        if _sees_gated(pairs[0][0]) and any(_sees_gated(old) and not _sees_gated(new) for old, new in pairs):
            emptied.append(customer)
    return Outlook(effects, emptied)


def coverage_on(facts: Facts, book: RuleBook, day: date) -> Coverage:
    """Give the coverage that follows from *facts* by the rules that hold on *day*, without any grace."""
    return coverage_of(standing_of(facts, book, day))


def shifts(before: Coverage, after: Coverage) -> Iterator[tuple[Shift, bool, bool]]:
    """Give the features that are not open as far as before, each with whether something is gained, and lost.

    A feature is gained with a Solution that covers it newly, or with mutations where there was but reading.
    Neither is so where what is ordered newly does not cover what all others do.
    """
    for feature in Feature:
        old, new = before.of(feature), after.of(feature)
        gained = bool(new.solutions - old.solutions) or _RANK[new.level] > _RANK[old.level]
        lost = bool(old.solutions - new.solutions) or _RANK[new.level] < _RANK[old.level]
        if (gained or lost or new.state is not old.state) and feature not in NEVER_GATED:
            yield Shift(feature=feature.value, before=_told(old), after=_told(new)), gained, lost


def _days(before: RuleBook, after: RuleBook, today: date) -> Sequence[date]:
    """Give the days from *today* on, on which rules begin or end before or after the change."""
    later = {day for day in (*before.boundaries, *after.boundaries) if day > today}
    return sorted({today, *later})


def _effects(
    customer: CustomerCode, days: Sequence[date], pairs: Sequence[tuple[Coverage, Coverage]]
) -> Iterator[Effect]:
    """Give what changes for *customer*, one effect for all days in a row on which the same does."""
    found = [tuple(shifts(old, new)) for old, new in pairs]
    begins = [number for number in range(len(days)) if number == 0 or found[number] != found[number - 1]]
    for number, following in pairwise([*begins, None]):
        if number is not None and found[number]:
            yield Effect(
                customer=customer,
                since=days[number],
                until=None if following is None else days[following],
                gained=tuple(shift for shift, gained, _ in found[number] if gained),
                lost=tuple(shift for shift, _, lost in found[number] if lost),
            )


def _sees_gated(coverage: Coverage) -> bool:
    return any(coverage.state(each) is not State.NONE for each in Feature if each not in NEVER_GATED)


def _told(covered: FeatureCoverage) -> str:
    """Say how far a feature is open."""
    if covered.state is State.NONE:
        return "none"
    some = len(covered.solutions)
    whole = "all" if covered.state is State.ALL else f"{some} Solution{'' if some == 1 else 's'}"
    return f"{covered.level.value.lower()} for {whole}"
