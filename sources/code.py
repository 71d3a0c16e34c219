"""Words of the systems' vocabularies."""

from enum import Enum


class Code(Enum):
    """One of a fixed set of words.

    Hashed by identity, as members are compared: Enum's own hash is a Python function, and the words of every
    row are looked up.
    """

    __hash__ = object.__hash__
