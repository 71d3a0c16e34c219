"""What can be named by a global id, and the types that stand for records."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

import strawberry

from auth.feature import ALWAYS, Gate
from resolvers.node import global_id
from schema.directives import directives, show_gates
from schema.field import decide, field

T = TypeVar("T")


def _gated(declared: Any, gate: Gate) -> None:
    show_gates(declared, gate)
    for each in declared.__strawberry_definition__.fields:
        decide(each, gate)


def object_type(description: str, gate: Gate = ALWAYS) -> Callable[[type[T]], type[T]]:
    """Declare an object type that stands for no record, opened by *gate*."""

    def declare(cls: type[T]) -> type[T]:
        declared: Any = strawberry.type(cls, description=description, directives=directives(gate))
        _gated(declared, gate)
        declared.gate = gate
        return cast("type[T]", declared)

    return declare


def interface_type(description: str, gate: Gate) -> Callable[[type[T]], type[T]]:
    """Declare an interface opened by *gate*."""

    def declare(cls: type[T]) -> type[T]:
        declared: Any = strawberry.interface(cls, description=description, directives=directives(gate))
        _gated(declared, gate)
        declared.gate = gate
        return cast("type[T]", declared)

    return declare


@interface_type("An object that can be named by a global id (Relay).", ALWAYS)
class Node:
    """What ``node(id:)`` can find again."""

    id: strawberry.ID = field("The global id of the object; opaque to clients.", ALWAYS, read=global_id)


def record_type(
    record: type[Any],
    description: str,
    gate: Gate,
    *,
    where: Callable[[Any], bool] | None = None,
) -> Callable[[type[T]], type[T]]:
    """Declare an object type opened by *gate*, whose fields are read off *record*.

    *where* tells two types of one record apart.
    """

    def declare(cls: type[T]) -> type[T]:
        open_class: Any = cls
        open_class.is_type_of = staticmethod(partial(_stands_for, record, where))
        declared: Any = strawberry.type(cls, description=description, directives=directives(gate))
        _gated(declared, gate)
        declared.gate = gate
        declared.record = record
        return cast("type[T]", declared)

    return declare


def _stands_for(record: type[Any], where: Callable[[Any], bool] | None, value: object, _: object) -> bool:
    # isinstance takes microseconds on records.
    return getattr(value, "whole", None) is record and (where is None or where(value))
