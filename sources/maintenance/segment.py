"""Whose network a component belongs to (terms of use, 1.1: "Orange Network").

Kinds are named as inventory names them, by their text: the systems know nothing of one another.
"""

from typing import Final

from sources.maintenance.records import NetworkSegment

CPE_KINDS: Final = frozenset({"CE_ROUTER", "SWITCH", "WIFI_AP", "FIREWALL", "SDWAN_EDGE"})
"""Equipment on the customer's premises: in inventory, never in maintenance."""

TAIL_CIRCUIT_KINDS: Final = frozenset({"ACCESS_LINE"})
"""What leads from the operator's network to the customer's premises."""


def segment_of(kind: str, *, public: bool = False) -> NetworkSegment:
    """Give the segment of a component of *kind*; ``public`` where it belongs to a public network."""
    if public:
        return NetworkSegment.PUBLIC_NETWORK
    if kind in CPE_KINDS:
        return NetworkSegment.CPE
    return NetworkSegment.TAIL_CIRCUIT if kind in TAIL_CIRCUIT_KINDS else NetworkSegment.OPERATOR_NETWORK
