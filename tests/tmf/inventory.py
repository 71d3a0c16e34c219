"""Inventory over TMF639, with a system behind it that tests save to."""

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from msgspec.structs import replace

from sources.http import Api
from sources.inventory import ComponentKind, ComponentRecord, Exclusion
from sources.inventory.tmf import TmfInventory
from sources.keys import ComponentId, CustomerCode
from sources.placement import Place
from sources.table import Saved
from sources.tmf.settings import ThingSettings
from tests.fakes.inventory import FakeInventory
from tests.tmf.calls import calling
from tests.tmf.estate import KnownEstate
from tests.tmf.resources import resource_json
from tests.tmf.server import GOOD, Habits, TmfServer, serving
from tests.tmf.ticketing import parties

_ABOVE: Final = ComponentId("the router above")


class SavedInventory(TmfInventory):
    """``InventorySource`` over a TMF server that holds what is saved here.

    In its ``estate`` a product is where the components of it were saved to be.
    """

    def __init__(self, api: Api, server: TmfServer, settings: ThingSettings) -> None:
        """Read from *api*, which calls *server*."""
        self.estate = KnownEstate()
        super().__init__(api, settings, parties, self.estate)
        self.server = server
        self._version = settings.version
        self._saved = FakeInventory()

    async def save_components(self, records: Iterable[ComponentRecord]) -> Saved:
        """Write components over those with the same customer and id."""
        saved = await self._saved.save_components(records)
        every = self._saved.component_shelf.records.values()
        self.server.things["resource"] = [
            resource_json(thing, self._version, product_of(each), *await parties(each.customer))
            for each in every
            for thing in _with_router_above(each)
        ]
        for each in every:
            if product := product_of(each):
                place = Place(service_point=each.service_point, solution=each.solution)
                self.estate.of_products[each.customer, product] = place
        return saved

    async def known(
        self, customer: CustomerCode, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, ComponentRecord]:
        """Give what was saved."""
        return await self._saved.known(customer, components)

    async def known_by_external_id(
        self, customer: CustomerCode, external_ids: Collection[str]
    ) -> Sequence[ComponentRecord]:
        """Give what was saved."""
        return await self._saved.known_by_external_id(customer, external_ids)


def product_of(component: ComponentRecord) -> str | None:
    """Give the product of a component: one for each Solution and service point that components have."""
    if component.service_point is None:
        return component.solution
    return f"{component.solution or ''}/{component.service_point}"


@asynccontextmanager
async def tmf_inventory(settings: ThingSettings, habits: Habits = GOOD) -> AsyncGenerator[SavedInventory]:
    """Give inventory over a server of its own."""
    async with serving(TmfServer(habits)) as server, calling(server.url, "inventory") as api:
        yield SavedInventory(api, server, settings)


def _with_router_above(component: ComponentRecord) -> list[ComponentRecord]:
    """Give *component*, where it was saved as a cascaded router with the router that makes it one.

    That one is connected by dial, and so is never shown itself.
    """
    if component.exclusion is not Exclusion.CASCADED_ROUTER:
        return [component]
    above = replace(
        component,
        id=_ABOVE,
        parent=None,
        external_ids=(),
        kind=ComponentKind.CE_ROUTER,
        exclusion=Exclusion.DIAL,
    )
    return [replace(component, parent=_ABOVE), above]
