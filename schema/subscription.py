"""Where every subscription starts."""

from auth.feature import ALWAYS
from resolvers import coverage
from schema.coverage import FeatureCoverage
from schema.field import field
from schema.node import object_type


@object_type("What is told again whenever it changes.")
class Subscription:
    """The root of all subscriptions."""

    coverage: list[FeatureCoverage] | None = field(
        "What the ordered Solutions cover: at once, and again whenever an order or a rule changes it.",
        ALWAYS,
        batch=coverage.of_viewer,
    )
