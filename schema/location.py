"""Locations: the customer's sites."""

from auth.feature import ALWAYS, Feature
from resolvers import component, maintenance, service_point, ticket
from schema.component import COMPONENTS, Component
from schema.connection import Connection
from schema.enum import ordered
from schema.field import Lists, field
from schema.input import input_field, input_of
from schema.maintenance import MAINTENANCE_EVENTS, MaintenanceEvent
from schema.node import Node, record_type
from schema.service_point import SERVICE_POINTS, ServicePoint
from schema.ticket import TICKETS, Ticket
from sources import ordering
from sources.ordering import LocationRecord

ordered(ordering.LocationOrder, "locations", ALWAYS, NAME="name", COUNTRY="country")


@input_of(ordering.LocationFilter, "What locations may be asked by; all parts must hold.")
class LocationFilter:
    """The filter of locations."""

    country: list[str] | None = input_field("In one of these countries (ISO 3166-1, two letters).", ALWAYS)
    site_code: list[str] | None = input_field("With one of these site codes.", ALWAYS)
    text: str | None = input_field(
        "A part of the number, name, site code, city or street, whatever its case.", ALWAYS
    )


LOCATIONS = Lists(
    LocationFilter,
    ordering.LocationOrder,
    ordering.LocationOrder.NAME_ASC,
    LocationRecord,
    ordering.LocationFilter,
    "locations",
)


@record_type(LocationRecord, "A site of the customer (TMF674).", ALWAYS)
class Location(Node):
    """A site."""

    name: str = field("The site's name.", ALWAYS)
    site_code: str | None = field("The code by which the customer knows the site.", ALWAYS)
    street: str | None = field("Street and number.", ALWAYS)
    postcode: str | None = field("The postcode.", ALWAYS)
    city: str | None = field("The city.", ALWAYS)
    country: str = field("The country (ISO 3166-1, two letters).", ALWAYS)
    time_zone: str | None = field("The time zone (IANA name).", ALWAYS)
    latitude: float | None = field("Degrees north (WGS 84).", ALWAYS)
    longitude: float | None = field("Degrees east (WGS 84).", ALWAYS)
    service_points: Connection[ServicePoint] | None = field(
        "What is installed at the site.", ALWAYS, batch=service_point.of_locations, lists=SERVICE_POINTS
    )
    components: Connection[Component] | None = field(
        "The components at the site.", Feature.INVENTORY, batch=component.of_locations, lists=COMPONENTS
    )
    tickets: Connection[Ticket] | None = field(
        "The tickets about what is at the site.", Feature.INCIDENTS, batch=ticket.of_locations, lists=TICKETS
    )
    maintenance: Connection[MaintenanceEvent] | None = field(
        "The maintenance that touches something at the site.",
        Feature.MAINTENANCE,
        batch=maintenance.of_locations,
        lists=MAINTENANCE_EVENTS,
    )
