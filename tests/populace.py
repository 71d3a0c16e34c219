"""Who and what is in the small world."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sources.billing import (
    BillingAccountRecord,
    BillingAccountStatus,
    BillingDocumentKind,
    BillingDocumentRecord,
    BillingDocumentStatus,
    InvoiceLineKind,
    InvoiceLineRecord,
)
from sources.inventory import ComponentKind, ComponentRecord, ComponentStatus, Exclusion, ManagedBy
from sources.keys import (
    BillingAccountId,
    BillingDocumentId,
    ComponentId,
    CustomerCode,
    InvoiceLineId,
    LocationId,
    MaintenanceEventId,
    MaintenanceImpactId,
    MaintenanceRevisionId,
    NoteId,
    ServicePointId,
    SolutionId,
    TicketId,
)
from sources.maintenance import (
    ImpactLevel,
    MaintenanceEventRecord,
    MaintenanceImpactRecord,
    MaintenanceKind,
    MaintenanceRevisionRecord,
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
    ServicePointRecord,
    SolutionCategory,
    SolutionRecord,
)
from sources.ticketing import (
    TicketKind,
    TicketNoteRecord,
    TicketOpener,
    TicketPriority,
    TicketRecord,
    TicketSeverity,
    TicketStatus,
)
from tests.world import MORNING, World, day

SOLUTIONS: Final[Mapping[str, Mapping[str, SolutionCategory]]] = {
    "acme-global": {
        "S-VPN": SolutionCategory.BUSINESS_VPN,
        "S-WAN": SolutionCategory.SDWAN,
        "S-TALK": SolutionCategory.BUSINESS_TALK,
    },
    "baker-retail": {"S-NET": SolutionCategory.INTERNET_ACCESS, "S-MOB": SolutionCategory.MOBILE},
    "cobalt-lite": {"S-SIM": SolutionCategory.MOBILE},
}
"""What each customer ordered, by category."""

NAMES: Final = {
    SolutionCategory.BUSINESS_VPN: "Business VPN",
    SolutionCategory.SDWAN: "Flexible SD-WAN",
    SolutionCategory.BUSINESS_TALK: "Business Talk",
    SolutionCategory.INTERNET_ACCESS: "Business Internet",
    SolutionCategory.MOBILE: "Business Mobile",
}
"""What each Solution is called."""

CUSTOMERS: Final = {
    "acme-global": (Market.INTL, PortalOption.PREMIUM),
    "baker-retail": (Market.FR, PortalOption.STANDARD),
    "cobalt-lite": (Market.FR, PortalOption.LITE),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One Solution, the *number* th of its customer, and the keys of what belongs to it."""

    customer: CustomerCode
    solution: SolutionId
    number: int

    @property
    def account(self) -> BillingAccountId:
        """The account that it is billed to."""
        return BillingAccountId(f"A-{self.number}")

    @property
    def invoice(self) -> BillingDocumentId:
        """The one invoice that was sent."""
        return BillingDocumentId(f"I-{self.solution}")

    def service_point(self, site: int) -> ServicePointId:
        """Give the key of the service point at a site."""
        return ServicePointId(f"{self.solution}-P{site}")

    def component(self, site: int) -> ComponentId:
        """Give the key of the component at a site that may be shown."""
        return ComponentId(f"{self.solution}-C{site}")

    def ticket(self, site: int) -> TicketId:
        """Give the key of the ticket about a site."""
        return TicketId(f"T-{self.solution}-{site}")


def site_key(site: int) -> LocationId:
    """Give the key of a site, the same for every Solution of a customer."""
    return LocationId(f"L-{site}")


async def populated() -> World:
    """Give the world with its three customers.

    Each Solution has two of everything, billed to one account.
    """
    world = World()
    for code, (market, option) in CUSTOMERS.items():
        customer = CustomerCode(code)
        await world.ordering.save_customers(
            [
                CustomerRecord(
                    customer=customer, id=code, name=code.title(), market=market, portal_option=option
                )
            ]
        )
        for number, (key, category) in enumerate(SOLUTIONS[code].items(), start=1):
            part = Part(customer, SolutionId(key), number)
            await world.ordering.save_solutions([_solution(part, category, market)])
            await _deliver(world, part)
            await _bill(world, part)
            await _trouble(world, part)
            await _maintain(world, part, "M", NetworkSegment.OPERATOR_NETWORK)
            await _maintain(world, part, "O", NetworkSegment.CPE)
    return world


def _solution(part: Part, category: SolutionCategory, market: Market) -> SolutionRecord:
    return SolutionRecord(
        customer=part.customer,
        id=part.solution,
        name=NAMES[category],
        category=category,
        status=ProductStatus.ACTIVE,
        market=market,
        ordered_on=day(part.number),
    )


async def _deliver(world: World, part: Part) -> None:
    for site in (1, 2):
        await world.ordering.save_locations(
            [LocationRecord(customer=part.customer, id=site_key(site), name=f"Site {site}", country="FR")]
        )
        await world.ordering.save_service_points([_service_point(part, site)])
        hidden = ComponentId(f"{part.solution}-X{site}")
        await world.inventory.save_components(
            [
                _component(part, site, part.component(site), None),
                _component(part, site, hidden, Exclusion.CORE_NETWORK),
            ]
        )


def _service_point(part: Part, site: int) -> ServicePointRecord:
    return ServicePointRecord(
        customer=part.customer,
        id=part.service_point(site),
        name=f"Point {site}",
        status=ProductStatus.ACTIVE,
        solution=part.solution,
        location=site_key(site),
        billing_account=part.account,
        bandwidth=10_000_000_000,
    )


def _component(part: Part, site: int, key: ComponentId, exclusion: Exclusion | None) -> ComponentRecord:
    return ComponentRecord(
        customer=part.customer,
        id=key,
        kind=ComponentKind.PE_PORT,
        name=key.lower(),
        status=ComponentStatus.AVAILABLE,
        solution=part.solution,
        service_point=part.service_point(site),
        location=site_key(site),
        managed_by=ManagedBy.OPERATOR,
        addresses=(f"10.0.{site}.1",),
        updated_at=MORNING,
        exclusion=exclusion,
    )


async def _bill(world: World, part: Part) -> None:
    await world.billing.save_billing_accounts(
        [
            BillingAccountRecord(
                customer=part.customer,
                id=part.account,
                number=f"000{part.number}",
                name=f"Account {part.number}",
                status=BillingAccountStatus.ACTIVE,
                currency="EUR",
                solutions=(part.solution,),
            )
        ]
    )
    await world.billing.save_documents([_invoice(part), _credit(part), _draft(part)])
    await world.billing.save_lines([_line(part, site) for site in (1, 2)])


def _invoice(part: Part) -> BillingDocumentRecord:
    return BillingDocumentRecord(
        customer=part.customer,
        id=part.invoice,
        number=f"2026-{part.number}",
        kind=BillingDocumentKind.INVOICE,
        status=BillingDocumentStatus.SENT,
        issued_on=day(part.number),
        account=part.account,
        currency="EUR",
        tax_included_minor=120_050,
        tax_excluded_minor=100_042,
        tax_minor=20_008,
        amount_due_minor=120_050,
        solutions=(part.solution,),
    )


def _credit(part: Part) -> BillingDocumentRecord:
    return BillingDocumentRecord(
        customer=part.customer,
        id=BillingDocumentId(f"N-{part.solution}"),
        number=f"2026-{part.number}C",
        kind=BillingDocumentKind.CREDIT_NOTE,
        status=BillingDocumentStatus.SETTLED,
        issued_on=day(part.number + 10),
        account=part.account,
        currency="EUR",
        tax_included_minor=-1_200,
        corrects=part.invoice,
        solutions=(part.solution,),
    )


def _draft(part: Part) -> BillingDocumentRecord:
    return BillingDocumentRecord(
        customer=part.customer,
        id=BillingDocumentId(f"D-{part.solution}"),
        number="draft",
        kind=BillingDocumentKind.INVOICE,
        status=BillingDocumentStatus.VALIDATED,
        issued_on=day(28),
        account=part.account,
        currency="EUR",
        tax_included_minor=1,
        solutions=(part.solution,),
    )


def _line(part: Part, site: int) -> InvoiceLineRecord:
    return InvoiceLineRecord(
        customer=part.customer,
        id=InvoiceLineId(f"{part.invoice}-{site}"),
        document=part.invoice,
        position=site,
        label=f"Port at site {site}",
        kind=InvoiceLineKind.RECURRING,
        currency="EUR",
        tax_excluded_minor=50_021,
        service_point=part.service_point(site),
        solution=part.solution,
    )


async def _trouble(world: World, part: Part) -> None:
    await world.ticketing.save_tickets([_ticket(part, site) for site in (1, 2)])
    await world.ticketing.save_notes(
        [
            TicketNoteRecord(
                customer=part.customer,
                id=NoteId(f"{part.ticket(1)}-{number}"),
                ticket=part.ticket(1),
                author="Service desk",
                written_at=MORNING + timedelta(hours=2, minutes=number),
                text=f"Note {number}",
            )
            for number in (2, 1)
        ]
    )


def _ticket(part: Part, site: int) -> TicketRecord:
    return TicketRecord(
        customer=part.customer,
        id=part.ticket(site),
        reference=f"INC-{part.solution}-{site}",
        title=f"Slow at site {site}",
        kind=TicketKind.INCIDENT,
        status=TicketStatus.IN_PROGRESS if site == 1 else TicketStatus.CLOSED,
        priority=TicketPriority.HIGH,
        severity=TicketSeverity.MODERATE,
        opened_by=TicketOpener.CUSTOMER,
        opened_at=MORNING + timedelta(hours=site),
        updated_at=MORNING + timedelta(days=site),
        solution=part.solution,
        service_point=part.service_point(site),
        component=part.component(site),
        location=site_key(site),
    )


async def _maintain(world: World, part: Part, letter: str, segment: NetworkSegment) -> None:
    event = MaintenanceEventRecord(
        customer=part.customer,
        id=MaintenanceEventId(f"{letter}-{part.solution}"),
        reference=f"{letter}W-{part.solution}",
        kind=MaintenanceKind.PLANNED,
        status=MaintenanceStatus.CONFIRMED,
        title=f"Works on {part.solution}",
        starts_at=MORNING + timedelta(days=20),
        ends_at=MORNING + timedelta(days=20, hours=4),
        announced_at=MORNING,
    )
    impact = _impact(part, event.id, segment)
    told = touching(event, [impact])
    await world.maintenance.save_events([told])
    await world.maintenance.save_impacts([impact])
    await world.maintenance.save_revisions([_revision(told)])


def _impact(part: Part, event: MaintenanceEventId, segment: NetworkSegment) -> MaintenanceImpactRecord:
    return MaintenanceImpactRecord(
        customer=part.customer,
        id=MaintenanceImpactId(f"{event}-1"),
        event=event,
        object_id=part.component(1),
        component=part.component(1),
        service_point=part.service_point(1),
        location=site_key(1),
        solution=part.solution,
        level=ImpactLevel.DEGRADED,
        segment=segment,
    )


def _revision(event: MaintenanceEventRecord) -> MaintenanceRevisionRecord:
    return MaintenanceRevisionRecord(
        customer=event.customer,
        id=MaintenanceRevisionId(f"{event.id}-r1"),
        event=event.id,
        sequence=1,
        stamped_at=MORNING,
        status=event.status,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        on_network=event.on_network,
        solutions=event.solutions,
        locations=event.locations,
    )
