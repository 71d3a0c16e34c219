"""How much of everything a customer has: the proportions of real ones, in five sizes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

ProfileName: TypeAlias = Literal["tiny", "small", "medium", "large", "extreme"]
"""The names of ``PROFILES``."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The volumes of one customer; ``impacts_per_maintenance`` and ``updates_per_ticket`` are means."""

    sites: int
    solutions: int
    service_points: int
    components: int
    billing_accounts: int
    invoices_per_month: int
    lines_per_invoice: int
    credit_notes_per_year: int
    billing_queries_per_year: int
    tickets_per_year: int
    open_tickets: int
    updates_per_ticket: int
    maintenance_per_year: int
    impacts_per_maintenance: float


YEARS: Final = 2
"""How many years of invoices, tickets and maintenance there are: what carriers' portals keep."""

PROFILES: Final[Mapping[ProfileName, Profile]] = MappingProxyType(
    {
        "tiny": Profile(
            sites=4,
            solutions=1,
            service_points=6,
            components=18,
            billing_accounts=1,
            invoices_per_month=1,
            lines_per_invoice=8,
            credit_notes_per_year=1,
            billing_queries_per_year=1,
            tickets_per_year=12,
            open_tickets=1,
            updates_per_ticket=3,
            maintenance_per_year=4,
            impacts_per_maintenance=1.2,
        ),
        "small": Profile(
            sites=12,
            solutions=3,
            service_points=20,
            components=60,
            billing_accounts=2,
            invoices_per_month=3,
            lines_per_invoice=25,
            credit_notes_per_year=3,
            billing_queries_per_year=4,
            tickets_per_year=60,
            open_tickets=2,
            updates_per_ticket=5,
            maintenance_per_year=20,
            impacts_per_maintenance=1.3,
        ),
        "medium": Profile(
            sites=150,
            solutions=6,
            service_points=330,
            components=1_200,
            billing_accounts=12,
            invoices_per_month=20,
            lines_per_invoice=150,
            credit_notes_per_year=40,
            billing_queries_per_year=60,
            tickets_per_year=900,
            open_tickets=25,
            updates_per_ticket=7,
            maintenance_per_year=250,
            impacts_per_maintenance=1.6,
        ),
        "large": Profile(
            sites=1_200,
            solutions=10,
            service_points=3_000,
            components=12_000,
            billing_accounts=90,
            invoices_per_month=180,
            lines_per_invoice=500,
            credit_notes_per_year=450,
            billing_queries_per_year=700,
            tickets_per_year=9_000,
            open_tickets=220,
            updates_per_ticket=9,
            maintenance_per_year=2_500,
            impacts_per_maintenance=2.0,
        ),
        "extreme": Profile(
            sites=15_000,
            solutions=14,
            service_points=45_000,
            components=200_000,
            billing_accounts=600,
            invoices_per_month=1_500,
            lines_per_invoice=1_500,
            credit_notes_per_year=5_000,
            billing_queries_per_year=6_000,
            tickets_per_year=90_000,
            open_tickets=2_500,
            updates_per_ticket=10,
            maintenance_per_year=15_000,
            impacts_per_maintenance=4.0,
        ),
    }
)
