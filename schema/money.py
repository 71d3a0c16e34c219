"""Amounts of money."""

from decimal import Decimal

from auth.feature import ALWAYS
from schema.field import field
from schema.node import object_type


@object_type("An amount of money.")
class Money:
    """An exact amount in its currency."""

    amount: Decimal = field('The amount in major units, exact: "1250.50".', ALWAYS)
    currency: str = field("The currency (ISO 4217).", ALWAYS)
