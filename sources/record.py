"""What every row that a source gives has in common."""

from collections.abc import Mapping
from typing import ClassVar, TypeVar

import msgspec

from sources.condition import Asked, Condition
from sources.keys import CustomerCode
from sources.scope import Scope


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A row of one customer.

    ``paths`` says, for each extent of a Scope that bears on this kind of row, how the row is tied to it;
    ``shown`` are the conditions under which such a row may be shown to anybody (exclusions of the terms of
    use, 1.3; states that customers never see). Sources put both into what they ask, loaders check both on
    every row that comes back.
    """

    paths: ClassVar[Mapping[str, Condition]] = {}
    shown: ClassVar[tuple[Asked, ...]] = ()

    customer: CustomerCode
    id: str

    def within(self, scope: Scope) -> bool:
        """Tell whether this row may be given to an asker with *scope*; a path it lacks keeps it in."""
        return (
            self.customer == scope.customer
            and all(condition.holds(self, value) for condition, value in self.shown)
            and all(self.paths[name].holds(self, keys) for name, keys in scope.extents() if name in self.paths)
        )


R = TypeVar("R", bound=Record)
