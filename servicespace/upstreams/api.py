"""The APIs of TM Forum that a system can be behind, and what each is asked for."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from sources.tmf.settings import Version


class SystemName(StrEnum):
    """A system behind the schema."""

    ORDERING = "ordering"
    BILLING = "billing"
    TICKETING = "ticketing"
    INVENTORY = "inventory"
    MAINTENANCE = "maintenance"


class ApiName(StrEnum):
    """An API of TM Forum's."""

    TMF620 = "TMF620"
    TMF621 = "TMF621"
    TMF637 = "TMF637"
    TMF639 = "TMF639"
    TMF655 = "TMF655"
    TMF666 = "TMF666"
    TMF678 = "TMF678"


class ApiFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is so of an API wherever it is.

    ``collection`` is the path of its things below the base URL, ``also`` those of others that it has. Without
    one that is ``needed``, its system cannot be behind the others.
    """

    system: SystemName
    collection: str
    also: tuple[str, ...] = ()
    needed: bool = True
    versions: frozenset[Version] = frozenset(Version)


APIS: Final[Mapping[ApiName, ApiFacts]] = {
    ApiName.TMF620: ApiFacts(system=SystemName.ORDERING, collection="productOffering", needed=False),
    ApiName.TMF621: ApiFacts(system=SystemName.TICKETING, collection="troubleTicket"),
    ApiName.TMF637: ApiFacts(system=SystemName.ORDERING, collection="product"),
    ApiName.TMF639: ApiFacts(system=SystemName.INVENTORY, collection="resource"),
    ApiName.TMF655: ApiFacts(
        system=SystemName.MAINTENANCE, collection="changeRequest", versions=frozenset({Version.V4})
    ),
    ApiName.TMF666: ApiFacts(system=SystemName.BILLING, collection="billingAccount"),
    ApiName.TMF678: ApiFacts(
        system=SystemName.BILLING, collection="customerBill", also=("appliedCustomerBillingRate",)
    ),
}
"""TMF655 has no version 5."""
