"""From what a customer ordered, by the rules, to what is covered (coverage.md "Vocabulary")."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

from auth.coverage import Coverage, FeatureCoverage, Reason, State, uncovered
from auth.feature import NEVER_GATED, Feature, Full
from auth.rules import CATEGORIES, PORTAL_OPTIONS, CoverageRules, Level

_EPOCH_DIGITS: Final = 16

LINGERING: Final = frozenset({Feature.BILLING, Feature.INCIDENTS})
"""What stays readable of a terminated Solution for some months: billing, and tickets that are closed."""


class OrderedSolution(msgspec.Struct, frozen=True, kw_only=True):
    """A Solution as far as coverage depends on it.

    ``options`` are the optional modules and paid lines ordered with it, each by the feature it opens.
    ``terminated_on`` is the day on which a terminated one ended, None where that is not known.
    """

    id: str
    category: str
    market: str
    terminated: bool
    options: frozenset[str]
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


def compute_coverage(
    rules: CoverageRules,
    ordered: Iterable[OrderedSolution],
    portal_option: str,
    market: str,
    grace: Grace | None = None,
) -> Coverage:
    """Give what the *ordered* Solutions cover under *portal_option*.

    Each Solution is judged in its own market; *market* is the customer's, in which it would order more.
    Terminated Solutions do not count; what the rules would have them cover of billing and closed tickets
    stays readable in their time of *grace*. A feature is ALL if there is a Solution and every one covers it;
    the features that are never gated are always ALL.

    The reason is the nearest way out for the Solutions that do not cover, first that holds for one of them:
    OPTION, PAID (at the present portal option), PORTAL_OPTION, NOT_ORDERED, NOT_OFFERED; it is TERMINATED
    where only Solutions of the past are left.
    """
    live: _Ids = defaultdict(list)
    past: _Ids = defaultdict(list)
    ended: list[str] = []
    for each in ordered:
        if not each.terminated:
            live[_kind(each)].append(each.id)
            continue
        ended.append(each.id)
        if grace is not None and grace.holds(each):
            past[_kind(each)].append(each.id)
    found = _answers(rules, frozenset(live), frozenset(past), portal_option, market)
    named = _Named(live, past)
    features = {each: named.filled(found[each]) for each in Feature}
    managed = {each: named.filled(found[Full(each)]) for each in Feature}
    epoch = _epoch((*features.values(), *managed.values()), ended)
    return Coverage(epoch, MappingProxyType(features), MappingProxyType(managed), frozenset(ended))


def _epoch(covered: Sequence[FeatureCoverage], ended: Collection[str]) -> str:
    """Name a coverage by what it says: every replica gives it the same name, which tells of nobody else."""
    content = msgspec.json.encode((covered, sorted(ended)), order="deterministic")
    return sha256(content).hexdigest()[:_EPOCH_DIGITS]


class _Kind(NamedTuple):
    """What coverage depends on in a Solution: what is equal in this is covered equally."""

    category: str
    market: str
    options: frozenset[str]


_Ids: TypeAlias = defaultdict[_Kind, list[str]]
_Kinds: TypeAlias = frozenset[_Kind]


def _kind(solution: OrderedSolution) -> _Kind:
    return _Kind(solution.category, solution.market, solution.options)


class _Answer(NamedTuple):
    """How a gate is covered, and by Solutions of which kinds; their ids are still to be filled in."""

    covered: FeatureCoverage
    kinds: _Kinds
    past: _Kinds = frozenset()


class _Named:
    """The ids of the Solutions of each kind, put into answers; the same ids are one set."""

    def __init__(self, live: _Ids, past: _Ids) -> None:
        self._live = live
        self._past = past
        self._sets: dict[_Kinds, frozenset[str]] = {}

    def filled(self, answer: _Answer) -> FeatureCoverage:
        """Give the coverage that *answer* says, with its Solutions."""
        found = self._sets.get(answer.kinds)
        if found is None:
            found = self._sets[answer.kinds] = _ids(self._live, answer.kinds)
        past = _ids(self._past, answer.past) if answer.past else frozenset[str]()
        return replace(answer.covered, solutions=found, past=past)


def _ids(named: _Ids, kinds: _Kinds) -> frozenset[str]:
    return frozenset(key for kind in kinds for key in named[kind])


@lru_cache(maxsize=10_000)
def _answers(
    rules: CoverageRules, live: _Kinds, past: _Kinds, portal_option: str, market: str
) -> Mapping[Feature | Full, _Answer]:
    """Give how each gate is covered by Solutions of these kinds: the same for many customers."""
    answers: dict[Feature | Full, _Answer] = {}
    for feature in Feature:
        if feature in NEVER_GATED:
            answers[feature] = answers[Full(feature)] = _never_gated(feature, live)
            continue
        asked = _Question(rules, feature, portal_option, market)
        lingering = past if feature in LINGERING else frozenset[_Kind]()
        answers[feature] = asked.answer(live, lingering)
        answers[Full(feature)] = changed(asked, least=Level.FULL).answer(live, frozenset())
    return answers


@dataclass(frozen=True, slots=True)
class _Question:
    """How one feature is covered, for one customer, at the level *least* or more."""

    rules: CoverageRules
    feature: Feature
    portal_option: str
    market: str
    least: Level = Level.READ

    def answer(self, live: _Kinds, past: _Kinds) -> _Answer:
        """Give the state, level and reason for the kinds of the Solutions that are not terminated.

        Those of *past* that would cover it are named, and make it readable where no other does.
        """
        levels = {each: self._granted(each) for each in live}
        covering = frozenset(each for each, level in levels.items() if self._suffices(level))
        readable = frozenset(each for each in past if self._suffices(self._granted(each)))
        open_to = self._categories()
        if not covering and not readable:
            return _Answer(uncovered(self.feature, self._reason(live, open_to), open_to), frozenset())
        rest = live - covering
        whole = bool(covering) and not rest
        covered = FeatureCoverage(
            feature=self.feature,
            state=State.ALL if whole else State.SOME,
            level=self._lowest(levels[each] for each in covering),
            solutions=frozenset(),
            reason=None if whole else self._reason(rest, open_to) if rest else Reason.TERMINATED,
            covered_by=open_to,
        )
        return _Answer(covered, covering, readable)

    @staticmethod
    def _lowest(granted: Iterable[Level]) -> Level:
        levels = set(granted)
        return Level.READ if Level.READ in levels or not levels else Level.FULL

    def _suffices(self, level: Level) -> bool:
        """Tell whether a rule's level opens the feature far enough, OPTION and PAID once they are ordered."""
        return level is not Level.NONE and (self.least is Level.READ or level is not Level.READ)

    def _granted(self, solution: _Kind) -> Level:
        """Give NONE, READ or FULL: OPTION and PAID are FULL exactly if ordered."""
        level = self._level(solution, self.portal_option)
        if level in {Level.OPTION, Level.PAID}:
            return Level.FULL if self.feature.value in solution.options else Level.NONE
        return level

    def _level(self, solution: _Kind, portal_option: str) -> Level:
        return self.rules.level(self.feature, solution.category, solution.market, portal_option)

    def _categories(self) -> tuple[str, ...]:
        return tuple(
            sorted(
                each
                for each in CATEGORIES
                if self._suffices(self.rules.level(self.feature, each, self.market, self.portal_option))
            )
        )

    def _reason(self, uncovering: Collection[_Kind], open_to: Sequence[str]) -> Reason:
        present = {self._level(each, self.portal_option) for each in uncovering}
        bigger = {self._level(each, option) for each in uncovering for option in self._bigger_options()}
        if Level.OPTION in present:
            return Reason.OPTION
        if Level.PAID in present:
            return Reason.PAID
        if any(map(self._suffices, bigger)):
            return Reason.PORTAL_OPTION
        return Reason.NOT_ORDERED if open_to else Reason.NOT_OFFERED

    def _bigger_options(self) -> Sequence[str]:
        if self.portal_option not in PORTAL_OPTIONS:
            return ()
        return PORTAL_OPTIONS[PORTAL_OPTIONS.index(self.portal_option) + 1 :]


def _never_gated(feature: Feature, live: _Kinds) -> _Answer:
    covered = FeatureCoverage(
        feature=feature,
        state=State.ALL,
        level=Level.FULL,
        solutions=frozenset(),
        reason=None,
        covered_by=tuple(sorted(CATEGORIES)),
    )
    return _Answer(covered, live)
