"""Coverage rules written as the file that ``auth.rule_file`` reads."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from auth.rule_book import DatedRule, Place, RuleBook
from auth.rule_change import Block, blocks
from auth.rules import CATEGORIES, MARKETS, PORTAL_OPTIONS


def as_toml(book: RuleBook, places: Iterable[Place], day: date, today: date) -> str:
    """Give the rules of *places* that hold on *day* or later, in few tables.

    Applied *today* it changes nothing: history is kept, and what holds since ever is said without a first
    day, which means from then on.
    """
    together: defaultdict[tuple[DatedRule, ...], list[Place]] = defaultdict(list)
    for place in places:
        periods = _from(book.timeline(place), day, today)
        together[tuple(_anywhere(rule) for rule in periods)].append(place)
    tables = [
        table
        for periods, named in together.items()
        for block in blocks(named)
        for rule in periods
        for table in ["\n".join(_table(block, rule))]
    ]
    begin = f"# The coverage rules of version {book.version} that hold on {day} or later.\n"
    return "\n".join([begin, *(f"{table}\n" for table in tables)])


def _from(timeline: Sequence[DatedRule], day: date, today: date) -> Sequence[DatedRule]:
    """Give the periods that end after *day*; one that is over *today* needs a first day to be said."""
    left = [rule for rule in timeline if rule.valid_to is None or rule.valid_to > day]
    first = left[0]
    if first.valid_from is None and first.valid_to is not None and first.valid_to <= today:
        return [replace(first, valid_from=day), *left[1:]]
    return left


def _anywhere(rule: DatedRule) -> DatedRule:
    """Give *rule* as if it were about one place of its feature, whichever that is."""
    return replace(rule, category=CATEGORIES[0], market=MARKETS[0], portal_option=PORTAL_OPTIONS[0])


def _table(block: Block, rule: DatedRule) -> Iterator[str]:
    yield "[[rule]]"
    yield f'feature = "{block.feature.value}"'
    yield from _list("categories", block.categories, CATEGORIES)
    yield from _list("markets", block.markets, MARKETS)
    yield from _list("portal_options", block.portal_options, PORTAL_OPTIONS)
    yield f'level = "{rule.level.value}"'
    if rule.valid_from is not None:
        yield f"valid_from = {rule.valid_from}"
    if rule.valid_to is not None:
        yield f"valid_to = {rule.valid_to}"


def _list(key: str, named: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    """Say which are named; nothing for all there are."""
    if tuple(named) != tuple(known):
        quoted = ", ".join(f'"{each}"' for each in named)
        yield f"{key} = [{quoted}]"
