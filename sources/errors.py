"""How a system behind us fails.

    SourceError
    ├── SourceTimeoutError
    ├── SourceUnavailableError
    └── SourceRefusedError

The message is for the log and is never shown to a client: the client is told the system's name and the code.
"""

from typing import ClassVar


class SourceError(Exception):
    """A system behind us that did not answer as agreed."""

    code: ClassVar[str] = "SOURCE_UNAVAILABLE"

    def __init__(self, system: str, message: str = "") -> None:
        """Name the *system* (``billing``) and say for the log what happened."""
        super().__init__(f"{system}: {message}" if message else system)
        self.system = system

    @property
    def extensions(self) -> dict[str, object]:
        """The data that a client is shown: ``source``, the system's name."""
        return {"source": self.system}


class SourceTimeoutError(SourceError):
    """The system did not answer in time."""

    code = "SOURCE_TIMEOUT"


class SourceUnavailableError(SourceError):
    """The system cannot be reached, or failed on its side."""


class SourceRefusedError(SourceError):
    """The system answered that it will not do what it was asked."""
