"""Service points: the installed offers of a Solution."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from auth.feature import ALWAYS
from resolvers import location, solution
from schema.enum import ordered
from schema.field import Lists, field
from schema.input import input_field, input_of
from schema.node import Node, record_type
from schema.product import ProductStatus
from schema.scalars import Long
from sources import ordering
from sources.ordering import ServicePointRecord

if TYPE_CHECKING:
    from schema.location import Location
    from schema.solution import Solution

ServicePointOrder = ordered(ordering.ServicePointOrder, "service points", NAME="name")


@input_of(ordering.ServicePointFilter, "What service points may be asked by; all parts must hold.")
class ServicePointFilter:
    """The filter of service points."""

    status: list[ProductStatus] | None = input_field("One of these states.", ALWAYS)
    solution: list[strawberry.ID] | None = input_field("Of one of these Solutions.", ALWAYS, node="Solution")
    location: list[strawberry.ID] | None = input_field("At one of these locations.", ALWAYS, node="Location")
    text: str | None = input_field("A part of the number, name or offer, whatever its case.", ALWAYS)


SERVICE_POINTS = Lists(
    ServicePointFilter,
    ordering.ServicePointOrder,
    ordering.ServicePointOrder.NAME_ASC,
    ServicePointRecord,
    ordering.ServicePointFilter,
    "service points",
)


@record_type(ServicePointRecord, "An installed offer of a Solution at a location (TMF637).", ALWAYS)
class ServicePoint(Node):
    """An installed offer."""

    name: str = field("The service point's name.", ALWAYS)
    offer: str | None = field("The offer that is installed.", ALWAYS)
    status: ProductStatus = field("Where it is in its life.", ALWAYS)
    raw_status: str | None = field("The status as the ordering system words it.", ALWAYS)
    bandwidth: Long | None = field("The bandwidth ordered, in bit/s.", ALWAYS)
    activated_on: date | None = field("The day it went into service.", ALWAYS)
    terminated_on: date | None = field("The day it was disconnected.", ALWAYS)
    solution: Annotated["Solution", strawberry.lazy("schema.solution")] | None = field(
        "The Solution that it belongs to.", ALWAYS, batch=solution.of_parents
    )
    location: Annotated["Location", strawberry.lazy("schema.location")] | None = field(
        "Where it is installed.", ALWAYS, batch=location.of_parents
    )
