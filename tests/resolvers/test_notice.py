"""What coverage leaves out, told once for each coordinate."""

from auth.coverage import State
from auth.feature import Feature
from resolvers.notice import Notices
from tests.asking import asked_by, covering

COVERAGE = covering(INCIDENTS=State.NONE, MAINTENANCE={"S1"})


def test_tells_what_is_hidden_why_and_what_would_cover_it() -> None:
    notices = Notices()

    notices.add("Query.tickets", "tickets", COVERAGE.of(Feature.INCIDENTS))

    assert notices.entries() == [
        {
            "coordinate": "Query.tickets",
            "paths": ["tickets"],
            "scope": "NONE",
            "feature": "INCIDENTS",
            "coveredBy": ["SDWAN"],
            "reason": "NOT_ORDERED",
        }
    ]


def test_tells_a_coordinate_once_with_all_its_paths() -> None:
    notices = Notices()

    for path in ("solutions.nodes.@.tickets", "mine", "solutions.nodes.@.tickets"):
        notices.add("Solution.tickets", path, COVERAGE.of(Feature.INCIDENTS))

    assert [each["paths"] for each in notices.entries()] == [["solutions.nodes.@.tickets", "mine"]]


def test_tells_coordinates_in_the_order_in_which_they_came() -> None:
    notices = Notices()

    notices.add("Query.tickets", "tickets", COVERAGE.of(Feature.INCIDENTS))
    notices.add("Query.maintenanceEvents", "maintenanceEvents", COVERAGE.of(Feature.MAINTENANCE))
    notices.add("Query.tickets", "again", COVERAGE.of(Feature.INCIDENTS))

    assert [(each["coordinate"], each["scope"]) for each in notices.entries()] == [
        ("Query.tickets", "NONE"),
        ("Query.maintenanceEvents", "SOME"),
    ]


def test_an_answer_with_notices_says_so_beside_its_data() -> None:
    context = asked_by(coverage=COVERAGE)
    context.hidden = Notices()
    context.hidden.add("Query.tickets", "tickets", COVERAGE.of(Feature.INCIDENTS))

    assert context.extensions() == {"coverage": {"epoch": "7", "hidden": context.hidden.entries()}}


def test_an_answer_without_notices_says_nothing_of_them() -> None:
    context = asked_by(coverage=COVERAGE)
    before = context.extensions()
    context.hidden = Notices()

    assert (before, context.extensions()) == ({}, {})
