"""Things out of the body of an answer: what can be read, one by one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from sources.tmf import TmfError, decode, items

W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Things(Generic[W]):
    """What a body held: the things that can be read, and how many were sent."""

    rows: Sequence[W]
    sent: int


Reader: TypeAlias = Callable[[bytes], Things[W]]
"""Reads the things of a body; raises ``TmfError`` where it is no list of things, and no thing."""


def read_each(content: bytes, read: Callable[[Mapping[str, Any]], W]) -> Things[W]:
    """Give the things of *content*, each read by itself: one that is broken takes no other with it.

    One object is a list of one. Raises ``TmfError`` where it is neither, or one object that cannot be read:
    that is an error's text with the status of a success.
    """
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    several = items(content)
    if start not in {b"[", b"{"}:
        raise TmfError("neither a list nor an object")
    rows: list[W] = []
    for each in several:
        try:
            rows.append(read(decode(each)))
        except TmfError:
            if start == b"{":
                raise
    return Things(rows, len(several))
