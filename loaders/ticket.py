"""Tickets and their notes in batches."""

from loaders.loader import ListLoader, PageLoader, RecordLoader
from sources.scope import Scope
from sources.ticketing import TicketingSource


class TicketLoaders:
    """The tickets and their notes of one operation."""

    def __init__(self, ticketing: TicketingSource, scope: Scope) -> None:
        """Load from *ticketing* under *scope*."""
        self.by_id = RecordLoader(scope, ticketing.tickets)
        self.by_customer = PageLoader(scope, ticketing.tickets_by_customer)
        self.by_solution = PageLoader(scope, ticketing.tickets_by_solution)
        self.by_component = PageLoader(scope, ticketing.tickets_by_component)
        self.by_service_point = PageLoader(scope, ticketing.tickets_by_service_point)
        self.by_location = PageLoader(scope, ticketing.tickets_by_location)
        self.by_document = PageLoader(scope, ticketing.tickets_by_document)
        self.notes = ListLoader(scope, ticketing.notes_by_ticket)
