"""The stock executor: what an operation means, computed as graphql-core computes it."""

from asyncio import CancelledError, current_task
from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import Any, Final, TypeAlias, TypeVar

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql import (
    execute as execute_document,  # pyright: ignore[reportUnknownVariableType] - its options are generic
)
from graphql.execution import Executor

from engine.inputs import InputError, variable_errors
from engine.on_error import OnError

T = TypeVar("T")

Introspected: TypeAlias = Callable[[], GraphQLSchema]
"""Gives the types that introspection tells of; asked only where there is introspection."""

INTROSPECTION: Final = frozenset({"__schema", "__type"})
"""The fields of the root that tell of the schema."""


class WorkCancelledError(Exception):
    """Work that a field waited for was cancelled by someone else, so this field has no value."""


class FieldExecutor(Executor[Any]):
    """graphql-core's executor, in which a field's loss stays the field's.

    Where a non-null field fails, graphql-core cancels its siblings. A future that one of them
    shares with an unrelated field is cancelled with it, and that field then raises
    ``CancelledError``, which no field error handler catches: without this class the
    whole answer would be lost. Here only that field fails.

    Introspection tells of the types that *introspected* gives, where there is one, in place of those that
    the operation is executed on.
    """

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - graphql-core's
        introspected: Introspected | None = None,
        **options: Any,  # noqa: ANN401 - graphql-core's
    ) -> None:
        """Start as graphql-core's own does."""
        super().__init__(*args, **options)  # pyright: ignore[reportUnknownMemberType] - generic
        self._introspected = introspected

    def build_resolve_info(
        self,
        field_def: Any,  # noqa: ANN401 - graphql-core's
        field_nodes: Any,  # noqa: ANN401 - graphql-core's
        parent_type: GraphQLObjectType,
        path: Any,  # noqa: ANN401 - graphql-core's
    ) -> GraphQLResolveInfo[Any]:
        """Have the fields of introspection see the types that are to be told of."""
        info: Any = super().build_resolve_info(field_def, field_nodes, parent_type, path)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - generic
        meta = parent_type.name.startswith("__") or info.field_name in INTROSPECTION
        seen: GraphQLResolveInfo[Any] = info
        if self._introspected is not None and meta:
            seen = info._replace(schema=self._introspected())
        return seen

    async def with_abort_signal(self, awaitable: Awaitable[T]) -> T:
        """Wait for what a resolver gave; raise ``WorkCancelledError`` if another cancelled it."""
        try:
            return await super().with_abort_signal(awaitable)
        except CancelledError:
            task = current_task()
            if task is None or task.cancelling():
                raise
            raise WorkCancelledError("work shared with another field was cancelled") from None


class NullingExecutor(FieldExecutor):
    """The same, but a null stays where it is, whatever its type says: ``OnError.NULL``."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - graphql-core's
        """Start as graphql-core's own does."""
        super().__init__(*args, **options)
        self.error_propagation = False


async def execute(
    types: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    context: object,
    root: object = None,
    on_error: OnError = OnError.PROPAGATE,
    introspected: Introspected | None = None,
) -> ExecutionResult:
    """Execute one operation of a valid document.

    Failures of fields are in ``errors``, each with its path and its original error. Wrong
    variables give no data and ``InputError``s without a path: see ``is_request_error``.
    Introspection tells of *types*, or of those that *introspected* gives.
    """
    result = execute_document(
        types,
        document,
        root_value=root,
        context_value=context,
        variable_values=dict(variables),
        operation_name=operation.name.value if operation.name else None,
        executor_class=FieldExecutor if on_error is OnError.PROPAGATE else NullingExecutor,
        hide_suggestions=True,
        introspected=introspected,
    )
    answer = await result if isawaitable(result) else result
    if is_request_error(answer):
        mistakes: list[InputError] = variable_errors(types, operation, variables)
        if mistakes:
            return ExecutionResult(data=None, errors=[*mistakes])
    return answer


def is_request_error(result: ExecutionResult) -> bool:
    """Tell whether nothing was executed: the answer then has errors only, and no ``data`` at all."""
    return result.data is None and all(error.path is None for error in result.errors or ())
