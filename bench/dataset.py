"""The made-up data of a customer: the same for the same number, whatever the scale."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final, TypeVar

from bench.shape import Shape
from sources.billing import (
    BillingAccountRecord,
    BillingAccountStatus,
    BillingDocumentKind,
    BillingDocumentRecord,
    BillingDocumentStatus,
)
from sources.inventory import ComponentKind, ComponentRecord, ComponentStatus, ManagedBy
from sources.keys import (
    BillingAccountId,
    BillingDocumentId,
    ComponentId,
    CustomerCode,
    LocationId,
    MaintenanceEventId,
    MaintenanceImpactId,
    SolutionId,
    TicketId,
)
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceKind,
    MaintenanceStatus,
    NetworkSegment,
)
from sources.maintenance.impact import touching
from sources.ordering import (
    CustomerRecord,
    LocationRecord,
    Market,
    PortalOption,
    ProductStatus,
    SolutionCategory,
    SolutionRecord,
)
from sources.ticketing import (
    TicketKind,
    TicketOpener,
    TicketPriority,
    TicketRecord,
    TicketSeverity,
    TicketStatus,
)

TODAY: Final = datetime(2026, 6, 1, tzinfo=UTC)
"""The end of all time spans; fixed, so that the data does not depend on the day it is made."""

COVERING: Final = (
    SolutionCategory.BUSINESS_VPN,
    SolutionCategory.INTERNET_ACCESS,
    SolutionCategory.SDWAN,
    SolutionCategory.ETHERNET,
    SolutionCategory.BUSINESS_TALK,
)
"""Categories that cover every feature of the dashboard under the PREMIUM option in the market INTL."""

UNCOVERING: Final = SolutionCategory.MOBILE
"""A category that covers all of them but maintenance."""

_SENT: Final = (
    BillingDocumentStatus.SENT,
    BillingDocumentStatus.PARTIALLY_PAID,
    BillingDocumentStatus.SETTLED,
)
_KINDS: Final = (
    ComponentKind.CE_ROUTER,
    ComponentKind.SWITCH,
    ComponentKind.FIREWALL,
    ComponentKind.ACCESS_LINE,
    ComponentKind.PE_PORT,
)
_TROUBLES: Final = (
    "Packet loss on the primary access",
    "Site unreachable since this morning",
    "Slow response of the hosted application",
    "Question about the last change request",
    "Voice quality poor at peak hours",
)
_CITIES: Final = ("Paris", "Lyon", "Madrid", "London", "Frankfurt", "Singapore", "Chicago", "Mumbai")

T = TypeVar("T")


class Estate:
    """All rows of one customer."""

    def __init__(self, shape: Shape, number: int) -> None:
        """Make the customer of that *number*."""
        self.shape = shape
        self.code: CustomerCode = shape.code(number)
        self._number = number
        self.solution_ids = [self._solution(place) for place in range(shape.solutions)]
        self.location_ids = [LocationId(f"L-{number:03}-{place:02}") for place in range(shape.locations)]
        self.account = BillingAccountId(f"A-{number:03}")

    def customers(self) -> Iterator[CustomerRecord]:
        """Give the customer itself."""
        yield CustomerRecord(
            customer=self.code,
            id=self.code,
            name=f"Customer {self._number:03}",
            market=Market.INTL,
            portal_option=PortalOption.PREMIUM,
        )

    def solutions(self) -> Iterator[SolutionRecord]:
        """Give the Solutions, all covering."""
        for place, key in enumerate(self.solution_ids):
            category = COVERING[place % len(COVERING)]
            yield SolutionRecord(
                customer=self.code,
                id=key,
                name=f"{category.value.replace('_', ' ').title()} {place:02}",
                category=category,
                status=ProductStatus.ACTIVE,
                market=Market.INTL,
                ordered_on=date(2020, 1, 1) + timedelta(days=37 * place),
            )

    def locations(self) -> Iterator[LocationRecord]:
        """Give the sites."""
        for place, key in enumerate(self.location_ids):
            city = _CITIES[place % len(_CITIES)]
            yield LocationRecord(customer=self.code, id=key, name=f"{city} site {place:02}", country="FR")

    def accounts(self) -> Iterator[BillingAccountRecord]:
        """Give the one account, to which all Solutions are billed."""
        yield BillingAccountRecord(
            customer=self.code,
            id=self.account,
            number=self.account,
            name=f"Account of {self.code}",
            status=BillingAccountStatus.ACTIVE,
            currency="EUR",
            solutions=tuple(self.solution_ids),
        )

    def invoices(self) -> Iterator[BillingDocumentRecord]:
        """Give a document a month for each Solution; one in ten is a credit note."""
        chance = self._chance("invoices")
        for place, solution in enumerate(self.solution_ids):
            for month in range(self.shape.invoices_each):
                total = chance.randrange(10_000, 900_000)
                credited = chance.randrange(10) == 0
                yield BillingDocumentRecord(
                    customer=self.code,
                    id=BillingDocumentId(f"D-{self._number:03}-{place:02}-{month:02}"),
                    number=f"F{self._number:03}{place:02}{month:02}",
                    kind=BillingDocumentKind.CREDIT_NOTE if credited else BillingDocumentKind.INVOICE,
                    status=chance.choice(_SENT),
                    issued_on=(TODAY - timedelta(days=30 * month + place % 28)).date(),
                    account=self.account,
                    currency="EUR",
                    tax_included_minor=-total if credited else total,
                    solutions=(solution,),
                )

    def components(self) -> Iterator[ComponentRecord]:
        """Give the components of each Solution."""
        chance = self._chance("components")
        for place, solution in enumerate(self.solution_ids):
            for item in range(self.shape.components_each):
                kind = _KINDS[item % len(_KINDS)]
                yield ComponentRecord(
                    customer=self.code,
                    id=ComponentId(f"C-{self._number:03}-{place:02}-{item:02}"),
                    kind=kind,
                    name=f"{kind.value.lower().replace('_', '-')}-{place:02}-{chance.randrange(10_000):04}",
                    status=chance.choice((ComponentStatus.AVAILABLE, ComponentStatus.ALARM)),
                    solution=solution,
                    location=chance.choice(self.location_ids),
                    managed_by=ManagedBy.OPERATOR,
                    updated_at=self._moment(chance),
                )

    def tickets(self) -> Iterator[TicketRecord]:
        """Give the tickets about each Solution."""
        chance = self._chance("tickets")
        for place, solution in enumerate(self.solution_ids):
            for item in range(self.shape.tickets_each):
                opened = self._moment(chance)
                yield TicketRecord(
                    customer=self.code,
                    id=TicketId(f"T-{self._number:03}-{place:02}-{item:02}"),
                    reference=f"INC{self._number:03}{place:02}{item:02}",
                    title=chance.choice(_TROUBLES),
                    kind=TicketKind.INCIDENT,
                    status=_any(chance, TicketStatus.IN_PROGRESS, TicketStatus.RESOLVED, TicketStatus.CLOSED),
                    priority=_any(chance, TicketPriority.HIGH, TicketPriority.MEDIUM, TicketPriority.LOW),
                    severity=TicketSeverity.MODERATE,
                    opened_by=TicketOpener.CUSTOMER,
                    opened_at=opened,
                    updated_at=opened + timedelta(hours=chance.randrange(1, 96)),
                    solution=solution,
                    location=chance.choice(self.location_ids),
                )

    def impacts(self) -> Iterator[MaintenanceImpactRecord]:
        """Give what the maintenance events do, each event to many Solutions."""
        for event in range(self.shape.events):
            yield from self._impacts(event)

    def events(self) -> Iterator[MaintenanceEventRecord]:
        """Give the maintenance events, each tied to what its impacts touch."""
        chance = self._chance("events")
        for event in range(self.shape.events):
            starts = self._moment(chance)
            made = MaintenanceEventRecord(
                customer=self.code,
                id=self._event(event),
                reference=f"CHG{self._number:03}{event:02}",
                kind=_any(chance, MaintenanceKind.PLANNED, MaintenanceKind.EXPEDITED),
                status=_any(chance, MaintenanceStatus.CONFIRMED, MaintenanceStatus.COMPLETED),
                title="Software upgrade of edge routers",
                starts_at=starts,
                ends_at=starts + timedelta(hours=4),
                announced_at=starts - timedelta(days=14),
            )
            yield touching(made, self._impacts(event))

    def _impacts(self, event: int) -> Sequence[MaintenanceImpactRecord]:
        chance = self._chance(f"impacts {event}")
        touched = chance.sample(self.solution_ids, self.shape.impacts_each)
        return [
            MaintenanceImpactRecord(
                customer=self.code,
                id=MaintenanceImpactId(f"I-{self._number:03}-{event:02}-{place:02}"),
                event=self._event(event),
                object_id=f"object-{place:02}",
                solution=solution,
                location=chance.choice(self.location_ids),
                level=ImpactLevel.OUTAGE,
                segment=NetworkSegment.OPERATOR_NETWORK,
            )
            for place, solution in enumerate(touched)
        ]

    def _solution(self, place: int) -> SolutionId:
        return SolutionId(f"S-{self._number:03}-{place:02}")

    def _event(self, place: int) -> MaintenanceEventId:
        return MaintenanceEventId(f"M-{self._number:03}-{place:02}")

    def _chance(self, subject: str) -> Random:
        return Random(f"{self._number} {subject}")  # noqa: S311 - made-up data, not a secret

    def _moment(self, chance: Random) -> datetime:
        """Give a whole second of the last two years."""
        return TODAY - timedelta(seconds=chance.randrange(2 * 365 * 86_400))


def _any(chance: Random, *choices: T) -> T:
    return chance.choice(choices)
