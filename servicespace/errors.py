"""What a client is told of an error: the one place that decides it.

Every error has ``extensions.code`` and ``extensions.requestId``. A mistake of the client is told as it is and
never logged with a traceback; an error of ours is told as "Internal server error", and the request id
finds it in the log.

    RefusedError
    ├── UnauthenticatedError
    └── UnavailableError
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from logging import getLogger

from engine.failure import Failure, FailureKind
from engine.inputs import InputError
from engine.limits import LimitExceededError
from resolvers.errors import ClientError
from servicespace.request_id import RequestId
from sources.errors import SourceError, SourceTimeoutError

_log = getLogger(__name__)


class ErrorCode(StrEnum):
    """The codes that are decided here; resolvers and systems bring their own."""

    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    COST_EXCEEDED = "COST_EXCEEDED"
    COVERAGE_UNAVAILABLE = "COVERAGE_UNAVAILABLE"
    SOURCE_UNAVAILABLE = "SOURCE_UNAVAILABLE"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


_MASKED = "Internal server error"

_CODES = {
    FailureKind.SYNTAX: ErrorCode.GRAPHQL_PARSE_FAILED,
    FailureKind.LIMIT: ErrorCode.COST_EXCEEDED,
    FailureKind.VALIDATION: ErrorCode.GRAPHQL_VALIDATION_FAILED,
    FailureKind.INPUT: ErrorCode.BAD_USER_INPUT,
}


class RefusedError(Exception):
    """A request that is answered with an error without being executed."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: ErrorCode = ErrorCode.BAD_USER_INPUT,
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers: Mapping[str, str] = headers or {}
        self.extensions: Mapping[str, object] = extensions or {}


class UnauthenticatedError(RefusedError):
    """A token that is missing, wrong, expired or foreign: all are told alike (RFC 6750, section 3)."""

    def __init__(self) -> None:
        super().__init__(
            401,
            "A valid bearer token is required.",
            code=ErrorCode.UNAUTHENTICATED,
            headers={"WWW-Authenticate": "Bearer"},
        )


class UnavailableError(RefusedError):
    """A part without which nothing may be answered is out of reach: nobody sees anything until it is back."""

    def __init__(self, code: ErrorCode) -> None:
        super().__init__(503, "The service is not available; try again soon.", code=code)


def all_told(failures: Sequence[Failure], request_id: RequestId) -> list[dict[str, object]]:
    """Give the failures of an operation as the client sees them; log those that are ours.

    What a system's failure took from fifty Solutions is fifty errors, each with its path, and one line.
    """
    _log_causes(failures, request_id)
    return [told(each, request_id) for each in failures]


def unplaced_told(error: SourceError, request_id: RequestId) -> dict[str, object]:
    """Log why things are left out that cannot be placed, and give the error that the client sees.

    It has no path: no part of the answer is null because of it.
    """
    _log.warning("%s; what it would place is left out (request %s)", error, request_id)
    message = f"{_source_message(error)} What only it can place is without its place, or left out."
    return {"message": message, "extensions": {"requestId": request_id, **_source_extensions(error)}}


def told(failure: Failure, request_id: RequestId) -> dict[str, object]:
    """Give the failure as the client sees it."""
    message, extensions = _verdict(failure)
    entry: dict[str, object] = {"message": message}
    if failure.locations:
        entry["locations"] = [{"line": line, "column": column} for line, column in failure.locations]
    if failure.path is not None:
        entry["path"] = failure.path
    entry["extensions"] = {"requestId": request_id, **extensions}
    return entry


def refusal_told(error: RefusedError, request_id: RequestId) -> dict[str, object]:
    """Give a refusal as the one error that the client sees."""
    extensions = {"code": error.code, "requestId": request_id, **error.extensions}
    return {"message": error.message, "extensions": extensions}


def internal_told(error: Exception, request_id: RequestId) -> dict[str, object]:
    """Log an error of ours, and give the one that the client sees in its place."""
    _log_internal(error, request_id, "the request")
    extensions = {"code": ErrorCode.INTERNAL_SERVER_ERROR, "requestId": request_id}
    return {"message": _MASKED, "extensions": extensions}


def _verdict(failure: Failure) -> tuple[str, Mapping[str, object]]:
    """Give the message for the client, and the extensions with the code."""
    cause = failure.cause
    if isinstance(cause, ClientError):
        return cause.message, {**cause.extensions, "code": cause.code}
    if failure.kind is FailureKind.FIELD:
        if isinstance(cause, SourceError):
            return _source_message(cause), _source_extensions(cause)
        return _MASKED, {"code": ErrorCode.INTERNAL_SERVER_ERROR}
    extensions: dict[str, object] = {"code": _CODES[failure.kind]}
    if isinstance(cause, LimitExceededError):
        extensions |= {"limit": cause.limit, "allowed": cause.allowed, "found": cause.found}
    if isinstance(cause, InputError):
        extensions |= {"path": cause.input_path, "rule": cause.rule}
    return failure.message, extensions


def _source_message(error: SourceError) -> str:
    late = isinstance(error, SourceTimeoutError)
    return f"The system {error.system} {'did not answer in time' if late else 'is not available'}."


def _source_extensions(error: SourceError) -> Mapping[str, object]:
    return {**error.extensions, "code": error.code}


def _log_causes(failures: Iterable[Failure], request_id: RequestId) -> None:
    """Log what was ours of *failures*: each cause once, and how many parts of the answer it took."""
    ours = [
        each
        for each in failures
        if each.kind is FailureKind.FIELD and not isinstance(each.cause, ClientError)
    ]
    parts = Counter(_identity(each.cause) for each in ours)
    for each in {_identity(each.cause): each for each in reversed(ours)}.values():
        cause = each.cause
        if isinstance(cause, SourceError):
            _log.warning("%s (request %s, parts: %d)", cause, request_id, parts[_identity(cause)])
        else:
            _log_internal(cause, request_id, ".".join(map(str, each.path or ())))


def _identity(cause: Exception) -> object:
    """Give what is alike for errors that one line tells of; a traceback is that of one error."""
    return str(cause) if isinstance(cause, SourceError) else id(cause)


def _log_internal(error: Exception, request_id: RequestId, where: str) -> None:
    _log.error("Internal server error at %s (request %s)", where, request_id, exc_info=error)
