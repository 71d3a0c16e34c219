"""What TMF678 and TMF666 have no place for but ``characteristic``: the names that systems use, and values."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias, cast

from sources.tmf import Characteristic, many, named

Sent: TypeAlias = Characteristic | list[Characteristic | None] | None

_POSITION: Final = ("position", "lineposition", "linenumber", "sequence")
_QUANTITY: Final = ("quantity", "billedquantity")
_UNIT: Final = ("unit", "unitofmeasure", "quantityunit")
_UNIT_RATE: Final = ("unitrate", "unitprice")
_NUMBER: Final = ("accountnumber", "number")
_PO_NUMBER: Final = ("ponumber", "purchaseordernumber", "purchaseorder")
_LANGUAGE: Final = ("language", "languageid", "locale")

_MOST_POSITION: Final = 2**53
_MOST_QUANTITY: Final = 10**15


class OfRate(NamedTuple):
    """What the characteristics of a rate say; a position that they do not say is 0."""

    position: int = 0
    quantity: Decimal | None = None
    unit: str | None = None
    unit_rate: Decimal | None = None


class OfAccount(NamedTuple):
    """What the characteristics of a billing account say."""

    number: str | None = None
    po_number: str | None = None
    language: str | None = None


_NO_RATE: Final = OfRate()
_NO_ACCOUNT: Final = OfAccount()


def of_rate(characteristics: Sent) -> OfRate:
    """Give what *characteristics* say of a rate; what cannot be read they do not say."""
    if not characteristics:
        return _NO_RATE
    said = named(many(characteristics))
    return OfRate(_position(said), _number(said, _QUANTITY), _text(said, _UNIT), _number(said, _UNIT_RATE))


def of_account(characteristics: Sent) -> OfAccount:
    """Give what *characteristics* say of a billing account."""
    if not characteristics:
        return _NO_ACCOUNT
    said = named(many(characteristics))
    return OfAccount(_text(said, _NUMBER), _text(said, _PO_NUMBER), _text(said, _LANGUAGE))


def _value(values: Mapping[str, Any], names: Sequence[str]) -> Any:  # noqa: ANN401 - any JSON
    for name in names:
        if (value := values.get(name)) is not None:
            return value
    return None


def _text(values: Mapping[str, Any], names: Sequence[str]) -> str | None:
    value = _value(values, names)
    return value.strip() or None if isinstance(value, str) else None


def _number(values: Mapping[str, Any], names: Sequence[str]) -> Decimal | None:
    """Give a number that is sent as one, as text or as a Quantity; None where it is none that can be kept."""
    value = _value(values, names)
    if isinstance(value, dict):
        quantity = cast("dict[str, Any]", value)
        value = quantity.get("amount", quantity.get("value"))
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        return None
    # a whole number may have more digits than Python writes
    return None if isinstance(value, int) and abs(value) >= _MOST_QUANTITY else _kept(str(value))


@lru_cache(maxsize=2_000)
def _kept(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.copy_abs() >= _MOST_QUANTITY:
        return None
    return round(number, 9).normalize()


def _position(values: Mapping[str, Any]) -> int:
    number = _number(values, _POSITION)
    return int(number) if number is not None and 0 < number < _MOST_POSITION else 0
