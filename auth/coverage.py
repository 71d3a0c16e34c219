"""What a customer's ordered Solutions cover, feature by feature (coverage.md "Vocabulary")."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

from auth.feature import ALWAYS, NEVER_GATED, Feature, Gate
from auth.rules import CATEGORIES, PORTAL_OPTIONS, CoverageRules, Level


class OrderedSolution(msgspec.Struct, frozen=True, kw_only=True):
    """A Solution as far as coverage depends on it.

    ``options`` are the optional modules and paid lines ordered with it, each by the feature it opens.
    """

    id: str
    category: str
    market: str
    terminated: bool
    options: frozenset[str]


class State(Enum):
    """How many of a customer's Solutions cover a feature."""

    ALL = "ALL"
    SOME = "SOME"
    NONE = "NONE"


class Reason(Enum):
    """What stands between a customer and a feature that not all its Solutions cover."""

    NOT_ORDERED = "NOT_ORDERED"
    """A Solution of another category would cover it."""
    OPTION = "OPTION"
    """An optional module of an ordered Solution would cover it."""
    PAID = "PAID"
    """A paid line of an ordered Solution would cover it."""
    PORTAL_OPTION = "PORTAL_OPTION"
    """A bigger portal option would let an ordered Solution cover it, or let its module or paid line do so."""
    NOT_OFFERED = "NOT_OFFERED"
    """No Solution covers it in the customer's market under its portal option."""


class FeatureCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """How a customer's Solutions cover one feature."""

    feature: Gate
    """The feature; ALWAYS only in what ``Coverage.of`` gives for ALWAYS."""
    state: State
    level: Level
    """READ if any covering Solution gives no more, else FULL; NONE if none covers."""
    solutions: frozenset[str]
    """The ids of the covering Solutions."""
    reason: Reason | None
    """None exactly when the state is ALL."""
    covered_by: tuple[str, ...]
    """The categories whose Solutions cover it in the customer's market under its portal option, sorted.

    Those that do so only with their optional module or paid line are among them.
    """


_ALWAYS = FeatureCoverage(
    feature=ALWAYS, state=State.ALL, level=Level.FULL, solutions=frozenset(), reason=None, covered_by=()
)


@dataclass(frozen=True)
class Coverage:
    """What a customer's Solutions cover at one epoch; a feature that is not named is not covered."""

    epoch: int
    features: Mapping[Feature, FeatureCoverage]

    def of(self, gate: Gate) -> FeatureCoverage:
        """Give how *gate* is covered: wholly for ALWAYS, not at all for a feature that is not named."""
        if gate is ALWAYS:
            return _ALWAYS
        return self.features.get(gate) or _uncovered(gate, Reason.NOT_OFFERED, ())

    def state(self, gate: Gate) -> State:
        """Give how many of the customer's Solutions cover *gate*."""
        return self.of(gate).state

    @cached_property
    def closed(self) -> frozenset[Feature]:
        """The features that no Solution covers."""
        return frozenset(each for each in Feature if self.state(each) is State.NONE)

    @cached_property
    def partial(self) -> frozenset[Feature]:
        """The features that some Solutions cover and others do not."""
        return frozenset(each for each in Feature if self.state(each) is State.SOME)

    def covers(self, gate: Gate, solutions: Collection[str] | None) -> bool:
        """Tell whether *gate* is open for what belongs to *solutions* (ids; None if to none).

        Where only some Solutions cover it, one of *solutions* must be among them.
        """
        found = self.of(gate)
        if found.state is State.SOME:
            return solutions is not None and not found.solutions.isdisjoint(solutions)
        return found.state is State.ALL


def compute_coverage(
    rules: CoverageRules,
    ordered: Iterable[OrderedSolution],
    portal_option: str,
    market: str,
    epoch: int = 0,
) -> Coverage:
    """Give what the *ordered* Solutions cover under *portal_option*.

    Each Solution is judged in its own market; *market* is the customer's, in which it would order more.
    Terminated Solutions do not count. A feature is ALL if there is a Solution and every one covers it; the
    features that are never gated are always ALL.

    The reason is the nearest way out for the Solutions that do not cover, first that holds for one of them:
    OPTION, PAID (at the present portal option), PORTAL_OPTION, NOT_ORDERED, NOT_OFFERED.
    """
    live: defaultdict[_Kind, list[str]] = defaultdict(list)
    for each in ordered:
        if not each.terminated:
            live[_Kind(each.category, each.market, each.options)].append(each.id)
    features: dict[Feature, FeatureCoverage] = {}
    solutions: dict[_Kinds, frozenset[str]] = {}
    for feature, (covered, kinds) in _answers(rules, frozenset(live), portal_option, market).items():
        if kinds not in solutions:
            solutions[kinds] = frozenset(key for kind in kinds for key in live[kind])
        features[feature] = replace(covered, solutions=solutions[kinds])
    return Coverage(epoch, MappingProxyType(features))


class _Kind(NamedTuple):
    """What coverage depends on in a Solution: what is equal in this is covered equally."""

    category: str
    market: str
    options: frozenset[str]


_Kinds: TypeAlias = frozenset[_Kind]

_Answer: TypeAlias = tuple[FeatureCoverage, _Kinds]
"""How a feature is covered, and by Solutions of which kinds; their ids are still to be filled in."""


@lru_cache(maxsize=10_000)
def _answers(
    rules: CoverageRules, live: _Kinds, portal_option: str, market: str
) -> Mapping[Feature, _Answer]:
    """Give how each feature is covered by Solutions of the kinds *live*: the same for many customers."""
    return {
        feature: _never_gated(feature, live)
        if feature in NEVER_GATED
        else _Question(rules, feature, portal_option, market).answer(live)
        for feature in Feature
    }


@dataclass(frozen=True, slots=True)
class _Question:
    """How one feature is covered, for one customer."""

    rules: CoverageRules
    feature: Feature
    portal_option: str
    market: str

    def answer(self, live: _Kinds) -> _Answer:
        """Give the state, level and reason for the kinds of the Solutions that are not terminated."""
        levels = {each: self._granted(each) for each in live}
        covering = frozenset(each for each, level in levels.items() if level is not Level.NONE)
        open_to = self._categories()
        if not covering:
            return _uncovered(self.feature, self._reason(live, open_to), open_to), frozenset()
        rest = live - covering
        covered = FeatureCoverage(
            feature=self.feature,
            state=State.SOME if rest else State.ALL,
            level=Level.READ if Level.READ in levels.values() else Level.FULL,
            solutions=frozenset(),
            reason=self._reason(rest, open_to) if rest else None,
            covered_by=open_to,
        )
        return covered, covering

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
                if self.rules.level(self.feature, each, self.market, self.portal_option) is not Level.NONE
            )
        )

    def _reason(self, uncovering: Collection[_Kind], open_to: Sequence[str]) -> Reason:
        present = {self._level(each, self.portal_option) for each in uncovering}
        bigger = {self._level(each, option) for each in uncovering for option in self._bigger_options()}
        if Level.OPTION in present:
            return Reason.OPTION
        if Level.PAID in present:
            return Reason.PAID
        if bigger - {Level.NONE}:
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
    return covered, live


def _uncovered(feature: Feature, reason: Reason, covered_by: tuple[str, ...]) -> FeatureCoverage:
    return FeatureCoverage(
        feature=feature,
        state=State.NONE,
        level=Level.NONE,
        solutions=frozenset(),
        reason=reason,
        covered_by=covered_by,
    )
