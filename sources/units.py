"""Sizes as upstreams write them."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

_PREFIXES: Final = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_TEXT: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*([kmgt]?)(?:b|bit|bits)?(?:/s|ps|/sec)?", re.IGNORECASE)
_MOST: Final = 2**53
"""No line carries as much, and larger numbers are not alike everywhere."""


def bits_per_second(values: Mapping[str, Any], names: Sequence[str]) -> int | None:
    """Give the first of *values* with one of *names* that is a bandwidth, in bit/s.

    It may be a number of bit/s, a text (``100 Mbps``) or a TM Forum Quantity (``amount`` or ``value`` or
    ``volume``, with ``units`` or ``unit``); None where there is none that can be read.
    """
    found = (_bits(values[name]) for name in names if name in values)
    return next((each for each in found if each is not None), None)


def _bits(value: Any) -> int | None:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        amount = next((value[name] for name in ("amount", "value", "volume") if name in value), None)
        unit = value.get("units") or value.get("unit") or ""
        value = f"{amount:f} {unit}" if isinstance(amount, Decimal) else f"{amount} {unit}"
    elif isinstance(value, Decimal):
        value = f"{value:f}" if value.is_finite() and abs(value) < _MOST else ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    found = _TEXT.fullmatch(str(value).strip()) if len(str(value)) < 64 else None  # noqa: PLR2004 - a size is short
    if found is None:
        return None
    try:
        bits = int(Decimal(found[1].replace(",", ".")) * _PREFIXES[found[2].lower()])
    except InvalidOperation:
        return None
    return bits if bits < _MOST else None
