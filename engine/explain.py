"""A plan as a tree that people can read."""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum

from engine.field import Batch
from engine.mask import Opening
from engine.plan import Field, Plan, Scope

Remarks = Callable[[Field], Sequence[str]]
"""Says more of a batch field, in a few words each: what it calls, how much it gives."""


def explain(plan: Plan, remarks: Remarks) -> list[str]:
    """Give the lines of *plan*: Scopes, fields read off objects, batches, what the mask takes away.

    A batch comes with its resolver and what *remarks* say of it.
    """
    return [plan.root.type.name, *_fields(plan.root, remarks, frozenset())]


def _fields(scope: Scope, remarks: Remarks, above: frozenset[int]) -> Iterator[str]:
    """Give the lines below a Scope; one that stands *above* itself is not written again."""
    entries: list[tuple[str, list[str]]] = []
    plain = [each.key for each in scope.fields if not _leads_on(each)]
    if plain:
        entries.append((", ".join(plain), []))
    for each in scope.fields:
        if _leads_on(each):
            below = [] if scope.number in above else list(_below(each, remarks, above | {scope.number}))
            entries.append((_head(each, remarks), below))
    for place, (head, below) in enumerate(entries, start=1):
        last = place == len(entries)
        yield f"{'└─' if last else '├─'} {head}"
        yield from (f"{'   ' if last else '│  '}{line}" for line in below)


def _below(field: Field, remarks: Remarks, above: frozenset[int]) -> Iterator[str]:
    scopes = list(field.shape.innermost.scopes.values())
    for scope in scopes:
        lines = list(_fields(scope, remarks, above))
        if len(scopes) == 1:
            yield from lines
        elif lines:
            yield f"· {scope.type.name}"
            yield from (f"  {line}" for line in lines)


def _leads_on(field: Field) -> bool:
    return (
        isinstance(field.resolution, Batch)
        or field.opening is not Opening.ALL
        or bool(field.shape.innermost.scopes)
    )


def _head(field: Field, remarks: Remarks) -> str:
    name = field.key if field.key == field.name else f"{field.key}: {field.name}"
    kind = f"{name} → {field.definition.type}"  # pyright: ignore[reportUnknownMemberType] - generic in graphql-core
    if field.opening is Opening.NONE:
        return f"{name}  hidden by {_said(field.resolution.gate)}: not in the plan"
    words: list[str] = []
    if isinstance(field.resolution, Batch):
        resolver = field.resolution.resolve
        words = [f"batch {resolver.__module__.rpartition('.')[2]}.{resolver.__qualname__}"]
    if field.opening is Opening.SOME:
        words.append(f"only parents that {_said(field.resolution.gate)} is open to")
    more = remarks(field) if isinstance(field.resolution, Batch) else ()
    return "  ".join([kind, *words, *more])


def _said(gate: object) -> object:
    return gate.value if isinstance(gate, Enum) else gate
