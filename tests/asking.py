"""One operation over systems in memory: who asks, what is covered, and what comes out."""

from collections.abc import Mapping
from typing import Any

from graphql import ExecutionResult, GraphQLSchema, OperationDefinitionNode, parse, validate

from auth.coverage import Coverage, FeatureCoverage, Reason, State
from auth.feature import Feature
from auth.rules import Level
from auth.viewer import Viewer
from engine.reference import execute
from resolvers.context import Context
from schema.build import TYPES
from tests.world import World, user


def covering(**solutions: set[str] | State) -> Coverage:
    """Make a coverage at epoch "7": by feature ALL, or the Solutions that cover it."""
    return Coverage("7", {Feature[name]: _covered(Feature[name], given) for name, given in solutions.items()})


def _covered(feature: Feature, given: set[str] | State) -> FeatureCoverage:
    state = given if isinstance(given, State) else State.SOME
    return FeatureCoverage(
        feature=feature,
        state=state,
        level=Level.NONE if state is State.NONE else Level.FULL,
        solutions=frozenset() if isinstance(given, State) else frozenset(given),
        reason=None if state is State.ALL else Reason.NOT_ORDERED,
        covered_by=("SDWAN",),
    )


def asked_by(
    viewer: Viewer | None = None, coverage: Coverage | None = None, world: World | None = None
) -> Context:
    """Make a context; where nothing is said, of a User of acme whom nothing covers, over empty systems."""
    return Context(viewer or user(1, "ann", "acme"), coverage or covering(), (world or World()).systems)


async def ask(
    context: Context, query: str, variables: Mapping[str, Any] | None = None, types: GraphQLSchema = TYPES
) -> ExecutionResult:
    """Run one valid operation under *context*."""
    document = parse(query)
    assert validate(types, document) == []
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return await execute(types, document, operation, variables or {}, context)
