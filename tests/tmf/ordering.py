"""Ordering over TMF637 and TMF620, with a system behind it that tests save to."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager

from sources.http import Api
from sources.keys import CustomerCode
from sources.ordering import (
    CustomerRecord,
    LocationRecord,
    Market,
    PortalOption,
    ServicePointRecord,
    SolutionRecord,
)
from sources.ordering.tmf import Catalogue, TmfOrdering
from sources.table import Saved
from sources.tmf.settings import ThingSettings
from tests.fakes.ordering import FakeOrdering
from tests.tmf.calls import calling
from tests.tmf.products import offering, products
from tests.tmf.server import GOOD, Habits, TmfServer, serving
from tests.tmf.ticketing import parties


class SavedOrdering(TmfOrdering):
    """``OrderingSource`` over a TMF server that holds what is saved here.

    A customer is in the register from the moment that anything of it is saved, as INTL.
    """

    def __init__(self, api: Api, server: TmfServer, settings: ThingSettings) -> None:
        """Read from *api*, which calls *server*."""
        self._saved = FakeOrdering()
        super().__init__(api, settings, parties, self._saved, Catalogue(api, settings, parties))
        self.server = server
        self._version = settings.version

    async def save_customers(self, records: Iterable[CustomerRecord]) -> Saved:
        """Write customers over those with the same code."""
        return await self._saved.save_customers(records)

    async def save_locations(self, records: Iterable[LocationRecord]) -> Saved:
        """Write locations over those with the same customer and id."""
        return await self._saved.save_locations(records)

    async def save_solutions(self, records: Iterable[SolutionRecord]) -> Saved:
        """Write Solutions over those with the same customer and id."""
        saved = await self._saved.save_solutions(records)
        await self._send()
        return saved

    async def save_service_points(self, records: Iterable[ServicePointRecord]) -> Saved:
        """Write service points over those with the same customer and id."""
        saved = await self._saved.save_service_points(records)
        await self._send()
        return saved

    async def _send(self) -> None:
        solutions = list(self._saved.solution_shelf.records.values())
        service_points = list(self._saved.service_point_shelf.records.values())
        self.server.things["productOffering"] = [offering(each) for each in solutions]
        self.server.things["product"] = []
        for customer in sorted({each.customer for each in [*solutions, *service_points]}):
            await self._register_customer(customer)
            self.server.things["product"] = [
                *self.server.things["product"],
                *products(
                    [each for each in solutions if each.customer == customer],
                    [each for each in service_points if each.customer == customer],
                    self._version,
                    *await parties(customer),
                ),
            ]

    async def _register_customer(self, customer: CustomerCode) -> None:
        if (customer, customer) not in self._saved.customer_shelf.records:
            record = CustomerRecord(
                customer=customer,
                id=customer,
                name=customer,
                market=Market.INTL,
                portal_option=PortalOption.STANDARD,
            )
            await self._saved.save_customers([record])


@asynccontextmanager
async def tmf_ordering(settings: ThingSettings, habits: Habits = GOOD) -> AsyncGenerator[SavedOrdering]:
    """Give ordering over a server of its own."""
    async with serving(TmfServer(habits)) as server, calling(server.url, "ordering") as api:
        yield SavedOrdering(api, server, settings)
