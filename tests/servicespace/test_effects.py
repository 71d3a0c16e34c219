"""What a change of the rules does to customers."""

from datetime import date

import pytest
from msgspec.structs import replace

from auth.feature import NEVER_GATED, Feature
from auth.rule_book import RuleBook, shipped_book
from auth.rule_store import Effect, Shift
from auth.rules import Level
from servicespace.effects import outlook
from sources.keys import CustomerCode, SolutionId
from sources.ordering import (
    CustomerRecord,
    Market,
    PortalOption,
    ProductStatus,
    SolutionCategory,
    SolutionRecord,
)
from tests.fakes.ordering import FakeOrdering

TODAY = date(2026, 11, 20)
WINTER = date(2026, 12, 1)
SPRING = date(2027, 3, 1)
ACME = CustomerCode("acme")
BAKER = CustomerCode("baker")


async def ordering(*ordered: tuple[CustomerCode, SolutionCategory]) -> FakeOrdering:
    """Give ordering with customers of the STANDARD portal, and a Solution for each time that one is named."""
    fake = FakeOrdering()
    for number, (code, category) in enumerate(ordered, start=1):
        await fake.save_customers(
            [
                CustomerRecord(
                    customer=code,
                    id=code,
                    name=code,
                    market=Market.INTL,
                    portal_option=PortalOption.STANDARD,
                )
            ]
        )
        await fake.save_solutions(
            [
                SolutionRecord(
                    customer=code,
                    id=SolutionId(f"S{number}"),
                    name=f"S{number}",
                    category=category,
                    status=ProductStatus.ACTIVE,
                    market=Market.INTL,
                    ordered_on=date(2026, 1, 1),
                )
            ]
        )
    return fake


def changed(book: RuleBook, category: str, *periods: tuple[Level, date], features: set[Feature]) -> RuleBook:
    """Give *book*, but for the *features* of a category with these levels from these days on."""
    ends = [*(begin for _, begin in periods[1:]), None]
    return book.changed(
        replace(rule, level=level, valid_from=begin, valid_to=end)
        for rule in shipped_book().rules
        if rule.feature in features and rule.category == category
        for (level, begin), end in zip(periods, ends, strict=True)
    )


def without_anything(book: RuleBook, category: str, day: date) -> RuleBook:
    return changed(book, category, (Level.NONE, day), features=set(Feature) - NEVER_GATED)


async def test_tells_what_is_gained_and_lost_in_which_period() -> None:
    before = shipped_book()
    periods = ((Level.READ, WINTER), (Level.NONE, SPRING))
    after = changed(before, "SDWAN", *periods, features={Feature.MAINTENANCE})
    fake = await ordering((ACME, SolutionCategory.SDWAN), (BAKER, SolutionCategory.ETHERNET))

    found = await outlook(fake, [ACME, BAKER], before, after, TODAY)

    less = Shift(feature="MAINTENANCE", before="full for all", after="read for all")
    none = Shift(feature="MAINTENANCE", before="full for all", after="none")
    assert list(found.effects) == [
        Effect(customer="acme", since=WINTER, until=SPRING, gained=(), lost=(less,)),
        Effect(customer="acme", since=SPRING, until=None, gained=(), lost=(none,)),
    ]
    assert list(found.emptied) == []


async def test_tells_what_is_gained_by_some_solutions() -> None:
    before = shipped_book()
    after = changed(before, "MOBILE", (Level.FULL, TODAY), features={Feature.MAINTENANCE})
    fake = await ordering((ACME, SolutionCategory.MOBILE), (ACME, SolutionCategory.CLOUD_IAAS))

    found = await outlook(fake, [ACME], before, after, TODAY)

    more = Shift(feature="MAINTENANCE", before="none", after="full for 1 Solution")
    assert list(found.effects) == [Effect(customer="acme", since=TODAY, until=None, gained=(more,), lost=())]


async def test_tells_of_today_what_began_before() -> None:
    before = shipped_book()
    after = changed(before, "SDWAN", (Level.NONE, date(2026, 1, 1)), features={Feature.BILLING})
    fake = await ordering((ACME, SolutionCategory.SDWAN))

    [effect] = (await outlook(fake, [ACME], before, after, TODAY)).effects

    assert (effect.since, effect.until) == (TODAY, None)


async def test_tells_one_effect_for_periods_in_which_the_same_changes() -> None:
    before = changed(shipped_book(), "SDWAN", (Level.READ, WINTER), features={Feature.BILLING})
    after = changed(before, "SDWAN", (Level.NONE, TODAY), features={Feature.MAINTENANCE})
    fake = await ordering((ACME, SolutionCategory.SDWAN))

    [effect] = (await outlook(fake, [ACME], before, after, TODAY)).effects

    assert (effect.since, effect.until) == (TODAY, None)
    assert [each.feature for each in effect.lost] == ["MAINTENANCE"]


@pytest.mark.parametrize("day", [TODAY, WINTER])
async def test_names_who_would_be_left_with_what_is_never_gated(day: date) -> None:
    before = shipped_book()
    fake = await ordering((ACME, SolutionCategory.SDWAN), (BAKER, SolutionCategory.ETHERNET))

    found = await outlook(fake, [ACME, BAKER], before, without_anything(before, "SDWAN", day), TODAY)

    assert list(found.emptied) == [ACME]


async def test_names_nobody_who_sees_nothing_already_or_would_anyway() -> None:
    empty_now = without_anything(shipped_book(), "SDWAN", TODAY)
    empty_later = without_anything(shipped_book(), "SDWAN", WINTER)
    fake = await ordering((ACME, SolutionCategory.SDWAN))

    now = await outlook(fake, [ACME], empty_now, without_anything(empty_now, "ETHERNET", TODAY), TODAY)
    later = await outlook(fake, [ACME], empty_later, without_anything(empty_later, "ETHERNET", TODAY), TODAY)

    assert list(now.emptied) == []
    assert list(later.emptied) == []


async def test_names_nobody_who_sees_nothing_today_and_loses_what_was_to_come() -> None:
    gated = set(Feature) - NEVER_GATED
    before = changed(shipped_book(), "SDWAN", (Level.NONE, TODAY), (Level.FULL, WINTER), features=gated)
    fake = await ordering((ACME, SolutionCategory.SDWAN))

    found = await outlook(fake, [ACME], before, without_anything(before, "SDWAN", TODAY), TODAY)

    assert list(found.emptied) == []
    assert [each.since for each in found.effects] == [WINTER]
