"""What an operator sets for one kind of thing of one TM Forum API, beside how it is called over HTTP."""

from enum import Enum
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta


class Version(Enum):
    """Which version of TM Forum's API a system speaks: other shapes, the same things."""

    V4 = "v4"
    V5 = "v5"


class Strategy(Enum):
    """How a system is asked for things whose ids are known; TM Forum's APIs agree on none for many at once.

    ``COMMA_OR``: ``?id=a,b,c``, as TM Forum's own engine takes it. ``JSONPATH``: ``?filter=$[?(@.id=='a')]``,
    version 5 of some APIs. ``PARALLEL``: one call each, a few at a time. ``LIST``: the customer's whole list.
    """

    COMMA_OR = "comma-or"
    JSONPATH = "jsonpath"
    PARALLEL = "parallel"
    LIST = "list"


Count: TypeAlias = Annotated[int, Meta(ge=1)]

ROLES: Final = ("customer", "user", "owner", "buyer", "subscriber", "requester", "bill receiver")
"""The roles in which TM Forum's samples have a thing's customer as its related party.

Others name who deals with it or supplied it (``seller``, ``manufacturer``, ``member``, ``approver``): whoever
made the router of another customer does not own it.
"""

PARTY: Final = {Version.V4: "relatedParty.id", Version.V5: "relatedParty.partyOrPartyRole.id"}
"""By which parameter a customer's things are asked for."""


class ThingSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How things of one kind are asked for.

    ``version`` is the API's, ``strategy`` how many ids are asked for at once; ``at_once`` bounds the calls
    that one question makes at a time. A list is read by pages of ``page_size`` rows, and not at all where it
    has more than ``most_rows``. ``party_parameter`` is the parameter that asks for a customer's things, where
    the system has another than the specification. ``roles`` are those in which a thing's related party is its
    customer, in any case; an empty text stands for a party without a role.
    """

    version: Version = Version.V4
    strategy: Strategy = Strategy.COMMA_OR
    at_once: Count = 4
    page_size: Count = 100
    most_rows: Count = 20_000
    party_parameter: str | None = None
    roles: tuple[str, ...] = ROLES

    @property
    def asks_party(self) -> str:
        """The parameter that asks for a customer's things."""
        return self.party_parameter or PARTY[self.version]
