"""The directives that the published schema carries."""

import strawberry
from strawberry.schema_directive import Location

from auth.feature import Feature


@strawberry.schema_directive(
    locations=[
        Location.OBJECT,
        Location.INTERFACE,
        Location.FIELD_DEFINITION,
        Location.ARGUMENT_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
        Location.ENUM_VALUE,
    ],
    description="Shown only to customers whose ordered Solutions cover the feature; to others null, with a notice.",
)
class Covered:
    """``@covered(feature:)``: what a customer must have ordered to see a coordinate."""

    feature: Feature = strawberry.directive_field(name="feature")
