"""Ranges, for filters."""

from datetime import date, datetime

from auth.feature import ALWAYS
from schema.input import input_field, input_of
from sources.condition import Range


@input_of(Range, "From a day on, before another; leave out either side.")
class DateRange:
    """Days."""

    start: date | None = input_field("The first day that counts.", ALWAYS)
    end: date | None = input_field("The first day that no longer counts.", ALWAYS)


@input_of(Range, "From a moment on, before another; leave out either side.")
class DateTimeRange:
    """Moments."""

    start: datetime | None = input_field("The first moment that counts.", ALWAYS)
    end: datetime | None = input_field("The first moment that no longer counts.", ALWAYS)
