"""Who asks, and what the ordered Solutions let them see."""

from auth.feature import ALWAYS
from resolvers import coverage, viewer
from schema.coverage import FeatureCoverage
from schema.customer import Customer
from schema.field import field
from schema.node import object_type
from schema.right import SectionRole


@object_type("The User whose token the request carries.")
class Viewer:
    """Who asks."""

    username: str = field(
        "The name by which the User signs in; the id of a client that asks for itself.", ALWAYS
    )
    email: str | None = field("The User's verified e-mail address; null for a client.", ALWAYS)
    customer: Customer | None = field(
        "The customer that the User belongs to.", ALWAYS, batch=viewer.customers
    )
    administrator: bool = field(
        "Whether the User manages the customer's Users and partner clients.",
        ALWAYS,
        read=viewer.administrator,
    )
    roles: list[SectionRole] = field(
        "What the User may do in each section of the portal.", ALWAYS, read=viewer.roles
    )
    coverage: list[FeatureCoverage] | None = field(
        "What the ordered Solutions cover, feature by feature.", ALWAYS, batch=coverage.of_viewer
    )
