"""How demo tickets live: by the life cycle of TMF621, at a pace that people would believe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sources.ticketing import OPEN, TicketStatus

_S = TicketStatus
LONGEST: Final = timedelta(days=21)
"""No ticket lives longer."""


@dataclass(frozen=True, slots=True)
class Life:
    """The states that a ticket went through, each with the moment in which it was reached, oldest first."""

    steps: Sequence[tuple[TicketStatus, datetime]]

    @property
    def status(self) -> TicketStatus:
        """The state that it is in."""
        return self.steps[-1][0]

    @property
    def opened_at(self) -> datetime:
        """When it began."""
        return self.steps[0][1]

    @property
    def updated_at(self) -> datetime:
        """When it reached its state."""
        return self.steps[-1][1]

    @property
    def resolved_at(self) -> datetime | None:
        """When it was resolved for good, None where it was not, or was taken up again."""
        resolved = self.status in {_S.RESOLVED, _S.CLOSED}
        return next(at for status, at in reversed(self.steps) if status is _S.RESOLVED) if resolved else None

    @property
    def closed_at(self) -> datetime | None:
        """When it reached a final state."""
        return None if self.status in OPEN else self.updated_at

    def later(self, seconds: int) -> "Life":
        """Give the same life, lived later."""
        return Life([(status, at + timedelta(seconds=seconds)) for status, at in self.steps])


def past_life(random: Random, opened_at: datetime, *, solved: bool = False) -> Life:
    """Give the whole life of a ticket; one that is not ``solved`` may have been rejected or cancelled."""
    chance = 1.0 if solved else random.random()
    return _timed(random, opened_at, _path(random, chance))


def open_life(random: Random, now: datetime) -> Life:
    """Give a life that has not come to its end by *now*."""
    path = _path(random, 1.0)
    life = _timed(random, now, path[: random.randint(1, len(path) - 1)])
    ago = life.updated_at - life.opened_at + timedelta(minutes=random.randint(5, 2_880))
    return life.later(-int(ago.total_seconds()))


def _path(random: Random, chance: float) -> list[TicketStatus]:
    if chance < 0.02:  # noqa: PLR2004 - hardly any is refused
        return [_S.ACKNOWLEDGED, _S.REJECTED]
    path = [_S.ACKNOWLEDGED, _S.IN_PROGRESS]
    if chance < 0.08:  # noqa: PLR2004 - some were not needed
        return [*path[: random.randint(1, 2)], _S.CANCELLED]
    for _ in range(random.choice((0, 0, 1, 2))):
        path += [random.choice((_S.PENDING, _S.PENDING, _S.HELD)), _S.IN_PROGRESS]
    if random.random() < 0.06:  # noqa: PLR2004 - not everything is repaired at once
        path += [_S.RESOLVED, _S.IN_PROGRESS]
    return [*path, _S.RESOLVED, _S.CLOSED]


def _timed(random: Random, opened_at: datetime, path: Sequence[TicketStatus]) -> Life:
    at, steps = opened_at, [(path[0], opened_at)]
    for status in path[1:]:
        longest = 7_200 if status is _S.CLOSED else 1_500
        at += timedelta(minutes=random.randint(4, longest))
        steps.append((status, at))
    return Life(steps)
