"""What a User may do in each section of the portal (identity.md "Rights"); coverage is another axis."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

import msgspec

from auth.coverage import Denied, Reason
from auth.feature import ADMINISTRATION, Closable, Detail, Feature, Full, feature_of


class Role(Enum):
    """What a User may do in a section: what the role says, and all that those before it say."""

    NONE = "NONE"
    """Nothing: the section is not there."""
    VISITOR = "VISITOR"
    """See what is listed."""
    READER = "READER"
    """See the details, download."""
    CONTRIBUTOR = "CONTRIBUTOR"
    """Create."""
    MANAGER = "MANAGER"
    """Approve, accept, settle."""

    @property
    def rank(self) -> int:
        """Its place, NONE the first."""
        return _RANKS[self]

    def reaches(self, needed: "Role") -> bool:
        """Tell whether this role allows what *needed* allows."""
        return self.rank >= needed.rank


_RANKS: Final = {each: rank for rank, each in enumerate(Role)}


class Section(Enum):
    """A part of the portal in which a User has one role: the features of terms of use 1.2."""

    ORDERS = "ORDERS"
    DISCONNECTS = "DISCONNECTS"
    BILLING = "BILLING"
    SELFCARE = "SELFCARE"
    INCIDENTS = "INCIDENTS"
    CHANGES = "CHANGES"
    INVENTORY = "INVENTORY"
    REPORTING = "REPORTING"
    MAINTENANCE = "MAINTENANCE"
    DOCUMENTS = "DOCUMENTS"


SECTIONS: Final[Mapping[Feature, Section]] = MappingProxyType(
    {
        Feature.QUOTES_ORDERS: Section.ORDERS,
        Feature.DISCONNECTS: Section.DISCONNECTS,
        Feature.BILLING: Section.BILLING,
        Feature.BILLING_QUERIES: Section.BILLING,
        Feature.BILLING_NOTIFICATIONS: Section.BILLING,
        Feature.SELFCARE: Section.SELFCARE,
        Feature.INCIDENTS: Section.INCIDENTS,
        Feature.INCIDENT_REPORTS: Section.INCIDENTS,
        Feature.CHANGES_CATALOG: Section.CHANGES,
        Feature.CHANGES_FROM_DEVICE: Section.CHANGES,
        Feature.INVENTORY: Section.INVENTORY,
        Feature.REPORT_USAGE: Section.REPORTING,
        Feature.REPORT_QUALITY: Section.REPORTING,
        Feature.REPORT_PERFORMANCE: Section.REPORTING,
        Feature.REPORT_ENHANCED_IP: Section.REPORTING,
        Feature.MAINTENANCE: Section.MAINTENANCE,
        Feature.DOCUMENTS: Section.DOCUMENTS,
    }
)
"""The section of each feature; those that are never gated are in none, and open to every User."""


class Rights(msgspec.Struct, frozen=True, kw_only=True):
    """What a User may do: a role in each section, NONE in those that are not named.

    ``administrator`` is the right to manage the customer's Users and partner clients (CUSTOMER_ADMIN).
    """

    administrator: bool = False
    roles: Mapping[Section, Role] = {}

    def role(self, section: Section) -> Role:
        """Give the role in *section*."""
        return self.roles.get(section, Role.NONE)


NEEDED: Final[Mapping[Closable, Role]] = MappingProxyType(
    {
        **dict.fromkeys(Feature, Role.VISITOR),
        **{Detail(each): Role.READER for each in Feature},
        **{Full(each): Role.CONTRIBUTOR for each in Feature},
    }
)
"""The role that each gate needs; administration is a right of its own."""


def denied(rights: Rights, scope: Mapping[Feature, Role] | None = None) -> Denied:
    """Give the gates that are beyond *rights*, and those beyond the *scope* of an access token.

    A *scope* that is None leaves nothing out, and only that has administration: no scope of a partner does.
    """
    found: dict[Closable, Reason] = {}
    for gate, needed in NEEDED.items():
        feature = feature_of(gate)
        section = SECTIONS.get(feature)
        if section is not None and not rights.role(section).reaches(needed):
            found[gate] = Reason.ROLE
        elif scope is not None and not scope.get(feature, Role.NONE).reaches(needed):
            found[gate] = Reason.SCOPE
    if not rights.administrator:
        found[ADMINISTRATION] = Reason.ROLE
    elif scope is not None:
        found[ADMINISTRATION] = Reason.SCOPE
    return found


def everywhere(role: Role, *, administrator: bool = False) -> Rights:
    """Give the rights of who has *role* in every section."""
    return Rights(administrator=administrator, roles=dict.fromkeys(Section, role))
