"""What a field is asked for, and for whom it is resolved."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import get_args

import msgspec
import pytest

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Feature, Gate
from resolvers.connection import encode
from resolvers.errors import BadUserInputError, CoverageRequiredError
from resolvers.node import NAMES, global_id
from schema import query
from schema.build import TYPES
from schema.field import Lists, is_open
from schema.input import NODE
from schema.invoice_line import INVOICE_LINES
from sources.billing import BillingDocumentRecord
from sources.keys import CustomerCode, SolutionId
from sources.listing import Listing, Page
from sources.maintenance import MaintenanceImpactRecord, MaintenanceRevisionRecord
from sources.money import Money
from sources.ordering import (
    Market,
    ProductStatus,
    SolutionCategory,
    SolutionFilter,
    SolutionOrder,
    SolutionRecord,
)
from sources.scope import Scope
from sources.ticketing import TicketNoteRecord
from tests.asking import ask, asked_by, covering
from tests.fakes.ordering import FakeOrdering
from tests.schema.coordinates import enums, fields, input_fields
from tests.sources.tickets import ticket
from tests.world import World, user

ACME = CustomerCode("acme")
LISTS = [*(each for each in vars(query).values() if isinstance(each, Lists)), INVOICE_LINES]
ANN = user(1, "ann", "acme")

RECORDS: Mapping[str, type] = {
    **{name: record for record, name in NAMES.items()},
    "Invoice": BillingDocumentRecord,
    "CreditNote": BillingDocumentRecord,
    "BillingDocument": BillingDocumentRecord,
    "TicketNote": TicketNoteRecord,
    "MaintenanceImpact": MaintenanceImpactRecord,
    "MaintenanceRevision": MaintenanceRevisionRecord,
    "Money": Money,
}
"""What each type's plain fields are read off."""


def solution(key: str) -> SolutionRecord:
    return SolutionRecord(
        customer=ACME,
        id=SolutionId(key),
        name=f"Solution {key}",
        category=SolutionCategory.SDWAN,
        status=ProductStatus.ACTIVE,
        market=Market.INTL,
        ordered_on=date(2026, 3, int(key[1:])),
    )


@pytest.fixture
async def world() -> World:
    """Give a world of three Solutions, a ticket about each."""
    made = World()
    await made.ordering.save_solutions([solution(key) for key in ("S1", "S2", "S3")])
    await made.ticketing.save_tickets(
        [
            ticket(ACME, f"T{number}", reference=f"T{number}", solution=SolutionId(f"S{number}"))
            for number in (1, 2, 3)
        ]
    )
    return made


async def told(
    world: World, text: str, coverage: Coverage | None = None
) -> list[tuple[type, dict[str, object]]]:
    """Give the mistakes that a query is told of, by kind."""
    found = await ask(asked_by(ANN, coverage, world), text)
    errors = [each.original_error for each in found.errors or ()]
    assert world.calls == []
    return [
        (type(each), dict(each.extensions))
        for each in errors
        if isinstance(each, BadUserInputError | CoverageRequiredError)
    ]


def test_every_plain_field_is_on_its_record() -> None:
    plain = [each for each in fields(TYPES) if each.parent.name in RECORDS and not each.declared.extensions]

    missing = [each for each in plain if not hasattr(RECORDS[each.parent.name], each.declared.python_name)]

    assert [each.coordinate for each in missing] == []


@pytest.mark.parametrize("lists", LISTS, ids=lambda each: each.filter.__name__)
def test_every_field_of_a_filter_is_asked_of_the_rows(lists: Lists) -> None:
    names = {
        each.declared.python_name for each in input_fields(TYPES) if each.parent.name == lists.filter.__name__
    }

    assert names != set()
    assert names - set(lists.rows.conditions) == set()
    assert names - set(lists.rows.__struct_fields__) == set()


def test_every_id_that_a_filter_takes_is_of_a_type_that_there_is() -> None:
    named = {
        each.coordinate: each.declared.metadata[NODE]
        for each in input_fields(TYPES)
        if "[ID!]" in str(each.definition.type)
    }

    assert {coordinate for coordinate, name in named.items() if name not in NAMES.values()} == set()


@pytest.mark.parametrize("lists", LISTS, ids=lambda each: each.order.__name__)
def test_every_order_sorts_by_a_column_that_is_never_empty(lists: Lists) -> None:
    columns = {each.name: each.type for each in msgspec.structs.fields(lists.record)}

    assert [each.name for each in lists.order if each.column not in columns] == []
    assert [each.name for each in lists.order if type(None) in get_args(columns[each.column])] == []
    assert lists.default in lists.order


def test_every_order_is_one_of_a_list() -> None:
    assert {each.name for each in enums(TYPES) if each.name.endswith("Order")} == {
        each.order.__name__ for each in LISTS
    }


def arguments(text: str) -> str:
    return f"{{ solutions({text}) {{ nodes {{ name }} }} }}"


@pytest.mark.parametrize(
    ("text", "path", "rule"),
    [
        ("first: 0", ["first"], "PAGE_SIZE"),
        ("last: 1000", ["last"], "PAGE_SIZE"),
        ("first: 1, last: 1", ["last"], "FIRST_OR_LAST"),
        ('after: "junk"', ["after"], "CURSOR"),
        ('filter: {ordered: {start: "2026-03-02", end: "2026-03-01"}}', ["filter", "ordered"], "RANGE"),
        (r'filter: {text: "\u0000"}', ["filter", "text"], "TEXT"),
    ],
)
async def test_refuses_arguments_that_break_a_rule_before_anybody_is_asked(
    world: World, text: str, path: list[str], rule: str
) -> None:
    assert await told(world, arguments(text)) == [(BadUserInputError, {"path": path, "rule": rule})]


async def test_refuses_a_filter_by_what_is_not_covered_before_anybody_is_asked(world: World) -> None:
    found = await told(
        world, '{ tickets(filter: {component: ["x"]}) { nodes { id } } }', covering(INCIDENTS=State.ALL)
    )

    assert found == [(CoverageRequiredError, {"feature": "INVENTORY", "path": ["filter", "component"]})]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("first: 2", ["Solution S1", "Solution S2"]),
        ("last: 2", ["Solution S2", "Solution S3"]),
        ("orderBy: ORDERED_ON_DESC, first: 1", ["Solution S3"]),
        ('filter: {text: "s2"}', ["Solution S2"]),
        ("filter: null", ["Solution S1", "Solution S2", "Solution S3"]),
        (f'first: 1, after: "{encode(SolutionOrder.NAME_ASC, ("Solution S1", "S1"))}"', ["Solution S2"]),
    ],
)
async def test_asks_a_list_for_what_its_arguments_say(world: World, text: str, names: list[str]) -> None:
    found = await ask(asked_by(ANN, None, world), arguments(text))

    assert found.data == {"solutions": {"nodes": [{"name": name} for name in names]}}
    assert found.errors is None


async def test_takes_an_order_from_a_variable_that_is_not_given(world: World) -> None:
    text = "query ($by: SolutionOrder) { solutions(orderBy: $by, first: 1) { nodes { name } } }"

    found = await ask(asked_by(ANN, None, world), text)

    assert found.data == {"solutions": {"nodes": [{"name": "Solution S1"}]}}


class Counting(FakeOrdering):
    """Ordering that notes whether rows are to be counted."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: list[bool] = []

    async def solutions_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[SolutionFilter]
    ) -> Mapping[CustomerCode, Page[SolutionRecord]]:
        self.counted.append(listing.counted)
        return await super().solutions_by_customer(scope, customers, listing)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("{ solutions { totalCount } }", True),
        ("{ solutions { number: totalCount } }", True),
        ("{ solutions { ... on SolutionConnection { ... { totalCount } } } }", True),
        ("{ solutions { ...all } } fragment all on SolutionConnection { totalCount }", True),
        ("{ solutions { nodes { name } } }", False),
        ("{ solutions { nodes { tickets { totalCount } } } }", False),
    ],
)
async def test_counts_only_where_the_count_is_selected(*, text: str, counted: bool) -> None:
    ordering = Counting()

    await ask(asked_by(ANN, None, World(ordering=ordering)), text)

    assert ordering.counted == [counted]


async def test_asks_once_for_the_lists_of_all_parents(world: World) -> None:
    context = asked_by(ANN, covering(INCIDENTS=State.ALL), world)

    found = await ask(context, "{ solutions { nodes { tickets { nodes { reference } } } } }")

    assert found.data == {
        "solutions": {"nodes": [{"tickets": {"nodes": [{"reference": f"T{place}"}]}} for place in (1, 2, 3)]}
    }
    assert world.calls == ["ordering.solutions_by_customer 1", "ticketing.tickets_by_solution 3"]


async def test_a_field_that_is_not_covered_is_null_and_nobody_is_asked(world: World) -> None:
    context = asked_by(ANN, covering(), world)

    found = await ask(context, "{ tickets { nodes { id } } solutions { nodes { tickets { totalCount } } } }")

    assert found.data == {"tickets": None, "solutions": {"nodes": [{"tickets": None}] * 3}}
    assert found.errors is None
    assert world.calls == ["ordering.solutions_by_customer 1"]


async def test_a_field_that_some_cover_is_null_for_the_others_without_asking(
    world: World,
) -> None:
    context = asked_by(ANN, covering(INCIDENTS={"S2"}), world)

    found = await ask(
        context,
        "{ tickets { totalCount } solutions { nodes { tickets { nodes { reference } } } } }",
    )

    assert found.data == {
        "tickets": {"totalCount": 1},
        "solutions": {
            "nodes": [{"tickets": None}, {"tickets": {"nodes": [{"reference": "T2"}]}}, {"tickets": None}]
        },
    }
    assert found.errors is None
    assert world.calls == [
        "ordering.solutions_by_customer 1",
        "ticketing.tickets_by_customer 1",
        "ticketing.tickets_by_solution 1",
    ]


@pytest.mark.parametrize(
    ("gate", "source", "opened"),
    [
        pytest.param(ALWAYS, None, True, id="always"),
        pytest.param(Feature.BILLING, solution("S1"), True, id="covered by all"),
        pytest.param(Feature.MAINTENANCE, None, False, id="not covered"),
        pytest.param(Feature.INCIDENTS, None, True, id="some cover it, no tie"),
        pytest.param(Feature.INCIDENTS, solution("S1"), True, id="this one covers it"),
        pytest.param(Feature.INCIDENTS, solution("S2"), False, id="another covers it"),
        pytest.param(Feature.INCIDENTS, ticket(ACME, "T1"), False, id="tied to none"),
    ],
)
def test_a_gate_is_open_where_the_parents_solutions_cover(
    *, gate: Gate, source: object, opened: bool
) -> None:
    coverage = covering(BILLING=State.ALL, INCIDENTS={"S1"})

    assert is_open(gate, source, coverage) is opened


async def test_an_id_in_a_filter_is_worth_what_it_names(world: World) -> None:
    context = asked_by(ANN, covering(INCIDENTS=State.ALL), world)
    ids = {"ids": [global_id(solution("S2")), global_id(ticket(ACME, "T1")), "junk"]}

    found = await ask(
        context,
        "query ($ids: [ID!]) { tickets(filter: {solution: $ids}) { nodes { reference } } }",
        ids,
    )

    assert found.data == {"tickets": {"nodes": [{"reference": "T2"}]}}
