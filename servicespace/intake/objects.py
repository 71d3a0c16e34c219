"""What of the customer's a maintenance notice means by its object ids."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from msgspec.structs import replace

from servicespace.intake.stores import Stores
from sources.inventory import ComponentRecord, Exclusion
from sources.keys import (
    ComponentId,
    CustomerCode,
    LocationId,
    MaintenanceImpactId,
    ServicePointId,
)
from sources.maintenance import MaintenanceImpactRecord, NetworkSegment
from sources.maintenance.notice import Notice, Touched
from sources.maintenance.segment import segment_of
from sources.ordering import LocationRecord, ServicePointRecord


@dataclass(frozen=True, slots=True)
class Objects:
    """What is known under the names that notices use: components, then service points, then locations."""

    components: Mapping[str, Collection[ComponentRecord]]
    service_points: Mapping[ServicePointId, ServicePointRecord]
    locations: Mapping[LocationId, LocationRecord]

    @classmethod
    async def named(cls, stores: Stores, names: Collection[str]) -> "Objects":
        """Look *names* up: components by the names that others have for them, or by id."""
        components: dict[str, dict[ComponentId, ComponentRecord]] = {}
        for each in await stores.inventory.known_by_external_id(stores.code, names):
            for name in each.external_ids:
                components.setdefault(name, {})[each.id] = each
        known = await stores.inventory.known(stores.code, [ComponentId(each) for each in names])
        for each in known.values():
            components.setdefault(each.id, {})[each.id] = each
        return cls(
            {name: found.values() for name, found in components.items()},
            await stores.ordering.service_points(stores.everything, [ServicePointId(each) for each in names]),
            await stores.ordering.locations(stores.everything, [LocationId(each) for each in names]),
        )

    def impacts(self, notice: Notice, customer: CustomerCode) -> list[MaintenanceImpactRecord]:
        """Give what *notice* does to each object that it names.

        An object that is not known is on the operator's network: the operator announced it for this account.
        """
        return [impact for each in notice.objects for impact in self._impacts(notice, each, customer)]

    def _impacts(
        self, notice: Notice, touched: Touched, customer: CustomerCode
    ) -> list[MaintenanceImpactRecord]:
        name = touched.object_id
        components = self.components.get(name, ())
        if components:
            return [_on_component(_impact(notice, touched, customer, each.id), each) for each in components]
        plain = _impact(notice, touched, customer)
        service_point = self.service_points.get(ServicePointId(name))
        if service_point is not None:
            return [_on_service_point(plain, service_point)]
        location = self.locations.get(LocationId(name))
        return [plain if location is None else _at(plain, location)]


def _impact(
    notice: Notice, touched: Touched, customer: CustomerCode, component: str = ""
) -> MaintenanceImpactRecord:
    digest = sha256(f"{notice.event}\0{touched.object_id}\0{component}".encode()).hexdigest()
    return MaintenanceImpactRecord(
        customer=customer,
        id=MaintenanceImpactId(digest[:32]),
        event=notice.event,
        object_id=touched.object_id,
        level=touched.level,
        segment=NetworkSegment.OPERATOR_NETWORK,
    )


def _on_component(impact: MaintenanceImpactRecord, component: ComponentRecord) -> MaintenanceImpactRecord:
    """Give *impact* on a component; one that is never shown shows through its service point only."""
    return replace(
        impact,
        component=component.id if component.exclusion is None else None,
        service_point=component.service_point,
        location=component.location,
        solution=component.solution,
        segment=segment_of(component.kind.value, public=component.exclusion is Exclusion.PUBLIC_GATEWAY),
    )


def _on_service_point(
    impact: MaintenanceImpactRecord, service_point: ServicePointRecord
) -> MaintenanceImpactRecord:
    return replace(
        impact,
        service_point=service_point.id,
        location=service_point.location,
        solution=service_point.solution,
    )


def _at(impact: MaintenanceImpactRecord, location: LocationRecord) -> MaintenanceImpactRecord:
    return replace(impact, location=location.id)
