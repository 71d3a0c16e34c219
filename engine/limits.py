"""How large a document may be, and the check that it is not larger.

Each definition is walked once and each fragment is added up once, so the work grows with the document's
length and no faster: a chain of fragments, each of which spreads the next twice, costs no more than another.
"""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest document that is worked on; every number is the last one allowed."""

    source_characters: int = 65_536
    tokens: int = 4_000
    """Lexical tokens: names, values and punctuation; commas and comments are none."""
    comments: int = 1_000
    operations: int = 50
    fragments: int = 150
    directives: int = 200
    depth: int = 15
    """Fields within fields; a root field is at depth 1. graphql-js' introspection query needs 15."""
    aliases: int = 30
    """Names in the answer under which one field is selected, over the whole document."""
    root_fields: int = 20
    """Names in the answer at the root of one operation, with its fragments written out."""
    fields: int = 5_000
    """Fields of one operation with its fragments written out wherever they are spread."""
    comparisons: int = 50_000
    """Budget of the rule that compares all fields of one name in the answer; a pair costs 2."""


class LimitExceededError(Exception):
    """A document that is larger than a limit allows.

    *limit* is the limit's name in ``Limits``; *found* is what the document has, or the first
    number over the limit where the count stopped there.
    """

    def __init__(self, limit: str, allowed: int, found: int) -> None:
        super().__init__(f"The document is over the limit for {limit.replace('_', ' ')}: {allowed}.")
        self.limit = limit
        self.allowed = allowed
        self.found = found


@dataclass(slots=True)
class _Size:
    """The size of one definition: at first of its own text, in the end with its fragments."""

    depth: int = 0
    fields: int = 0
    root_fields: frozenset[str] = frozenset()
    spreads: tuple[tuple[str, int], ...] = ()
    """Names of the fragments spread, each with the depth of the field around it."""


def check_limits(document: DocumentNode, limits: Limits) -> None:
    """Raise ``LimitExceededError`` if the document is larger than *limits* allow.

    Works on any document that parses, before it is validated: unknown fragments and
    cycles of fragments count for nothing, since validation refuses them.
    """
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
    _check("operations", limits.operations, len(operations))
    _check("fragments", limits.fragments, len(fragments))
    count = _Counter(limits)
    sizes = {each.name.value: count.own_size(each) for each in fragments}
    roots = [count.own_size(each) for each in operations]
    _add_up(sizes, limits)
    for root in roots:
        _add_fragments(root, sizes, limits)
        _check("depth", limits.depth, root.depth)
        _check("root_fields", limits.root_fields, len(root.root_fields))
        _check("fields", limits.fields, root.fields)


class _Counter:
    """Walks definitions one after the other and counts what is limited over the whole document."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.directives = 0
        self.aliases: dict[str, set[str]] = {}

    def own_size(self, definition: OperationDefinitionNode | FragmentDefinitionNode) -> _Size:
        """Give the size of a definition's own text; what it spreads is only noted."""
        self._add_directives(len(definition.directives or ()))
        for variable in definition.variable_definitions or ():
            self._add_directives(len(variable.directives or ()))
        size = _Size()
        root_fields: set[str] = set()
        spreads: list[tuple[str, int]] = []
        pending: list[tuple[SelectionSetNode, int]] = [(definition.selection_set, 0)]
        while pending:
            selection_set, depth = pending.pop()
            for selection in selection_set.selections:
                self._add_directives(len(selection.directives or ()))
                if isinstance(selection, FragmentSpreadNode):
                    spreads.append((selection.name.value, depth))
                elif isinstance(selection, InlineFragmentNode):
                    pending.append((selection.selection_set, depth))
                elif isinstance(selection, FieldNode):
                    size.fields += 1
                    size.depth = max(size.depth, depth + 1)
                    answered_as = self._add_alias(selection)
                    if not depth:
                        root_fields.add(answered_as)
                    if selection.selection_set is not None:
                        pending.append((selection.selection_set, depth + 1))
        size.root_fields = frozenset(root_fields)
        size.spreads = tuple(spreads)
        return size

    def _add_directives(self, number: int) -> None:
        self.directives += number
        _check("directives", self.limits.directives, self.directives)

    def _add_alias(self, selection: FieldNode) -> str:
        """Count the field under its name in the answer, and give that name."""
        answered_as = (selection.alias or selection.name).value
        names = self.aliases.setdefault(selection.name.value, set())
        names.add(answered_as)
        _check("aliases", self.limits.aliases, len(names))
        return answered_as


def _check(limit: str, allowed: int, found: int) -> None:
    if found > allowed:
        raise LimitExceededError(limit, allowed, found)


def _add_up(sizes: dict[str, _Size], limits: Limits) -> None:
    """Add to every fragment the fragments that it spreads, those first that others need.

    A walk without recursion, since fragments may nest deeper than Python's stack. A
    spread that closes a cycle finds a fragment not yet added up, and adds its own text only.
    """
    entered: set[str] = set()
    pending = [(name, False) for name in sizes]
    while pending:
        name, all_below_done = pending.pop()
        if all_below_done:
            _add_fragments(sizes[name], sizes, limits)
        elif name not in entered:
            entered.add(name)
            pending.append((name, True))
            pending.extend((spread, False) for spread, _ in sizes[name].spreads if spread in sizes)


def _add_fragments(size: _Size, sizes: dict[str, _Size], limits: Limits) -> None:
    """Add the fragments that a definition spreads to its size; numbers stop growing above their limit."""
    for name, depth in size.spreads:
        fragment = sizes.get(name)
        if fragment is None:
            continue
        size.depth = max(size.depth, depth + fragment.depth)
        size.fields = min(size.fields + fragment.fields, limits.fields + 1)
        if not depth and len(size.root_fields) <= limits.root_fields:
            size.root_fields |= fragment.root_fields
