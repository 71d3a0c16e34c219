"""What a customer's ordered Solutions cover, feature by feature (coverage.md "Vocabulary")."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from hashlib import sha256
from typing import Final, TypeAlias

import msgspec

from auth.feature import ALWAYS, GATES, Admin, Always, Closable, Detail, Feature, Full, Gate
from auth.rules import Level
from auth.standing import Standing


class State(Enum):
    """How many of a customer's Solutions cover a feature."""

    ALL = "ALL"
    SOME = "SOME"
    NONE = "NONE"


class Reason(Enum):
    """What stands between a customer and a feature that not all its Solutions cover."""

    NOT_ORDERED = "NOT_ORDERED"
    """A Solution of another category would cover it."""
    OPTION = "OPTION"
    """An optional module of an ordered Solution would cover it."""
    PAID = "PAID"
    """A paid line of an ordered Solution would cover it."""
    PORTAL_OPTION = "PORTAL_OPTION"
    """A bigger portal option would let an ordered Solution cover it, or let its module or paid line do so."""
    NOT_OFFERED = "NOT_OFFERED"
    """No Solution covers it in the customer's market under its portal option."""
    TERMINATED = "TERMINATED"
    """What covered it is no longer provided."""
    ROLE = "ROLE"
    """It is covered; the User's role does not reach so far."""
    SCOPE = "SCOPE"
    """It is covered; the access token's scope does not reach so far."""

    @property
    def is_right(self) -> bool:
        """Whether it is about what the asker may do, not about what is ordered."""
        return self in {Reason.ROLE, Reason.SCOPE}


class FeatureCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """How a customer's Solutions cover one feature."""

    feature: Feature | Always
    """The feature; ALWAYS only in what ``Coverage.of`` gives for ALWAYS."""
    state: State
    level: Level
    """READ if any covering Solution gives no more, else FULL; NONE if none covers."""
    solutions: frozenset[str]
    """The ids of the covering Solutions."""
    past: frozenset[str] = frozenset()
    """The ids of terminated Solutions whose facts may still be read; they count for no state."""
    reason: Reason | None
    """None exactly when the state is ALL."""
    covered_by: tuple[str, ...]
    """The categories whose Solutions cover it in the customer's market under its portal option, sorted.

    Those that do so only with their optional module or paid line are among them.
    """


_ALWAYS: Final = FeatureCoverage(
    feature=ALWAYS, state=State.ALL, level=Level.FULL, solutions=frozenset(), reason=None, covered_by=()
)

Denied: TypeAlias = Mapping[Closable, Reason]
"""Gates that are beyond somebody's rights, each with the reason: ROLE or SCOPE."""

_MOST_RIGHTS: Final = 1_000
"""How many sets of rights a coverage is kept for."""

_EPOCH_DIGITS: Final = 16

FINAL_ONLY: Final[frozenset[Gate]] = frozenset({Feature.INCIDENTS})
"""Of the Solutions of the past, these show only what is final: closed tickets (coverage.md "Vocabulary")."""


@dataclass(frozen=True)
class Coverage:
    """What a customer's Solutions cover at one epoch; a gate that is not named is not covered.

    ``epoch`` names what it follows from: two coverages of a customer with the same epoch are equal. ``ended``
    are the ids of the Solutions that are no longer provided. ``denied`` are the gates that are beyond the
    rights of who asks, with the reason: closed, whatever is covered.
    """

    epoch: str
    features: Mapping[Feature, FeatureCoverage]
    managed: Mapping[Feature, FeatureCoverage] = field(default_factory=dict[Feature, FeatureCoverage])
    """The same at level FULL: ``Full(feature)`` of each feature."""
    ended: frozenset[str] = frozenset()
    standing: Standing | None = None
    """What it was computed from, for those who explain it."""
    denied: Denied = field(default_factory=dict[Closable, Reason])

    def of(self, gate: Gate) -> FeatureCoverage:
        """Give how *gate* is covered: wholly for ALWAYS, not at all for one that is not named."""
        match gate:
            case Always.ALWAYS:
                return _ALWAYS
            case Feature():
                feature, found = gate, self.features.get(gate)
            case Full(feature):
                found = self.managed.get(feature)
            case Detail(feature) | Admin(feature):
                found = self.features.get(feature)
        if found is None:
            return uncovered(feature, Reason.NOT_OFFERED, ())
        if gate in self.denied and found.state is not State.NONE:
            return uncovered(feature, self.denied[gate], found.covered_by)
        return found

    def within(self, denied: Denied) -> "Coverage":
        """Give this coverage as somebody sees it to whom *denied* is closed; the same one each time."""
        if not denied:
            return self
        key = frozenset(denied.items())
        found = self._within.get(key)
        if found is None:
            if len(self._within) >= _MOST_RIGHTS:
                self._within.clear()
            named = sorted((gate.value, reason.value) for gate, reason in denied.items())
            epoch = epoch_of((self.epoch, named))
            found = self._within[key] = replace(self, epoch=epoch, denied=denied)
        return found

    @cached_property
    def _within(self) -> dict[frozenset[tuple[Closable, Reason]], "Coverage"]:
        """This coverage within the rights of those who asked."""
        return {}

    def state(self, gate: Gate) -> State:
        """Give how many of the customer's Solutions cover *gate*."""
        return self.of(gate).state

    @cached_property
    def closed(self) -> frozenset[Gate]:
        """The gates that no Solution opens."""
        return frozenset(each for each in GATES if self.state(each) is State.NONE)

    @cached_property
    def partial(self) -> frozenset[Gate]:
        """The gates that some Solutions open and others do not."""
        return frozenset(each for each in GATES if self.state(each) is State.SOME)

    @cached_property
    def fading(self) -> frozenset[Gate]:
        """The gates that all Solutions open, but for those that are no longer provided."""
        return frozenset(each for each in GATES if self.state(each) is State.ALL and self.gone(each))

    @cached_property
    def limited(self) -> frozenset[Gate]:
        """The gates that are open, and not to what belongs to every Solution."""
        return self.partial | self.fading

    @cached_property
    def visible(self) -> frozenset[Gate]:
        """The gates that are open at all: what the customer's own schema is made of."""
        return frozenset(GATES) - self.closed

    def gone(self, gate: Gate) -> frozenset[str]:
        """Give the Solutions no longer provided of which *gate* shows nothing any more."""
        return frozenset() if gate is ALWAYS else self.ended - self.of(gate).past

    def covers(self, gate: Gate, solutions: Collection[str] | None) -> bool:
        """Tell whether *gate* is open for what belongs to *solutions* (ids; None if to none).

        Where only some Solutions cover it, one of *solutions* must be among them; where all do, one of them
        must still be provided, or be one of the past that may still be read.
        """
        found = self.of(gate)
        match found.state:
            case State.NONE:
                return False
            case State.SOME:
                return solutions is not None and not (found.solutions | found.past).isdisjoint(solutions)
            case State.ALL:
                return not solutions or not self.ended or not self.gone(gate).issuperset(solutions)


def epoch_of(content: object) -> str:
    """Name *content* by what it says: every replica gives it the same name, which tells of nobody else."""
    encoded = msgspec.json.encode(content, order="deterministic")
    return sha256(encoded).hexdigest()[:_EPOCH_DIGITS]


def uncovered(feature: Feature, reason: Reason, covered_by: tuple[str, ...]) -> FeatureCoverage:
    """Give the coverage of a feature that no Solution covers."""
    return FeatureCoverage(
        feature=feature,
        state=State.NONE,
        level=Level.NONE,
        solutions=frozenset(),
        reason=reason,
        covered_by=covered_by,
    )
