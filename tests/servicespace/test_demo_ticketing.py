"""The tickets of demo customers live by the rules."""

import json
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from servicespace.demo.lives import LONGEST, open_life, past_life
from servicespace.demo.plan import Plan
from sources.billing import AVAILABLE, BillingDocumentKind
from sources.ticketing import OPEN, TicketKind, TicketStatus
from tests.servicespace.made import MEDIUM, each_plan, made


@each_plan
def test_tickets_are_where_their_component_is(plan: Plan) -> None:
    found = made(plan)
    shown = {each.id: each for each in found.shown}

    about = [each.ticket for each in found.cases if each.ticket.component is not None]

    assert {each.kind for each in about} <= {TicketKind.INCIDENT, TicketKind.REQUEST, TicketKind.QUESTION}
    for ticket in about:
        assert ticket.component is not None
        component = shown[ticket.component]
        assert (ticket.solution, ticket.service_point, ticket.location) == (
            component.solution,
            component.service_point,
            component.location,
        )


@each_plan
def test_billing_queries_dispute_an_invoice_that_bills_their_service_point(plan: Plan) -> None:
    found = made(plan)
    billed = {each.document.id: {line.service_point for line in each.lines} for each in found.bills}
    documents = {each.document.id: each.document for each in found.bills}

    queries = [each.ticket for each in found.cases if each.ticket.kind is TicketKind.BILLING]

    assert len(queries) >= plan.profile.billing_queries_per_year * 2
    for ticket in queries:
        assert ticket.document is not None
        assert ticket.service_point is not None
        assert ticket.service_point in billed[ticket.document]
        assert documents[ticket.document].kind is BillingDocumentKind.INVOICE
        assert documents[ticket.document].status in AVAILABLE
        point = found.service_points[ticket.service_point]
        assert (ticket.solution, ticket.location) == (point.solution, point.location)


@each_plan
def test_has_as_many_tickets_as_its_profile_says(plan: Plan) -> None:
    tickets = [each.ticket for each in made(plan).cases]
    profile = plan.profile

    assert len(tickets) == 2 * (profile.tickets_per_year + profile.billing_queries_per_year)
    assert sum(each.open for each in tickets) == profile.open_tickets
    assert len({each.reference for each in tickets}) == len(tickets)


@each_plan
def test_times_of_a_ticket_follow_its_state(plan: Plan) -> None:
    for ticket in (each.ticket for each in made(plan).cases):
        assert ticket.opened_at <= ticket.updated_at <= plan.now
        assert (ticket.closed_at is None) is (ticket.status in OPEN)
        assert ticket.closed_at in {None, ticket.updated_at}
        assert (ticket.resolved_at is not None) is (
            ticket.status in {TicketStatus.RESOLVED, TicketStatus.CLOSED}
        )
        assert ticket.resolved_at is None or ticket.opened_at < ticket.resolved_at <= ticket.updated_at


@each_plan
def test_notes_are_written_while_their_ticket_lives(plan: Plan) -> None:
    for case in made(plan).cases:
        ticket, written = case.ticket, [each.written_at for each in case.notes]
        assert written == sorted(written)
        assert ticket.opened_at <= written[0]
        assert written[-1] <= ticket.updated_at
        assert {(each.ticket, each.solution, each.location) for each in case.notes} == {
            (ticket.id, ticket.solution, ticket.location)
        }


def test_lives_go_by_the_life_cycle(shared_data: Path) -> None:
    machine = json.loads((shared_data / "statemachines.json").read_text())["troubleTicket"]
    edges = {(_name(start), _name(end)) for start, ends in machine["edges"].items() for end in ends}
    random = MEDIUM.random("lives")

    lives = [past_life(random, MEDIUM.now) for _ in range(500)] + [
        open_life(random, MEDIUM.now) for _ in range(500)
    ]

    walked = {(start[0].value, end[0].value) for life in lives for start, end in pairwise(life.steps)}
    assert walked <= edges
    assert {life.steps[0][0] for life in lives} == {TicketStatus.ACKNOWLEDGED}
    assert {life.status for life in lives} == set(TicketStatus) - {TicketStatus.UNKNOWN}


def test_lives_are_as_long_as_they_may_be() -> None:
    random = MEDIUM.random("lives")

    lives = [past_life(random, MEDIUM.now) for _ in range(2_000)]

    assert max(each.updated_at for each in lives) < MEDIUM.now + LONGEST


def test_an_outage_opens_many_tickets_in_ten_minutes() -> None:
    tickets = {each.ticket.id: each.ticket for each in made(MEDIUM).cases}

    parts = [each for each in tickets.values() if each.parent is not None]

    [head] = {each.parent for each in parts if each.parent is not None}
    assert len(parts) == 59
    assert all(
        timedelta() < each.opened_at - tickets[head].opened_at < timedelta(minutes=10) for each in parts
    )


def test_one_component_has_a_sixth_of_the_tickets() -> None:
    tickets = [each.ticket for each in made(MEDIUM).cases]

    (_, most), (_, next_most) = Counter(each.component for each in tickets if each.component).most_common(2)

    assert 290 <= most <= 320
    assert next_most < 15


def test_one_ticket_has_four_hundred_notes() -> None:
    counts = sorted((len(each.notes) for each in made(MEDIUM).cases), reverse=True)

    assert counts[0] == 400
    assert counts[1] < 100
    assert 6.5 <= sum(counts[1:]) / len(counts) <= 7.5


def _name(state: str) -> str:
    return "".join(f"_{each}" if each.isupper() else each.upper() for each in state)
