"""Which connector keeps a system's protocol over which APIs."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from loaders.operation import Systems
from servicespace.upstreams.api import ApiName, SystemName
from sources.cache import Cache
from sources.http import Api
from sources.parties import Parties
from sources.placement import Placement
from sources.ticketing.tmf import TmfTicketing
from sources.tmf.settings import ThingSettings


class Reached(NamedTuple):
    """An API, and how it is asked for its things."""

    api: Api
    things: ThingSettings


class Behind(NamedTuple):
    """What a connector is made of: the APIs of its system in one market, and whom else it may ask.

    ``embedded`` has what TM Forum's APIs of a system do not: customers and locations.
    """

    apis: Mapping[ApiName, Reached]
    parties: Parties
    placement: Placement
    cache: Cache
    embedded: Systems


Connector: TypeAlias = Callable[[Behind], Any]
"""Makes what keeps a system's protocol: what the protocols have in common is nothing."""


def _ticketing(behind: Behind) -> TmfTicketing:
    api, things = behind.apis[ApiName.TMF621]
    return TmfTicketing(api, things, behind.parties, behind.placement, behind.cache)


CONNECTORS: Final[Mapping[SystemName, Connector]] = {
    SystemName.TICKETING: _ticketing,
}
"""The connector of each system that there is one for."""
