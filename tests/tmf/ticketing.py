"""Ticketing over TMF621, with a system behind it that tests save to."""

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager

from sources.http import Api
from sources.keys import ComponentId, CustomerCode
from sources.placement import Place
from sources.table import Saved
from sources.ticketing import TicketNoteRecord, TicketRecord
from sources.ticketing.tmf import TmfTicketing
from sources.tmf.settings import ThingSettings, Version
from tests.fakes.ticketing import FakeTicketing
from tests.tmf.calls import calling
from tests.tmf.server import GOOD, Habits, TmfServer, serving
from tests.tmf.tickets import ticket_json


async def parties(customer: CustomerCode) -> frozenset[str]:
    """Give what every system of the tests calls a customer."""
    return frozenset({f"party of {customer}"})


class SavedTicketing(TmfTicketing):
    """``TicketingSource`` over a TMF server that holds what is saved here.

    It is the ``Placement`` too: a product is where the tickets about it were saved to be.
    """

    def __init__(self, api: Api, server: TmfServer, settings: ThingSettings) -> None:
        """Read from *api*, which calls *server*."""
        super().__init__(api, settings, parties, self)
        self.server = server
        self._version = settings.version
        self._saved = FakeTicketing()

    async def save_tickets(self, records: Iterable[TicketRecord]) -> Saved:
        """Write tickets over those with the same customer and id."""
        saved = await self._saved.save_tickets(records)
        await self._send()
        return saved

    async def save_notes(self, records: Iterable[TicketNoteRecord]) -> Saved:
        """Write notes that are new."""
        saved = await self._saved.save_notes(records)
        await self._send()
        return saved

    async def products(self, customer: CustomerCode, products: Collection[str]) -> Mapping[str, Place]:
        """Give the place of each product."""
        found: dict[str, Place] = {}
        for each in self._saved.ticket_shelf.records.values():
            if each.customer == customer and each.service_point in products:
                found[str(each.service_point)] = Place(
                    service_point=each.service_point, solution=each.solution
                )
            elif each.customer == customer and each.solution in products:
                found[str(each.solution)] = Place(solution=each.solution)
        return found

    async def components(
        self, customer: CustomerCode, components: Collection[ComponentId]
    ) -> Mapping[ComponentId, Place]:
        """Give the place of no component."""
        return {}

    async def _send(self) -> None:
        notes = self._saved.note_shelf.records.values()
        self.server.things["troubleTicket"] = [
            ticket_json(
                each,
                [one for one in notes if (one.customer, one.ticket) == (each.customer, each.id)],
                self._version,
                *await parties(each.customer),
            )
            for each in self._saved.ticket_shelf.records.values()
        ]


@asynccontextmanager
async def tmf_ticketing(settings: ThingSettings, habits: Habits = GOOD) -> AsyncGenerator[SavedTicketing]:
    """Give ticketing over a server of its own."""
    async with serving(TmfServer(habits)) as server, calling(server.url) as api:
        yield SavedTicketing(api, server, settings)


def tmf_version(kept_by: str) -> ThingSettings:
    """Give the settings of what ``tmf-v4`` or ``tmf-v5`` names."""
    return ThingSettings(version=Version(kept_by.removeprefix("tmf-")))
