"""Intake: what was refused when files were taken in, and why.

For operators only: no GraphQL field leads here.
"""

from datetime import datetime
from typing import Final

from sources.code import Code
from sources.record import Record

CONTENT_LENGTH: Final = 65_536
"""How many characters of what was refused are kept."""


class IntakeFormat(Code):
    """What a file was taken for."""

    TMF = "TMF"
    MAINTENANCE = "MAINTENANCE"


class RefusalRecord(Record, frozen=True, kw_only=True):
    """Something that was not taken in; its id is the digest of its content.

    ``file`` is where it was seen last, ``content`` its beginning as text.
    """

    file: str
    format: IntakeFormat
    reason: str
    first_seen_at: datetime
    content: str | None = None
