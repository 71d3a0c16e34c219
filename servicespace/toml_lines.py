"""Where in a TOML file something is said: neither tomllib nor msgspec tells."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

Place: TypeAlias = Sequence[str | int]
"""The keys that lead to a value, and its numbers in lists, from 0."""

_PLACE: Final = re.compile(r" - at `\$(?P<place>[^`]*)`$")
_UNKNOWN: Final = re.compile(r"unknown field `(?P<name>[^`]*)`")
_STEP: Final = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


def line_of(text: str, place: Place) -> int | None:
    """Give the line of *text*, a valid TOML file, where what says *place* begins; None where nothing does.

    That is the first line whose end a parser has seen *place* at, so strings, comments and dotted keys are
    the parser's affair: whatever it cannot read yet goes on in the next line.
    """
    lines = text.split("\n")
    began = 1
    for number in range(1, len(lines) + 1):
        try:
            document = tomllib.loads("\n".join(lines[:number]) + "\n")
        except tomllib.TOMLDecodeError:
            continue
        if _holds(document, place):
            return began
        began = number + 1
    return None


def nearest_line(text: str, place: Place) -> int | None:
    """Give the line of *place*, or of what it would lie in; None where nothing on the way there is said."""
    for length in range(len(place), 0, -1):
        found = line_of(text, place[:length])
        if found is not None:
            return found
    return None


def place_of(message: str) -> Place:
    """Give the place that an error of msgspec tells of; an unknown field is the last step to it."""
    told = _PLACE.search(message)
    steps: list[str | int] = [
        int(number) if number else name for name, number in _STEP.findall(told["place"] if told else "")
    ]
    unknown = _UNKNOWN.search(message)
    return [*steps, unknown["name"]] if unknown else steps


def _holds(document: Mapping[str, Any], place: Place) -> bool:
    found: Any = document
    for step in place:
        if isinstance(found, str):
            return False  # whose letters have numbers, too
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True
