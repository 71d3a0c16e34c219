"""Which components no customer is ever shown (terms of use, 1.3)."""

from collections.abc import Mapping
from typing import Final, Protocol

from sources.code import Code
from sources.inventory.kind import ComponentKind
from sources.keys import ComponentId, ServicePointId

_LAN: Final = frozenset({ComponentKind.SWITCH, ComponentKind.WIFI_AP, ComponentKind.FIREWALL})
"""What may stand on a router's LAN side between it and a cascaded one."""


class Exclusion(Code):
    """Why a component is excluded, in the order of the terms."""

    CORE_NETWORK = "CORE_NETWORK"
    PUBLIC_GATEWAY = "PUBLIC_GATEWAY"
    DIAL = "DIAL"
    CASCADED_ROUTER = "CASCADED_ROUTER"


class Connected(Protocol):
    """What of a component decides its exclusion; a ``ComponentRecord`` has it all."""

    @property
    def id(self) -> ComponentId:
        """The component's id."""
        ...

    @property
    def kind(self) -> ComponentKind:
        """What the component is."""
        ...

    @property
    def service_point(self) -> ServicePointId | None:
        """The service point that the component is of."""
        ...

    @property
    def parent(self) -> ComponentId | None:
        """The component through which it is reached."""
        ...

    @property
    def access_type(self) -> str | None:
        """How it is connected, in the upstream's words."""
        ...


def exclusion_of(
    component: Connected,
    components: Mapping[ComponentId, Connected],
    *,
    core_network: bool = False,
    public_gateway: bool = False,
) -> Exclusion | None:
    """Give why *component* is excluded, or None where it may be shown.

    To be asked when a component is taken in: *components* are those known by then, excluded ones too
    (``SqlInventory.known``); ``core_network`` and ``public_gateway`` are what the upstream says of this one.
    """
    if core_network:
        return Exclusion.CORE_NETWORK
    if public_gateway:
        return Exclusion.PUBLIC_GATEWAY
    if "dial" in (component.access_type or "").lower():
        return Exclusion.DIAL
    if _is_cascaded(component, components):
        return Exclusion.CASCADED_ROUTER
    return None


def _is_cascaded(component: Connected, components: Mapping[ComponentId, Connected]) -> bool:
    """Tell whether a router without a service point is reached through another router's LAN side."""
    if component.kind is not ComponentKind.CE_ROUTER or component.service_point is not None:
        return False
    seen = {component.id}
    above = component.parent
    while above is not None and above not in seen and (parent := components.get(above)):
        if parent.kind is ComponentKind.CE_ROUTER:
            return True
        if parent.kind not in _LAN:
            return False
        seen.add(above)  # real inventories hold cycles
        above = parent.parent
    return False
