"""What a password must be, by NIST SP 800-63B-4 section 3.1.1: long, and not easily guessed; nothing else."""

from collections.abc import Sequence
from typing import Final
from unicodedata import category, normalize

from zxcvbn import zxcvbn  # type: ignore[import-untyped] # it has no types

SHORTEST: Final = 15
"""How many characters a password has at least where it is the only factor."""
SHORTEST_WITH_SECOND_FACTOR: Final = 8
LONGEST: Final = 256
"""How many characters a password has at most; 800-63B-4 asks for 64 or more."""

_GUESSED: Final = 24
"""How many characters are looked at for being guessed: some that are made for it take seconds beyond that."""
_WEAKEST: Final = 3
"""The lowest score of zxcvbn that is taken: 10^8 guesses do not find it."""
_WEAKEST_WITH_SECOND_FACTOR: Final = 2
"""10^6 guesses: eight characters cannot give more, and a lock comes after three."""
_SERVICE: Final = "servicespace"


def normalized(password: str) -> str:
    """Give *password* in one of the ways that its characters can be written (NFC)."""
    return normalize("NFC", password)


def refusals(password: str, *, username: str, email: str, second_factor: bool = False) -> Sequence[str]:
    """Tell why *password* is refused and what to do, a sentence each; nothing where it is taken.

    Any characters will do, spaces too. *second_factor* is whether signing in needs one besides.
    """
    text = normalized(password)
    shortest = SHORTEST_WITH_SECOND_FACTOR if second_factor else SHORTEST
    if len(text) < shortest:
        return [
            f"The password is too short: use {shortest} characters or more. A few words with spaces will do."
        ]
    if len(text) > LONGEST:
        return [f"The password is too long: use {LONGEST} characters at the most."]
    if any(category(each) == "Cs" for each in text):
        return ["The password has a character that cannot be stored: type it anew without it."]
    known = [_SERVICE, username, email, *email.split("@")]
    if _is_guessed(text, known, _WEAKEST_WITH_SECOND_FACTOR if second_factor else _WEAKEST):
        return ["The password is easily guessed: use words that do not belong together, and not your name."]
    return []


def _is_guessed(text: str, known: Sequence[str], weakest: int) -> bool:
    """Tell whether *text* is common, or made of what is *known* of its owner."""
    bare = text.casefold()
    for each in sorted((one.casefold() for one in known if one), key=len, reverse=True):
        bare = bare.replace(each, "")
    if len(set(bare)) < 4:  # noqa: PLR2004 - "aaaa…", "abab…": zxcvbn is fooled by their length
        return True
    score: int = zxcvbn(text[:_GUESSED], user_inputs=list(known), max_length=_GUESSED)["score"]
    return score < weakest
