"""What the operator sells: for each category its offer, prices and the components that deliver it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sources.inventory import ComponentKind
from sources.ordering import SolutionCategory


@dataclass(frozen=True, slots=True)
class Part:
    """A component of a service point; ``via`` is the place of the part through which it is reached."""

    kind: ComponentKind
    via: int | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """What a service point of a category is.

    ``megabits`` are the bandwidths it is sold with, in Mbit/s; ``euros`` the least and most of its monthly
    price; ``usage`` what is counted besides, with its unit and its price in hundredths of a cent.
    """

    offer: str
    megabits: tuple[int, ...]
    euros: tuple[int, int]
    charges: tuple[str, ...]
    usage: tuple[str, str, int]
    parts: tuple[Part, ...]


_K = ComponentKind
_TRAFFIC: Final = ("Traffic above the committed rate", "GB", 900)
_CALLS: Final = ("Calls to mobiles", "min", 450)

CATALOG: Final[Mapping[SolutionCategory, Product]] = MappingProxyType(
    {
        SolutionCategory.BUSINESS_VPN: Product(
            "Business VPN",
            (10, 50, 100, 1_000),
            (280, 2_400),
            ("VPN port", "Access line", "Managed router", "Class of service: voice and video"),
            _TRAFFIC,
            (
                Part(_K.PE_PORT),
                Part(_K.ACCESS_LINE, 0),
                Part(_K.CE_ROUTER, 1),
                Part(_K.VPN_SITE, 0),
                Part(_K.SWITCH, 2),
                Part(_K.WIFI_AP, 4),
            ),
        ),
        SolutionCategory.SDWAN: Product(
            "Flexible SD-WAN",
            (50, 100, 500),
            (190, 1_300),
            ("SD-WAN service", "Underlay access", "Managed edge", "Application visibility"),
            _TRAFFIC,
            (
                Part(_K.EVC),
                Part(_K.ACCESS_LINE, 0),
                Part(_K.SDWAN_EDGE, 1),
                Part(_K.PE_PORT),
                Part(_K.SWITCH, 2),
            ),
        ),
        SolutionCategory.BUSINESS_TALK: Product(
            "Business Talk",
            (),
            (90, 800),
            ("SIP trunk channels", "Number range", "Emergency location", "Session border control"),
            _CALLS,
            (Part(_K.VOICE_TRUNK), Part(_K.DID_RANGE, 0), Part(_K.EVC), Part(_K.CE_ROUTER, 2)),
        ),
        SolutionCategory.INTERNET_ACCESS: Product(
            "Business Internet",
            (100, 500, 1_000),
            (60, 480),
            ("Internet access", "Fixed addresses", "Managed router", "Restored within 4 hours"),
            _TRAFFIC,
            (
                Part(_K.INTERNET_ACCESS),
                Part(_K.ACCESS_LINE, 0),
                Part(_K.CE_ROUTER, 1),
                Part(_K.FIREWALL, 2),
                Part(_K.WIFI_AP, 2),
            ),
        ),
        SolutionCategory.ETHERNET: Product(
            "Ethernet Link",
            (100, 1_000, 10_000),
            (700, 4_200),
            ("Ethernet link", "Access line", "Diverse path"),
            _TRAFFIC,
            (Part(_K.EVC), Part(_K.PE_PORT), Part(_K.ACCESS_LINE, 1)),
        ),
        SolutionCategory.MOBILE: Product(
            "Business Mobile",
            (),
            (15, 60),
            ("Mobile plan", "Roaming option", "Device insurance"),
            ("Data outside the plan", "GB", 40_000),
            (Part(_K.SIM),),
        ),
        SolutionCategory.CONTACT_CENTER: Product(
            "Flexible Contact Center",
            (),
            (300, 2_500),
            ("Agent seats", "Recording", "Interactive voice response"),
            _CALLS,
            (Part(_K.VOICE_TRUNK), Part(_K.DID_RANGE, 0), Part(_K.VM)),
        ),
        SolutionCategory.SECURITY: Product(
            "Flexible Security Platform",
            (),
            (220, 1_900),
            ("Managed firewall", "Web filtering", "Log retention"),
            _TRAFFIC,
            (Part(_K.FIREWALL), Part(_K.VM)),
        ),
        SolutionCategory.LAN_WIFI_MGMT: Product(
            "LAN and Wi-Fi Management",
            (),
            (80, 600),
            ("Managed switches", "Managed access points", "On-site support"),
            ("Hours on site outside the contract", "h", 1_100_000),
            (Part(_K.SWITCH), Part(_K.WIFI_AP, 0), Part(_K.WIFI_AP, 0)),
        ),
        SolutionCategory.IOT_CONNECTIVITY: Product(
            "IoT Managed Global Connectivity",
            (),
            (5, 40),
            ("SIM pool", "Private APN"),
            ("Data of the pool", "MB", 600),
            (Part(_K.SIM),),
        ),
        SolutionCategory.CLOUD_IAAS: Product(
            "Cloud Avenue",
            (),
            (150, 3_800),
            ("Virtual data centre", "Block storage", "Backup"),
            ("Compute", "h", 900),
            (Part(_K.VM), Part(_K.VM)),
        ),
        SolutionCategory.BVPN_GALERIE: Product(
            "Business VPN Galerie",
            (100, 1_000),
            (400, 1_500),
            ("Cloud on-ramp", "Second gateway"),
            _TRAFFIC,
            (Part(_K.EVC), Part(_K.PE_PORT, 0)),
        ),
        SolutionCategory.MAIL_IP_MESSAGING: Product(
            "Hosted Messaging",
            (),
            (20, 300),
            ("Mailboxes", "Mail relay", "Archive"),
            ("Messages relayed", "1000 messages", 5_000),
            (Part(_K.MAILBOX_DOMAIN), Part(_K.VM)),
        ),
        SolutionCategory.COLLAB_UC: Product(
            "Business Together",
            (),
            (120, 900),
            ("Users", "Meeting rooms", "Number range"),
            _CALLS,
            (Part(_K.VOICE_TRUNK), Part(_K.DID_RANGE, 0)),
        ),
    }
)
