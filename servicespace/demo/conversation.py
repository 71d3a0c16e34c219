"""What people write on demo tickets."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from random import Random
from types import MappingProxyType
from typing import Final

from servicespace.demo.names import CUSTOMER_PEOPLE, OPERATOR_PEOPLE
from sources.keys import NoteId
from sources.ticketing import TicketImpact, TicketKind, TicketNoteRecord, TicketRecord

_SYMPTOMS: Final[Mapping[TicketImpact | None, tuple[str, ...]]] = MappingProxyType(
    {
        TicketImpact.DOWN: ("no traffic", "site unreachable", "all calls fail", "link down"),
        TicketImpact.INTERMITTENT: (
            "flapping",
            "calls drop now and then",
            "reboots by itself",
            "BGP session unstable",
        ),
        TicketImpact.DEGRADED: ("high latency", "packet loss", "slow in the afternoon", "poor voice quality"),
        None: ("alarm in the portal", "question about the configuration", "LED is amber", "lost redundancy"),
    }
)
_ASKED: Final[Mapping[TicketKind, tuple[str, ...]]] = MappingProxyType(
    {
        TicketKind.REQUEST: ("add a static route", "change the contact on site", "send the configuration"),
        TicketKind.QUESTION: (
            "which bandwidth is guaranteed?",
            "when does support end?",
            "who may enter the room?",
        ),
        TicketKind.BILLING: (
            "billed after its disconnection",
            "rate differs from the contract",
            "credit for the outage is missing",
            "charged twice",
        ),
    }
)
_OPERATOR_SAYS: Final = (
    "We have taken up your ticket and started our checks.",
    "Remote tests are done: the line is in order up to the network termination.",
    "A technician is on the way; please make sure that somebody can open the technical room.",
    "The carrier confirms a fibre cut and expects the repair within four hours.",
    "The configuration was rolled back and is being watched.",
    "The card was replaced. Please confirm that all is well again.",
    "We are waiting for your answer before we go on.",
)
_CUSTOMER_SAYS: Final = (
    "Still the same here, please hurry: the shop cannot take cards.",
    "Works again, thank you! 👍",
    "The router was restarted on site, no change.",
    "On-site contact is reachable from 8 to 17, local time.",
    "Merci, c'est rétabli depuis 10 h.",
    "لا يزال الاتصال بطيئًا في المكتب.",
    "回線は復旧しました。ありがとうございます。",
)


def title_of(random: Random, kind: TicketKind, impact: TicketImpact | None, name: str) -> str:
    """Give the title of a ticket about what is called *name*."""
    return f"{name}: {random.choice(_SYMPTOMS[impact] if kind is TicketKind.INCIDENT else _ASKED[kind])}"


def notes_of(random: Random, ticket: TicketRecord, count: int) -> Iterator[TicketNoteRecord]:
    """Give *count* notes on *ticket*, oldest first, between its opening and its last change."""
    lived = int((ticket.updated_at - ticket.opened_at).total_seconds())
    for number, second in enumerate(sorted(random.randint(0, lived) for _ in range(count)), start=1):
        people, words = (
            (CUSTOMER_PEOPLE, _CUSTOMER_SAYS) if random.random() < 0.4 else (OPERATOR_PEOPLE, _OPERATOR_SAYS)  # noqa: PLR2004
        )
        yield TicketNoteRecord(
            customer=ticket.customer,
            id=NoteId(f"{ticket.id}-{number:03d}"),
            ticket=ticket.id,
            author=random.choice(people),
            written_at=ticket.opened_at + timedelta(seconds=second),
            text=random.choice(words),
            solution=ticket.solution,
            location=ticket.location,
        )
