"""What coverage leaves out of an answer, told once for each coordinate (coverage.md, "Notice")."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from auth.coverage import Coverage, FeatureCoverage
from auth.feature import Gate


class Hidden(NamedTuple):
    """A part of an operation that a gate hides.

    ``path`` is a response path with ``@`` for the places of a list.
    """

    coordinate: str
    path: str
    gate: Gate


class Notices:
    """The notices of one operation, in the order in which they were first told."""

    def __init__(self) -> None:
        """Start with nothing hidden."""
        self._told: dict[str, tuple[FeatureCoverage, list[str]]] = {}

    def add(self, coordinate: str, path: str, covered: FeatureCoverage) -> None:
        """Tell that *coordinate* is hidden at *path*, a response path with ``@`` for the places of a list."""
        paths = self._told.setdefault(coordinate, (covered, []))[1]
        if path not in paths:
            paths.append(path)

    def entries(self) -> Sequence[Mapping[str, Any]]:
        """Give the notices as the answer has them."""
        return [_entry(coordinate, paths, covered) for coordinate, (covered, paths) in self._told.items()]


def notices_of(hidden: Iterable[Hidden], coverage: Coverage) -> Notices:
    """Give the notices of what is *hidden* whatever the rows are."""
    notices = Notices()
    for coordinate, path, gate in hidden:
        notices.add(coordinate, path, coverage.of(gate))
    return notices


def _entry(coordinate: str, paths: list[str], covered: FeatureCoverage) -> Mapping[str, Any]:
    return {
        "coordinate": coordinate,
        "paths": paths,
        "scope": covered.state.value,
        "feature": covered.feature.value,
        "coveredBy": list(covered.covered_by),
        "reason": None if covered.reason is None else covered.reason.value,
    }
