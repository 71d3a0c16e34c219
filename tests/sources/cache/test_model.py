"""Whatever happens in whatever order, the entity cache gives what a plain dict and a clock would."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.cache import Kind, Tenant
from sources.cache.freshness import collected
from sources.cache.memory import MemoryShelf
from sources.cache.valkey import ValkeyShelf
from sources.errors import SourceError, SourceRefusedError, SourceUnavailableError
from tests.sources.cache.kept import ACME, LINES, OF_CUSTOMER, OTHER, SETTINGS, TICKETS, Clock, Kept, Row

KINDS: Final = (TICKETS, OF_CUSTOMER, LINES)
TENANTS: Final = (ACME, OTHER, Tenant(ACME.customer, frozenset({"P-9"})))
KEYS: Final = ("a", "b", "c")
ERRORS: Final = (None, SourceUnavailableError("ticketing"), SourceRefusedError("ticketing"))

Known: TypeAlias = tuple[Kind[Row], Tenant, str]


@dataclass(frozen=True)
class Ask:
    kind: Kind[Row]
    tenant: Tenant
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Write:
    tenant: Tenant
    key: str
    is_known: bool


@dataclass(frozen=True)
class Wait:
    seconds: float


@dataclass(frozen=True)
class Forget:
    source: str
    thing: str
    customer: Any


@dataclass(frozen=True)
class Fail:
    error: SourceError | None


Step: TypeAlias = Ask | Write | Wait | Forget | Fail

STEPS: Final = st.lists(
    st.one_of(
        st.builds(
            Ask,
            st.sampled_from(KINDS),
            st.sampled_from(TENANTS),
            st.lists(st.sampled_from(KEYS), max_size=4).map(tuple),
        ),
        st.builds(Write, st.sampled_from(TENANTS), st.sampled_from(KEYS), st.booleans()),
        st.builds(Wait, st.sampled_from([0.5, 5.0, 9.5, 10.0, 29.0, 100.0])),
        st.builds(
            Forget,
            st.sampled_from(["ticketing", "billing"]),
            st.sampled_from(["troubleTicket", "customerBill", "appliedCustomerBillingRate"]),
            st.sampled_from([None, ACME.customer, OTHER.customer]),
        ),
        st.builds(Fail, st.sampled_from(ERRORS)),
    ),
    max_size=25,
)


@dataclass
class Plain:
    """What the entity cache should do, said with a dict: when each key was read, and what it was worth."""

    kept: Kept
    known: dict[Known, tuple[float, int | None]] = field(
        default_factory=dict[Known, tuple[float, int | None]]
    )

    def expected(self, ask: Ask) -> tuple[object, bool]:
        """Give what *ask* brings, a mapping or the error, and whether some of it is old."""
        missing = [key for key in dict.fromkeys(ask.keys) if self._age(ask, key) is None]
        error = self.kept.upstream.error
        if missing and error is not None:
            old = [self.known.get((ask.kind, ask.tenant, key)) for key in missing]
            most = SETTINGS.lifetime(ask.kind.thing) + SETTINGS.stale_seconds
            given = all(each and each[1] is not None and self._now - each[0] < most for each in old)
            if not given or isinstance(error, SourceRefusedError):
                return type(error), False
        elif missing:
            for key in missing:
                rows = self.kept.upstream.rows.get((ask.tenant, key))
                worth = None if rows is None else rows[0].change
                self.known[ask.kind, ask.tenant, key] = (self._now, worth)
        found = {key: self.known[ask.kind, ask.tenant, key][1] for key in ask.keys}
        return {key: each for key, each in found.items() if each is not None}, bool(missing and error)

    def forget(self, step: Forget) -> None:
        """Forget what *step* says."""
        for kind, tenant, key in list(self.known):
            whose = step.customer in (None, tenant.customer)
            if whose and kind.source == step.source and step.thing in (kind.thing, *kind.also):
                del self.known[kind, tenant, key]

    @property
    def _now(self) -> float:
        return self.kept.clock.now

    def _age(self, ask: Ask, key: str) -> float | None:
        """Give how old what is known of *key* is; None where it may not be believed."""
        at, worth = self.known.get((ask.kind, ask.tenant, key), (-1e9, None))
        age = self._now - at
        seconds = SETTINGS.unknown_seconds if worth is None else SETTINGS.lifetime(ask.kind.thing)
        return age if age < seconds else None


async def follow(kept: Kept, steps: list[Step]) -> None:
    """Take *steps* with the cache and with the dict."""
    plain, changes = Plain(kept), 0
    for step in steps:
        match step:
            case Ask():
                freshness = collected()
                expected = plain.expected(step)
                try:
                    found: object = await kept.ask(*step.keys, tenant=step.tenant, kind=step.kind)
                except SourceError as error:
                    found = type(error)
                assert (found, bool(freshness.as_of())) == expected
            case Write(is_known=False):
                kept.upstream.rows.pop((step.tenant, step.key), None)
            case Write():
                changes += 1
                kept.upstream.write(step.tenant, step.key, changes)
            case Wait():
                kept.clock.now += step.seconds
            case Forget():
                plain.forget(step)
                await kept.cache.forget(step.source, step.thing, step.customer)
            case Fail():
                kept.upstream.error = step.error


async def follow_in_memory(steps: list[Step]) -> None:
    clock = Clock()
    shelf = MemoryShelf(most_entries=100, most_bytes=10**7, most_value_bytes=10**6, clock=clock)
    await follow(Kept(shelf, clock), steps)


async def follow_in_valkey(url: str, steps: list[Step]) -> None:
    shelf = ValkeyShelf(url, most_value_bytes=10**6)
    try:
        client: Any = shelf.client
        await client.flushall()
        await follow(Kept(shelf, Clock()), steps)
    finally:
        await shelf.close()


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_in_this_process(steps: list[Step]) -> None:
    asyncio.run(follow_in_memory(steps))


@given(steps=STEPS)
@settings(max_examples=60, deadline=None)
def test_in_valkey(valkey_url: str, steps: list[Step]) -> None:
    asyncio.run(follow_in_valkey(valkey_url, steps))
