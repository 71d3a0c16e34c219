"""Maintenance over TMF655, with a system behind it that tests save to."""

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager

from sources.http import Api
from sources.keys import ComponentId, CustomerCode, MaintenanceEventId
from sources.maintenance import MaintenanceEventRecord, Touch
from sources.maintenance.tmf import TmfMaintenance
from sources.placement import Place
from sources.table import Saved
from sources.tmf.settings import ThingSettings
from tests.fakes.maintenance import FakeMaintenance
from tests.tmf.calls import calling
from tests.tmf.changes import change_json, named_by
from tests.tmf.estate import KnownEstate
from tests.tmf.server import GOOD, Habits, Json, TmfServer, serving
from tests.tmf.ticketing import parties

_ELSEWHERE = Touch(component=ComponentId("elsewhere"))
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
            touches = each.touches if each.on_network else [_ELSEWHERE]
            things.append(change_json(each, touches, self._version, *await parties(each.customer)))
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
            kind, own = named_by(each)
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


@asynccontextmanager
async def tmf_maintenance(settings: ThingSettings, habits: Habits = GOOD) -> AsyncGenerator[SavedMaintenance]:
    """Give maintenance over a server of its own."""
    async with serving(TmfServer(habits)) as server, calling(server.url, "maintenance") as api:
        yield SavedMaintenance(api, server, settings)
