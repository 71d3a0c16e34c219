"""auth's tables of coverage rules: every version with who made it and why, and the rules of each."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec
from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.indexes import Index
from tortoise.models import Model

from auth.feature import Feature
from auth.rule_book import DatedRule, RuleBook, shipped_book
from auth.rules import Level
from auth.session import Session


class RuleStoreError(Exception):
    """The store of coverage rules failed or was too slow."""


class RulesChangedError(Exception):
    """Another version was stored in between; what was to be stored was thought out on an older one."""


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """How far a feature is open to a customer, *before* and *after*, in words."""

    feature: str
    before: str
    after: str


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of the rules does to a customer, in a period.

    ``until`` is the first day after it, None for no end. A feature of which something is gained and something
    else lost is in both.
    """

    customer: str
    since: date
    until: date | None
    gained: tuple[Shift, ...]
    lost: tuple[Shift, ...]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Why a version is there.

    ``applied_by`` is the operating system's name of the one who made it; ``source`` the name of the file and
    ``sha256`` that of its content, None where there is no file.
    """

    applied_by: str
    source: str
    sha256: str | None = None
    reason: str | None = None
    effects: tuple[Effect, ...] = ()


class AppliedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the rules as it is told afterwards."""

    version: int
    applied_at: datetime
    note: Note


class CoverageVersion(Model):
    """The table of versions, each with its note."""

    version = fields.BigIntField(primary_key=True, generated=False)
    applied_at = fields.DatetimeField()
    applied_by = fields.TextField()
    source = fields.TextField()
    sha256 = fields.CharField(64, null=True)
    reason = fields.TextField(null=True)
    effects: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_coverage_version"


class DatedCoverageRule(Model):
    """The table of ``DatedRule``: all of each place that a version changed."""

    id = fields.BigIntField(primary_key=True)
    version = fields.BigIntField()
    feature = fields.CharField(64)
    category = fields.CharField(32)
    market = fields.CharField(4)
    portal_option = fields.CharField(8)
    level = fields.CharField(8)
    valid_from = fields.DateField(null=True)
    valid_to = fields.DateField(null=True)

    class Meta(Model.Meta):
        """The table's name and index."""

        app = "auth"
        table = "auth_coverage_rule"
        indexes = (Index(fields=("feature", "category", "market", "portal_option", "version")),)


_VERSION: Final = "SELECT COALESCE(MAX(version), 0) AS version FROM auth_coverage_version"
_NEW_VERSION: Final = (
    "INSERT INTO auth_coverage_version (version, applied_at, applied_by, source, sha256, reason, effects) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (version) DO NOTHING RETURNING version"
)
"""Holds the number until the transaction ends: whoever wants the same one waits, and gets no row."""
_AUDIT: Final = (
    "SELECT version, applied_at, applied_by, source, sha256, reason, effects FROM auth_coverage_version "
    "ORDER BY version DESC"
)
_NEW_RULE: Final = (
    "INSERT INTO auth_coverage_rule "
    "(version, feature, category, market, portal_option, level, valid_from, valid_to) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_RULES: Final = (
    "SELECT feature, category, market, portal_option, level, valid_from, valid_to "
    "FROM auth_coverage_rule AS rule WHERE version = (SELECT MAX(version) FROM auth_coverage_rule AS newer "
    "WHERE newer.feature = rule.feature AND newer.category = rule.category AND newer.market = rule.market "
    "AND newer.portal_option = rule.portal_option AND newer.version <= ?)"
)


class RuleStore:
    """The coverage rules in the embedded database.

    A version is never changed; a place has the rules of the highest version that has any for it. ``seconds``
    bounds every statement, the wait for a connection included. Every method raises ``RuleStoreError`` where
    the database fails or is slower.
    """

    def __init__(self, connection: BaseDBAsyncClient, seconds: float = 2.0) -> None:
        """Use *connection*, on which the migrations of auth have run."""
        self._session = Session(connection, seconds, RuleStoreError)

    async def ensure_shipped(self) -> None:
        """Store the rules shipped with the project as version 1, unless the store has rules; one for all.

        Raises ``CoverageRulesError`` where the shipped tables are wrong.
        """
        if await self.version() == 0:
            note = Note(applied_by="servicespace", source="shipped with servicespace")
            async with self._session.transaction() as inner:
                book = shipped_book()
                if await _opened(inner, book.version, note):
                    await _store(inner, book.version, book.rules)

    async def version(self) -> int:
        """Give the number of the newest version, 0 where there is none."""
        (row,) = await self._session.run(_VERSION, [])
        return int(row["version"])

    async def book(self) -> RuleBook:
        """Give the newest version; one without rules, and number 0, where there is none."""
        version = await self.version()
        rows = await self._session.run(_RULES, [version])
        return RuleBook(version, [_rule(row) for row in rows])

    async def apply(self, before: RuleBook, rules: Iterable[DatedRule], note: Note) -> int:
        """Store what *rules* change in *before* as the next version, and give its number.

        What changes nothing is not stored: then it is the number of *before*. Raises ``RulesChangedError``
        if *before* is not the newest version any more, ``ValueError`` where ``RuleBook.changed`` does.
        """
        after = before.changed(rules)
        places = after.changed_from(before)
        if not places:
            return before.version
        async with self._session.transaction() as inner:
            if not await _opened(inner, after.version, note):
                raise RulesChangedError(f"version {after.version} is there already")
            await _store(inner, after.version, [rule for place in places for rule in after.timeline(place)])
        return after.version

    async def changes(self, after: int | None) -> tuple[int, Sequence[str]]:
        """Give the newest version, and one key, the empty one, if it is newer than *after*; none for None."""
        version = await self.version()
        return version, [] if after is None or version <= after else [""]

    async def audit(self) -> Sequence[AppliedVersion]:
        """Give all versions, newest first."""
        return [
            AppliedVersion(
                version=row["version"],
                applied_at=_moment(row["applied_at"]),
                note=Note(
                    applied_by=row["applied_by"],
                    source=row["source"],
                    sha256=row["sha256"],
                    reason=row["reason"],
                    effects=msgspec.json.decode(row["effects"], type=tuple[Effect, ...]),
                ),
            )
            for row in await self._session.run(_AUDIT, [])
        ]


async def _opened(session: Session, version: int, note: Note) -> bool:
    """Write the row of *version*, and tell whether it was still to be had; waits for another who wants it."""
    effects = msgspec.json.encode(note.effects).decode()
    values = [version, datetime.now(UTC), note.applied_by, note.source, note.sha256, note.reason, effects]
    return bool(await session.run(_NEW_VERSION, values))


async def _store(session: Session, version: int, rules: Iterable[DatedRule]) -> None:
    rows = [
        [
            version,
            rule.feature.value,
            rule.category,
            rule.market,
            rule.portal_option,
            rule.level.value,
            rule.valid_from,
            rule.valid_to,
        ]
        for rule in rules
    ]
    await session.run_many(_NEW_RULE, rows)


def _rule(row: dict[str, Any]) -> DatedRule:
    return DatedRule(
        feature=Feature(row["feature"]),
        category=row["category"],
        market=row["market"],
        portal_option=row["portal_option"],
        level=Level(row["level"]),
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
    )


def _day(stored: date | str | None) -> date | None:
    """Give a day as a day: SQLite has it as text."""
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def _moment(stored: datetime | str) -> datetime:
    """Give a time as a time: SQLite has it as text."""
    return datetime.fromisoformat(stored) if isinstance(stored, str) else stored
