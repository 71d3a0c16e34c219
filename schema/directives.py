"""The directives that the published schema carries."""

from typing import Any

import strawberry
from strawberry.schema_directive import Location

from auth.feature import Admin, Always, Detail, Feature, Full, Gate
from auth.right import NEEDED, Role
from auth.rules import Level
from schema.gate import GATE


@strawberry.schema_directive(
    locations=[
        Location.OBJECT,
        Location.INTERFACE,
        Location.FIELD_DEFINITION,
        Location.ARGUMENT_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
        Location.ENUM_VALUE,
    ],
    description="Open to customers whose Solutions cover the feature, at level READ where none is named, and "
    "to Users whose role in its section is VISITOR or the one named, or who are administrators where that "
    "is named; to others null, with a notice.",
)
class Covered:
    """``@covered(feature:)``: what a customer must have ordered to see or use a coordinate."""

    feature: Feature = strawberry.directive_field(name="feature")
    level: Level | None = strawberry.directive_field(name="level", default=strawberry.UNSET)
    role: Role | None = strawberry.directive_field(name="role", default=strawberry.UNSET)
    administrator: bool | None = strawberry.directive_field(name="administrator", default=strawberry.UNSET)


def directives(gate: Gate) -> list[Covered]:
    """Give the directives by which the published schema shows *gate*."""
    match gate:
        case Always.ALWAYS:
            return []
        case Full(feature):
            return [Covered(feature=feature, level=Level.FULL, role=NEEDED[gate])]
        case Detail(feature):
            return [Covered(feature=feature, role=NEEDED[gate])]
        case Admin(feature):
            return [Covered(feature=feature, administrator=True)]
        case _:
            return [Covered(feature=gate)]


def show_gates(declared: Any, gate: Gate) -> None:
    """Show the gates of the fields of a *declared* type, but for fields whose gate is the type's own.

    Raises TypeError for a field or an argument that has no gate: nothing is declared past ``field``.
    """
    for each in declared.__strawberry_definition__.fields:
        where = f"{declared.__name__}.{each.python_name}"
        if GATE not in each.metadata:
            raise TypeError(f"{where} has no gate: declare it with `field`")
        for one in each.arguments:
            if GATE not in one.metadata:
                raise TypeError(f"{where}({one.python_name}:) has no gate: declare it with `argument`")
        own = each.metadata[GATE]
        each.directives = [] if own is gate else directives(own)
