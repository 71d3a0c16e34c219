"""The categories of Solutions."""

from auth.feature import ALWAYS
from schema.enum import described
from sources.ordering import SolutionCategory

__all__ = ["SolutionCategory"]

described(
    SolutionCategory,
    "The operator's service catalogue.",
    ALWAYS,
    BUSINESS_VPN="Business VPN: managed routers on the operator's network, with classes of service.",
    BVPN_GALERIE="Business VPN Galerie: on-ramps from the VPN to cloud providers.",
    INTERNET_ACCESS="Business Internet.",
    SDWAN="Flexible SD-WAN.",
    ETHERNET="Ethernet links and virtual private lines.",
    BUSINESS_TALK="Business Talk: voice over IP and SIP trunking.",
    CONTACT_CENTER="Contact centre access and applications.",
    MOBILE="Business mobile.",
    IOT_CONNECTIVITY="Managed connectivity for things.",
    CLOUD_IAAS="Cloud infrastructure.",
    SECURITY="Managed firewalls and security gateways.",
    LAN_WIFI_MGMT="Management of LAN, Wi-Fi and switches.",
    MAIL_IP_MESSAGING="Mail relay and hosted messaging.",
    COLLAB_UC="Collaboration and unified communications.",
    UNKNOWN="A category that this schema does not know; it covers nothing.",
)
