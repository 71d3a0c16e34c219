"""The coverage rules over time: each holds in a period, and a book has them all, past and to come.

Days are UTC days: a rule valid from a day holds from its midnight UTC on.
"""

from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise, product
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from auth.feature import Feature
from auth.rules import CATEGORIES, MARKETS, PORTAL_OPTIONS, CoverageRule, CoverageRules, Level, load_rules


class Place(NamedTuple):
    """What a coverage rule is about: at any time a place has one level."""

    feature: Feature
    category: str
    market: str
    portal_option: str

    def __str__(self) -> str:
        """Give the place in words, its feature first."""
        return f"{self.feature.value}, {self.category}, {self.market}, {self.portal_option}"


class DatedRule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a Solution of *category*, in *market*, under *portal_option*, opens of *feature* in a period.

    ``valid_from`` is None for since ever; ``valid_to`` is the first day on which the rule no longer holds,
    None for no end.
    """

    feature: Feature
    category: str
    market: str
    portal_option: str
    level: Level
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def place(self) -> Place:
        """What the rule is about."""
        return Place(self.feature, self.category, self.market, self.portal_option)

    def holds(self, day: date) -> bool:
        """Tell whether *day* is in the rule's period."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


PLACES: Final[Mapping[Place, int]] = MappingProxyType(
    {
        Place(*each): number
        for number, each in enumerate(product(Feature, CATEGORIES, MARKETS, PORTAL_OPTIONS))
    }
)
"""Every place there is, with its number in the order of features, categories, markets, portal options."""

_KEPT: Final = 8
"""For how many periods between boundaries a book keeps the rules; nearly all days asked for are today."""


class RuleBook:
    """One version of the coverage rules, for all time; a place that it has no rule for is ``NONE``."""

    __slots__ = ("_made", "_timelines", "boundaries", "version")

    def __init__(self, version: int, rules: Iterable[DatedRule]) -> None:
        """Take the rules as they are now.

        Raises ``ValueError`` where there is no such place, or its periods do not follow one another without
        gap or overlap, or the last one ends.
        """
        found: defaultdict[Place, list[DatedRule]] = defaultdict(list)
        for rule in rules:
            found[rule.place].append(rule)
        if unknown := [place for place in found if place not in PLACES]:
            raise ValueError(f"there is no place {unknown[0]}")
        self.version: Final = version
        self._timelines: Final = {
            place: _in_turn(place, found[place]) for place in sorted(found, key=PLACES.__getitem__)
        }
        days = {day for rule in self.rules for day in (rule.valid_from, rule.valid_to) if day is not None}
        self.boundaries: Final = tuple(sorted(days))
        """The days on which any rule begins or ends, in ascending order."""
        self._made: Final[OrderedDict[int, CoverageRules]] = OrderedDict()

    @property
    def rules(self) -> Sequence[DatedRule]:
        """All rules, in the order of ``PLACES`` and of time."""
        return [rule for timeline in self._timelines.values() for rule in timeline]

    def at(self, day: date) -> CoverageRules:
        """Give the rules that hold on *day*: for all days between two boundaries the same object."""
        period = bisect_right(self.boundaries, day)
        if period not in self._made:
            self._made[period] = CoverageRules(
                CoverageRule(
                    feature=rule.feature,
                    category=rule.category,
                    market=rule.market,
                    portal_option=rule.portal_option,
                    level=rule.level,
                )
                for rule in self.rules
                if rule.holds(day)
            )
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(period)
        return self._made[period]

    def timeline(self, place: Place) -> Sequence[DatedRule]:
        """Give the rules of *place* from since ever on, in turn, no two neighbours of one level."""
        return _joined(place, self._timelines.get(place, ()))

    def changed(self, rules: Iterable[DatedRule]) -> "RuleBook":
        """Give the next version: this one, but for each place of *rules* what they say.

        They replace everything from the earliest of their own ``valid_from`` on; what held before stays.
        Raises ``ValueError`` as making a book does.
        """
        told: defaultdict[Place, list[DatedRule]] = defaultdict(list)
        for rule in rules:
            told[rule.place].append(rule)
        timelines = dict(self._timelines)
        for place, new in told.items():
            ordered = _in_turn(place, new)
            history = _before(timelines.get(place, ()), ordered[0].valid_from)
            timelines[place] = _joined(place, [*history, *ordered])
        return RuleBook(self.version + 1, (each for timeline in timelines.values() for each in timeline))

    def changed_from(self, before: "RuleBook") -> Sequence[Place]:
        """Give the places that are not the same, on some day, as in *before*; in the order of ``PLACES``."""
        return [place for place in PLACES if self.timeline(place) != before.timeline(place)]


def shipped_book() -> RuleBook:
    """Give version 1: the tables shipped with the project, valid since ever.

    Raises ``CoverageRulesError`` where they are wrong.
    """
    rules = load_rules()
    return RuleBook(1, (_since_ever(place, rules.level(*place)) for place in PLACES))


def _since_ever(place: Place, level: Level) -> DatedRule:
    return DatedRule(
        feature=place.feature,
        category=place.category,
        market=place.market,
        portal_option=place.portal_option,
        level=level,
    )


def _sorted(rules: Iterable[DatedRule]) -> list[DatedRule]:
    return sorted(rules, key=_begins)


def _begins(rule: DatedRule) -> tuple[bool, date]:
    return rule.valid_from is not None, rule.valid_from or date.min


def _in_turn(place: Place, rules: Collection[DatedRule]) -> Sequence[DatedRule]:
    """Give the rules of *place* in the order of time; raises ``ValueError`` for a gap, overlap or end."""
    ordered = _sorted(rules)
    for rule in ordered:
        if rule.valid_from is not None and rule.valid_to is not None and rule.valid_to <= rule.valid_from:
            raise ValueError(f"{place}: {rule.valid_to} is not after {rule.valid_from}")
    for rule, follower in pairwise(ordered):
        if rule.valid_to is None or rule.valid_to != follower.valid_from:
            raise ValueError(f"{place}: {follower.valid_from} does not follow {rule.valid_to}")
    if ordered[-1].valid_to is not None:
        raise ValueError(f"{place}: nothing follows {ordered[-1].valid_to}")
    return ordered


def _before(timeline: Iterable[DatedRule], day: date | None) -> Iterator[DatedRule]:
    """Give what held before *day*, cut off there."""
    for rule in timeline:
        if day is not None and (rule.valid_from is None or rule.valid_from < day):
            cut = rule.valid_to is None or rule.valid_to > day
            yield replace(rule, valid_to=day) if cut else rule


def _joined(place: Place, timeline: Iterable[DatedRule]) -> Sequence[DatedRule]:
    """Give *timeline* from since ever on, neighbours of one level made one."""
    joined = [_since_ever(place, Level.NONE)]
    for rule in timeline:
        last = joined.pop()
        if rule.valid_from is None:
            joined.append(rule)
        elif rule.level is last.level:
            joined.append(replace(last, valid_to=rule.valid_to))
        else:
            joined += [replace(last, valid_to=rule.valid_from), rule]
    return joined
