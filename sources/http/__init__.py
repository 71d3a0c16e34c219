"""How systems behind us are called over HTTP, and how their failures are survived."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import msgspec

Query: TypeAlias = Sequence[tuple[str, str]]
"""The names and values after the question mark, not yet escaped, in their order."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a system answered: 200 or 206 with a body of JSON, or 404 with none.

    ``total`` is what it says of how many rows there are in all, a hint at best (domain.md section 5, traps 2
    and 22); None where it says nothing or nonsense.
    """

    status: int
    body: bytes = b""
    total: int | None = None


class Api(Protocol):
    """One API of one system, at one base URL, with one set of credentials."""

    @property
    def system(self) -> str:
        """The system's name, as in ``SourceError``."""
        ...

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Read *path*, which is escaped already and begins below the base URL without a slash.

        Raises ``SourceTimeoutError``, ``SourceUnavailableError`` (no connection, 5xx, no JSON, too large, a
        redirect off the host) or ``SourceRefusedError`` (any other 4xx).
        """
        ...
