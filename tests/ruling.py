"""Coverage rules that never change, as ``CoverageSnapshots`` takes them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from auth.rules import CoverageRules, load_rules


@dataclass(frozen=True)
class Fixed:
    """The same rules on every day."""

    rules: CoverageRules

    def at(self, day: date) -> CoverageRules:
        """Give them."""
        return self.rules


SHIPPED: Final = Fixed(load_rules())


async def shipped() -> Fixed:
    """Give the rules that the project comes with."""
    return SHIPPED
