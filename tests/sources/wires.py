"""JSON as hypothesis makes it up: the keys are those that are read, the values anything."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st

from sources.tmf import Wire

TEXTS = st.sampled_from(
    [
        "",
        "1",
        "active",
        "EUR",
        "2020-01-01T00:00:00Z",
        "9999-12-31",
        "2020-13-01",
        "bundled",
        "contains",
        "\u202e",
    ]
)
NUMBERS = st.integers() | st.decimals() | st.sampled_from([Decimal("1e999999"), 10**400, Decimal("0.2")])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS | st.text()


def sent_names(wire: type[Wire]) -> list[str]:
    """Give the keys under which the values of *wire* are sent."""
    return [each.encode_name for each in msgspec.structs.fields(wire)]


def things(*wires: type[Wire]) -> st.SearchStrategy[Mapping[str, Any]]:
    """Give objects with the keys of *wires*, at any depth."""
    names = st.sampled_from(
        sorted({name for wire in wires for name in sent_names(wire)} | {"amount", "name"})
    )
    values = st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=6),
        max_leaves=20,
    )
    return st.dictionaries(names, values, max_size=12).map(lambda thing: {"id": "x", **thing})
