"""Who and what is in the small world."""

from datetime import timedelta

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

SOLUTIONS = {
    "acme-global": {"S-VPN": "BUSINESS_VPN", "S-WAN": "SDWAN", "S-TALK": "BUSINESS_TALK"},
    "baker-retail": {"S-NET": "INTERNET_ACCESS", "S-MOB": "MOBILE"},
    "cobalt-lite": {"S-SIM": "MOBILE"},
}
"""What each customer ordered, by category."""

NAMES = {
    "BUSINESS_VPN": "Business VPN",
    "SDWAN": "Flexible SD-WAN",
    "BUSINESS_TALK": "Business Talk",
    "INTERNET_ACCESS": "Business Internet",
    "MOBILE": "Business Mobile",
}
"""What each Solution is called."""

CUSTOMERS = {
    "acme-global": (Market.INTL, PortalOption.PREMIUM),
    "baker-retail": (Market.FR, PortalOption.STANDARD),
    "cobalt-lite": (Market.FR, PortalOption.LITE),
}


async def populated() -> World:
    """Give the world with its three customers; each Solution has two of everything, billed to one account."""
    world = World()
    for code, (market, option) in CUSTOMERS.items():
        await world.ordering.save_customers(
            [CustomerRecord(customer=code, id=code, name=code.title(), market=market, portal_option=option)]
        )
        for number, (key, category) in enumerate(SOLUTIONS[code].items(), start=1):
            await _order(world, code, key, category, market, number)
            await _bill(world, code, key, number)
            await _trouble(world, code, key)
            await _maintain(world, code, key)
    return world


async def _order(world: World, code: str, key: str, category: str, market: Market, number: int) -> None:
    await world.ordering.save_solutions(
        [
            SolutionRecord(
                customer=code,
                id=key,
                name=NAMES[category],
                category=SolutionCategory(category),
                status=ProductStatus.ACTIVE,
                market=market,
                ordered_on=day(number),
            )
        ]
    )
    for site in (1, 2):
        await world.ordering.save_locations(
            [LocationRecord(customer=code, id=f"L-{site}", name=f"Site {site}", country="FR")]
        )
        await world.ordering.save_service_points(
            [
                ServicePointRecord(
                    customer=code,
                    id=f"{key}-P{site}",
                    name=f"Point {site}",
                    status=ProductStatus.ACTIVE,
                    solution=key,
                    location=f"L-{site}",
                    billing_account=f"A-{number}",
                    bandwidth=10_000_000_000,
                )
            ]
        )
        await world.inventory.save_components(
            [
                _component(code, key, site, f"{key}-C{site}", None),
                _component(code, key, site, f"{key}-X{site}", Exclusion.CORE_NETWORK),
            ]
        )


def _component(code: str, key: str, site: int, name: str, exclusion: Exclusion | None) -> ComponentRecord:
    return ComponentRecord(
        customer=code,
        id=name,
        kind=ComponentKind.PE_PORT,
        name=name.lower(),
        status=ComponentStatus.AVAILABLE,
        solution=key,
        service_point=f"{key}-P{site}",
        location=f"L-{site}",
        managed_by=ManagedBy.OPERATOR,
        addresses=(f"10.0.{site}.1",),
        updated_at=MORNING,
        exclusion=exclusion,
    )


async def _bill(world: World, code: str, key: str, number: int) -> None:
    await world.billing.save_billing_accounts(
        [
            BillingAccountRecord(
                customer=code,
                id=f"A-{number}",
                number=f"000{number}",
                name=f"Account {number}",
                status=BillingAccountStatus.ACTIVE,
                currency="EUR",
                solutions=(key,),
            )
        ]
    )
    invoice = BillingDocumentRecord(
        customer=code,
        id=f"I-{key}",
        number=f"2026-{number}",
        kind=BillingDocumentKind.INVOICE,
        status=BillingDocumentStatus.SENT,
        issued_on=day(number),
        account=f"A-{number}",
        currency="EUR",
        tax_included_minor=120_050,
        tax_excluded_minor=100_042,
        tax_minor=20_008,
        amount_due_minor=120_050,
        solutions=(key,),
    )
    credit = BillingDocumentRecord(
        customer=code,
        id=f"N-{key}",
        number=f"2026-{number}C",
        kind=BillingDocumentKind.CREDIT_NOTE,
        status=BillingDocumentStatus.SETTLED,
        issued_on=day(number + 10),
        account=f"A-{number}",
        currency="EUR",
        tax_included_minor=-1_200,
        corrects=f"I-{key}",
        solutions=(key,),
    )
    draft = BillingDocumentRecord(
        customer=code,
        id=f"D-{key}",
        number="draft",
        kind=BillingDocumentKind.INVOICE,
        status=BillingDocumentStatus.VALIDATED,
        issued_on=day(28),
        account=f"A-{number}",
        currency="EUR",
        tax_included_minor=1,
        solutions=(key,),
    )
    await world.billing.save_documents([invoice, credit, draft])
    await world.billing.save_lines(
        [
            InvoiceLineRecord(
                customer=code,
                id=f"I-{key}-{site}",
                document=f"I-{key}",
                position=site,
                label=f"Port at site {site}",
                kind=InvoiceLineKind.RECURRING,
                currency="EUR",
                tax_excluded_minor=50_021,
                service_point=f"{key}-P{site}",
                solution=key,
            )
            for site in (1, 2)
        ]
    )


async def _trouble(world: World, code: str, key: str) -> None:
    await world.ticketing.save_tickets(
        [
            TicketRecord(
                customer=code,
                id=f"T-{key}-{site}",
                reference=f"INC-{key}-{site}",
                title=f"Slow at site {site}",
                kind=TicketKind.INCIDENT,
                status=TicketStatus.IN_PROGRESS if site == 1 else TicketStatus.CLOSED,
                priority=TicketPriority.HIGH,
                severity=TicketSeverity.MODERATE,
                opened_by=TicketOpener.CUSTOMER,
                opened_at=MORNING + timedelta(hours=site),
                updated_at=MORNING + timedelta(days=site),
                solution=key,
                service_point=f"{key}-P{site}",
                component=f"{key}-C{site}",
                location=f"L-{site}",
            )
            for site in (1, 2)
        ]
    )
    await world.ticketing.save_notes(
        [
            TicketNoteRecord(
                customer=code,
                id=f"T-{key}-1-{number}",
                ticket=f"T-{key}-1",
                author="Service desk",
                written_at=MORNING + timedelta(hours=2, minutes=number),
                text=f"Note {number}",
            )
            for number in (2, 1)
        ]
    )


async def _maintain(world: World, code: str, key: str) -> None:
    for event, segment in (("M", NetworkSegment.OPERATOR_NETWORK), ("O", NetworkSegment.CPE)):
        impact = MaintenanceImpactRecord(
            customer=code,
            id=f"{event}-{key}-1",
            event=f"{event}-{key}",
            object_id=f"{key}-C1",
            component=f"{key}-C1",
            service_point=f"{key}-P1",
            location="L-1",
            solution=key,
            level=ImpactLevel.DEGRADED,
            segment=segment,
        )
        record = MaintenanceEventRecord(
            customer=code,
            id=f"{event}-{key}",
            reference=f"{event}W-{key}",
            kind=MaintenanceKind.PLANNED,
            status=MaintenanceStatus.CONFIRMED,
            title=f"Works on {key}",
            starts_at=MORNING + timedelta(days=20),
            ends_at=MORNING + timedelta(days=20, hours=4),
            announced_at=MORNING,
        )
        told = touching(record, [impact])
        await world.maintenance.save_events([told])
        await world.maintenance.save_impacts([impact])
        await world.maintenance.save_revisions(
            [
                MaintenanceRevisionRecord(
                    customer=code,
                    id=f"{event}-{key}-r1",
                    event=record.id,
                    sequence=1,
                    stamped_at=MORNING,
                    status=record.status,
                    starts_at=record.starts_at,
                    ends_at=record.ends_at,
                    on_network=told.on_network,
                    solutions=told.solutions,
                    locations=told.locations,
                )
            ]
        )
