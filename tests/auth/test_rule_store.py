import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient

from auth.feature import Feature
from auth.rule_book import PLACES, DatedRule, RuleBook, shipped_book
from auth.rule_store import Effect, Note, RulesChangedError, RuleStore, RuleStoreError, Shift
from auth.rules import Level
from tests.auth.conftest import open_database

SPRING = date(2026, 3, 1)
SUMMER = date(2026, 6, 1)
NOTE = Note(applied_by="ann", source="spring.toml", sha256="0" * 64, reason="asked for")


def rule(level: str, since: date | None, until: date | None = None, category: str = "MOBILE") -> DatedRule:
    return DatedRule(
        feature=Feature.MAINTENANCE,
        category=category,
        market="INTL",
        portal_option="STANDARD",
        level=Level[level],
        valid_from=since,
        valid_to=until,
    )


async def rows(connection: BaseDBAsyncClient, statement: str) -> list[dict[str, Any]]:
    """Give what is in the tables themselves."""
    untyped: Any = connection  # Tortoise gives bare dicts
    found: list[dict[str, Any]] = await untyped.execute_query_dict(statement)
    return found


@pytest.fixture
async def rules(connection: BaseDBAsyncClient) -> RuleStore:
    """Give the store with the rules shipped."""
    store = RuleStore(connection)
    await store.ensure_shipped()
    return store


async def test_has_no_rules_before_the_shipped_ones(connection: BaseDBAsyncClient) -> None:
    store = RuleStore(connection)

    book = await store.book()

    assert (book.version, list(book.rules)) == (0, [])
    assert await store.version() == 0
    assert list(await store.audit()) == []


async def test_begins_with_the_shipped_rules_as_version_1(rules: RuleStore) -> None:
    book = await rules.book()

    assert book.version == 1
    assert list(book.rules) == list(shipped_book().rules)
    [shipped] = await rules.audit()
    assert shipped.version == 1
    assert shipped.note == Note(applied_by="servicespace", source="shipped with servicespace")
    assert abs(shipped.applied_at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_stores_the_shipped_rules_once_for_many_who_start_at_once(
    connection: BaseDBAsyncClient, database: Mapping[str, Any]
) -> None:
    async with AsyncExitStack() as stack:
        others = [await stack.enter_async_context(open_database(database)) for _ in range(3)]
        stores = [RuleStore(each, 20) for each in (connection, *others)]

        await asyncio.gather(*(each.ensure_shipped() for each in stores))

        books = [await each.book() for each in stores]
    assert [len(each.rules) for each in books] == [len(PLACES)] * 4
    assert len(await RuleStore(connection).audit()) == 1
    assert await rows(connection, "SELECT COUNT(*) AS rules FROM auth_coverage_rule") == [
        {"rules": len(PLACES)}
    ]


async def test_leaves_the_rules_of_the_store_when_the_shipped_ones_are_asked_for_again(
    rules: RuleStore,
) -> None:
    await rules.apply(await rules.book(), [rule("FULL", SPRING)], NOTE)

    await rules.ensure_shipped()

    assert await rules.version() == 2


async def test_keeps_a_change_with_its_history_and_its_note(rules: RuleStore) -> None:
    gained = Shift(feature="MAINTENANCE", before="none", after="full for all")
    effect = Effect(customer="acme", since=SPRING, until=None, gained=(gained,), lost=())
    note = Note(applied_by="ann", source="a.toml", sha256="f" * 64, reason=None, effects=(effect,))
    before = await rules.book()

    version = await rules.apply(before, [rule("READ", SPRING, SUMMER), rule("FULL", SUMMER)], note)

    book = await rules.book()
    assert (version, book.version, book.boundaries) == (2, 2, (SPRING, SUMMER))
    assert list(book.timeline(rule("READ", None).place)) == [
        rule("NONE", None, SPRING),
        rule("READ", SPRING, SUMMER),
        rule("FULL", SUMMER),
    ]
    assert list(book.rules) == list(
        before.changed([rule("READ", SPRING, SUMMER), rule("FULL", SUMMER)]).rules
    )
    audit = await rules.audit()
    assert [each.version for each in audit] == [2, 1]
    assert audit[0].note == note


async def test_stores_the_places_that_changed_and_no_others(
    rules: RuleStore, connection: BaseDBAsyncClient
) -> None:
    await rules.apply(await rules.book(), [rule("FULL", SPRING), rule("FULL", SPRING, None, "SDWAN")], NOTE)

    found = await rows(connection, "SELECT DISTINCT category FROM auth_coverage_rule WHERE version = 2")

    assert found == [{"category": "MOBILE"}]


async def test_takes_for_each_place_its_newest_rules(rules: RuleStore) -> None:
    await rules.apply(await rules.book(), [rule("FULL", SPRING), rule("NONE", SPRING, None, "SDWAN")], NOTE)
    await rules.apply(await rules.book(), [rule("READ", SPRING)], NOTE)

    now = (await rules.book()).at(SPRING)

    assert now.level(Feature.MAINTENANCE, "MOBILE", "INTL", "STANDARD") is Level.READ
    assert now.level(Feature.MAINTENANCE, "SDWAN", "INTL", "STANDARD") is Level.NONE
    assert now.level(Feature.MAINTENANCE, "ETHERNET", "INTL", "STANDARD") is Level.FULL


async def test_writes_no_version_for_what_changes_nothing(rules: RuleStore) -> None:
    before = await rules.book()

    version = await rules.apply(before, [rule("NONE", SPRING)], NOTE)

    assert version == 1
    assert await rules.version() == 1


async def test_refuses_what_was_thought_out_on_an_older_version(rules: RuleStore) -> None:
    before = await rules.book()
    await rules.apply(before, [rule("FULL", SPRING)], NOTE)

    with pytest.raises(RulesChangedError, match="version 2 is there already"):
        await rules.apply(before, [rule("READ", SUMMER, None, "SDWAN")], NOTE)

    assert await rules.version() == 2
    sdwan = (await rules.book()).timeline(rule("READ", None, None, "SDWAN").place)
    assert list(sdwan) == [rule("FULL", None, None, "SDWAN")]


async def test_lets_one_of_two_that_apply_at_once_through(
    rules: RuleStore, database: Mapping[str, Any]
) -> None:
    before = await rules.book()
    async with open_database(database) as other:
        found = await asyncio.gather(
            rules.apply(before, [rule("FULL", SPRING)], NOTE),
            RuleStore(other, 20).apply(before, [rule("READ", SPRING)], NOTE),
            return_exceptions=True,
        )

    assert {type(each) for each in found} == {int, RulesChangedError}
    assert await rules.version() == 2
    [_, now] = (await rules.book()).timeline(rule("READ", None).place)
    assert now == rule("FULL" if isinstance(found[0], int) else "READ", SPRING)


async def test_leaves_nothing_of_a_version_that_could_not_be_written_whole(
    rules: RuleStore, connection: BaseDBAsyncClient
) -> None:
    before = await rules.book()
    await connection.execute_script("ALTER TABLE auth_coverage_rule RENAME TO elsewhere")

    try:
        with pytest.raises(RuleStoreError, match="OperationalError"):
            await rules.apply(before, [rule("FULL", SPRING)], NOTE)
    finally:
        await connection.execute_script("ALTER TABLE elsewhere RENAME TO auth_coverage_rule")

    assert await rules.version() == 1
    assert len(await rules.audit()) == 1


async def test_announces_a_new_version_to_those_who_follow(rules: RuleStore) -> None:
    begin = await rules.changes(None)

    await rules.apply(await rules.book(), [rule("FULL", SPRING)], NOTE)

    assert begin == (1, [])
    assert await rules.changes(1) == (2, [""])
    assert await rules.changes(2) == (2, [])


async def test_gives_up_on_a_database_that_is_too_slow(connection: BaseDBAsyncClient) -> None:
    with pytest.raises(RuleStoreError, match="TimeoutError"):
        await RuleStore(connection, 0).book()


async def test_loads_all_rules_quickly(rules: RuleStore) -> None:
    books: list[RuleBook] = []
    took: list[float] = []

    for _ in range(5):
        began = perf_counter()
        books.append(await rules.book())
        took.append(perf_counter() - began)

    assert len(books[0].rules) == len(PLACES)
    assert min(took) < 0.1  # 0.02 where nothing else runs
