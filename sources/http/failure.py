"""How a call fails inside this package, with what follows from it; outside it is a ``SourceError`` as any."""

from sources.errors import SourceRefusedError, SourceTimeoutError, SourceUnavailableError


class FaultError(SourceUnavailableError):
    """A call without an answer that can be used.

    ``passing`` tells that the same call may go well if it is tried again, ``after`` how many seconds the
    system asks us to wait before. ``counts`` tells that it speaks against the system, for the breaker.
    """

    def __init__(
        self,
        system: str,
        message: str,
        *,
        passing: bool = False,
        after: float | None = None,
        counts: bool = True,
    ) -> None:
        """Say for the log what happened to which call of *system*."""
        super().__init__(system, message)
        self.passing = passing
        self.after = after
        self.counts = counts


class UnauthorizedError(SourceRefusedError):
    """The system does not take our credentials (401)."""


def speaks_against(error: Exception) -> bool:
    """Tell whether *error* says that the system is in trouble: what it refuses, it refuses in good health."""
    return error.counts if isinstance(error, FaultError) else isinstance(error, SourceTimeoutError)
