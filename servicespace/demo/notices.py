"""The notices of a demo maintenance, from its announcement to its end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sources.maintenance import MaintenanceStatus
from sources.maintenance.sequencing import NOTICE

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the operator said at one time; the last of a maintenance's notices stands."""

    stamped_at: datetime
    status: MaintenanceStatus
    starts_at: datetime
    ends_at: datetime


def notices_of(random: Random, now: datetime, starts_at: datetime, ends_at: datetime) -> Sequence[Notice]:
    """Give what was said by *now* of a maintenance in this window, oldest first.

    Three in five are announced ten days ahead or more; one in eight was to be earlier at first.
    """
    moved = timedelta(days=random.randint(1, 3)) if random.random() < 0.12 else timedelta()  # noqa: PLR2004
    first = starts_at - moved
    announced_at = min(first - _lead(random, now, starts_at), now - _HOUR)
    opening = MaintenanceStatus.TENTATIVE if random.random() < 0.25 else MaintenanceStatus.CONFIRMED  # noqa: PLR2004
    notices = [Notice(announced_at, opening, first, ends_at - moved)]
    if moved:
        latest = min(first, now)
        stamped_at = announced_at + (latest - announced_at) * random.uniform(0.3, 0.9)
        notices.append(
            Notice(stamped_at.replace(microsecond=0), MaintenanceStatus.RE_SCHEDULED, starts_at, ends_at)
        )
    return [*notices, *_ending(random, now, notices[-1])]


def _lead(random: Random, now: datetime, starts_at: datetime) -> timedelta:
    """Give how long before its first window a maintenance is announced."""
    ahead = starts_at - now
    if random.random() < 0.62 or ahead > NOTICE - 5 * _HOUR:  # noqa: PLR2004 - of real notices
        return max(NOTICE, ahead) + random.randint(1, 20 * 24) * _HOUR
    # With the three days by which it may move and what lies ahead of now, it stays below the norm.
    return random.randint(2, 6 * 24) * _HOUR


def _ending(random: Random, now: datetime, last: Notice) -> Iterator[Notice]:
    """Give the notice of what became of it, none while it lies ahead."""
    if random.random() < 0.05 and not last.starts_at <= now < last.ends_at:  # noqa: PLR2004 - one in twenty is off
        called_off = min(last.starts_at, now) - timedelta(minutes=30)
        stamped_at = max(last.stamped_at + timedelta(minutes=1), called_off)
        yield Notice(stamped_at, MaintenanceStatus.CANCELLED, last.starts_at, last.ends_at)
    elif last.ends_at <= now:
        yield Notice(last.ends_at, MaintenanceStatus.COMPLETED, last.starts_at, last.ends_at)
    elif last.starts_at <= now:
        yield Notice(last.starts_at, MaintenanceStatus.IN_PROCESS, last.starts_at, last.ends_at)
