"""Coverage as data: what the ordered Solutions cover, what they do not, why, and what would."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated

import strawberry

from auth.coverage import Reason, State
from auth.feature import ALWAYS, DESCRIPTIONS, Feature
from auth.rules import Level
from resolvers import coverage
from schema.category import SolutionCategory
from schema.coordinate import gates_of
from schema.customer import Market, PortalOption
from schema.enum import described
from schema.field import argument, field
from schema.node import object_type

if TYPE_CHECKING:
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
    ROLE="It is covered; your role in its section does not reach so far.",
    SCOPE="It is covered; the scope of the access token does not reach so far.",
)


@object_type("How far the ordered Solutions, or one of them, cover a feature of the portal.")
class FeatureCoverage:
    """The coverage of a feature."""

    feature: Feature = field("The feature.", ALWAYS)
    state: State = field("How far it is covered.", ALWAYS)
    level: Level = field("What it allows where it is covered.", ALWAYS)
    reason: Reason | None = field("Why it is not covered whole; null where it is.", ALWAYS)
    covered_by: list[str] = field("The Solution categories whose order would cover it.", ALWAYS)
    since: date | None = field(
        "The day since which it is covered so far and no further; null where it always was.",
        ALWAYS,
        batch=coverage.since,
    )
    until: date | None = field(
        "The day from which on it will not be; null where no change is known.", ALWAYS, batch=coverage.until
    )
    solutions: list[Annotated["Solution", strawberry.lazy("schema.solution")]] | None = field(
        "The ordered Solutions that cover it.", ALWAYS, batch=coverage.covering
    )


@object_type("How far a coordinate of the schema is covered.")
class CoordinateCoverage:
    """The coverage of a coordinate."""

    coordinate: str = field("The coordinate, as it was asked for.", ALWAYS)
    state: State = field("How far all that it needs is covered at once.", ALWAYS)
    needs: list[FeatureCoverage] = field("The features that it needs; empty where it is always open.", ALWAYS)


@object_type("A rule in force: what a Solution opens of a feature.")
class CoveredService:
    """A service that a feature covers."""

    category: SolutionCategory = field("Of which category the Solution is.", ALWAYS)
    market: Market = field("Where it is sold.", ALWAYS)
    portal_option: PortalOption = field("Under which portal option.", ALWAYS)
    level: Level = field("How far it opens the feature.", ALWAYS)
    since: date | None = field("The first day of the rule; null where it always held.", ALWAYS)
    until: date | None = field("The first day after the rule; null where no end is known.", ALWAYS)


@object_type("A feature of the portal, with the services that it covers (terms of use 1.1).")
class CatalogFeature:
    """A feature of the catalog."""

    feature: Feature = field("The feature.", ALWAYS)
    description: str = field("What it lets a customer do.", ALWAYS)
    never_gated: bool = field("Whether it is open to every customer, whatever it ordered.", ALWAYS)
    services: list[CoveredService] | None = field(
        "The services that the feature covers today.",
        ALWAYS,
        batch=coverage.services,
        arguments=[
            argument("categories", list[SolutionCategory] | None, "Of these categories; of all.", ALWAYS),
            argument("markets", list[Market] | None, "In these markets; in your own.", ALWAYS),
            argument(
                "portal_options",
                list[PortalOption] | None,
                "Under these portal options; under your own.",
                ALWAYS,
            ),
        ],
    )


OF_COORDINATES = partial(coverage.of_coordinates, gates_of)
"""Tells how coordinates of the published schema are covered."""
