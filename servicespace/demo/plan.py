"""For whom demo data is made, how much of it, and from which seed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random
from typing import Final

from servicespace.demo.profiles import Profile
from sources.keys import CustomerCode
from sources.ordering import Market, PortalOption, SolutionCategory


@dataclass(frozen=True, slots=True)
class Offer:
    """A Solution that a customer orders; ``options`` are what it ordered with it, by feature name."""

    category: SolutionCategory
    name: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A customer to be made; ``prefix`` starts all its ids, so that no two customers share one.

    It orders as many Solutions as its profile says, its ``offers`` in turn. ``sites`` are what its sites are
    called after their city.
    """

    code: CustomerCode
    name: str
    prefix: str
    market: Market
    portal_option: PortalOption
    offers: tuple[Offer, ...]
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that demo data follows from: the same plan gives the same data, byte for byte."""

    customer: DemoCustomer
    profile: Profile
    seed: int
    today: date

    @property
    def code(self) -> CustomerCode:
        """The customer's code."""
        return self.customer.code

    @property
    def now(self) -> datetime:
        """The moment up to which things have happened: the start of today."""
        return datetime.combine(self.today, time(), UTC)

    def random(self, system: str) -> Random:
        """Give the chance of *system*: what one system draws does not change what another does."""
        return Random(f"{self.seed}/{self.code}/{system}")  # noqa: S311 - made-up data, no secret

    def key(self, kind: str, number: int) -> str:
        """Give the id of the thing of *kind* with *number*."""
        return f"{self.customer.prefix}-{kind}-{number:06d}"


SEED: Final = 20_240
"""The seed when none is named."""
