"""Where in a customer's estate the things stand that other systems name: asked by systems of one another."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import msgspec

from sources.keys import BillingAccountId, ComponentId, CustomerCode, LocationId, ServicePointId, SolutionId


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The service point, the Solution and the location of a thing, as far as they are known.

    ``kind`` is what a component is, as inventory names it (``PE_PORT``); None for all else.
    """

    service_point: ServicePointId | None = None
    solution: SolutionId | None = None
    location: LocationId | None = None
    kind: str | None = None


class Placement(Protocol):
    """What a system that knows only its own things may ask of the others.

    Each method takes the customer, then many keys, and gives a mapping; what is not known of that customer is
    left out. A failing system raises ``SourceError``.
    """

    async def products(self, customer: CustomerCode, products: Collection[str]) -> Mapping[str, Place]:
        """Give the place of each product: one that is a Solution has no service point."""
        ...

    async def components(
        self, customer: CustomerCode, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, Place]:
        """Give the place of each component; one that is shown to nobody is left out."""
        ...


class Estate(Placement, Protocol):
    """A placement that knows the customer's locations too."""

    async def locations(
        self, customer: CustomerCode, locations: Collection[LocationId]
    ) -> Mapping[LocationId, Place]:
        """Give the place of each location, which is itself: what is given is the customer's own."""
        ...


class BilledPlacement(Placement, Protocol):
    """What billing may ask of the others: the Solutions that an account bills are those of its products."""

    async def accounts(
        self, customer: CustomerCode, accounts: Collection[BillingAccountId]
    ) -> Mapping[BillingAccountId, Sequence[SolutionId]]:
        """Give the Solutions whose products are billed to each account, sorted."""
        ...

    async def of_solutions(
        self, customer: CustomerCode, solutions: Collection[SolutionId]
    ) -> Mapping[str, SolutionId]:
        """Give the Solution of each product that belongs to one of *solutions*, which are products too."""
        ...
