"""Ratios, medians, and when a target is met."""

import pytest

from bench.figures import Figure, ratio


def test_takes_the_median_of_the_ratios_of_each_round() -> None:
    figure = ratio("ours / theirs", [10.0, 40.0, 9.0], [10.0, 20.0, 3.0], 2.0)

    assert (figure.value, figure.low, figure.high) == (2.0, 1.0, 3.0)
    assert figure.met is True


@pytest.mark.parametrize(
    ("sense", "value", "met"),
    [("at least", 1.9, False), ("at least", 2.0, True), ("at most", 2.0, True), ("at most", 2.1, False)],
)
def test_tells_whether_a_target_is_met(sense: str, value: float, met: bool) -> None:
    figure = Figure(question="?", value=value, unit="x", sense=sense, target=2.0)  # type: ignore[arg-type]  # one of two # pyright: ignore[reportArgumentType] - one of two

    assert figure.met is met


def test_says_nothing_of_a_figure_without_a_target() -> None:
    figure = ratio("ours / theirs", [1.0], [4.0], None)

    assert figure.met is None
    assert figure.value == 0.25


def test_refuses_rounds_that_one_side_missed() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratio("ours / theirs", [1.0, 2.0], [1.0], None)
