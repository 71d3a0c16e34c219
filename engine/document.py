"""The documents that clients send, each parsed, measured and validated once."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TypeVar

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    ValuesOfCorrectTypeRule,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError

from engine.inputs import InputLiteralsRule
from engine.limits import LimitExceededError, Limits, check_limits

E = TypeVar("E", bound=Exception)

RULES = tuple(InputLiteralsRule if each is ValuesOfCorrectTypeRule else each for each in specified_rules)
"""The rules of the specification, in its order."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was found: ready to execute if it has no errors.

    The kind of an error says at which step it was found: ``GraphQLSyntaxError`` (it does not
    parse), one with a ``LimitExceededError`` as its original error (it is too large),
    ``InputError`` (a literal is not of its type), any other (it is not valid).
    """

    key: str
    """SHA-256 of the text, in hexadecimal."""
    ast: DocumentNode | None
    """None if it does not parse."""
    errors: tuple[GraphQLError, ...]
    operations: Mapping[str | None, OperationDefinitionNode]
    """By name; an anonymous operation is under None."""

    @property
    def size(self) -> int:
        """How long the text is, in characters; 0 where it does not parse."""
        return 0 if self.ast is None or self.ast.loc is None else len(self.ast.loc.source.body)

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Give the operation of that name, or the only one; None if that does not name one."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        return self.operations.get(name) if name is not None else None


class DocumentStore:
    """Documents by their text, the least recently asked forgotten first.

    Holds at most *max_documents* and at most *max_bytes* of text. For one event loop; it has no
    locks. *types* are what the documents are validated against, and so what they may be executed on.
    Wrong documents are kept too, so that a client that repeats one costs nothing. Their errors name
    what of *types* may have been meant, unless *suggest* is False.
    """

    def __init__(
        self,
        types: GraphQLSchema,
        limits: Limits | None = None,
        *,
        suggest: bool = True,
        max_documents: int = 1_000,
        max_bytes: int = 4_194_304,
    ) -> None:
        self.types = types
        self._limits = limits or Limits()
        self._suggest = suggest
        self._max_documents = max_documents
        self._max_bytes = max_bytes
        self._documents: OrderedDict[str, tuple[Document, int]] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        """Give the number of documents kept."""
        return len(self._documents)

    def get(self, text: str) -> Document:
        """Give the document of that text; the work is done at first sight only."""
        encoded = text.encode("utf-8", "surrogatepass")
        key = sha256(encoded).hexdigest()
        kept = self._documents.get(key)
        if kept is not None:
            self._documents.move_to_end(key)
            return kept[0]
        document = read_document(key, text, self.types, self._limits, suggest=self._suggest)
        self._keep(document, len(encoded))
        return document

    def _keep(self, document: Document, size: int) -> None:
        self._documents[document.key] = (document, size)
        self._bytes += size
        while len(self._documents) > self._max_documents or self._bytes > self._max_bytes:
            _, (_, forgotten) = self._documents.popitem(last=False)
            self._bytes -= forgotten


def read_document(
    key: str, text: str, types: GraphQLSchema, limits: Limits, *, suggest: bool = True
) -> Document:
    """Parse, measure and validate a text, each step only if the one before found nothing wrong."""
    try:
        ast = _parse(text, limits)
    except LimitExceededError as error:
        return Document(key=key, ast=None, errors=(_told(error),), operations={})
    except GraphQLSyntaxError as error:
        return Document(key=key, ast=None, errors=(_bare(error),), operations={})
    operations = {
        each.name.value if each.name else None: each
        for each in ast.definitions
        if isinstance(each, OperationDefinitionNode)
    }
    try:
        check_limits(ast, limits)
        errors = _validate(types, ast, limits, suggest=suggest)
    except LimitExceededError as error:
        errors = (_told(error),)
    return Document(key=key, ast=ast, errors=errors, operations=operations)


def suggested(document: Document, types: GraphQLSchema, limits: Limits) -> Document:
    """Give a *document* whose errors suggest nothing, with what *types* suggest for the same errors.

    An error that is none in *types*, or is another one there, stays as it is. So does a document that
    does not parse, or is too large.
    """
    if document.ast is None or any(
        isinstance(each.original_error, LimitExceededError) for each in document.errors
    ):
        return document
    try:
        bare = _validate(types, document.ast, limits, suggest=False)
        told = _validate(types, document.ast, limits, suggest=True)
    except LimitExceededError:
        return document
    return replace(document, errors=tuple(with_suggestions(document.errors, bare, told)))


def with_suggestions(
    errors: Iterable[GraphQLError], bare: Sequence[GraphQLError], told: Sequence[GraphQLError]
) -> list[GraphQLError]:
    """Give *errors*, for each that is among the *bare* ones the one that stands in its place in *told*."""
    better = {_identity(one): other for one, other in zip(bare, told, strict=True)}
    return [better.get(_identity(each), each) for each in errors]


def _identity(error: GraphQLError) -> tuple[str, tuple[tuple[int, int], ...]]:
    return error.message, tuple((each.line, each.column) for each in error.locations or ())


def _parse(text: str, limits: Limits) -> DocumentNode:
    if len(text) > limits.source_characters:
        raise LimitExceededError("source_characters", limits.source_characters, len(text))
    try:
        return parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.comments)
    except GraphQLSyntaxError as error:
        for limit, allowed in (("tokens", limits.tokens), ("comments", limits.comments)):
            # graphql-core has no other sign of it than the sentence; a test holds it.
            if f"contains more than {allowed} {limit}." in error.message:
                raise LimitExceededError(limit, allowed, allowed + 1) from None
        raise


def _validate(
    types: GraphQLSchema, ast: DocumentNode, limits: Limits, *, suggest: bool
) -> tuple[GraphQLError, ...]:
    # The one way that graphql-core offers: the rule reads it at the start of each validation.
    overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = limits.comparisons
    errors = validate(types, ast, RULES, hide_suggestions=not suggest)
    last = errors[-1] if errors else None
    if isinstance(last, ValidationAbortedError) and len(errors) == 1:
        raise LimitExceededError("comparisons", limits.comparisons, limits.comparisons + 1)
    return tuple(_bare(each) for each in errors)


def _told(error: LimitExceededError) -> GraphQLError:
    return _bare(GraphQLError(str(error), original_error=_bare(error)))


def _bare(error: E) -> E:
    """Drop the traceback, which would keep every frame of the parser alive with the document."""
    return error.with_traceback(None)
