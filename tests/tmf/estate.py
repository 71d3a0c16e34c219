"""Where things stand, in memory: what the systems that know it say to those that do not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from sources.keys import ComponentId, CustomerCode, LocationId
from sources.placement import Place

Places: TypeAlias = dict[tuple[CustomerCode, str], Place]


@dataclass
class KnownEstate:
    """``Estate`` in memory that writes down what it was asked: ``products 2`` is a call for two."""

    of_products: Places = field(default_factory=Places)
    of_components: Places = field(default_factory=Places)
    of_locations: Places = field(default_factory=Places)
    lines: list[str] = field(default_factory=list[str])

    async def products(self, customer: CustomerCode, products: Collection[str]) -> Mapping[str, Place]:
        return self._found("products", self.of_products, customer, products)

    async def components(
        self, customer: CustomerCode, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, Place]:
        found = self._found("components", self.of_components, customer, components)
        return {ComponentId(key): place for key, place in found.items()}

    async def locations(
        self, customer: CustomerCode, locations: Collection[LocationId]
    ) -> Mapping[LocationId, Place]:
        found = self._found("locations", self.of_locations, customer, locations)
        return {LocationId(key): place for key, place in found.items()}

    def _found(
        self, what: str, places: Places, customer: CustomerCode, keys: Collection[str]
    ) -> dict[str, Place]:
        self.lines.append(f"{what} {len(set(keys))}")
        return {key: places[customer, key] for key in keys if (customer, key) in places}
