"""What every system gives of Solutions that are no longer provided: nothing, or only what is final."""

from collections.abc import Mapping
from typing import Any, Final, get_type_hints

import pytest
from msgspec.structs import replace

from loaders.operation import Systems
from sources.condition import AnyOf, Equal, Link, OneOf, Outside, OutsideUnless
from sources.keys import SolutionId
from sources.listing import Filter
from sources.record import Record, admitted
from sources.scope import Scope
from sources.ticketing import TicketStatus
from tests.sources.methods import METHODS, SOURCES, WHOLE, every_key, inner, listing, rows_of, whole_world
from tests.sources.tickets import ticket

SCOPES: Final = {
    "ended": replace(WHOLE, ended=frozenset({"S-VPN"})),
    "all ended": replace(WHOLE, ended=frozenset({"S-VPN", "S-WAN", "S-TALK"})),
    "settled": replace(WHOLE, settled=frozenset({"S-VPN"})),
    "both, and some covered": replace(
        WHOLE,
        solutions=frozenset({"S-VPN", "S-WAN"}),
        ended=frozenset({"S-WAN"}),
        settled=frozenset({"S-VPN"}),
    ),
}


@pytest.mark.parametrize(("system", "name"), METHODS)
async def test_gives_exactly_the_rows_that_are_within_the_scope(
    systems: Systems, system: str, name: str
) -> None:
    hints = get_type_hints(vars(SOURCES[system])[name])
    asked: list[Any] = [every_key(await whole_world())]
    if "listing" in hints:
        asked.append(listing(inner(hints["return"], Record), inner(hints["listing"], Filter)))
    ask = getattr(getattr(systems, system), name)

    whole = await ask(WHOLE, *asked)
    for named, scope in SCOPES.items():
        some = await ask(scope, *asked)
        fewer = await ask(replace(scope, columns={}), *asked)

        assert ids_of(some) == ids_of(whole, scope), named
        for rows in fewer.values():  # what was fetched is enough to verify
            assert admitted(list(rows_of(rows)), scope) == list(rows_of(rows))


def ids_of(found: Mapping[str, object], scope: Scope = WHOLE) -> dict[str, list[str]]:
    """Give the ids of the rows within *scope* under each key that has any."""
    ids = {key: [row.id for row in rows_of(rows) if row.within(scope)] for key, rows in found.items()}
    return {key: rows for key, rows in ids.items() if rows}


def test_what_ended_takes_its_rows_with_it_and_no_others() -> None:
    gone = replace(WHOLE, ended=frozenset({"S1"}))

    assert not ticket(WHOLE.customer, "T1", solution=SolutionId("S1")).within(gone)
    assert ticket(WHOLE.customer, "T1", solution=SolutionId("S2")).within(gone)
    assert ticket(WHOLE.customer, "T1").within(gone)


@pytest.mark.parametrize("status", TicketStatus)
def test_of_a_settled_solution_only_final_tickets_are_given(status: TicketStatus) -> None:
    settled = replace(WHOLE, settled=frozenset({"S1"}))
    final = {TicketStatus.CLOSED, TicketStatus.REJECTED, TicketStatus.CANCELLED}

    one = ticket(WHOLE.customer, "T1", solution=SolutionId("S1"), status=status)

    assert one.within(settled) is (status in final)


class Tied:
    """A row, as far as it is tied."""

    many: tuple[str, ...] = ()
    one: str | None = None
    done: bool = False


@pytest.mark.parametrize(
    ("many", "outside"), [((), True), (("a",), False), (("a", "b"), True), (("b",), True)]
)
def test_is_outside_with_one_tie_that_is(many: tuple[str, ...], *, outside: bool) -> None:
    row = Tied()
    row.many = many

    assert Outside(AnyOf("many", Link("t", "o", "c"))).holds(row, {"a"}) is outside


@pytest.mark.parametrize(
    ("one", "done", "given"),
    [(None, False, True), ("b", False, True), ("a", False, False), ("a", True, True)],
)
def test_is_outside_unless_it_is_final(one: str | None, *, done: bool, given: bool) -> None:
    row = Tied()
    row.one, row.done = one, done

    assert OutsideUnless(OneOf("one"), (Equal("done"), True)).holds(row, {"a"}) is given
