"""On which line of a rules file something stands, which tomllib does not tell."""

import re
import tomllib
from collections.abc import Sequence
from functools import cached_property
from typing import Final

_HEADER: Final = re.compile(r"""\s*\[\[\s*(rule|"rule"|'rule')\s*\]\]""")


class RuleLines:
    """The lines, from 1, of a text that is TOML."""

    def __init__(self, text: str) -> None:
        """Look into *text*."""
        self._lines = text.split("\n")

    @property
    def count(self) -> int:
        """How many ``[[rule]]`` tables there are."""
        return len(self._headers)

    def of_rule(self, number: int) -> int:
        """Give the line of the ``[[rule]]`` with that *number*, from 0."""
        return self._headers[number] + 1

    def of_key(self, number: int, key: str) -> int:
        """Give the line of *key* in that rule, or that of the rule where the key does not stand there."""
        begin = self._headers[number]
        end = self._headers[number + 1] if number + 1 < self.count else len(self._lines)
        found = _places(_key(key), self._lines[begin:end])
        return begin + found[0] + 1 if found else begin + 1

    def of_top(self, key: str) -> int:
        """Give the line of the first key or table that is called *key* and stands in no rule."""
        ahead = self._headers[0] if self._headers else len(self._lines)
        keys = _places(_key(key), self._lines[:ahead])
        tables = _places(re.compile(rf"""\s*\[\[?\s*["']?{re.escape(key)}["']?\s*[.\]]"""), self._lines)
        return next(iter([*keys, *tables]), 0) + 1

    @cached_property
    def _headers(self) -> Sequence[int]:
        return _places(_HEADER, self._lines)


def _key(key: str) -> re.Pattern[str]:
    """Give what a line begins with that sets *key*, or opens the table of that name."""
    return re.compile(rf"""\s*(\[\[?\s*(rule\s*\.\s*)?)?["']?{re.escape(key)}["']?\s*[=.\]]""")


def _places(pattern: re.Pattern[str], lines: Sequence[str]) -> Sequence[int]:
    """Give the lines that begin with *pattern* and do not stand inside a text or a list of several lines.

    A line begins something of its own exactly if the lines since the last one that did are whole TOML.
    """
    found: list[int] = []
    begin = 0
    for number, line in enumerate(lines):
        if pattern.match(line) and _is_toml("".join(f"{each}\n" for each in lines[begin:number])):
            found.append(number)
            begin = number
    return found


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True
