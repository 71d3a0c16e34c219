"""What coverage leaves out of an answer, told once for each coordinate: decided by the document, never by a row."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLDirective,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_directive_values,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from auth.coverage import Coverage, FeatureCoverage, State
from auth.feature import ALWAYS, Gate


def hidden_parts(info: GraphQLResolveInfo, coverage: Coverage) -> list[Mapping[str, Any]]:
    """Give a notice for each coordinate that the operation asks for and coverage hides, whole or in part.

    A part of an answer that is hidden whole (NONE) is not looked into further; what ``@skip`` and ``@include``
    take away gives no notice. ``paths`` are response paths in which ``@`` stands for the places of a list.
    """
    found: dict[str, tuple[FeatureCoverage, list[str]]] = {}
    walk = _Walk(info, coverage)
    for coordinate, path, covered in walk.fields(info.schema.query_type, info.operation.selection_set, ()):
        paths = found.setdefault(coordinate, (covered, []))[1]
        if path not in paths:
            paths.append(path)
    return [notice(coordinate, paths, covered) for coordinate, (covered, paths) in found.items()]


def notice(coordinate: str, paths: list[str], covered: FeatureCoverage) -> Mapping[str, Any]:
    """Give the notice for one coordinate, as coverage.md words it."""
    return {
        "coordinate": coordinate,
        "paths": paths,
        "scope": covered.state.value,
        "feature": covered.feature.value,
        "coveredBy": list(covered.covered_by),
        "reason": None if covered.reason is None else covered.reason.value,
    }


class _Walk:
    """One pass over an operation's selections."""

    def __init__(self, info: GraphQLResolveInfo, coverage: Coverage) -> None:
        self._info = info
        self._coverage = coverage
        self._seen: set[tuple[str, tuple[str, ...]]] = set()

    def fields(
        self, parent: Any, selections: SelectionSetNode, path: tuple[str, ...]
    ) -> Iterator[tuple[str, str, FeatureCoverage]]:
        for node in selections.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield from self._field(parent, node, path)
            elif isinstance(node, InlineFragmentNode):
                kind = node.type_condition
                inner = parent if kind is None else self._info.schema.get_type(kind.name.value)
                yield from self.fields(inner, node.selection_set, path)
            elif isinstance(node, FragmentSpreadNode):
                if (node.name.value, path) in self._seen:
                    continue
                self._seen.add((node.name.value, path))
                fragment = self._fragment(node)
                inner = self._info.schema.get_type(fragment.type_condition.name.value)
                yield from self.fields(inner, fragment.selection_set, path)

    def _field(
        self, parent: Any, node: FieldNode, path: tuple[str, ...]
    ) -> Iterator[tuple[str, str, FeatureCoverage]]:
        definition = getattr(parent, "fields", {}).get(node.name.value)
        if definition is None:
            return
        here = (*path, (node.alias or node.name).value)
        gate = gate_of(definition)
        state = self._coverage.state(gate)
        if state is not State.ALL:
            yield f"{parent.name}.{node.name.value}", ".".join(here), self._coverage.of(gate)
        if state is not State.NONE and node.selection_set is not None:
            below = (*here, *("@" for _ in range(_depth(definition.type))))
            yield from self.fields(get_named_type(definition.type), node.selection_set, below)

    def _fragment(self, node: FragmentSpreadNode) -> Any:
        fragment = self._info.fragments[node.name.value]
        return getattr(fragment, "definition", fragment)

    def _included(self, node: Any) -> bool:
        return not self._says(GraphQLSkipDirective, node) and self._says(GraphQLIncludeDirective, node, default=True)

    def _says(self, directive: GraphQLDirective, node: Any, *, default: bool = False) -> bool:
        values = get_directive_values(directive, node, self._info.variable_values)
        return default if values is None else bool(values["if"])


def gate_of(definition: Any) -> Gate:
    """Give the gate of a field of the built schema; GraphQL's own fields are always open."""
    declared = definition.extensions.get("strawberry-definition")
    return ALWAYS if declared is None else declared.metadata.get("gate", ALWAYS)


def _depth(kind: Any) -> int:
    depth = 0
    while is_list_type(kind) or is_non_null_type(kind):
        depth += is_list_type(kind)
        kind = kind.of_type
    return depth


def gate_of_type(kind: Any) -> Gate:
    """Give the gate of a type of the built schema; types that stand for no record are always open."""
    declared = kind.extensions.get("strawberry-definition")
    return getattr(getattr(declared, "origin", None), "gate", ALWAYS)
