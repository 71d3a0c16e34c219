"""Maintenance over TMF655, with a system behind it that tests save to."""

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from sources.http import Api
from sources.keys import CustomerCode, MaintenanceEventId
from sources.maintenance import ImpactLevel, MaintenanceEventRecord, Touch
from sources.maintenance.tmf import TmfMaintenance
from sources.placement import Place
from sources.table import Saved
from sources.tmf.settings import ThingSettings
from tests.fakes.maintenance import FakeMaintenance
from tests.tmf.calls import calling
from tests.tmf.changes import Named, change_json
from tests.tmf.estate import KnownEstate
from tests.tmf.server import GOOD, Habits, Json, TmfServer, serving
from tests.tmf.ticketing import parties

_ELSEWHERE: Final[Named] = ("PhysicalResource", "elsewhere", ImpactLevel.OUTAGE)
"""What an event that is not on the operator's network touches: a thing that nobody knows."""


class SavedMaintenance(TmfMaintenance):
    """``MaintenanceSource`` over a TMF server that holds the events that are saved here.

    In its ``estate`` things stand where the events that touch them were saved to say they do.
    """

    def __init__(self, api: Api, server: TmfServer, settings: ThingSettings) -> None:
        """Read from *api*, which calls *server*."""
        self.estate = KnownEstate()
        super().__init__(api, settings, parties, self.estate)
        self.server = server
        self._version = settings.version
        self._saved = FakeMaintenance()

    async def save_events(self, records: Iterable[MaintenanceEventRecord]) -> Saved:
        """Write events over those with the same customer and id."""
        saved = await self._saved.save_events(records)
        every = self._saved.event_shelf.records.values()
        things: list[Json] = []
        for each in every:
            named = [named_by(one) for one in each.touches] if each.on_network else [_ELSEWHERE]
            things.append(change_json(each, named, self._version, *await parties(each.customer)))
            if each.on_network:
                self._know(each.customer, each.touches)
        self.server.things["changeRequest"] = things
        return saved

    async def known(
        self, customer: CustomerCode, events: Collection[MaintenanceEventId]
    ) -> Mapping[MaintenanceEventId, MaintenanceEventRecord]:
        """Give what was saved."""
        return await self._saved.known(customer, events)

    def _know(self, customer: CustomerCode, touches: Iterable[Touch]) -> None:
        for each in touches:
            kind, own, _ = named_by(each)
            places = {
                "PhysicalResource": self.estate.of_components,
                "Product": self.estate.of_products,
                "GeographicSite": self.estate.of_locations,
            }[kind]
            places[customer, own] = Place(
                service_point=each.service_point,
                solution=each.solution,
                location=each.location,
                kind="PE_PORT" if each.component is not None else None,
            )


def named_by(touch: Touch) -> Named:
    """Give what *touch* is of: its component, its product, its location.

    There is a product for each Solution, location and service point that are touched together.
    """
    if touch.component is not None:
        return "PhysicalResource", touch.component, touch.level
    if touch.service_point is not None:
        product = f"{touch.solution or ''}/{touch.location or ''}/{touch.service_point}"
        return "Product", product, touch.level
    if touch.solution is not None:
        return "Product", f"{touch.solution}/{touch.location or ''}", touch.level
    return "GeographicSite", touch.location or "", touch.level


@asynccontextmanager
async def tmf_maintenance(settings: ThingSettings, habits: Habits = GOOD) -> AsyncGenerator[SavedMaintenance]:
    """Give maintenance over a server of its own."""
    async with serving(TmfServer(habits)) as server, calling(server.url, "maintenance") as api:
        yield SavedMaintenance(api, server, settings)
