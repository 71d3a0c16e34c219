"""What a demo customer reported and asked: tickets through their life, and what was said about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from servicespace.demo.conversation import notes_of, title_of
from servicespace.demo.lives import LONGEST, Life, open_life, past_life
from servicespace.demo.ordering import Estate
from servicespace.demo.plan import Plan
from servicespace.demo.profiles import YEARS
from servicespace.demo.skew import around
from sources.inventory import ComponentRecord
from sources.keys import BillingDocumentId, ComponentId, LocationId, ServicePointId, SolutionId, TicketId
from sources.ticketing import (
    TicketImpact,
    TicketKind,
    TicketNoteRecord,
    TicketOpener,
    TicketPriority,
    TicketRecord,
    TicketSeverity,
)

Disputable: TypeAlias = tuple[BillingDocumentId, ServicePointId]
"""An invoice that the customer has, with a service point that is billed on it."""

_MANY_NOTES: Final = 400
"""How many notes the longest ticket has, in a customer that is not small."""
_STORM: Final = 300
"""How many tickets one outage opens at most."""


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket with its notes."""

    ticket: TicketRecord
    notes: Sequence[TicketNoteRecord]


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a ticket is about."""

    name: str
    solution: SolutionId | None
    service_point: ServicePointId | None
    location: LocationId | None
    component: ComponentId | None = None
    document: BillingDocumentId | None = None
    parent: TicketId | None = None


@dataclass(frozen=True, slots=True)
class _Gravity:
    """How bad it is, and in how many hours it should be over."""

    priority: TicketPriority
    severity: TicketSeverity
    impact: TicketImpact | None
    hours: int


_GRAVE: Final = _Gravity(TicketPriority.CRITICAL, TicketSeverity.EXTENSIVE, TicketImpact.DOWN, 4)
_LIGHT: Final = _Gravity(TicketPriority.LOW, TicketSeverity.MINOR, None, 72)
_GRAVITIES: Final = (
    _GRAVE,
    _Gravity(TicketPriority.HIGH, TicketSeverity.SIGNIFICANT, TicketImpact.INTERMITTENT, 8),
    _Gravity(TicketPriority.MEDIUM, TicketSeverity.MODERATE, TicketImpact.DEGRADED, 24),
    _LIGHT,
)
_REPORTED: Final = {
    TicketOpener.CUSTOMER: "Reported through the portal.",
    TicketOpener.OPERATOR: "Seen by our monitoring.",
}


def cases(
    plan: Plan,
    estate: Estate,
    components: Sequence[ComponentRecord],
    disputable: Sequence[Disputable],
) -> Iterator[Case]:
    """Give the tickets of two years with their notes: the open ones, those of one outage, then the others.

    One component has a sixth of all; the outage opens one in thirty within ten minutes; one ticket has 400
    notes. ``components`` are those that may be shown; billing queries are about ``disputable`` invoices.
    """
    desk = _Desk(plan, estate, components, disputable)
    total = plan.profile.tickets_per_year * YEARS
    storm = min(_STORM, max(3, total // 30))
    yield from desk.open_cases()
    yield from desk.outage(storm)
    for index in range(total - storm - plan.profile.open_tickets):
        yield desk.past_case(hot=index % 6 == 0, notes=_MANY_NOTES if index == 0 else None)
    for _ in range(plan.profile.billing_queries_per_year * YEARS if disputable else 0):
        yield desk.query(past_life(desk.random, desk.some_day()))


class _Desk:
    """The service desk of one customer: it numbers the tickets as they come."""

    def __init__(
        self,
        plan: Plan,
        estate: Estate,
        components: Sequence[ComponentRecord],
        disputable: Sequence[Disputable],
    ) -> None:
        self.random = plan.random("ticketing")
        self._plan = plan
        self._components = components
        self._hot = components[len(components) // 3]
        self._disputable = disputable
        self._service_points = {each.id: each for each in estate.service_points}
        self._number = 0

    def some_day(self) -> datetime:
        """Give a moment of the last two years, so long ago that what began then is over."""
        latest = LONGEST // timedelta(minutes=1)
        return self._plan.now - timedelta(minutes=self.random.randint(latest, YEARS * 365 * 1_440))

    def open_cases(self) -> Iterator[Case]:
        """Give the tickets that are not final; one in ten is about a bill."""
        for index in range(self._plan.profile.open_tickets):
            life = open_life(self.random, self._plan.now)
            if index % 10 == 9 and self._disputable:  # noqa: PLR2004 - one in ten
                yield self.query(life)
            else:
                yield self._about(self.random.choice(self._components), life)

    def past_case(self, *, hot: bool, notes: int | None) -> Case:
        """Give a ticket that is over, with at most *notes* notes where that is given."""
        component = self._hot if hot else self.random.choice(self._components)
        most = None if notes is None else min(notes, self._plan.profile.tickets_per_year)
        return self._about(component, past_life(self.random, self.some_day()), most)

    def outage(self, count: int) -> Iterator[Case]:
        """Give *count* tickets of ten minutes: the operator's own, and those that are part of it."""
        life = past_life(self.random, self.some_day(), solved=True)
        subject = _subject(self._hot)
        head = self._case(subject, TicketKind.INCIDENT, _GRAVE, life, opener=TicketOpener.OPERATOR)
        yield head
        for _ in range(count - 1):
            felt = life.later(self.random.randint(1, 599))
            subject = replace(_subject(self.random.choice(self._components)), parent=head.ticket.id)
            yield self._case(subject, TicketKind.INCIDENT, _GRAVE, felt)

    def query(self, life: Life) -> Case:
        """Give a question about a bill, and about a service point on it."""
        document, key = self.random.choice(self._disputable)
        billed = self._service_points[key]
        subject = _Subject(billed.name, billed.solution, key, billed.location, document=document)
        return self._case(subject, TicketKind.BILLING, _LIGHT, life)

    def _about(self, component: ComponentRecord, life: Life, notes: int | None = None) -> Case:
        kinds = (TicketKind.INCIDENT, TicketKind.REQUEST, TicketKind.QUESTION)
        kind = self.random.choices(kinds, (82, 13, 5))[0]
        gravity = (
            self.random.choices(_GRAVITIES, (4, 18, 48, 30))[0] if kind is TicketKind.INCIDENT else _LIGHT
        )
        proactive = kind is TicketKind.INCIDENT and self.random.random() < 0.3  # noqa: PLR2004 - seen by the operator
        opener = TicketOpener.OPERATOR if proactive else TicketOpener.CUSTOMER
        return self._case(_subject(component), kind, gravity, life, opener=opener, notes=notes)

    def _case(
        self,
        subject: _Subject,
        kind: TicketKind,
        gravity: _Gravity,
        life: Life,
        *,
        opener: TicketOpener = TicketOpener.CUSTOMER,
        notes: int | None = None,
    ) -> Case:
        self._number += 1
        ticket = self._ticket(subject, kind, gravity, life, opener)
        count = around(self.random, self._plan.profile.updates_per_ticket) if notes is None else notes
        return Case(ticket, list(notes_of(self.random, ticket, count)))

    def _ticket(
        self, subject: _Subject, kind: TicketKind, gravity: _Gravity, life: Life, opener: TicketOpener
    ) -> TicketRecord:
        number, status = self._number, life.status
        return TicketRecord(
            customer=self._plan.code,
            id=TicketId(self._plan.key("TCK", number)),
            reference=f"{kind.value[:3]}{life.opened_at:%y}{number:07d}",
            external_id=f"{self._plan.customer.prefix}-DESK-{number * 7:06d}" if number % 4 == 0 else None,
            title=title_of(self.random, kind, gravity.impact, subject.name),
            description=_REPORTED[opener],
            kind=kind,
            raw_kind=kind.value.lower(),
            status=status,
            raw_status=_camel(status.value),
            priority=gravity.priority,
            raw_priority=gravity.priority.value.lower(),
            severity=gravity.severity,
            raw_severity=gravity.severity.value.lower(),
            impact=gravity.impact,
            raw_impact=gravity.impact.value.lower() if gravity.impact else None,
            opened_by=opener,
            opened_at=life.opened_at,
            updated_at=life.updated_at,
            expected_resolution_at=life.opened_at + timedelta(hours=gravity.hours),
            resolved_at=life.resolved_at,
            closed_at=life.closed_at,
            solution=subject.solution,
            service_point=subject.service_point,
            component=subject.component,
            location=subject.location,
            document=subject.document,
            parent=subject.parent,
        )


def _subject(component: ComponentRecord) -> _Subject:
    return _Subject(
        component.name,
        component.solution,
        component.service_point,
        component.location,
        component=component.id,
    )


def _camel(name: str) -> str:
    first, *rest = name.lower().split("_")
    return first + "".join(each.title() for each in rest)
