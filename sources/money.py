"""Amounts of money."""

from decimal import Decimal
from typing import Final

import msgspec

_EXPONENTS: Final = {
    "BHD": 3,
    "CLP": 0,
    "ISK": 0,
    "JOD": 3,
    "JPY": 0,
    "KRW": 0,
    "KWD": 3,
    "OMR": 3,
    "TND": 3,
    "VND": 0,
}
"""Digits after the point where they are not two (ISO 4217)."""


class Money(msgspec.Struct, frozen=True, gc=False):
    """An amount in minor units (cents for EUR) of its ISO 4217 currency."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with all digits of its currency."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))


def exponent(currency: str) -> int:
    """Give the number of digits after the point of an ISO 4217 *currency*."""
    return _EXPONENTS.get(currency, 2)


def minor_units(amount: Decimal, currency: str) -> int:
    """Give *amount*, in major units, in minor units, rounded half to even."""
    return int(amount.scaleb(exponent(currency)).to_integral_value())
