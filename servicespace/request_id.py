"""The name of one request, by which a client's answer is found in the log."""

from typing import NewType
from uuid import UUID, uuid4

RequestId = NewType("RequestId", str)
"""A UUID in its usual form: 8-4-4-4-12 lower-case hexadecimal digits."""


def request_id(given: str | None) -> RequestId:
    """Give the client's own id where it is a well-formed UUID (header ``X-Request-Id``), else a new one."""
    if given is not None:
        try:
            if str(UUID(given)) == given.lower():
                return RequestId(given.lower())
        except ValueError:
            pass
    return RequestId(str(uuid4()))
