"""Coverage explained: what the ordered Solutions cover, why not more, since and until when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

import msgspec

from auth.coverage import Coverage, FeatureCoverage, Reason, State
from auth.entitlement import coverage_of
from auth.feature import ALWAYS, NEVER_GATED, Feature, Gate
from auth.history import Span, alone, spans
from auth.rule_book import PLACES
from auth.rules import Level
from auth.standing import Standing
from auth.viewer import Viewer
from resolvers.batch import reads
from resolvers.connection import MAXIMUM_SIZE
from resolvers.context import Context, Info
from resolvers.errors import BadUserInputError, NotFoundError
from sources.keys import SolutionId
from sources.ordering import Market, PortalOption, SolutionCategory, SolutionRecord


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """How a feature is covered, for a customer that stands as ``standing`` says."""

    feature: Feature
    state: State
    level: Level
    reason: Reason | None
    covered_by: Sequence[str]
    covering: frozenset[str]
    standing: Standing


class CoordinateCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """How a coordinate of the schema is covered, and by which features."""

    coordinate: str
    state: State
    needs: Sequence[Explained]


class CatalogFeature(msgspec.Struct, frozen=True, kw_only=True):
    """A feature as the catalog has it."""

    feature: Feature
    description: str
    never_gated: bool


class CoveredService(msgspec.Struct, frozen=True, kw_only=True):
    """A rule in force: what a Solution of a category opens of a feature."""

    category: SolutionCategory
    market: Market
    portal_option: PortalOption
    level: Level
    since: date | None
    until: date | None


class GatesOf(Protocol):
    """Tells which gates have to be open for a coordinate."""

    def __call__(self, coordinate: str) -> Iterable[Gate] | None:
        """Give the gates; None where there is no such coordinate."""
        ...


async def of_viewer(viewers: Sequence[Viewer | None], info: Info) -> Sequence[Sequence[Explained]]:
    """Give what the customer's Solutions cover, feature by feature in the order of the terms of use."""
    coverage = info.context.coverage
    return [_explained(coverage, _standing(info.context), Feature) for _ in viewers]


@reads("id")
async def of_solutions(
    solutions: Sequence[SolutionRecord], info: Info, features: Sequence[Feature] | None = None
) -> Sequence[Sequence[Explained]]:
    """Give what each Solution covers by itself, of *features* in their order, of all if None."""
    whole = _standing(info.context)
    asked = Feature if features is None else dict.fromkeys(features)
    each_alone = [alone(whole, each.id) for each in solutions]
    return [_explained(coverage_of(each), each, asked) for each in each_alone]


async def of_coordinates(
    gates_of: GatesOf, parents: Sequence[None], info: Info, coordinates: Sequence[str]
) -> Sequence[Sequence[CoordinateCoverage | NotFoundError]]:
    """Give how each of *coordinates* is covered, in their order; a ``NotFoundError`` where there is none.

    Too many are a ``BadUserInputError``.
    """
    if len(coordinates) > MAXIMUM_SIZE:
        message = f"`coordinates` has {len(coordinates)} entries; at most {MAXIMUM_SIZE} are told of at once."
        raise BadUserInputError(message, ["coordinates"], "LIST_SIZE")
    told = [_of_coordinate(info.context, each, gates_of(each)) for each in coordinates]
    return [told for _ in parents]


def _of_coordinate(
    context: Context, coordinate: str, gates: Iterable[Gate] | None
) -> CoordinateCoverage | NotFoundError:
    if gates is None:
        return NotFoundError(f"There is no coordinate `{coordinate[:100]}`.")
    coverage, standing = context.coverage, _standing(context)
    needed = [coverage.of(each) for each in dict.fromkeys(gates) if each is not ALWAYS]
    return CoordinateCoverage(
        coordinate=coordinate,
        state=_together(needed),
        needs=[_explain(each, each.feature, standing) for each in needed if each.feature is not ALWAYS],
    )


def _together(needed: Sequence[FeatureCoverage]) -> State:
    """Give how far all that is *needed* is covered at once."""
    states = {each.state for each in needed}
    if State.NONE in states:
        return State.NONE
    some = [each.solutions | each.past for each in needed if each.state is State.SOME]
    if not some:
        return State.ALL
    return State.SOME if frozenset[str].intersection(*some) else State.NONE


async def covering(features: Sequence[Explained], info: Info) -> Sequence[Sequence[SolutionRecord]]:
    """Give the Solutions that cover each feature, by id; those outside the User's data scope are left out."""
    wanted = [[SolutionId(key) for key in sorted(each.covering)] for each in features]
    found = iter(await info.context.load.solution.by_id.load_many(key for keys in wanted for key in keys))
    return [[one for _ in keys if (one := next(found)) is not None] for keys in wanted]


async def since(features: Sequence[Explained], _: Info) -> Sequence[date | None]:
    """Give the first day on which each feature was covered as it is."""
    return [_span(each).since for each in features]


async def until(features: Sequence[Explained], _: Info) -> Sequence[date | None]:
    """Give the first day on which each feature will not be covered as it is."""
    return [_span(each).until for each in features]


def _span(explained: Explained) -> Span:
    return spans(explained.standing)[explained.feature]


async def catalog(
    parents: Sequence[None], _: Info, features: Sequence[Feature] | None = None
) -> Sequence[Sequence[CatalogFeature]]:
    """Give *features* in their order, all if None, as the catalog has them."""
    asked = Feature if features is None else dict.fromkeys(features)
    entries = [
        CatalogFeature(feature=each, description=each.description, never_gated=each in NEVER_GATED)
        for each in asked
    ]
    return [entries for _ in parents]


async def services(
    features: Sequence[CatalogFeature],
    info: Info,
    categories: Sequence[SolutionCategory] | None = None,
    markets: Sequence[Market] | None = None,
    portal_options: Sequence[PortalOption] | None = None,
) -> Sequence[Sequence[CoveredService]]:
    """Give the rules in force by which Solutions open each feature, those that open nothing left out.

    Of all categories, of the customer's own market and portal option where none are named.
    """
    standing = _standing(info.context)
    asked = _Asked(
        None if categories is None else {each.value for each in categories},
        {standing.market} if markets is None else {each.value for each in markets},
        {standing.portal_option} if portal_options is None else {each.value for each in portal_options},
    )
    rules: Mapping[Feature, list[CoveredService]] = {each.feature: [] for each in features}
    for place in PLACES:
        if place.feature in rules and asked.has(place.category, place.market, place.portal_option):
            rules[place.feature] += [
                CoveredService(
                    category=SolutionCategory(rule.category),
                    market=Market(rule.market),
                    portal_option=PortalOption(rule.portal_option),
                    level=rule.level,
                    since=rule.valid_from,
                    until=rule.valid_to,
                )
                for rule in standing.rules.timeline(place)
                if rule.holds(standing.day) and rule.level is not Level.NONE
            ]
    return [rules[each.feature] for each in features]


class _Asked(msgspec.Struct, frozen=True):
    categories: set[str] | None
    markets: set[str]
    portal_options: set[str]

    def has(self, category: str, market: str, portal_option: str) -> bool:
        return (
            (self.categories is None or category in self.categories)
            and market in self.markets
            and portal_option in self.portal_options
        )


def _explained(coverage: Coverage, standing: Standing, features: Iterable[Feature]) -> list[Explained]:
    return [_explain(coverage.of(each), each, standing) for each in features]


def _explain(covered: FeatureCoverage, feature: Feature, standing: Standing) -> Explained:
    return Explained(
        feature=feature,
        state=covered.state,
        level=covered.level,
        reason=covered.reason,
        covered_by=covered.covered_by,
        covering=covered.solutions,
        standing=standing,
    )


def _standing(context: Context) -> Standing:
    standing = context.coverage.standing
    assert standing is not None, "coverage was computed from something"  # noqa: S101 - made by entitlement
    return standing
