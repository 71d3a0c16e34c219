"""A customer's own schema: the published one without what its Solutions do not cover."""

from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property
from hashlib import sha256
from typing import Final, TypeAlias

from graphql import GraphQLSchema

from auth.coverage import Coverage
from auth.feature import ALWAYS, Closable
from engine.bounded import Bounded
from engine.document import Document, DocumentStore, suggested
from engine.limits import Limits
from schema.build import TYPES, sdl
from schema.part import Anatomy, IsOpen

Fingerprint: TypeAlias = frozenset[Closable]
"""The gates that are open, of those that the schema has: all that a customer's own schema depends on."""

Question: TypeAlias = tuple[str, str | None, bytes]
"""A document's key, the operation's name, its variables as JSON."""

MOST_VIEWS: Final = 64
"""As many are kept; the types of one take 0.1 MB, its text as much."""

DOCUMENT_BYTES: Final = 131_072
"""As much text is kept of a view's documents, and of wrong ones; a document takes 70 times its text."""

ANSWER_BYTES: Final = 2_097_152
"""As much is kept of the answers to introspection; the usual question's takes a fifteenth."""


class View:
    """The schema of all customers of one fingerprint; what is in it of theirs depends on nothing else.

    What takes time is made at first use: the text, the documents, the answers to introspection.
    """

    def __init__(
        self, types: GraphQLSchema, etag: str, write: Callable[[GraphQLSchema], str], limits: Limits
    ) -> None:
        """Keep what is asked of *types*, which *write* makes a text."""
        self.types = types
        self.etag = etag
        """Changes with the published schema and with the fingerprint (RFC 9110, in quotes)."""
        self._write = write
        self._limits = limits
        self._sdl: str | None = None
        self._told: Bounded[str, Document] = Bounded(DOCUMENT_BYTES)
        self._answers: Bounded[Question, bytes] = Bounded(ANSWER_BYTES)

    @property
    def sdl(self) -> str:
        """The text of the schema, ``@covered`` included."""
        if self._sdl is None:
            self._sdl = self._write(self.types)
        return self._sdl

    @cached_property
    def documents(self) -> DocumentStore:
        """The documents of strict mode: to them, there is no other schema."""
        return DocumentStore(self.types, self._limits, max_bytes=DOCUMENT_BYTES)

    def told(self, document: Document) -> Document:
        """Give a wrong *document*, with suggestions of what is in this view."""
        found = self._told.get(document.key)
        if found is None:
            found = suggested(document, self.types, self._limits)
            self._told.keep(document.key, found, document.size)
        return found

    def answer(self, question: Question) -> bytes | None:
        """Give the data that was kept for a *question* about the schema, as JSON."""
        return self._answers.get(question)

    def keep(self, question: Question, answer: bytes) -> None:
        """Keep the answer to a *question* that has none yet."""
        self._answers.keep(question, answer, len(answer) + len(question[2]))


class Views:
    """The views of a schema by fingerprint, the least recently asked forgotten first.

    For one event loop; no locks.
    """

    def __init__(
        self,
        types: GraphQLSchema = TYPES,
        *,
        write: Callable[[GraphQLSchema], str] = sdl,
        limits: Limits | None = None,
        most: int = MOST_VIEWS,
    ) -> None:
        """Make views of *types*, at most *most*; *write* makes a schema a text."""
        self.types = types
        self._write = write
        self._limits = limits or Limits()
        self._most = most
        self._anatomy = Anatomy(types)
        self._views: OrderedDict[Fingerprint, View] = OrderedDict()

    def __len__(self) -> int:
        """Give the number of views kept."""
        return len(self._views)

    @cached_property
    def published(self) -> View:
        """The whole schema, as everybody may read it."""
        text = self._write(self.types)
        return View(self.types, f'"{_digest(text)}"', self._write, self._limits)

    def fingerprint(self, coverage: Coverage) -> Fingerprint:
        """Give what the view of a customer with this *coverage* depends on."""
        return self._anatomy.gates & coverage.visible

    def of(self, coverage: Coverage) -> View:
        """Give the view of a customer with this *coverage*, made at first use."""
        fingerprint = self.fingerprint(coverage)
        found = self._views.get(fingerprint)
        if found is None:
            found = self._views[fingerprint] = self._make(fingerprint)
            if len(self._views) > self._most:
                self._views.popitem(last=False)
        else:
            self._views.move_to_end(fingerprint)
        return found

    def _make(self, fingerprint: Fingerprint) -> View:
        types = self._anatomy.part(lambda gate: gate is ALWAYS or gate in fingerprint)
        gates = _digest(" ".join(sorted(each.value for each in fingerprint)))
        etag = f'"{self.published.etag[1:17]}-{gates[:16]}"'
        return View(types, etag, self._write, self._limits)


def own_types(is_open: IsOpen, types: GraphQLSchema = TYPES) -> GraphQLSchema:
    """Give *types* without what is closed and what only that led to."""
    return Anatomy(types).part(is_open)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
