"""Where every query starts."""

import strawberry

from auth.feature import ALWAYS
from resolvers import location, service_point, solution, viewer
from resolvers.node import by_id, by_ids
from schema.connection import Connection
from schema.field import argument, field
from schema.location import LOCATIONS, Location
from schema.node import Node
from schema.service_point import SERVICE_POINTS, ServicePoint
from schema.solution import SOLUTIONS, Solution
from schema.viewer import Viewer


@strawberry.type(description="Everything that the portal shows a customer.")
class Query:
    """The root of all queries."""

    viewer: Viewer | None = field("The User who asks.", ALWAYS, batch=viewer.of_request)
    node: Node | None = field(
        "The object with a global id; NOT_FOUND where there is none for you.",
        ALWAYS,
        batch=by_id,
        arguments=[argument("id", strawberry.ID, "The global id.")],
    )
    nodes: list[Node | None] | None = field(
        "The objects with these global ids, in their order; null and NOT_FOUND where there is none for you.",
        ALWAYS,
        batch=by_ids,
        arguments=[argument("ids", list[strawberry.ID], "The global ids, 100 at the most.")],
    )
    solutions: Connection[Solution] | None = field(
        "The Solutions that the customer ordered.", ALWAYS, batch=solution.of_customer, lists=SOLUTIONS
    )
    service_points: Connection[ServicePoint] | None = field(
        "What is installed for the customer, and where.",
        ALWAYS,
        batch=service_point.of_customer,
        lists=SERVICE_POINTS,
    )
    locations: Connection[Location] | None = field(
        "The customer's sites.", ALWAYS, batch=location.of_customer, lists=LOCATIONS
    )
