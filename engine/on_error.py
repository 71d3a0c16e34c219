"""What becomes of a value that may not be null and cannot be had."""

from enum import Enum


class OnError(Enum):
    """What a request asks for (GraphQL specification, onError proposal)."""

    PROPAGATE = "PROPAGATE"
    """The nearest value around it that may be null is null, and all in it is lost."""
    NULL = "NULL"
    """It is null in its place, whatever its type says; the error tells so."""
