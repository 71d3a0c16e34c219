"""The published schema as the engine runs it.

How each field gets its value, and what a customer's coverage closes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import (
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    is_interface_type,
    is_object_type,
)
from graphql.execution.values import VariableValues
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from auth.coverage import Coverage, State
from auth.feature import ALWAYS, Gate
from engine.document import Document
from engine.engine import Engine
from engine.field import RESOLUTION, Batch, Plain, Read, Resolution, no_gates
from engine.mask import Mask, Opening
from engine.on_error import OnError
from engine.plan import Plan
from engine.reference import Introspected
from resolvers.batch import BatchResolver, reads_of
from resolvers.context import Context
from resolvers.notice import Hidden, notices_of
from schema.build import SCHEMA, TYPES
from schema.field import BatchExtension, GateExtension, ReadExtension, is_open
from schema.met import gates_met
from schema.notice import Asked, hidden_parts
from schema.projection import columns_read
from sources.scope import Columns


def make_engine(
    recording: Callable[[BatchResolver], BatchResolver] | None = None, types: GraphQLSchema = TYPES
) -> Engine:
    """Give an engine for *types*, the published ones, whose fields are told how they are resolved.

    The notes of each plan are ``Notes``. *recording* puts itself around every batch resolver, for those who
    want to see what an operation does.
    """
    for kind in types.type_map.values():
        if is_object_type(kind) or is_interface_type(kind):
            for each in kind.fields.values():
                declared: StrawberryField | None = each.extensions.get("strawberry-definition")
                if declared is not None:
                    each.extensions[RESOLUTION] = _resolution(declared, recording)
    return Engine(types, annotate=partial(_notes, types), touches=partial(gates_met, types))


def mask_of(coverage: Coverage) -> Mask:
    """Give what *coverage* closes, whole or to some parents; of Solutions long gone nothing is told."""
    return Mask(coverage.closed, coverage.partial | coverage.fading, coverage.fading)


async def execute(
    engine: Engine,
    document: Document,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    context: Context,
    on_error: OnError = OnError.PROPAGATE,
    introspected: Introspected | None = None,
) -> ExecutionResult:
    """Execute an operation by *engine* under the coverage of *context*, notices included.

    Introspection tells of what *introspected* gives.
    """
    coverage = context.coverage
    return await engine.execute(
        document,
        operation,
        variables,
        context,
        mask=mask_of(coverage),
        admits=partial(_admits, coverage),
        prepare=partial(_tell, context),
        on_error=on_error,
        introspected=introspected,
    )


def _admits(coverage: Coverage, gate: Any, parent: object) -> bool:
    return is_open(gate, parent, coverage)


@dataclass(frozen=True, slots=True)
class Notes:
    """What is the same whenever a plan runs: the parts that its mask hides, the columns that it reads."""

    hidden: Sequence[Hidden]
    columns: Columns


def _notes(
    types: GraphQLSchema,
    plan: Plan,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    switches: Mapping[str, bool],
    mask: Mask,
) -> Notes:
    return Notes(_hidden(types, operation, fragments, switches, mask), columns_read(plan))


def _tell(context: Context, notes: Notes) -> None:
    context.hidden = notices_of(notes.hidden, context.coverage)
    context.columns = notes.columns


def _hidden(
    types: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    switches: Mapping[str, bool],
    mask: Mask,
) -> list[Hidden]:
    """Give what *mask* hides of an operation, whatever the rows are."""
    asked = Asked(types, operation, fragments, VariableValues({}, dict(switches)))
    return list(hidden_parts(asked, partial(_state, mask)))


def _state(mask: Mask, gate: Gate) -> State:
    states = {Opening.ALL: State.ALL, Opening.SOME: State.SOME, Opening.NONE: State.NONE}
    return State.ALL if gate in mask.silent else states[mask.opening(gate)]


def _resolution(
    declared: StrawberryField, recording: Callable[[BatchResolver], BatchResolver] | None
) -> Resolution:
    gates = [each.gate for each in declared.extensions if isinstance(each, GateExtension)]
    gate = gates[0] if gates else None
    for extension in declared.extensions:
        if isinstance(extension, BatchExtension):
            return _batch(declared, extension, recording)
        if isinstance(extension, ReadExtension):
            return Read(extension.read, reads_of(extension.read), gate)
    return Plain(declared.python_name, gate)


def _batch(
    declared: StrawberryField,
    extension: BatchExtension,
    recording: Callable[[BatchResolver], BatchResolver] | None,
) -> Batch:
    return Batch(
        extension.batch if recording is None else recording(extension.batch),
        extension.bind,
        None if extension.gate is ALWAYS else extension.gate,
        reads_of(extension.batch),
        partial(converted, declared) if declared.arguments else dict,
        extension.asks if declared.arguments else no_gates,
    )


def converted(declared: StrawberryField, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the *arguments* of a field, coerced, as its resolver takes them: by their Python names."""
    return convert_arguments(
        dict(arguments),
        declared.arguments,
        scalar_registry=SCHEMA.schema_converter.scalar_registry,
        config=SCHEMA.config,
    )
