"""What grows by itself for the differential tests: plots from a number, documents from other documents."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random
from typing import Any, Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    get_named_type,
    is_leaf_type,
    parse,
    print_ast,
    print_schema,
    visit,
)

from tests.engine.plots import TYPES, Hedge, Plot, Raise, Said, Stone, Thing, Weed

DEEPEST: Final = 6
"""Below this nothing grows."""

KINDS: Final[dict[str, tuple[type[Thing], ...]]] = {
    "plot": (Plot,),
    "stone": (Stone,),
    "named": (Plot, Stone, Hedge),
    "kinds": (Plot, Stone, Hedge),
    "living": (Hedge,),
    "thing": (Plot, Stone),
}
LEAVES: Final[dict[str, Sequence[Said]]] = {
    "id": ("a", 7),
    "count": (0, 7, True),
    "height": (0, 7),
    "size": (0.5, 7),
    "weight": (0.5, 7),
    "open": (True, False),
    "season": (1, 2, "AUTUMN"),
    "day": (date(2026, 1, 31),),
}
WRONG: Final[Sequence[Said]] = (None, "text", 7.5, [1], [None], {"a": 1}, date(2026, 4, 1), 2**40)


class Growing(dict[str, Any]):
    """What a thing says, found out when it is asked; always the same for the same number."""

    def __init__(self, number: int, depth: int, harm: float) -> None:
        super().__init__()
        self.number = number
        self._depth = depth
        self._harm = harm

    def get(self, key: str, default: Said = None, /) -> Said:
        """Give what the thing says of *key*."""
        if key.startswith("batch_") or key == "kin":
            return default
        if key not in self:
            self[key] = self._value(key, Random(f"{self.number} {key}"))  # noqa: S311 - no secret
        return self[key]

    def _value(self, key: str, random: Random) -> Said:
        if random.random() < self._harm:
            return self._harmful(random)
        name = key.removeprefix("next_")
        if name.startswith("grid"):
            return [[random.choice((1, None, 2)) for _ in range(random.randrange(3))] for _ in range(2)]
        several = name.startswith(("many_", "every_", "some_")) or name == "kinds"
        kind = name.rpartition("_")[2]
        if several:
            length = random.randrange(4 if self._depth < DEEPEST - 2 else 2)
            return [self._one(kind, random) for _ in range(length)]
        return self._one(kind, random)

    def _one(self, kind: str, random: Random) -> Said:
        if random.random() < self._harm / 2:
            return self._harmful(random)
        if kind not in KINDS:
            return random.choice(LEAVES.get(kind, (f"{kind} {self.number}",)))
        return self._grown(random.choice(KINDS[kind]), random) if self._depth < DEEPEST else None

    def _grown(self, kind: type[Thing], random: Random) -> Thing:
        return grown(kind, random.randrange(2**32), self._depth + 1, self._harm)

    def _harmful(self, random: Random) -> Said:
        match random.randrange(4):
            case 0:
                return Raise(ValueError(f"raised {self.number}"))
            case 1:
                return KeyError(f"given {self.number}")
            case 2:
                return self._grown(Weed, random)
            case _:
                return random.choice(WRONG)


def grown(kind: type[Thing], number: int, depth: int = 0, harm: float = 0.0) -> Thing:
    """Give a thing that says everything by itself; *harm* is how often what it says is wrong."""
    thing = kind()
    thing.said = Growing(number, depth, harm)
    return thing


@cache
def view(step: int, offset: int) -> GraphQLSchema:
    """Give a part of the tests' schema: every *step*-th object field, and all leaves.

    The generator of documents cannot do with as many recursive fields as the whole has.
    """
    types = build_schema(print_schema(TYPES))
    for kind in (types.type_map["Query"], types.type_map["Plot"]):
        fields: dict[str, Any] = getattr(kind, "fields")  # noqa: B009 - both are objects
        objects = [name for name, each in fields.items() if not is_leaf_type(get_named_type(each.type))]
        for place, name in enumerate(objects):
            if place % step != offset:
                del fields[name]
    return types


def joined(texts: Sequence[str]) -> DocumentNode:
    """Give one query that selects what all of them do."""
    selections: list[SelectionNode] = []
    for text in texts:
        (operation,) = parse(text).definitions
        assert isinstance(operation, OperationDefinitionNode)
        selections += operation.selection_set.selections
    return parse(
        f"query ($yes: Boolean!, $no: Boolean! = false) {{ {' '.join(map(print_ast, selections))} }}"
    )


def varied(types: GraphQLSchema, document: DocumentNode, random: Random) -> str:
    """Give another text of *document*: parts skipped, included, repeated, and put into fragments."""
    info = TypeInfo(types)
    variation = _Variation(info, random)
    text = print_ast(visit(document, TypeInfoVisitor(info, variation)))
    used = "... { yes: __typename @include(if: $yes) no: __typename @skip(if: $no) }"
    fragments = "\n".join(map(print_ast, variation.fragments))
    return f"{text.rstrip().removesuffix('}')} {used} }}\n{fragments}"


class _Variation(Visitor):
    def __init__(self, info: TypeInfo, random: Random) -> None:
        super().__init__()
        self.fragments: list[FragmentDefinitionNode] = []
        self._info = info
        self._random = random

    def leave_selection_set(self, node: SelectionSetNode, *_: object) -> SelectionSetNode:
        """Vary what is selected; its own selections are varied already."""
        parent = self._info.get_parent_type()
        assert parent is not None
        ways: Sequence[Callable[[SelectionNode, str], list[SelectionNode]]] = (
            self._switched,
            self._wrapped,
            self._spread,
            self._repeated,
        )
        varied: list[SelectionNode] = []
        for each in node.selections:
            way = self._random.choice(ways) if self._random.random() < 0.3 else _same
            varied += way(each, parent.name)
        return SelectionSetNode(selections=tuple(varied))

    def _switched(self, node: SelectionNode, _: str) -> list[SelectionNode]:
        name = self._random.choice(("skip", "include"))
        says = self._random.choice(("true", "false", "$yes", "$no"))
        (operation,) = parse(f"{{ a @{name}(if: {says}) }}").definitions
        assert isinstance(operation, OperationDefinitionNode)
        (switched,) = operation.selection_set.selections
        return [replace(node, directives=switched.directives)]

    def _wrapped(self, node: SelectionNode, parent: str) -> list[SelectionNode]:
        named = NamedTypeNode(name=NameNode(value=parent)) if self._random.random() < 0.5 else None
        return [InlineFragmentNode(type_condition=named, directives=(), selection_set=_set([node]))]

    def _spread(self, node: SelectionNode, parent: str) -> list[SelectionNode]:
        name = NameNode(value=f"F{len(self.fragments)}")
        condition = NamedTypeNode(name=NameNode(value=parent))
        self.fragments.append(
            FragmentDefinitionNode(
                name=name, type_condition=condition, directives=(), selection_set=_set([node])
            )
        )
        spread = FragmentSpreadNode(name=name, directives=())
        return [spread, spread] if self._random.random() < 0.5 else [spread]

    def _repeated(self, node: SelectionNode, _: str) -> list[SelectionNode]:
        return [node, InlineFragmentNode(type_condition=None, directives=(), selection_set=_set([node]))]


def _same(node: SelectionNode, _: str) -> list[SelectionNode]:
    return [node]


def _set(nodes: Sequence[SelectionNode]) -> SelectionSetNode:
    return SelectionSetNode(selections=tuple(nodes))
