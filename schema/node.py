"""What can be named by a global id, and the types that stand for records."""

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

import strawberry

from auth.feature import ALWAYS, Gate
from resolvers.node import global_id
from schema.field import directives, field

T = TypeVar("T")


@strawberry.interface(description="An object that can be named by a global id (Relay).")
class Node:
    """What ``node(id:)`` can find again."""

    id: strawberry.ID = field("The global id of the object; opaque to clients.", ALWAYS, read=global_id)


@dataclass_transform(kw_only_default=True)
def record_type(
    record: type[Any],
    description: str,
    gate: Gate,
    *,
    where: Callable[[Any], bool] | None = None,
) -> Callable[[type[T]], type[T]]:
    """Declare an object type whose fields are read off *record*, opened by *gate*; *where* tells two types of one record apart."""

    def declare(cls: type[T]) -> type[T]:
        def is_type_of(value: Any, _: Any) -> bool:
            return isinstance(value, record) and (where is None or where(value))

        cls.is_type_of = staticmethod(is_type_of)  # type: ignore[attr-defined]
        declared = strawberry.type(cls, description=description, directives=directives(gate))
        declared.record, declared.gate = record, gate  # type: ignore[attr-defined]
        return declared

    return declare


