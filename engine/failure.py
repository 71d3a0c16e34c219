"""What went wrong with an operation, told without GraphQL's own types.

Nothing here decides what a client is told; it says what is known of an error.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from graphql import GraphQLError, GraphQLSyntaxError

from engine.inputs import InputError
from engine.limits import LimitExceededError


class FailureKind(Enum):
    """At which step, and by whose fault."""

    SYNTAX = auto()
    """The document does not parse."""
    LIMIT = auto()
    """The document is larger than a limit: the cause is a ``LimitExceededError``."""
    VALIDATION = auto()
    """The document, or the request as a whole, does not fit the schema."""
    INPUT = auto()
    """A value that the client gave is wrong: the cause is an ``InputError``."""
    FIELD = auto()
    """A field could not be resolved: the cause is what its resolver raised."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One error of an operation."""

    kind: FailureKind
    message: str
    locations: tuple[tuple[int, int], ...]
    """Places in the document, as line and column, both from 1."""
    path: tuple[str | int, ...] | None
    """The field in the answer; None before anything was executed."""
    cause: Exception
    """What was raised in the first place, below all that GraphQL wrapped around it."""


def failures(errors: Iterable[GraphQLError] | None) -> list[Failure]:
    """Give what is known of the errors of a document or of an execution, in their order."""
    return [_failure(each) for each in errors or ()]


def _failure(error: GraphQLError) -> Failure:
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if error.path is not None and isinstance(cause, GraphQLError):
        cause = _wrong_argument(cause) or cause
    return Failure(
        kind=_kind(error, cause),
        message=error.message,
        locations=tuple((each.line, each.column) for each in error.locations or ()),
        path=None if error.path is None else tuple(error.path),
        cause=cause,
    )


def _wrong_argument(error: GraphQLError) -> InputError | None:
    """Recognise an argument that is found wrong only in execution, such as a null that a variable gives.

    graphql-core has no other sign of it than the sentence: Argument 'first' has invalid value: …
    """
    found = re.match(r"Argument '(\w+)' (.+?)\.?$", error.message, re.DOTALL)
    return InputError(error.message, None, [found[1]], found[2]) if found else None


def _kind(error: GraphQLError, cause: Exception) -> FailureKind:
    kinds: dict[type[Exception], FailureKind] = {
        LimitExceededError: FailureKind.LIMIT,
        InputError: FailureKind.INPUT,
        GraphQLSyntaxError: FailureKind.SYNTAX,
    }
    other = FailureKind.VALIDATION if error.path is None else FailureKind.FIELD
    return kinds.get(type(cause), other)
