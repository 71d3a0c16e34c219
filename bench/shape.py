"""How much data there is, and for whom."""

from dataclasses import dataclass
from typing import Final, NewType

from sources.keys import CustomerCode

VERSION: Final = 3
"""Goes up when the generator makes other data, so that kept data is made anew."""

Number = NewType("Number", int)
"""The place of a customer, from 0."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The rows of each customer, and how many customers there are.

    At full scale these are 200 customers with 50 Solutions each: 240,000 invoices, 300,000 components,
    400,000 tickets, 2,000 maintenance events with 60,000 impacts.
    """

    customers: int = 200
    solutions: int = 50
    locations: int = 40
    invoices_each: int = 24
    """Invoices of a Solution."""
    components_each: int = 30
    tickets_each: int = 40
    events: int = 10
    """Maintenance events of a customer."""
    impacts_each: int = 30
    """Impacts of an event, each on another Solution."""

    @property
    def database(self) -> str:
        """The name of the database that holds it."""
        return f"bench_{VERSION}_{self.customers}"

    def code(self, number: int) -> CustomerCode:
        """Give the code of a customer, which is its only User's name too."""
        return CustomerCode(f"bench-{number:03}")

    def codes(self) -> list[CustomerCode]:
        """Give the codes of all customers."""
        return [self.code(number) for number in range(self.customers)]


FULL: Final = Shape()


def scaled(scale: float) -> Shape:
    """Give a shape with *scale* times the customers, 8 at the least; each of them has as much as ever."""
    return Shape(customers=max(8, round(FULL.customers * scale)))
