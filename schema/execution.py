"""How an operation is read and executed for a customer, in both modes and by both executors."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from functools import partial
from typing import Any, Final, cast

import orjson
from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from engine.document import Document, DocumentStore, with_suggestions
from engine.engine import Engine
from engine.inputs import InputError, variable_errors
from engine.limits import Limits
from engine.on_error import OnError
from engine.reference import INTROSPECTION, is_request_error
from engine.reference import execute as execute_stock
from resolvers.context import Context
from resolvers.errors import CoverageRevokedError
from schema.rejection import rejections
from schema.resolution import execute
from schema.view import View, Views


class Executor:
    """Reads documents and executes their operations, by the engine or, without one, by the stock executor.

    A context that is ``strict`` knows no other schema than its customer's own. In both modes, errors and
    introspection tell of nothing else either.
    """

    def __init__(self, views: Views, engine: Engine | None, limits: Limits | None = None) -> None:
        """Execute on the types of *views*."""
        self.views = views
        self.types: GraphQLSchema = views.types
        self._engine = engine
        self._documents: Final = DocumentStore(self.types, limits, suggest=False)

    def read(self, text: str) -> Document:
        """Give the document of *text*, as it is by the published schema; errors suggest nothing."""
        return self._documents.get(text)

    def read_own(self, text: str, context: Context) -> Document:
        """Give the document of *text* as the customer may know it.

        In strict mode it is held against the customer's own schema. Else it is what ``read`` gives, and its
        errors suggest what is in the customer's own schema.
        """
        if context.strict:
            return self._view(context).documents.get(text)
        document = self.read(text)
        return self._view(context).told(document) if document.errors else document

    async def execute(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: Context,
        on_error: OnError = OnError.PROPAGATE,
    ) -> ExecutionResult:
        """Execute an operation of a valid document.

        Where variables are wrong, or coverage refuses the operation, there is no data, and no error has a
        path: see ``is_request_error``. The data of introspection may be ``orjson.Fragment``.
        """
        refused = self._refused(document, operation, variables, context)
        if refused:
            return ExecutionResult(data=None, errors=refused)
        if _only_introspects(document, operation):
            return await self._introspect(document, operation, variables, context)
        result = await self._run(document, operation, variables, context, on_error)
        if is_request_error(result) and any(isinstance(each, InputError) for each in result.errors or ()):
            return self._suggested(result, operation, variables, context)
        return result

    async def subscribe(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        contexts: AsyncIterator[Context],
        on_error: OnError = OnError.PROPAGATE,
    ) -> AsyncGenerator[tuple[ExecutionResult, Context]]:
        """Execute a subscription of a valid document for each of *contexts*: an event each, masked anew.

        It ends with ``CoverageRevokedError`` where coverage refuses it that did not when it began, and after
        the first event where that is refused.
        """
        has_begun = False
        async for context in contexts:
            if has_begun and self._refused(document, operation, variables, context):
                revoked = CoverageRevokedError()
                error = GraphQLError(revoked.message, original_error=revoked)
                yield ExecutionResult(data=None, errors=[error]), context
                return
            result = await self.execute(document, operation, variables, context, on_error)
            yield result, context
            if is_request_error(result):
                return
            has_begun = True

    def _view(self, context: Context) -> View:
        return self.views.of(context.coverage)

    def _own_types(self, context: Context) -> GraphQLSchema:
        return self._view(context).types

    def _refused(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: Context,
    ) -> list[Any]:
        if context.strict and operation.variable_definitions:
            wrong = variable_errors(self._own_types(context), operation, variables, suggest=True)
            if wrong:
                return wrong
        if operation.operation is OperationType.QUERY:
            return []
        return rejections(self.types, document, operation, variables, context.coverage)

    async def _run(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: Context,
        on_error: OnError,
    ) -> ExecutionResult:
        introspected = partial(self._own_types, context)
        if self._engine is not None:
            return await execute(
                self._engine, document, operation, variables, context, on_error, introspected
            )
        assert document.ast is not None, "a valid document has an AST"  # noqa: S101 - what the caller has checked
        return await execute_stock(
            self.types,
            document.ast,
            operation,
            variables,
            context,
            on_error=on_error,
            introspected=introspected,
        )

    async def _introspect(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: Context,
    ) -> ExecutionResult:
        """Answer a question about the schema only: from what was answered to all customers of this view."""
        view = self._view(context)
        names = [each.variable.name.value for each in operation.variable_definitions or ()]
        used = {name: variables[name] for name in names if name in variables}
        name = operation.name.value if operation.name else None
        question = (document.key, name, orjson.dumps(used, option=orjson.OPT_SORT_KEYS))
        kept = view.answer(question)
        if kept is None:
            result = await self._run(document, operation, variables, context, OnError.PROPAGATE)
            if result.errors:
                return self._suggested(result, operation, variables, context)
            kept = orjson.dumps(result.data)
            view.keep(question, kept)
        return ExecutionResult(data=cast("Any", orjson.Fragment(kept)))

    def _suggested(
        self,
        result: ExecutionResult,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: Context,
    ) -> ExecutionResult:
        """Give a *result* whose errors of variables suggest what is in the customer's own schema."""
        types = self._own_types(context)
        bare = variable_errors(types, operation, variables)
        told = variable_errors(types, operation, variables, suggest=True)
        return ExecutionResult(result.data, with_suggestions(result.errors or (), bare, told))


def _only_introspects(document: Document, operation: OperationDefinitionNode) -> bool:
    """Tell whether an operation asks about the schema and about nothing else."""
    if operation.operation is not OperationType.QUERY:
        return False
    asked: set[str] = set()
    for name in _root_names(document, operation.selection_set):
        if name != "__typename":
            if name not in INTROSPECTION:
                return False
            asked.add(name)
    return bool(asked)


def _root_names(document: Document, selected: SelectionSetNode) -> Iterator[str]:
    """Give the names of the fields that are selected at the root, within fragments too."""
    pending = [selected]
    spread: set[str] = set()
    while pending:
        for node in pending.pop().selections:
            if isinstance(node, FieldNode):
                yield node.name.value
            elif isinstance(node, FragmentSpreadNode):
                if node.name.value not in spread:
                    spread.add(node.name.value)
                    pending.append(_fragment(document, node.name.value))
            else:
                pending.append(cast("Any", node).selection_set)


def _fragment(document: Document, name: str) -> SelectionSetNode:
    definitions = document.ast.definitions if document.ast is not None else ()
    return next(
        each.selection_set
        for each in definitions
        if isinstance(each, FragmentDefinitionNode) and each.name.value == name
    )
