"""Which category of the operator's catalogue an offer belongs to, by the words of its category and its name.

A catalogue that names its categories as the coverage rules do needs nothing of this. A name in which no
pattern is found belongs to none: what is not known covers nothing.
"""

from typing import Final

from sources.ordering import SolutionCategory
from sources.tmf import Wording

OFFERS: Final[Wording[SolutionCategory]] = (
    ("bvpn galerie|vpn galerie|galerie|cloud on ramp", SolutionCategory.BVPN_GALERIE),
    ("sd ?wan", SolutionCategory.SDWAN),
    ("business vpn|ip ?vpn|mpls|vpn", SolutionCategory.BUSINESS_VPN),
    ("contact cent(?:er|re)|call cent(?:er|re)", SolutionCategory.CONTACT_CENTER),
    ("business talk|btip|sip trunk(?:ing|s)?|voice over ip|vo ?ip|telephony", SolutionCategory.BUSINESS_TALK),
    ("io ?t|io ?t connectivity|m2m|machine to machine|live objects", SolutionCategory.IOT_CONNECTIVITY),
    ("mobile|sim cards?|4g|5g|lte", SolutionCategory.MOBILE),
    ("firewall|security|ddos", SolutionCategory.SECURITY),
    ("lan|wi ?fi|switch(?:es)?", SolutionCategory.LAN_WIFI_MGMT),
    ("mail|mail relay|mailbox(?:es)?|messaging", SolutionCategory.MAIL_IP_MESSAGING),
    ("unified communications?|collaboration|business together", SolutionCategory.COLLAB_UC),
    ("cloud|iaas|virtual data cent(?:er|re)|evolution platform", SolutionCategory.CLOUD_IAAS),
    ("ethernet|evpl|e line|vpls", SolutionCategory.ETHERNET),
    ("internet|broadband|fib(?:er|re)|ftth|x?dsl", SolutionCategory.INTERNET_ACCESS),
)
"""The patterns, over words in lower case; what is particular stands before what is general."""
