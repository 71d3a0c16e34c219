"""Sizes as upstreams write them."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, cast

_PREFIXES: Final = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_TEXT: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*([kmgt]?)(?:b|bit|bits)?(?:/s|ps|/sec)?", re.IGNORECASE)
_MOST: Final = 2**53
"""No line carries as much, and larger numbers are not alike everywhere."""

_LONGEST: Final = 64
"""How many characters a size has at most."""


def bits_per_second(values: Mapping[str, Any], names: Sequence[str]) -> int | None:
    """Give the first of *values* with one of *names* that is a bandwidth, in bit/s.

    It may be a number of bit/s, a text (``100 Mbps``) or a TM Forum Quantity (``amount`` or ``value`` or
    ``volume``, with ``units`` or ``unit``); None where there is none that can be read.
    """
    found = (_bits(values[name]) for name in names if name in values)
    return next((each for each in found if each is not None), None)


def _bits(value: Any) -> int | None:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        quantity = {name.lower(): each for name, each in cast("dict[str, Any]", value).items()}
        amount = next((quantity[name] for name in ("amount", "value", "volume") if name in quantity), None)
        text = f"{_plain(amount)} {_plain(quantity.get('units') or quantity.get('unit'))}"
    else:
        text = _plain(value)
    return _parsed(text)


@lru_cache(maxsize=1_000)
def _parsed(text: str) -> int | None:
    found = _TEXT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    bits = int(Decimal(found[1].replace(",", ".")) * _PREFIXES[found[2].lower()])
    return bits if bits < _MOST else None


def _plain(value: Any) -> str:  # noqa: ANN401 - any JSON
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() and value.copy_abs() < _MOST else ""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
