"""What stands between a transport and an executor: documents are read, operations executed."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any, Protocol, TypeVar

from graphql import ExecutionResult, OperationDefinitionNode

from engine.document import Document
from engine.on_error import OnError

C = TypeVar("C")
"""The context of an operation."""


class Executes(Protocol[C]):
    """Reads documents and executes their operations."""

    def read(self, text: str) -> Document:
        """Give the document of *text*, the same for everybody."""
        ...

    def read_own(self, text: str, context: C) -> Document:
        """Give the document of *text* as whoever asks may know it."""
        ...

    async def execute(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: C,
        on_error: OnError = OnError.PROPAGATE,
    ) -> ExecutionResult:
        """Execute one operation of a valid document."""
        ...

    def subscribe(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        contexts: AsyncIterator[C],
        on_error: OnError = OnError.PROPAGATE,
    ) -> AsyncGenerator[tuple[ExecutionResult, C]]:
        """Execute a subscription for each of *contexts*, one for each event."""
        ...
