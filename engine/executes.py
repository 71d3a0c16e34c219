"""What stands between a transport and an executor: documents are read, operations executed."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from graphql import ExecutionResult, OperationDefinitionNode

from engine.document import Document
from engine.on_error import OnError

C_contra = TypeVar("C_contra", contravariant=True)
"""The context of an operation."""


class Executes(Protocol[C_contra]):
    """Reads documents and executes their operations."""

    def read(self, text: str) -> Document:
        """Give the document of *text*, the same for everybody."""
        ...

    def read_own(self, text: str, context: C_contra) -> Document:
        """Give the document of *text* as whoever asks may know it."""
        ...

    async def execute(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: C_contra,
        on_error: OnError = OnError.PROPAGATE,
    ) -> ExecutionResult:
        """Execute one operation of a valid document."""
        ...
