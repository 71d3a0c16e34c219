"""What the resolvers of one operation share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from auth.administration import Administration
from auth.audit import AuditLog
from auth.client_store import ClientStore
from auth.coverage import FINAL_ONLY, Coverage, State
from auth.feature import Gate
from auth.viewer import Viewer
from loaders.operation import Loaders, Systems
from resolvers.notice import Notices
from sources.cache.freshness import Freshness
from sources.condition import AnyOf, OneOf
from sources.errors import SourceError
from sources.keys import CustomerCode
from sources.part import AnyPart
from sources.record import Record
from sources.scope import ALL, Columns, Extent, Scope, extent
from sources.unplaced import Unplaced


@dataclass(frozen=True, slots=True)
class Registry:
    """What administrators manage: accounts of Users, clients of partners; and the log of what happened."""

    administration: Administration
    clients: ClientStore
    audit: AuditLog


@dataclass(slots=True)
class Context:
    """Who asks, what they may see, and the loaders; made anew for each operation.

    ``registry`` is what its administrators manage, None where accounts are kept elsewhere. ``hidden`` are the
    notices of what coverage leaves out of the answer, None before the first field. ``columns`` are those that
    the operation reads, None where that is not known. Where it is ``strict``, what is not covered is an
    unknown name. ``freshness`` is what it was given that is not of now, ``unplaced`` what failed
    to tell where things stand; None where it takes no such thing.
    """

    viewer: Viewer
    coverage: Coverage
    systems: Systems
    registry: Registry | None = None
    hidden: Notices | None = None
    columns: Columns | None = None
    strict: bool = False
    freshness: Freshness | None = None
    unplaced: Unplaced | None = None
    batches: dict[Any, Any] = field(default_factory=dict[Any, Any])
    loaders: Loaders | None = None

    @property
    def load(self) -> Loaders:
        """The loaders under this asker's scopes, from the first use on; ``columns`` are known by then."""
        if self.loaders is None:
            # They must not know us, or the circle would keep all that was loaded until the collector comes.
            self.loaders = Loaders(self.systems, partial(_scope, self.viewer, self.coverage, self.columns))
        return self.loaders

    @property
    def customer(self) -> CustomerCode:
        """The customer that the User belongs to."""
        return CustomerCode(self.viewer.customer)

    def scope(self, gate: Gate) -> Scope:
        """Give the Scope for rows that *gate* opens: coverage and the User's data scopes together."""
        return _scope(self.viewer, self.coverage, self.columns, gate)

    def extensions(self) -> Mapping[str, object]:
        """Give what the answer says beside its data, where there is any of it.

        The notices of hidden parts, and for each system of which it has what is not fresh, of when that is.
        """
        entries: Sequence[Mapping[str, Any]] = () if self.hidden is None else self.hidden.entries()
        said: dict[str, object] = {}
        if entries:
            said["coverage"] = {"epoch": self.coverage.epoch, "hidden": entries}
        if self.freshness is not None and self.freshness.oldest:
            said["asOf"] = self.freshness.as_of()
        return said

    def unplaced_errors(self) -> Sequence[SourceError]:
        """Give the errors of systems because of which things are without their place, or left out."""
        return () if self.unplaced is None else self.unplaced.errors


def _scope(viewer: Viewer, coverage: Coverage, columns: Columns | None, gate: Gate) -> Scope:
    past = coverage.of(gate).past
    return Scope(
        customer=CustomerCode(viewer.customer),
        solutions=_solutions(viewer, coverage, gate),
        accounts=extent(viewer.accounts),
        locations=extent(viewer.locations),
        ended=coverage.gone(gate),
        settled=past if gate in FINAL_ONLY else frozenset(),
        columns=columns,
    )


def _solutions(viewer: Viewer, coverage: Coverage, gate: Gate) -> Extent:
    own = extent(viewer.solutions)
    found = coverage.of(gate)
    match found.state:
        case State.ALL:
            return own if own is ALL else own - coverage.gone(gate)
        case State.SOME:
            covered = found.solutions | found.past
            return covered if own is ALL else covered & own
        case State.NONE:
            return frozenset()


class Info(Protocol):
    """What a resolver is told beside parents and arguments, by the engine and by the stock executor alike."""

    @property
    def context(self) -> Context:
        """What the resolvers of the operation share."""
        ...

    @property
    def keys(self) -> Sequence[str]:
        """Where the field is in the answer: response keys, without places in lists."""
        ...

    def selects(self, name: str) -> bool:
        """Tell whether a field called *name* is selected of what this one gives."""
        ...


def solutions_of(record: object) -> Sequence[str] | None:
    """Give the ids of the Solutions that *record* is tied to, None where its kind has no such tie.

    The path to a Solution that every type under a gate declares (coverage.md).
    """
    path = record.paths.get("solutions") if isinstance(record, Record) else None
    match path:
        case None:
            return None
        case OneOf(column=column):
            key: str | None = getattr(record, column)
            return () if key is None else (key,)
        case AnyOf(column=column) | AnyPart(column=column):
            keys: Sequence[str] = getattr(record, column)
            return keys
