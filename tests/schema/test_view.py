"""A customer's own schema: nothing in it that its Solutions do not cover."""

from itertools import combinations
from statistics import median
from time import perf_counter

import pytest
from graphql import GraphQLInterfaceType, build_schema, validate_schema

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Detail, Feature, Gate, feature_of
from engine.document import DocumentStore
from schema.build import TYPES, sdl
from schema.part import Anatomy
from schema.view import Views, own_types
from tests.asking import covering
from tests.schema.coordinates import fields, input_fields, names

VIEWS = Views()
SLOW = 3
"""So many times slower may a machine be on which the tests run than one that keeps the bounds."""

GATED = sorted({each.gate for each in fields(TYPES)} - {ALWAYS}, key=lambda each: each.value)
SETS = [
    frozenset(some)
    for size in range(len(GATED) + 1)
    for some in combinations(GATED, size)
    if all(
        feature_of(each) in some for each in some if isinstance(each, Detail)
    )  # who sees details sees more
]


def own_sdl(coverage: Coverage) -> str:
    """Give the text of a customer's own schema."""
    return VIEWS.of(coverage).sdl


def of(coverage: Coverage) -> set[str]:
    """Give the coordinates of a customer's own schema, as it is told."""
    return names(build_schema(own_sdl(coverage)))


def types_of(coverage: Coverage) -> set[str]:
    """Give the types that a customer's own schema has lost."""
    return set(TYPES.type_map) - set(build_schema(own_sdl(coverage)).type_map)


ALL = State.ALL


def test_a_customer_with_everything_has_the_published_schema() -> None:
    coverage = covering(**{each.name: ALL for each in Feature})

    assert own_sdl(coverage) == sdl()


def test_what_some_solutions_cover_is_there() -> None:
    coverage = covering(**{each.name: {"S1"} for each in Feature})

    assert own_sdl(coverage) == sdl()


def test_a_feature_that_is_not_covered_takes_its_fields_and_what_only_they_led_to() -> None:
    coverage = covering(BILLING=ALL, INVENTORY=ALL, MAINTENANCE=ALL, ACCOUNT_SETTINGS=ALL)

    lost = names(TYPES) - of(coverage)

    types = types_of(coverage)
    assert types == {
        "Ticket",
        "TicketConnection",
        "TicketEdge",
        "TicketFilter",
        "TicketImpact",
        "TicketKind",
        "TicketNote",
        "TicketOpener",
        "TicketOrder",
        "TicketPriority",
        "TicketSeverity",
        "TicketStatus",
    }
    assert {each for each in lost if each.partition(".")[0] not in types} == {
        "BillingDocument.tickets",
        "Component.tickets",
        "CreditNote.tickets",
        "Invoice.tickets",
        "Location.tickets",
        "Query.tickets",
        "ServicePoint.tickets",
        "Solution.tickets",
    }


def test_an_input_field_is_gone_with_its_feature() -> None:
    coverage = covering(INCIDENTS=ALL, MAINTENANCE=ALL, BILLING=ALL)

    lost = names(TYPES) - of(coverage)

    assert {each for each in lost if "Filter." in each and not each.startswith("ComponentFilter.")} == {
        "MaintenanceEventFilter.component",
        "TicketFilter.component",
    }


def test_a_customer_with_nothing_sees_itself_its_solutions_and_where_they_are() -> None:
    kept = build_schema(own_sdl(covering()))

    query = kept.query_type
    assert query is not None
    assert set(query.fields) == {
        "viewer",
        "coverageOf",
        "featureCatalog",
        "node",
        "nodes",
        "solutions",
        "servicePoints",
        "locations",
    }
    node = kept.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {each.name for each in kept.get_possible_types(node)} == {
        "Customer",
        "Location",
        "ServicePoint",
        "Solution",
    }


@pytest.mark.parametrize(
    "opened", SETS, ids=lambda some: "+".join(sorted(each.value for each in some)) or "nothing"
)
def test_every_view_is_a_valid_schema_without_anything_closed(opened: frozenset[Gate]) -> None:
    view = own_types(lambda gate: gate is ALWAYS or gate in opened)

    assert validate_schema(view) == []
    closed = {
        each.coordinate
        for each in (*fields(view), *input_fields(view))
        if each.gate is not ALWAYS and each.gate not in opened
    }
    assert closed == set()
    assert names(view) == {
        each.coordinate
        for each in (*fields(TYPES), *input_fields(TYPES))
        if each.parent.name in view.type_map and (each.gate is ALWAYS or each.gate in opened)
    }


def test_a_view_leaves_the_published_schema_as_it_is() -> None:
    before = sdl()

    own_sdl(covering())

    assert sdl() == before


def test_customers_of_one_fingerprint_share_a_view() -> None:
    views = Views()
    everything = covering(**{each.name: ALL for each in Feature})
    some = covering(**{each.name: {"S1"} for each in Feature})
    unused = covering(BILLING=ALL, DOCUMENTS=ALL)

    assert views.of(everything) is views.of(some)
    assert views.of(covering(BILLING=ALL)) is views.of(unused)
    assert views.fingerprint(unused) == {Feature.BILLING, Detail(Feature.BILLING)}
    assert len(views) == 2


def test_forgets_the_view_that_was_not_asked_for_longest() -> None:
    views = Views(most=2)
    first = views.of(covering(BILLING=ALL))
    views.of(covering(INCIDENTS=ALL))
    views.of(covering(BILLING=ALL))

    views.of(covering(MAINTENANCE=ALL))

    assert len(views) == 2
    assert views.of(covering(BILLING=ALL)) is first


def test_an_etag_changes_with_the_fingerprint_and_with_the_published_schema() -> None:
    views = Views()
    other = Views(write=lambda types: f"{sdl(types)}\n")
    coverages = [covering(), covering(BILLING=ALL), covering(INCIDENTS=ALL)]

    tags = [each.of(coverage).etag for each in (views, other) for coverage in coverages]

    assert len({*tags, views.published.etag}) == 7
    assert tags[0] == Views().of(covering()).etag
    assert all(each[0] == each[-1] == '"' for each in tags)


def test_keeps_as_many_answers_as_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.view.ANSWER_BYTES", 10)
    view = Views().of(covering())
    first, second, third = (("key", name, b"{}") for name in "abc")

    view.keep(first, b"12")
    view.keep(second, b"12")
    view.answer(first)
    view.keep(third, b"12")
    view.keep(("key", "d", b"{}"), b"much too large")

    assert [view.answer(each) for each in (first, second, third)] == [b"12", None, b"12"]
    assert view.answer(("key", "d", b"{}")) is None


def test_keeps_as_many_wrong_documents_as_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.view.DOCUMENT_BYTES", 10)
    store, view = DocumentStore(TYPES, suggest=False), Views().of(covering())
    documents = [store.get(f"{{ {name} }}") for name in "abc"]

    first = [view.told(each) for each in documents]

    assert view.told(documents[2]) is first[2]
    assert view.told(documents[0]) is not first[0]


def test_a_view_is_made_quickly() -> None:
    anatomy = Anatomy(TYPES)
    seconds: list[float] = []

    for opened in SETS:
        started = perf_counter()
        anatomy.part({ALWAYS, *opened}.__contains__)
        seconds.append(perf_counter() - started)

    assert median(seconds) < SLOW * 0.010
