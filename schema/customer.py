"""The customer."""

from auth.feature import ALWAYS
from schema.enum import described
from schema.field import field
from schema.node import Node, record_type
from sources import ordering
from sources.ordering import Market, PortalOption

__all__ = ["Customer", "Market", "PortalOption"]

described(
    Market,
    "Where a Solution is sold.",
    ALWAYS,
    INTL="Internationally.",
    FR="In France.",
)

described(
    PortalOption,
    "The web portal option that the operator makes available (terms of use 1.1).",
    ALWAYS,
    LITE="Contacts, settings, help, notices, billing documents and reading incidents.",
    STANDARD="All standard features of the portal.",
    PREMIUM="All features; optional modules and paid lines where they are ordered.",
)


@record_type(ordering.CustomerRecord, "An enterprise customer of the operator.", ALWAYS)
class Customer(Node):
    """The customer that a User belongs to."""

    code: str = field("The customer's code.", ALWAYS)
    name: str = field("The customer's name.", ALWAYS)
    market: Market = field("Where the customer buys.", ALWAYS)
    portal_option: PortalOption = field("The web portal option that the customer has.", ALWAYS)
