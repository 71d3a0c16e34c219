"""What a client is told of an error: the one place that decides it.

Every error has ``extensions.code`` and ``extensions.requestId``. A mistake of the client is told as it is and
never logged with a traceback; an error of ours is told as "Internal server error", and the request id
finds it in the log.

    RefusedError
    ├── UnauthenticatedError
    └── UnavailableError
"""

from collections.abc import Mapping
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


def told(failure: Failure, request_id: RequestId) -> dict[str, object]:
    """Give the failure as the client sees it; log it if it is ours."""
    message, extensions = _verdict(failure, request_id)
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


def _verdict(failure: Failure, request_id: RequestId) -> tuple[str, Mapping[str, object]]:
    """Give the message for the client, and the extensions with the code."""
    cause = failure.cause
    if failure.kind is FailureKind.FIELD or isinstance(cause, ClientError):
        return _field_verdict(failure, request_id)
    extensions: dict[str, object] = {"code": _CODES[failure.kind]}
    if isinstance(cause, LimitExceededError):
        extensions |= {"limit": cause.limit, "allowed": cause.allowed, "found": cause.found}
    if isinstance(cause, InputError):
        extensions |= {"path": cause.input_path, "rule": cause.rule}
    return failure.message, extensions


def _field_verdict(failure: Failure, request_id: RequestId) -> tuple[str, Mapping[str, object]]:
    cause = failure.cause
    if isinstance(cause, ClientError):
        return cause.message, {**cause.extensions, "code": cause.code}
    if isinstance(cause, SourceError):
        _log.warning("%s (request %s)", cause, request_id)
        late = isinstance(cause, SourceTimeoutError)
        message = f"The system {cause.system} {'did not answer in time' if late else 'is not available'}."
        return message, {**cause.extensions, "code": cause.code}
    _log_internal(cause, request_id, ".".join(map(str, failure.path or ())))
    return _MASKED, {"code": ErrorCode.INTERNAL_SERVER_ERROR}


def _log_internal(error: Exception, request_id: RequestId, where: str) -> None:
    _log.error("Internal server error at %s (request %s)", where, request_id, exc_info=error)
