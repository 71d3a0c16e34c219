"""What changed in a system, told to those who keep something that follows from it."""

from collections.abc import Sequence

import msgspec


class Changes(msgspec.Struct, frozen=True):
    """The keys of what changed, and the epoch up to which that is all."""

    epoch: int
    keys: Sequence[str] = ()
