"""Which connector keeps a system's protocol over which APIs."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from loaders.operation import Systems
from servicespace.upstreams.api import ApiName, SystemName
from servicespace.upstreams.placement import SystemsPlacement
from servicespace.upstreams.settings import Upstream
from sources.billing.tmf import TmfBilling
from sources.cache import Cache
from sources.http import Api
from sources.inventory.tmf import TmfInventory
from sources.maintenance.tmf import TmfMaintenance
from sources.maintenance.wire import MAINTENANCE
from sources.ordering.tmf import Catalogue, TmfOrdering
from sources.parties import Parties
from sources.ticketing.tmf import TmfTicketing
from sources.tmf.settings import ThingSettings


class Reached(NamedTuple):
    """An API, and what the settings say of it."""

    api: Api
    upstream: Upstream

    @property
    def asked(self) -> tuple[Api, ThingSettings]:
        """The API, and how it is asked for its things."""
        return self.api, self.upstream.things


class Behind(NamedTuple):
    """What a connector is made of: the APIs of its system in one market, and whom else it may ask.

    ``embedded`` has what TM Forum's APIs of a system do not: customers and locations.
    """

    apis: Mapping[ApiName, Reached]
    parties: Parties
    placement: SystemsPlacement
    cache: Cache
    embedded: Systems


Connector: TypeAlias = Callable[[Behind], Any]
"""Makes what keeps a system's protocol: what the protocols have in common is nothing."""


def _ordering(behind: Behind) -> TmfOrdering:
    catalogue = None
    if ApiName.TMF620 in behind.apis:
        catalogue = Catalogue(*behind.apis[ApiName.TMF620].asked, behind.parties, behind.cache)
    return TmfOrdering(
        *behind.apis[ApiName.TMF637].asked, behind.parties, behind.embedded.ordering, catalogue, behind.cache
    )


def _billing(behind: Behind) -> TmfBilling:
    bills, accounts = behind.apis[ApiName.TMF678].asked, behind.apis[ApiName.TMF666].asked
    return TmfBilling(bills, accounts, behind.parties, behind.placement, behind.cache)


def _ticketing(behind: Behind) -> TmfTicketing:
    return TmfTicketing(*behind.apis[ApiName.TMF621].asked, behind.parties, behind.placement, behind.cache)


def _inventory(behind: Behind) -> TmfInventory:
    return TmfInventory(*behind.apis[ApiName.TMF639].asked, behind.parties, behind.placement, behind.cache)


def _maintenance(behind: Behind) -> TmfMaintenance:
    changes = behind.apis[ApiName.TMF655]
    words = changes.upstream.maintenance_words or MAINTENANCE
    return TmfMaintenance(*changes.asked, behind.parties, behind.placement, behind.cache, words=words)


CONNECTORS: Final[Mapping[SystemName, Connector]] = {
    SystemName.ORDERING: _ordering,
    SystemName.BILLING: _billing,
    SystemName.TICKETING: _ticketing,
    SystemName.INVENTORY: _inventory,
    SystemName.MAINTENANCE: _maintenance,
}
"""The connector of each system."""
