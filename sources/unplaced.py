"""How an operation learns that it was given things without where they stand: a system could not say."""

from collections.abc import Awaitable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from sources.errors import SourceError
from sources.scope import ALL, Scope

P = TypeVar("P")


class Unplaced:
    """Which systems failed to tell an operation where things stand, and how."""

    __slots__ = ("_errors",)

    def __init__(self) -> None:
        """Start with nothing that failed."""
        self._errors: dict[str, SourceError] = {}

    @property
    def errors(self) -> Sequence[SourceError]:
        """The first error of each system."""
        return list(self._errors.values())

    def note(self, error: SourceError) -> None:
        """Note that something has no place because of *error*."""
        self._errors.setdefault(error.system, error)


_told: ContextVar[Unplaced | None] = ContextVar("unplaced", default=None)


def collected() -> Unplaced:
    """Give what is told, from now on in this task and those it starts, of what could not be placed."""
    unplaced = Unplaced()
    _told.set(unplaced)
    return unplaced


@contextmanager
def only_placed(*, where: bool = True) -> Generator[None]:
    """Take nothing without its place inside, *where* something is decided by it: the error goes through."""
    token = _told.set(None if where else _told.get())
    try:
        yield
    finally:
        _told.reset(token)


async def unless_failed(asked: Awaitable[P]) -> P | None:
    """Give the places that are *asked* for, None where the system that knows them fails.

    The operation is told of it. Raises ``SourceError`` where there is none to be told.
    """
    try:
        return await asked
    except SourceError as error:
        unplaced = _told.get()
        if unplaced is None:
            raise
        unplaced.note(error)
        return None


def decides_by_solution(scope: Scope) -> bool:
    """Tell whether *scope* leaves out what belongs to some Solutions.

    Then a thing whose Solution cannot be told may belong to one of those, and must not be given.
    """
    return scope.solutions is not ALL or bool(scope.ended) or bool(scope.settled)
