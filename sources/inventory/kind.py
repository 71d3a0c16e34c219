"""What a component is, in the operator's words."""

from sources.code import Code


class ComponentKind(Code):
    """The kinds of things that a Solution's network is made of."""

    CE_ROUTER = "CE_ROUTER"
    SWITCH = "SWITCH"
    WIFI_AP = "WIFI_AP"
    FIREWALL = "FIREWALL"
    SDWAN_EDGE = "SDWAN_EDGE"
    ACCESS_LINE = "ACCESS_LINE"
    PE_PORT = "PE_PORT"
    EVC = "EVC"
    VPN_SITE = "VPN_SITE"
    INTERNET_ACCESS = "INTERNET_ACCESS"
    VOICE_TRUNK = "VOICE_TRUNK"
    DID_RANGE = "DID_RANGE"
    SIM = "SIM"
    VM = "VM"
    MAILBOX_DOMAIN = "MAILBOX_DOMAIN"
    UNKNOWN = "UNKNOWN"
