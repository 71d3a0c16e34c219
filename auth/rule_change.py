"""Coverage rules in few words: places taken together, and what differs between two books."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from auth.feature import Feature
from auth.rule_book import Place, RuleBook
from auth.rules import CATEGORIES, MARKETS, PORTAL_OPTIONS, Level


class Block(NamedTuple):
    """Places of one feature that can be told together: every category, market and option with every other."""

    feature: Feature
    categories: tuple[str, ...]
    markets: tuple[str, ...]
    portal_options: tuple[str, ...]


class Step(NamedTuple):
    """What changes in a period: the level *before* for the level *after*.

    ``since`` is None for since ever, ``until`` is the first day after it, None for no end.
    """

    since: date | None
    until: date | None
    before: Level
    after: Level


def blocks(places: Iterable[Place]) -> Sequence[Block]:
    """Give *places* in blocks, in the order of features; each place is in one of them."""
    sold: defaultdict[tuple[Feature, str, str], set[str]] = defaultdict(set)
    for place in places:
        sold[place.feature, place.market, place.portal_option].add(place.category)
    options: defaultdict[tuple[Feature, tuple[str, ...], str], set[str]] = defaultdict(set)
    for (feature, market, option), categories in sold.items():
        options[feature, _in_order(categories, CATEGORIES), market].add(option)
    markets: defaultdict[tuple[Feature, tuple[str, ...], tuple[str, ...]], set[str]] = defaultdict(set)
    for (feature, row, market), named in options.items():
        markets[feature, row, _in_order(named, PORTAL_OPTIONS)].add(market)
    found = [
        Block(feature, row, _in_order(named, MARKETS), portal_options)
        for (feature, row, portal_options), named in markets.items()
    ]
    order = list(Feature)
    return sorted(found, key=lambda block: order.index(block.feature))


def changes(before: RuleBook, after: RuleBook) -> Sequence[tuple[Block, Sequence[Step]]]:
    """Give what is not the same in *after* as in *before*, and when; where the same steps are, in blocks."""
    together: defaultdict[tuple[Feature, tuple[Step, ...]], list[Place]] = defaultdict(list)
    for place in after.changed_from(before):
        together[place.feature, _steps(before, after, place)].append(place)
    return [(block, steps) for (_, steps), places in together.items() for block in blocks(places)]


def _steps(before: RuleBook, after: RuleBook, place: Place) -> tuple[Step, ...]:
    """Give the periods in which *place* has not the same level in both books."""
    old, new = _levels(before, place), _levels(after, place)
    days = sorted({*old, *new}, key=_early)
    steps: list[Step] = []
    was, becomes = Level.NONE, Level.NONE
    for day, following in pairwise([*days, None]):
        was, becomes = old.get(day, was), new.get(day, becomes)
        if was is not becomes:
            steps.append(Step(day, following, was, becomes))
    return tuple(steps)


def _levels(book: RuleBook, place: Place) -> Mapping[date | None, Level]:
    """Give the levels of *place*, by the day from which on each holds."""
    return {rule.valid_from: rule.level for rule in book.timeline(place)}


def _early(day: date | None) -> date:
    return day or date.min


def _in_order(some: set[str], known: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in known if each in some)
