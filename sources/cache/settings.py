"""What an operator sets of the entity cache: for how long, how much, and where."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

SECONDS: Final[Mapping[str, float]] = {
    "troubleTicket": 15.0,
    "customerBill": 300.0,
    "appliedCustomerBillingRate": 300.0,
    "billingAccount": 300.0,
    "product": 120.0,
    "productOffering": 600.0,
    "resource": 120.0,
    "changeRequest": 60.0,
}
"""For how long things are kept, by TM Forum's names.

A ticket changes while somebody looks at it; a bill is final when it is there; components and products change
by orders, which take days; a maintenance may be moved at short notice; a catalogue is edited now and then.
"""

Seconds: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class CacheSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of what systems say is kept, and for how long.

    ``place`` is ``process`` (each replica its own), ``valkey`` (shared, needs the setting ``valkey``) or
    ``off``. ``seconds`` are the times to live by TM Forum's names of things, over those of ``SECONDS``; 0
    keeps nothing of them, and neither does a name that is in neither. For ``stale_seconds`` longer, old
    values are given where their system fails. ``unknown_seconds`` is for how long it is believed that a
    system does not know an id. A process keeps at most ``most_entries``, and about ``most_bytes``, of which
    one value may take ``most_value_bytes``, in Valkey as well.
    """

    place: Literal["process", "valkey", "off"] = "process"
    seconds: Mapping[str, Seconds] = {}
    stale_seconds: Seconds = 600.0
    unknown_seconds: Seconds = 5.0
    most_entries: Annotated[int, msgspec.Meta(ge=1)] = 50_000
    most_bytes: Annotated[int, msgspec.Meta(ge=1)] = 256 * 1024 * 1024
    most_value_bytes: Annotated[int, msgspec.Meta(ge=1)] = 16 * 1024 * 1024

    def lifetime(self, thing: str) -> float:
        """Give for how many seconds *thing* is kept; 0 where it is not."""
        return self.seconds.get(thing, SECONDS.get(thing, 0.0))
