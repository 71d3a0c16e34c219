"""Alternating rounds: every contender once in each, one server process at a time."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import msgspec

from bench import cpu
from bench.contenders import Contender
from bench.database import Running
from bench.load import Load, Measured
from bench.loading import cover
from bench.query import DASHBOARD, SMALL
from bench.server import Question, Server, running
from bench.shape import Shape

DASHBOARD_QUESTION: Final = Question("dashboard", DASHBOARD)
SMALL_QUESTION: Final = Question("small", SMALL)
SOME: Final = "some"
"""The service with half of the Solutions not covered, as a contender of its own."""

SMALL_FOR: Final = frozenset({"service", "endpoint", "mercurius-jit"})
"""Who is asked the small query too."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """One measure: what the load found, and processor time for each request in milliseconds."""

    load: Measured
    server_ms: float
    database_ms: float


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long everything takes, in seconds; ``budget`` bounds all rounds together."""

    rounds: int = 5
    warm: float = 1
    dashboard: float = 4
    small: float = 2
    budget: float = 600


@dataclass(slots=True)
class Rounds:
    """The rounds of one run."""

    database: Running
    shape: Shape
    load: Load
    token: str
    told: Callable[[str], None]
    lengths: Lengths = field(default_factory=Lengths)
    taken: dict[tuple[str, str], list[Taken]] = field(
        default_factory=lambda: defaultdict[tuple[str, str], list[Taken]](list)
    )
    """By question and contender, a measure for each round."""

    def run(self, contenders: Sequence[Contender]) -> int:
        """Measure *contenders*, in turns forwards and backwards; give how many rounds there was time for."""
        start = monotonic()
        longest = 0.0
        for number in range(self.lengths.rounds):
            began = monotonic()
            if number and began - start + longest > self.lengths.budget:
                return number
            for each in contenders if number % 2 == 0 else reversed(contenders):
                self._measure(number, each)
            longest = max(longest, monotonic() - began)
        return self.lengths.rounds

    def rates(self, question: str, key: str) -> list[float]:
        """Give requests per second, round by round; none for who was not measured."""
        return [each.load.rate for each in self.taken.get((question, key), ())]

    def _measure(self, number: int, contender: Contender) -> None:
        if contender.key == SOME:
            asyncio.run(cover(self.database.host, self.shape, every=False))
        try:
            with running(
                contender.command,
                by_path=contender.by_path,
                question=DASHBOARD_QUESTION,
                token=self.token,
            ) as server:
                self._put(number, server, contender, DASHBOARD_QUESTION, self.lengths.dashboard)
                if contender.key in SMALL_FOR:
                    self._put(number, server, contender, SMALL_QUESTION, self.lengths.small)
        finally:
            if contender.key == SOME:
                asyncio.run(cover(self.database.host, self.shape, every=True))

    def _put(
        self, number: int, server: Server, contender: Contender, question: Question, seconds: float
    ) -> None:
        self.load.put(server, question, self.lengths.warm)
        backends = cpu.family(self.database.pid)
        before = cpu.seconds([server.pid]), cpu.seconds(backends)
        found = self.load.put(server, question, seconds)
        after = cpu.seconds([server.pid]), cpu.seconds(backends)
        server_ms, database_ms = (
            (late - early) * 1_000 / max(found.requests, 1) for early, late in zip(before, after, strict=True)
        )
        taken = Taken(load=found, server_ms=server_ms, database_ms=database_ms)
        self.taken[question.name, contender.key].append(taken)
        self.told(f"round {number + 1}, {question.name}: {found.rate:8.1f}/s  {contender.name}")
