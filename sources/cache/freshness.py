"""How an operation learns that it was given what a system said a while ago."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime


class Freshness:
    """Of which systems an operation was given what is no longer fresh, and of when the oldest of it is."""

    __slots__ = ("oldest",)

    def __init__(self) -> None:
        """Start with nothing that is not fresh; ``oldest`` is in seconds since 1970."""
        self.oldest: dict[str, float] = {}

    def note(self, system: str, at: float) -> None:
        """Note that something of *system* was given as it was *at*, in seconds since 1970."""
        self.oldest[system] = min(at, self.oldest.get(system, at))

    def as_of(self) -> Mapping[str, datetime]:
        """Give for each system the time of the oldest that was given, in whole seconds of UTC."""
        return {name: datetime.fromtimestamp(int(at), UTC) for name, at in self.oldest.items()}


_told: ContextVar[Freshness | None] = ContextVar("freshness", default=None)


def collected() -> Freshness:
    """Give what is told, from now on in this task and those it starts, of what is not fresh."""
    freshness = Freshness()
    _told.set(freshness)
    return freshness


@contextmanager
def only_fresh() -> Generator[None]:
    """Take nothing that is not fresh inside, as where no operation could be told of it."""
    token = _told.set(None)
    try:
        yield
    finally:
        _told.reset(token)


def told() -> Freshness | None:
    """Give what is told here of what is not fresh; None where nothing but what is fresh may be given."""
    return _told.get()
