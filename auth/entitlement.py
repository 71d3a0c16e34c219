"""From what a customer ordered, by the rules, to what is covered (coverage.md "Vocabulary")."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from auth.coverage import Coverage, FeatureCoverage, Reason, State, epoch_of, uncovered
from auth.feature import NEVER_GATED, Feature, Full
from auth.rules import CATEGORIES, PORTAL_OPTIONS, CoverageRules, Level
from auth.standing import LINGERING, Grace, OrderedSolution, Standing


def coverage_of(standing: Standing) -> Coverage:
    """Give the coverage of the customer that stands so."""
    coverage = compute_coverage(
        standing.rules.at(standing.day),
        standing.ordered,
        standing.portal_option,
        standing.market,
        Grace(standing.day, standing.grace_months),
    )
    return changed(coverage, standing=standing)


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
    OPTION, PAID (at the present portal option), PORTAL_OPTION, NOT_ORDERED, NOT_OFFERED. It is TERMINATED
    where only Solutions of the past are left, and one of them would cover it.
    """
    live: _Ids = defaultdict(list)
    past: _Ids = defaultdict(list)
    ended: _Ids = defaultdict(list)
    for each in ordered:
        (ended if each.terminated else live)[_kind(each)].append(each.id)
        if each.terminated and grace is not None and grace.holds(each):
            past[_kind(each)].append(each.id)
    kinds = _Ordered(frozenset(live), frozenset(past), frozenset(ended))
    found = _answers(rules, kinds, portal_option, market)
    named = _Named(live, past)
    features = {each: named.filled(found[each]) for each in Feature}
    managed = {each: named.filled(found[Full(each)]) for each in Feature}
    over = _ids(ended, kinds.ended)
    epoch = epoch_of(((*features.values(), *managed.values()), sorted(over)))
    return Coverage(epoch, MappingProxyType(features), MappingProxyType(managed), over)


class _Kind(NamedTuple):
    """What coverage depends on in a Solution: what is equal in this is covered equally."""

    category: str
    market: str
    options: frozenset[str]


_Ids: TypeAlias = defaultdict[_Kind, list[str]]
_Kinds: TypeAlias = frozenset[_Kind]


def _kind(solution: OrderedSolution) -> _Kind:
    return _Kind(solution.category, solution.market, solution.options)


class _Ordered(NamedTuple):
    """The kinds of what is ordered: provided, in its time of grace, and no longer provided."""

    live: _Kinds
    past: _Kinds
    ended: _Kinds


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
    rules: CoverageRules, ordered: _Ordered, portal_option: str, market: str
) -> Mapping[Feature | Full, _Answer]:
    """Give how each gate is covered by Solutions of these kinds: the same for many customers."""
    answers: dict[Feature | Full, _Answer] = {}
    for feature in Feature:
        if feature in NEVER_GATED:
            answers[feature] = answers[Full(feature)] = _never_gated(feature, ordered.live)
            continue
        asked = _Question(rules, feature, portal_option, market)
        forgotten = ordered._replace(past=frozenset())
        answers[feature] = asked.answer(ordered if feature in LINGERING else forgotten)
        answers[Full(feature)] = changed(asked, least=Level.FULL).answer(forgotten)
    return answers


@dataclass(frozen=True, slots=True)
class _Question:
    """How one feature is covered, for one customer, at the level *least* or more."""

    rules: CoverageRules
    feature: Feature
    portal_option: str
    market: str
    least: Level = Level.READ

    def answer(self, ordered: _Ordered) -> _Answer:
        """Give the state, level and reason for the kinds of the Solutions that are not terminated.

        Those in their time of grace that would cover it are named, and make it readable where no other does.
        """
        covering, readable = self._open(ordered.live), self._open(ordered.past)
        open_to = self._categories()
        rest = ordered.live - covering
        whole = bool(covering) and not rest
        over = not ordered.live and bool(self._open(ordered.ended))
        reason = None if whole else Reason.TERMINATED if over else self._reason(rest, open_to)
        if reason is not None and not covering and not readable:
            return _Answer(uncovered(self.feature, reason, open_to), frozenset())
        covered = FeatureCoverage(
            feature=self.feature,
            state=State.ALL if whole else State.SOME,
            level=self._lowest(covering),
            solutions=frozenset(),
            reason=reason,
            covered_by=open_to,
        )
        return _Answer(covered, covering, readable)

    def _open(self, kinds: _Kinds) -> _Kinds:
        return frozenset(each for each in kinds if self._suffices(self._granted(each)))

    def _lowest(self, covering: _Kinds) -> Level:
        levels = {self._granted(each) for each in covering}
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
