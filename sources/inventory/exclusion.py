"""Which components no customer is ever shown (terms of use, 1.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
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

    To be asked when a component is taken in or read: *components* are those known by then, excluded ones too
    (``SqlInventory.known``); ``core_network`` and ``public_gateway`` are what the upstream says of this one.
    """
    if core_network:
        return Exclusion.CORE_NETWORK
    if public_gateway:
        return Exclusion.PUBLIC_GATEWAY
    if "dial" in (component.access_type or "").lower():
        return Exclusion.DIAL
    if way_up(component, components).cascaded:
        return Exclusion.CASCADED_ROUTER
    return None


@dataclass(frozen=True, slots=True)
class WayUp:
    """The way up from a router, as far as it decides whether it is a cascaded one.

    ``cascaded`` where it comes to another router by the LAN side. Else ``missing`` is the parent at which it
    ends because nothing is known of it, ``loose`` says that it ends at something that names no parent.
    """

    cascaded: bool = False
    missing: ComponentId | None = None
    loose: bool = False


def way_up(component: Connected, components: Mapping[ComponentId, Connected]) -> WayUp:
    """Give the way up from *component* through *components*; only a router without service point has one."""
    if component.kind is not ComponentKind.CE_ROUTER or component.service_point is not None:
        return WayUp()
    seen = {component.id}
    above = component.parent
    while above is not None and above not in seen:
        parent = components.get(above)
        if parent is None:
            return WayUp(missing=above)
        if parent.kind is ComponentKind.CE_ROUTER:
            return WayUp(cascaded=True)
        if parent.kind not in _LAN:
            return WayUp()
        seen.add(above)  # real inventories hold cycles
        above = parent.parent
    return WayUp(loose=above is None)
