"""What a resolver raises when the caller asked for something that it may not have.

    ClientError
    ├── BadUserInputError
    ├── NotFoundError
    ├── NotPermittedError
    ├── ForbiddenError
    ├── CoverageRequiredError
    └── CoverageRevokedError

What a client is told of them is decided in ``servicespace.errors``; none is ever logged with a traceback.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeAlias

from auth.coverage import Coverage, Reason
from auth.feature import Closable, feature_of

Extensions: TypeAlias = Mapping[str, object]
"""JSON values by name, shown to the client as the error's ``extensions``."""

InputPath: TypeAlias = Sequence[str | int]
"""Where the mistake is: the argument's name, then input field names and list positions."""


class ClientError(Exception):
    """A mistake of the caller, told to the caller as it is."""

    code: ClassVar[str] = "BAD_USER_INPUT"

    def __init__(self, message: str, extensions: Extensions | None = None) -> None:
        """Keep the sentence and the data that the client reads."""
        super().__init__(message)
        self.message = message
        self.extensions: Extensions = {} if extensions is None else extensions


class BadUserInputError(ClientError):
    """An argument that breaks a rule, such as a page of no rows."""

    def __init__(self, message: str, path: InputPath, rule: str) -> None:
        """Name the input at fault (*path* from the argument on) and the *rule* that it breaks."""
        super().__init__(message, {"path": list(path), "rule": rule})


class NotFoundError(ClientError):
    """An explicit look-up of what is not there, or not the caller's: the two are told alike."""

    code = "NOT_FOUND"

    def __init__(self, message: str = "There is no such object.") -> None:
        """Say the same of every object that is not there for the caller."""
        super().__init__(message)


class CoverageRequiredError(ClientError):
    """An argument, filter or order that needs a feature which the customer's Solutions do not cover."""

    code = "COVERAGE_REQUIRED"

    def __init__(self, needs: Closable, path: InputPath) -> None:
        """Name what is missing, and the input (or the root field) that needs it."""
        message = f"`{_named(path)}` needs the feature {needs.value}, which your Solutions do not cover."
        super().__init__(message, {"feature": feature_of(needs).value, "path": list(path)})


class ForbiddenError(ClientError):
    """What is covered, and beyond the rights of who asks."""

    code = "FORBIDDEN"

    def __init__(self, needs: Closable, path: InputPath, reason: Reason) -> None:
        """Name what is missing, and the input (or the root field) that needs it."""
        whose = "your role" if reason is Reason.ROLE else "the scope of your access token"
        message = f"`{_named(path)}` needs the feature {needs.value}, which {whose} does not allow."
        extensions = {"feature": feature_of(needs).value, "path": list(path), "reason": reason.value}
        super().__init__(message, extensions)


class NotPermittedError(ClientError):
    """What an administrator may do to others, and not to himself."""

    code = "FORBIDDEN"


def closed_error(coverage: Coverage, needs: Closable, path: InputPath) -> ClientError:
    """Give the error that says why *needs* is closed."""
    reason = coverage.of(needs).reason
    if reason is not None and reason.is_right:
        return ForbiddenError(needs, path, reason)
    return CoverageRequiredError(needs, path)


def _named(path: InputPath) -> str:
    return ".".join(map(str, path))


class CoverageRevokedError(ClientError):
    """A subscription that the customer's Solutions covered when it began, and do not cover any more."""

    code = "COVERAGE_REVOKED"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Your Solutions do not cover this subscription any more; it has ended.")
