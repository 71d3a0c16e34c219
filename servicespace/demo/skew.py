"""How unevenly things are spread: real customers have few big sites and many small ones."""

from collections.abc import Sequence
from random import Random


def zipf(count: int, exponent: float) -> list[float]:
    """Give the weights of *count* things by their rank, the first the heaviest."""
    return [rank**-exponent for rank in range(1, count + 1)]


def shares(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Give whole shares of *total*, at least *least* for each, closest to *weights*; they sum to it."""
    rest = total - least * len(weights)
    if rest < 0:
        raise ValueError(f"{total} is not enough for {least} for each of {len(weights)}")
    whole = sum(weights)
    exact = [rest * weight / whole for weight in weights]
    given = [least + int(each) for each in exact]
    by_remainder = sorted(range(len(weights)), key=lambda index: (int(exact[index]) - exact[index], index))
    for index in by_remainder[: total - sum(given)]:
        given[index] += 1
    return given


def around(random: Random, mean: float) -> int:
    """Give a number from 1 on that is *mean* (1 or more) in the long run: mostly small, seldom large."""
    count, more = 1, 1 - 1 / mean
    while random.random() < more:
        count += 1
    return count
