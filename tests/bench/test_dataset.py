"""The made-up data: how much there is, and that it hangs together."""

from auth.coverage import State
from auth.entitlement import compute_coverage
from auth.feature import Feature
from auth.rules import load_rules
from auth.standing import OrderedSolution
from bench.dataset import COVERING, UNCOVERING, Estate
from bench.shape import FULL, Shape, scaled
from sources.ordering import SolutionCategory

SHAPE = Shape(customers=2)
DASHBOARD = (Feature.BILLING, Feature.INCIDENTS, Feature.INVENTORY, Feature.MAINTENANCE)


def test_has_the_rows_that_the_benchmarks_name() -> None:
    estate = Estate(FULL, 7)

    assert FULL.customers * len(list(estate.solutions())) == 10_000
    assert FULL.customers * len(list(estate.invoices())) == 240_000
    assert FULL.customers * len(list(estate.components())) == 300_000
    assert FULL.customers * len(list(estate.tickets())) == 400_000
    assert FULL.customers * len(list(estate.events())) == 2_000
    assert FULL.customers * len(list(estate.impacts())) == 60_000


def test_makes_the_same_customer_again_whatever_the_scale() -> None:
    assert list(Estate(SHAPE, 1).tickets()) == list(Estate(scaled(0.5), 1).tickets())


def test_ties_each_event_to_what_its_impacts_touch() -> None:
    estate = Estate(SHAPE, 1)
    events = {each.id: each for each in estate.events()}

    touched = {(each.event, each.solution) for each in estate.impacts()}

    assert touched == {(key, solution) for key, each in events.items() for solution in each.solutions}


def test_covers_the_dashboard_by_every_category_but_one() -> None:
    states = [_states(COVERING), _states((*COVERING, UNCOVERING))]

    assert states == [
        [State.ALL, State.ALL, State.ALL, State.ALL],
        [State.ALL, State.ALL, State.ALL, State.SOME],
    ]


def _states(categories: tuple[SolutionCategory, ...]) -> list[State]:
    ordered = [
        OrderedSolution(
            id=str(place),
            category=each.value,
            market="INTL",
            terminated=False,
            options=frozenset(),
        )
        for place, each in enumerate(categories)
    ]
    coverage = compute_coverage(load_rules(), ordered, "PREMIUM", "INTL")
    return [coverage.state(each) for each in DASHBOARD]
