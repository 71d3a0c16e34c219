"""The one place where the benchmarks call our executor, without the web server around it."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema

from engine.document import DocumentStore
from engine.engine import Engine
from engine.mask import Mask
from resolvers.context import Context
from schema.build import TYPES
from schema.resolution import execute, make_engine


class WrongAnswerError(Exception):
    """An operation of a benchmark had errors."""


class Ours:
    """Our executor over a schema: the document store, and the engine."""

    def __init__(self, types: GraphQLSchema) -> None:
        """Start with nothing known."""
        self._documents = DocumentStore(types)
        self._engine = make_engine() if types is TYPES else Engine(types)

    async def ask(self, text: str, context: object) -> Mapping[str, Any]:
        """Give the data of *text*'s answer; raises ``WrongAnswerError`` where it has errors."""
        document = self._documents.get(text)
        operation = document.operation(None)
        assert operation is not None  # noqa: S101 - documents of our own
        if isinstance(context, Context):
            found = await execute(self._engine, document, operation, {}, context)
        else:
            found = await self._engine.execute(document, operation, {}, context)
        if found.errors or found.data is None:
            raise WrongAnswerError(str(found.errors))
        return found.data

    def see(self, text: str) -> None:
        """Do what is done at first sight of *text*: parse, limit, validate, plan, compile."""
        document = self._documents.get(text)
        operation = document.operation(None)
        assert operation is not None  # noqa: S101 - documents of our own
        self._engine.compiled(document, operation, {}, Mask())
