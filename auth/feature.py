"""The features of the portal: the rows of the coverage matrix (terms of use 1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final, TypeAlias


class Feature(Enum):
    """A capability of the portal that a customer's ordered Solutions open or leave closed."""

    # Each member is one object; Python would hash its name each time.
    __hash__ = object.__hash__

    QUOTES_ORDERS = "QUOTES_ORDERS"
    DISCONNECTS = "DISCONNECTS"
    BILLING = "BILLING"
    BILLING_QUERIES = "BILLING_QUERIES"
    BILLING_NOTIFICATIONS = "BILLING_NOTIFICATIONS"
    SELFCARE = "SELFCARE"
    INCIDENTS = "INCIDENTS"
    INCIDENT_REPORTS = "INCIDENT_REPORTS"
    CHANGES_CATALOG = "CHANGES_CATALOG"
    CHANGES_FROM_DEVICE = "CHANGES_FROM_DEVICE"
    INVENTORY = "INVENTORY"
    REPORT_USAGE = "REPORT_USAGE"
    REPORT_QUALITY = "REPORT_QUALITY"
    REPORT_PERFORMANCE = "REPORT_PERFORMANCE"
    REPORT_ENHANCED_IP = "REPORT_ENHANCED_IP"
    MAINTENANCE = "MAINTENANCE"
    DOCUMENTS = "DOCUMENTS"
    CONTACTS = "CONTACTS"
    ACCOUNT_SETTINGS = "ACCOUNT_SETTINGS"
    ONLINE_HELP = "ONLINE_HELP"
    PORTAL_NOTICES = "PORTAL_NOTICES"

    @property
    def description(self) -> str:
        """What the feature lets a customer do, in one sentence."""
        return DESCRIPTIONS[self]


DESCRIPTIONS: Final[Mapping[Feature, str]] = MappingProxyType(
    {
        Feature.QUOTES_ORDERS: "Request quotes, confirm proposals, follow orders.",
        Feature.DISCONNECTS: "Request the disconnection of Solutions and service points.",
        Feature.BILLING: "See and download invoices and credit notes by billing account.",
        Feature.BILLING_QUERIES: "Ask questions about invoices and credit notes.",
        Feature.BILLING_NOTIFICATIONS: "Be mailed when billing documents and reports are available.",
        Feature.SELFCARE: "Manage online Solutions, the profiles of Users and their services.",
        Feature.INCIDENTS: "Report incidents, follow them to their resolution.",
        Feature.INCIDENT_REPORTS: "See the standard reports on incidents and events.",
        Feature.CHANGES_CATALOG: "Request changes from the catalog and follow them.",
        Feature.CHANGES_FROM_DEVICE: "Request changes from a device of the inventory.",
        Feature.INVENTORY: "See the components of the ordered Solutions, in general and focused views.",
        Feature.REPORT_USAGE: "See how much the Solutions are used.",
        Feature.REPORT_QUALITY: "See the quality of the Solutions against their targets.",
        Feature.REPORT_PERFORMANCE: "See the performance of the Solutions over time.",
        Feature.REPORT_ENHANCED_IP: "See IP performance at fine granularity, at an extra charge.",
        Feature.MAINTENANCE: "See planned and expedited maintenance of the network and what it touches.",
        Feature.DOCUMENTS: "Keep and share documents, as an optional module.",
        Feature.CONTACTS: "See and keep the contacts of customer and operator.",
        Feature.ACCOUNT_SETTINGS: "See and change one's own account and its preferences.",
        Feature.ONLINE_HELP: "Read the online help.",
        Feature.PORTAL_NOTICES: "Read the notices about the portal itself, planned outages among them.",
    }
)
"""What each feature lets a customer do, in one sentence."""


class Always(Enum):
    """What stands in a feature's place where nothing has to be covered."""

    ALWAYS = "ALWAYS"


ALWAYS: Final = Always.ALWAYS


@dataclass(frozen=True, slots=True)
class Detail:
    """The details of a feature: covered as the feature is, for those whose role is to read them."""

    feature: Feature

    @property
    def value(self) -> str:
        """The feature's name, and that it is about details."""
        return f"{self.feature.value} in detail"


@dataclass(frozen=True, slots=True)
class Admin:
    """What is for the customer's administrators of a feature."""

    feature: Feature

    @property
    def value(self) -> str:
        """The feature's name, and for whom it is."""
        return f"{self.feature.value} for administrators"


@dataclass(frozen=True, slots=True)
class Full:
    """A feature at level FULL: what changes something needs it, READ is not enough."""

    feature: Feature

    @property
    def value(self) -> str:
        """The feature's name and the level."""
        return f"{self.feature.value} at level FULL"


Closable: TypeAlias = Feature | Detail | Full | Admin
"""What may be closed to somebody."""

Gate: TypeAlias = Closable | Always
"""What has to be covered, and be within the asker's rights: a feature, a part of one, or nothing."""

ADMINISTRATION: Final = Admin(Feature.ACCOUNT_SETTINGS)
"""The customer's Users and partner clients (identity.md "Rights")."""

GATES: Final[tuple[Closable, ...]] = (*Feature, *map(Detail, Feature), *map(Full, Feature), ADMINISTRATION)
"""Every gate that may be closed."""


def feature_of(gate: Closable) -> Feature:
    """Give the feature that *gate* is about."""
    return gate if isinstance(gate, Feature) else gate.feature


NEVER_GATED: Final[frozenset[Feature]] = frozenset(
    {Feature.CONTACTS, Feature.ACCOUNT_SETTINGS, Feature.ONLINE_HELP, Feature.PORTAL_NOTICES}
)
"""What a customer without any Solution has too: it can still log in, read notices, ask for help."""
