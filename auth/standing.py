"""What a customer's coverage follows from: what it ordered and where, its portal option, the rules."""

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

import msgspec

from auth.feature import Feature
from auth.rule_book import DatedRule, Place
from auth.rules import CoverageRules

LINGERING: Final = frozenset({Feature.BILLING, Feature.INCIDENTS})
"""What stays readable of a terminated Solution for some months: billing, and tickets that are closed."""


class Rules(Protocol):
    """The coverage rules, past, present and future: a ``RuleBook``."""

    @property
    def boundaries(self) -> Sequence[date]:
        """The days on which any rule begins or ends, in ascending order."""
        ...

    def at(self, day: date) -> CoverageRules:
        """Give the rules of a day; the same object for as long as they are the same."""
        ...

    def timeline(self, place: Place) -> Sequence[DatedRule]:
        """Give the rules of a place from since ever on, in turn."""
        ...


class OrderedSolution(msgspec.Struct, frozen=True, kw_only=True):
    """A Solution as far as coverage depends on it.

    ``options`` are the optional modules and paid lines ordered with it, each by the feature it opens.
    ``terminated_on`` is the day on which a terminated one ended, None where that is not known; so is
    ``ordered_on``.
    """

    id: str
    category: str
    market: str
    terminated: bool
    options: frozenset[str]
    ordered_on: date | None = None
    terminated_on: date | None = None


class Grace(msgspec.Struct, frozen=True):
    """For how many *months* after a Solution's end its bills and closed tickets stay readable on a *day*."""

    day: date
    months: int = 0

    def holds(self, solution: OrderedSolution) -> bool:
        """Tell whether *solution*, which is terminated, is still in its time of grace."""
        ended = solution.terminated_on
        return ended is not None and self.day < end_of_grace(ended, self.months)


def end_of_grace(ended: date, months: int) -> date:
    """Give the first day after it: the same day of the month that is *months* later, or its last."""
    year, month = divmod(ended.month - 1 + months, 12)
    year, month = ended.year + year, month + 1
    return date(year, month, min(ended.day, monthrange(year, month)[1]))


@dataclass(frozen=True, eq=False)
class Standing:
    """What a customer's coverage follows from on a ``day``; ``market`` is where it would order more."""

    rules: Rules
    ordered: Collection[OrderedSolution]
    portal_option: str
    market: str
    day: date
    grace_months: int = 0
