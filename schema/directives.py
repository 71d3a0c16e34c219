"""The directives that the published schema carries."""

from typing import Any, Final

import strawberry
from strawberry.schema_directive import Location

from auth.feature import ALWAYS, Feature, Gate

GATE: Final = "gate"
"""The key under which a field carries its gate in Strawberry's metadata."""

DECIDES: Final = "decides"
"""The key under which a field says whether it decides by its gate."""


@strawberry.schema_directive(
    locations=[
        Location.OBJECT,
        Location.INTERFACE,
        Location.FIELD_DEFINITION,
        Location.ARGUMENT_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
        Location.ENUM_VALUE,
    ],
    description="Shown to customers whose Solutions cover the feature; to others null, with a notice.",
)
class Covered:
    """``@covered(feature:)``: what a customer must have ordered to see a coordinate."""

    feature: Feature = strawberry.directive_field(name="feature")


def directives(gate: Gate) -> list[Covered]:
    """Give the directives by which the published schema shows *gate*."""
    return [Covered(feature=gate)] if isinstance(gate, Feature) else []


def show_gates(declared: Any, gate: Gate) -> None:
    """Show the gates of the fields of a *declared* type, but for fields whose gate is the type's own.

    Raises TypeError for a field that has no gate, and for one with a feature of its own that nothing decides
    by: only ``batch`` fields do. Nothing is declared past ``field``.
    """
    for each in declared.__strawberry_definition__.fields:
        if GATE not in each.metadata:
            raise TypeError(f"{declared.__name__}.{each.python_name} has no gate: declare it with `field`")
        own = each.metadata[GATE]
        if own not in (gate, ALWAYS) and not each.metadata[DECIDES]:
            raise TypeError(f"{declared.__name__}.{each.python_name} needs `batch` to decide by {own}")
        each.directives = [] if own is gate else directives(own)
