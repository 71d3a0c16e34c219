"""What upstreams' own words for resources mean to us."""

from typing import Final

from sources.inventory.exclusion import Exclusion
from sources.inventory.kind import ComponentKind
from sources.tmf import Wording

KINDS: Final[Wording[ComponentKind]] = (
    ("sd ?wan edge|sd ?wan(?: cpe| router| appliance)?|edge", ComponentKind.SDWAN_EDGE),
    ("pe port|provider edge port", ComponentKind.PE_PORT),
    ("firewall", ComponentKind.FIREWALL),
    ("wi ?fi ap|wi ?fi access point|access point|wi ?fi", ComponentKind.WIFI_AP),
    ("ce router|cpe|router", ComponentKind.CE_ROUTER),
    ("switch", ComponentKind.SWITCH),
    ("access line|tail circuit|local loop|circuit", ComponentKind.ACCESS_LINE),
    ("evc|ethernet virtual connection", ComponentKind.EVC),
    ("vpn site|vrf", ComponentKind.VPN_SITE),
    ("internet access", ComponentKind.INTERNET_ACCESS),
    ("voice trunk|sip trunk|trunk", ComponentKind.VOICE_TRUNK),
    ("did range|did|number range", ComponentKind.DID_RANGE),
    ("sim|e ?sim|sim card|iccid|msisdn|mobile number", ComponentKind.SIM),
    ("vm|virtual machine|vdc|virtual data cent(?:er|re)", ComponentKind.VM),
    ("mailbox domain|mail domain|mailbox", ComponentKind.MAILBOX_DOMAIN),
)
"""The kinds, over words in lower case; what is particular stands before what is general.

An MSISDN, which TMF639's samples have, is the number of a mobile line; to the customer the SIM is that line.
"""

EXCLUSIONS: Final[Wording[Exclusion]] = (
    ("core network|core router|backbone|p router|pe router|route reflector", Exclusion.CORE_NETWORK),
    ("public gateway|internet gateway|peering", Exclusion.PUBLIC_GATEWAY),
)
"""What is never shown (terms of use, 1.3), by what the upstream calls it."""
