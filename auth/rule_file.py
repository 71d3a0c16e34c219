"""A file of coverage rules, as an operator writes it: TOML, one ``[[rule]]`` for many places."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise, product
from typing import Any, Final, NamedTuple, cast

from auth.feature import NEVER_GATED, Feature
from auth.rule_book import DatedRule, Place
from auth.rule_lines import RuleLines
from auth.rules import CATEGORIES, MARKETS, PORTAL_OPTIONS, CoverageRulesError, Level

_LISTS: Final[Mapping[str, Sequence[str]]] = {
    "categories": CATEGORIES,
    "markets": MARKETS,
    "portal_options": PORTAL_OPTIONS,
}
_KEYS: Final = ("feature", *_LISTS, "level", "valid_from", "valid_to")
_PLACE_IN_ERROR: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def parse_rules(name: str, content: bytes, today: date) -> Sequence[DatedRule]:
    """Give the rules of a file's *content*, one for each place; those that name no first day begin *today*.

    Raises ``CoverageRulesError``, with the file's *name*, the line and the reason, for anything that is not
    right: then none of it counts.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CoverageRulesError(name, content[: error.start].count(b"\n") + 1, "not UTF-8") from error
    return _Reading(name, text, today).rules()


class _Written(NamedTuple):
    """A rule for one place, and the number of the ``[[rule]]`` that says it."""

    rule: DatedRule
    number: int


class _Reading:
    """One file, being read."""

    def __init__(self, name: str, text: str, today: date) -> None:
        self._name = name
        self._text = text
        self._today = today
        self._lines = RuleLines(text)

    def rules(self) -> Sequence[DatedRule]:
        """Give the rules of all places."""
        tables = self._tables()
        by_place: defaultdict[Place, list[_Written]] = defaultdict(list)
        for number, table in enumerate(tables):
            for rule in self._expanded(number, table):
                by_place[rule.place].append(_Written(rule, number))
        for place, written in by_place.items():
            self._check_periods(place, sorted(written, key=_begins))
        return [each.rule for written in by_place.values() for each in written]

    def _tables(self) -> Sequence[Mapping[str, Any]]:
        """Give the ``[[rule]]`` tables as TOML has them."""
        content = self._toml()
        for key in content:
            if key != "rule":
                raise self._error(self._lines.of_top(key), f"unknown key {key!r}; write [[rule]] tables only")
        tables: list[dict[str, Any]] | dict[str, Any] = content.get("rule", [])
        if tables == []:
            raise self._error(1, "no rule; write at least one [[rule]] table")
        if not isinstance(tables, list) or len(tables) != self._lines.count:
            raise self._error(self._lines.of_top("rule"), "write every rule as a [[rule]] table of its own")
        return tables

    def _toml(self) -> Mapping[str, Any]:
        try:
            return tomllib.loads(self._text)
        except RecursionError as error:
            raise self._error(1, "not TOML: nested too deeply") from error
        except ValueError as error:  # tomllib's own, and Python's where a number has too many digits
            found = _PLACE_IN_ERROR.search(str(error))
            last = self._text.count("\n", 0, len(self._text.rstrip())) + 1
            line = int(found[1]) if found and found[1] else last
            raise self._error(line, f"not TOML: {_PLACE_IN_ERROR.sub('', str(error))}") from error

    def _expanded(self, number: int, table: Mapping[str, Any]) -> Iterator[DatedRule]:
        """Give the rules that a ``[[rule]]`` stands for."""
        for key in table:
            if key not in _KEYS:
                raise self._refused(number, key, f"unknown key {key!r}; one of {', '.join(_KEYS)}")
        feature = Feature[self._name_of(number, table, "feature", Feature.__members__)]
        level = Level[self._name_of(number, table, "level", Level.__members__)]
        if feature in NEVER_GATED and level is not Level.FULL:
            raise self._refused(number, "level", f"{feature.value} is never gated: its level must be FULL")
        valid_from = self._day(number, table, "valid_from") or self._today
        valid_to = self._day(number, table, "valid_to")
        if valid_to is not None and valid_to <= valid_from:
            told = "" if "valid_from" in table else " (today)"
            reason = f"valid_to {valid_to} is not after valid_from {valid_from}{told}"
            raise self._refused(number, "valid_to", reason)
        named = [self._several(number, table, key, known) for key, known in _LISTS.items()]
        for category, market, portal_option in product(*named):
            yield DatedRule(
                feature=feature,
                category=category,
                market=market,
                portal_option=portal_option,
                level=level,
                valid_from=valid_from,
                valid_to=valid_to,
            )

    def _name_of(self, number: int, table: Mapping[str, Any], key: str, known: Mapping[str, object]) -> str:
        if key not in table:
            raise self._refused(number, key, f"no {key}")
        return self._known(number, key, table[key], tuple(known), key)

    def _several(
        self, number: int, table: Mapping[str, Any], key: str, known: Sequence[str]
    ) -> Sequence[str]:
        if key not in table:
            return known
        given = table[key]
        if not isinstance(given, list):
            raise self._refused(number, key, f'{key} must be a list, as in ["{known[0]}"]')
        values = cast("list[object]", given)
        if not values:
            raise self._refused(number, key, f"{key} is empty; leave it out for all of them")
        what = {"categories": "category", "markets": "market", "portal_options": "portal option"}[key]
        names = [self._known(number, key, each, known, what) for each in values]
        if twice := [each for place, each in enumerate(names) if each in names[:place]]:
            raise self._refused(number, key, f"{twice[0]} stands twice in {key}")
        return names

    def _known(self, number: int, key: str, value: object, known: Sequence[str], what: str) -> str:
        if not isinstance(value, str):
            raise self._refused(number, key, f'{key} must have text, as in "{known[0]}"')
        if value not in known:
            raise self._refused(number, key, f"unknown {what} {value!r}; one of {', '.join(known)}")
        return value

    def _day(self, number: int, table: Mapping[str, Any], key: str) -> date | None:
        day = table.get(key)
        if key in table and (not isinstance(day, date) or isinstance(day, datetime)):
            reason = f"{key} must be a day, as in 2026-12-01: no quotation marks, no time"
            raise self._refused(number, key, reason)
        return day

    def _check_periods(self, place: Place, written: Sequence[_Written]) -> None:
        """Refuse periods of *place*, given by their first days, that do not follow one another for good."""
        for earlier, later in pairwise(written):
            self._check_follows(place, earlier, later)
        last = written[-1]
        if last.rule.valid_to is not None:
            reason = f"nothing follows valid_to {last.rule.valid_to} for {place}; say what holds from then on"
            raise self._refused(last.number, "valid_to", reason)

    def _check_follows(self, place: Place, earlier: _Written, later: _Written) -> None:
        ends, begins = earlier.rule.valid_to, later.rule.valid_from
        if ends is None or (begins is not None and begins < ends):
            first, second = sorted((earlier.number, later.number))
            line = self._lines.of_rule(first)
            raise self._error(self._lines.of_rule(second), f"overlaps the rule of line {line} for {place}")
        if ends != begins:
            reason = f"a gap: for {place} the next rule begins on {begins}, not on {ends}"
            raise self._refused(earlier.number, "valid_to", reason)

    def _refused(self, number: int, key: str, reason: str) -> CoverageRulesError:
        """Give the error for what *key* says in that ``[[rule]]``."""
        return self._error(self._lines.of_key(number, key), reason)

    def _error(self, line: int, reason: str) -> CoverageRulesError:
        return CoverageRulesError(self._name, line, reason)


def _begins(written: _Written) -> date:
    return written.rule.valid_from or date.min
