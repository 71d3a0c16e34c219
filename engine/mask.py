"""What of a schema is closed to an operation: decided once, before it is planned."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum


class Opening(Enum):
    """How far a gate is open: to every parent, to some, to none."""

    ALL = "ALL"
    SOME = "SOME"
    NONE = "NONE"


@dataclass(frozen=True)
class Mask:
    """The gates that are not wholly open; two masks with the same gates are one.

    A plan is made for a mask: what is ``closed`` is not in it, fields behind ``partial`` gates ask ``admits``
    for each parent. Of what the partial gates hide that are ``silent`` nothing is told.
    """

    closed: frozenset[Hashable] = frozenset()
    partial: frozenset[Hashable] = frozenset()
    silent: frozenset[Hashable] = frozenset()

    def opening(self, gate: Hashable) -> Opening:
        """Tell how far *gate* is open; None always is."""
        if gate in self.closed:
            return Opening.NONE
        return Opening.SOME if gate in self.partial else Opening.ALL

    def projected(self, gates: frozenset[Hashable]) -> "Mask":
        """Give what this mask says of *gates*, and of no others."""
        return Mask(self.closed & gates, self.partial & gates, self.silent & gates)


Admits = Callable[[Hashable, object], bool]
"""Tells whether a gate that is open to some parents is open to this one."""


def admits_all(_gate: Hashable, _parent: object) -> bool:
    """Admit every parent."""
    return True
