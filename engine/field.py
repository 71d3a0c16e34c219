"""How a field gets its value, told to the engine by whoever builds the schema."""

from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

from graphql import GraphQLField

RESOLUTION: Final = "engine.resolution"
"""The key under which a GraphQLField carries its Resolution in its extensions."""


class Info(Protocol):
    """What a batch resolver is told of its field, beside the parents and the arguments."""

    @property
    def context(self) -> Any:  # noqa: ANN401 - whatever the application gives
        """What the resolvers of the operation share."""
        ...

    @property
    def keys(self) -> Sequence[str]:
        """Where the field is in the answer: response keys, without places in lists."""
        ...

    def selects(self, name: str) -> bool:
        """Tell whether a field called *name* is selected of what this one gives."""
        ...


def no_gates(_arguments: Mapping[str, Any], _info: Info) -> Collection[Hashable]:
    """Give no gates."""
    return ()


@dataclass(frozen=True, slots=True)
class Plain:
    """The value is an attribute of the parent; ``gate`` is as of a Batch."""

    attribute: str
    gate: Hashable = None


@dataclass(frozen=True, slots=True)
class Read:
    """The value is computed from one parent, asking nobody.

    ``reads`` are the attributes of the parent that it looks at, None where that is not known; ``gate`` is as
    of a Batch.
    """

    read: Callable[[Any], Any]
    reads: frozenset[str] | None = None
    gate: Hashable = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The values of all parents are got at once.

    ``resolve`` takes the parents, the info and what ``bind`` makes of the field's arguments; it gives one
    value, or one exception, for each parent in order. ``convert`` is asked before ``bind``, and only once
    where no variable is in the arguments: the same arguments are always worth the same to it. ``gate`` is
    what the mask decides by, None for a field that is always open; ``asks`` gives the gates that the field's
    arguments need beside it, each open to some parents only. ``reads`` are the attributes of a parent that
    ``resolve`` looks at, None where that is not known.
    """

    resolve: Callable[..., Awaitable[Sequence[Any]]]
    bind: Callable[[Mapping[str, Any], Info], Mapping[str, Any]]
    gate: Hashable = None
    reads: frozenset[str] | None = None
    convert: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict
    asks: Callable[[Mapping[str, Any], Info], Collection[Hashable]] = no_gates


Resolution: TypeAlias = Plain | Read | Batch


def resolution_of(field: GraphQLField, name: str) -> Resolution:
    """Give how *field* gets its value; one that does not say is an attribute of its own *name*."""
    declared: Resolution | None = field.extensions.get(RESOLUTION)
    return Plain(name) if declared is None else declared
