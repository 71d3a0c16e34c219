"""Who asks, and what the ordered Solutions let them see."""

from auth.coverage import Reason, State
from auth.feature import ALWAYS, DESCRIPTIONS, Feature
from auth.rules import Level
from resolvers import viewer
from schema.customer import Customer
from schema.enum import described
from schema.field import field
from schema.node import object_type
from schema.solution import Solution

described(
    Feature,
    "The features of the portal (terms of use 1.2).",
    ALWAYS,
    **{each.name: DESCRIPTIONS[each] for each in Feature},
)

described(
    State,
    "How far the ordered Solutions cover a feature.",
    ALWAYS,
    named="CoverageState",
    ALL="Every ordered Solution covers it.",
    SOME="Some of the ordered Solutions cover it; of the others nothing is shown.",
    NONE="No ordered Solution covers it.",
)

described(
    Level,
    "What a covered feature allows.",
    ALWAYS,
    named="CoverageLevel",
    NONE="Nothing.",
    READ="Reading.",
    FULL="Reading, and asking for changes.",
    OPTION="All, once the optional module is ordered.",
    PAID="All, once the paid line is ordered.",
)

described(
    Reason,
    "Why a feature is not covered, or not by every Solution.",
    ALWAYS,
    named="CoverageReason",
    NOT_ORDERED="No Solution is ordered whose category covers it.",
    OPTION="It is an optional module that is not ordered.",
    PAID="It is charged for, and not ordered.",
    PORTAL_OPTION="The portal option of the customer does not include it.",
    NOT_OFFERED="No category offers it.",
    TERMINATED="The Solutions that covered it are no longer provided.",
)


@object_type("How far the ordered Solutions cover one feature of the portal.")
class FeatureCoverage:
    """The coverage of a feature."""

    feature: Feature = field("The feature.", ALWAYS)
    state: State = field("How far it is covered.", ALWAYS)
    level: Level = field("What it allows where it is covered.", ALWAYS)
    reason: Reason | None = field("Why it is not covered whole; null where it is.", ALWAYS)
    covered_by: list[str] = field("The Solution categories whose order would cover it.", ALWAYS)
    solutions: list[Solution] | None = field(
        "The ordered Solutions that cover it.", ALWAYS, batch=viewer.covering_solutions
    )


@object_type("The User whose token the request carries.")
class Viewer:
    """Who asks."""

    username: str = field("The name by which the User signs in.", ALWAYS)
    email: str | None = field("The User's verified e-mail address.", ALWAYS)
    customer: Customer | None = field(
        "The customer that the User belongs to.", ALWAYS, batch=viewer.customers
    )
    coverage: list[FeatureCoverage] | None = field(
        "What the ordered Solutions cover, feature by feature.", ALWAYS, batch=viewer.coverage
    )
