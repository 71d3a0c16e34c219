"""The published schema as the engine runs it.

How each field gets its value, and what a customer's coverage closes.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from graphql import (
    ExecutionResult,
    FragmentDefinitionNode,
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
from engine.field import RESOLUTION, Batch, Info, Plain, Read, Resolution
from engine.mask import Mask, Opening
from resolvers.batch import BatchResolver
from resolvers.context import Context
from resolvers.notice import Hidden, notices_of
from schema.build import SCHEMA, TYPES
from schema.field import BatchExtension, ReadExtension, is_open
from schema.notice import Asked, hidden_parts


def make_engine(recording: Callable[[BatchResolver], BatchResolver] | None = None) -> Engine:
    """Give an engine for the published schema, whose fields are told how they are resolved.

    The notes of each plan are the parts that its mask hides: a sequence of ``Hidden``. *recording* puts
    itself around every batch resolver, for those who want to see what an operation does.
    """
    for kind in TYPES.type_map.values():
        if is_object_type(kind) or is_interface_type(kind):
            for each in kind.fields.values():
                declared: StrawberryField | None = each.extensions.get("strawberry-definition")
                if declared is not None:
                    each.extensions[RESOLUTION] = _resolution(declared, recording)
    return Engine(TYPES, annotate=hidden)


def mask_of(coverage: Coverage) -> Mask:
    """Give what *coverage* closes, whole or to some parents."""
    return Mask(closed=coverage.closed, partial=coverage.partial)


async def execute(
    engine: Engine,
    document: Document,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    context: Context,
) -> ExecutionResult:
    """Execute an operation by *engine* under the coverage of *context*, notices included."""
    coverage = context.coverage
    return await engine.execute(
        document,
        operation,
        variables,
        context,
        mask=mask_of(coverage),
        admits=partial(_admits, coverage),
        prepare=partial(_tell, context),
    )


def _admits(coverage: Coverage, gate: Any, parent: object) -> bool:
    return is_open(gate, parent, coverage)


def _tell(context: Context, found: Sequence[Hidden]) -> None:
    context.hidden = notices_of(found, context.coverage)


def hidden(
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    switches: Mapping[str, bool],
    mask: Mask,
) -> list[Hidden]:
    """Give what *mask* hides of an operation, whatever the rows are."""
    asked = Asked(TYPES, operation, fragments, VariableValues({}, dict(switches)))
    return list(hidden_parts(asked, partial(_state, mask)))


def _state(mask: Mask, gate: Gate) -> State:
    states = {Opening.ALL: State.ALL, Opening.SOME: State.SOME, Opening.NONE: State.NONE}
    return states[mask.opening(gate)]


def _resolution(
    declared: StrawberryField, recording: Callable[[BatchResolver], BatchResolver] | None
) -> Resolution:
    for extension in declared.extensions:
        if isinstance(extension, BatchExtension):
            gate = None if extension.gate is ALWAYS else extension.gate
            batch = extension.batch if recording is None else recording(extension.batch)
            return Batch(batch, partial(_bind, declared, extension), gate)
        if isinstance(extension, ReadExtension):
            return Read(extension.read)
    return Plain(declared.python_name)


def _bind(
    declared: StrawberryField, extension: BatchExtension, arguments: Mapping[str, Any], info: Info
) -> Mapping[str, Any]:
    if not declared.arguments:
        return {}
    converted = convert_arguments(
        dict(arguments),
        declared.arguments,
        scalar_registry=SCHEMA.schema_converter.scalar_registry,
        config=SCHEMA.config,
    )
    return extension.bind(converted, info)
