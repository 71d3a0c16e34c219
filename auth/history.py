"""Since when a customer's coverage has been as it is, and until when it will be, as far as is known."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace as changed

from auth.coverage import State
from auth.entitlement import coverage_of
from auth.feature import Feature
from auth.rules import Level
from auth.standing import OrderedSolution, Standing, end_of_grace

_Answers: TypeAlias = Mapping[Feature, tuple[State, Level]]

_DAY = timedelta(days=1)


class Span(NamedTuple):
    """The days on which a feature is covered as it is today.

    ``since`` is the first of them, ``until`` the first after them; None where no rule and no order that is
    known makes a difference.
    """

    since: date | None
    until: date | None


@lru_cache(maxsize=1_000)
def spans(standing: Standing) -> Mapping[Feature, Span]:
    """Give for each feature since when, and until when, it has the state and level that it has."""
    today = _answers(standing, standing.day)
    days = sorted(_turns(standing))
    since = _first(standing, today, [(day, day - _DAY) for day in reversed(days) if day <= standing.day])
    until = _first(standing, today, [(day, day) for day in days if day > standing.day])
    return {each: Span(since.get(each), until.get(each)) for each in Feature}


def alone(standing: Standing, solution: str) -> Standing:
    """Give how the customer would stand with this one Solution and no other."""
    return replace(standing, ordered=[each for each in standing.ordered if each.id == solution])


def _first(standing: Standing, today: _Answers, turns: list[tuple[date, date]]) -> Mapping[Feature, date]:
    """Give for each feature the first of *turns* on whose second day it is not as *today*."""
    found: dict[Feature, date] = {}
    for turn, day in turns:
        if len(found) == len(today):
            break
        other = _answers(standing, day)
        found |= {each: turn for each in today if each not in found and other[each] != today[each]}
    return found


def _turns(standing: Standing) -> set[date]:
    """Give the days on which coverage may change: by a rule, an order, an end, the end of a time of grace."""
    turns = {*standing.rules.boundaries}
    for each in standing.ordered:
        if each.ordered_on is not None:
            turns.add(each.ordered_on)
        if each.terminated and each.terminated_on is not None:
            turns |= {each.terminated_on, end_of_grace(each.terminated_on, standing.grace_months)}
    return turns


def _answers(standing: Standing, day: date) -> _Answers:
    coverage = coverage_of(replace(standing, day=day, ordered=list(_ordered(standing, day))))
    return {each: (coverage.of(each).state, coverage.of(each).level) for each in Feature}


def _ordered(standing: Standing, day: date) -> Iterator[OrderedSolution]:
    """Give what was ordered by *day*, as it was then."""
    for each in standing.ordered:
        if each.ordered_on is None or each.ordered_on <= day:
            was_live = each.terminated_on is not None and day < each.terminated_on
            yield changed(each, terminated=False) if each.terminated and was_live else each
