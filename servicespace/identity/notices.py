"""Notices of planned outages on the sign-in page (terms of use 1.6)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec

UPCOMING: Final = timedelta(days=14)
"""How long before it begins an outage is told."""

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class PortalNotice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A planned outage, or whatever else everybody should know; times have an offset."""

    title: str
    starts_at: Moment
    ends_at: Moment
    body: str = ""


def shown(notices: Sequence[PortalNotice], now: datetime) -> Sequence[PortalNotice]:
    """Give the notices that are current or upcoming, the earliest first."""
    found = [each for each in notices if each.starts_at - UPCOMING <= now < each.ends_at]
    return sorted(found, key=_begin)


def _begin(notice: PortalNotice) -> datetime:
    return notice.starts_at
