"""Figures against their targets."""

from collections.abc import Sequence
from statistics import median
from typing import Literal

import msgspec

Sense = Literal["at least", "at most"]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure: what was asked, what was found, and what it should be (None: nothing is asked of it)."""

    question: str
    value: float
    unit: str
    sense: Sense = "at least"
    target: float | None = None
    low: float | None = None
    high: float | None = None
    """The lowest and the highest of the rounds."""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.sense == "at least" else self.value <= self.target


def ratio(
    question: str,
    ours: Sequence[float],
    theirs: Sequence[float],
    target: float | None,
    sense: Sense = "at least",
) -> Figure:
    """Give the median of the rounds' own ratios: what slows a round down slows both sides of it."""
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return measured(question, ratios, "x", target, sense)


def measured(
    question: str, values: Sequence[float], unit: str, target: float | None, sense: Sense = "at most"
) -> Figure:
    """Give the median of *values* as a figure."""
    return Figure(
        question=question,
        value=median(values),
        unit=unit,
        sense=sense,
        target=target,
        low=min(values),
        high=max(values),
    )
