"""The coverage rules of a store, looked at and changed by an operator."""

import hashlib
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from auth.rule_book import DatedRule, RuleBook
from auth.rule_file import parse_rules
from auth.rule_store import AppliedVersion, Note, RuleStore
from servicespace.announcements import announce
from servicespace.effects import Outlook, outlook
from servicespace.settings import Settings
from servicespace.snapshots import Facts, facts_of
from servicespace.store import open_store
from servicespace.systems import open_systems
from servicespace.upstreams.markets import Markets
from sources.keys import CustomerCode
from sources.ordering.sql import SqlOrdering
from sources.sql import Database

Watch: TypeAlias = Callable[[Sequence[CustomerCode]], Iterable[CustomerCode]]
"""Gives the customers, one after the other, and shows how far that is."""


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rules file that is right; what it says depends on the day on which it was read."""

    name: str
    sha256: str
    rules: Sequence[DatedRule]
    day: date


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do: the rules before and after, and what becomes of customers."""

    file: RuleFile
    before: RuleBook
    after: RuleBook
    outlook: Outlook

    @property
    def is_empty(self) -> bool:
        """Whether the file changes nothing."""
        return not self.after.changed_from(self.before)


def read_rules(file: Path, today: date) -> RuleFile:
    """Read *file*; raises ``OSError``, and ``CoverageRulesError`` as ``parse_rules`` does."""
    content = file.read_bytes()
    rules = parse_rules(file.name, content, today)
    return RuleFile(file.name, hashlib.sha256(content).hexdigest(), rules, today)


async def book_of(settings: Settings) -> RuleBook:
    """Give the newest rules; raises ``RuleStoreError`` where the store fails."""
    async with _opened(settings) as (rules, *_):
        return await rules.book()


async def audit_of(settings: Settings) -> Sequence[AppliedVersion]:
    """Give all versions, newest first; raises ``RuleStoreError`` where the store fails."""
    async with _opened(settings) as (rules, *_):
        return await rules.audit()


async def plan_of(settings: Settings, file: RuleFile, watch: Watch) -> Plan:
    """Give what *file* would do to the rules and to all customers; nothing is stored.

    Raises ``RuleStoreError`` and ``SourceError`` where the store fails.
    """
    async with _opened(settings) as (rules, register, markets):
        before = await rules.book()
        after = before.changed(file.rules)
        if not after.changed_from(before):
            return Plan(file, before, after, Outlook((), ()))
        customers = watch(await register.all_customer_codes())
        return Plan(file, before, after, await outlook(markets, customers, before, after, file.day))


async def apply_plan(settings: Settings, plan: Plan, applied_by: str, reason: str | None) -> int:
    """Make *plan* the next version, and give its number.

    Raises ``RulesChangedError`` if another was stored since the plan was made, ``RuleStoreError`` where the
    store fails; then nothing is stored.
    """
    note = Note(
        applied_by=applied_by,
        source=plan.file.name,
        sha256=plan.file.sha256,
        reason=reason,
        effects=tuple(plan.outlook.effects),
    )
    async with _opened(settings) as (rules, *_):
        version = await rules.apply(plan.before, plan.file.rules, note)
    await announce(settings.valkey)
    return version


async def customer_of(settings: Settings, customer: CustomerCode) -> tuple[RuleBook, Facts, Sequence[str]]:
    """Give the newest rules, the facts of *customer*, and the first customers where there is none such.

    Raises ``RuleStoreError`` and ``SourceError`` where the store fails.
    """
    async with _opened(settings) as (rules, register, markets):
        facts = await facts_of(markets, customer)
        others: Sequence[str] = await register.customer_codes() if facts[0] is None else ()
        return await rules.book(), facts, others


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncGenerator[tuple[RuleStore, SqlOrdering, Markets]]:
    """Open the store and the systems, for who the customers are and what they ordered.

    The rules shipped are the store's first version.
    """
    async with open_store(settings.store) as connection, open_systems(connection, settings) as systems:
        rules = RuleStore(connection, settings.source_seconds)
        await rules.ensure_shipped()
        register = SqlOrdering(Database(connection, "ordering", settings.source_seconds))
        yield rules, register, systems.markets
