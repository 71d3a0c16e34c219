"""Demo data is the same each time, and is stored whole or not at all."""

import json
from collections import Counter
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from auth.store import UsernameTakenError, UserProfile, UserStore
from auth.viewer import CustomerCode as UserCustomer
from servicespace.commands.demo import plans_of, prepare
from servicespace.demo.customers import ACME, BAKER, COBALT, users_of
from servicespace.demo.load import expected, load, present
from servicespace.demo.plan import SEED, Plan
from servicespace.demo.profiles import PROFILES, ProfileName
from servicespace.settings import Settings
from servicespace.store import open_store
from sources.sql import Database
from tests.servicespace.made import LEAP_DAY, MEDIUM, PLANS, Made, made, make

SMALL = PLANS[0]
TABLES = (
    "auth_user",
    "ordering_customer",
    "ordering_solution",
    "ordering_location",
    "ordering_service_point",
    "billing_account",
    "billing_document",
    "billing_line",
    "inventory_component",
    "ticketing_ticket",
    "ticketing_note",
    "maintenance_event",
    "maintenance_impact",
    "maintenance_revision",
)


class StopError(Exception):
    """Stands for all that may stop a load."""


def unheard(what: str, rows: int) -> None:
    pass


def add(told: Counter[str], what: str, rows: int) -> None:
    told[what] += rows


def stop_at_tickets(what: str, _: int) -> None:
    if what == "tickets":
        raise StopError


async def counts(settings: Settings) -> dict[str, int]:
    async with open_store(settings.store) as connection:
        database = Database(connection, "tests", 10)
        statement = " UNION ALL ".join(
            f"SELECT '{each}' AS name, COUNT(*) AS number FROM {each}"  # noqa: S608 - names are ours
            for each in TABLES
        )
        return {row[0]: row[1] for row in await database.rows((statement, []))}


def counted(found: Made, users: int) -> dict[str, int]:
    estate = found.estate
    numbers = (
        users,
        1,
        len(estate.solutions),
        len(estate.locations),
        len(estate.service_points),
        len(found.accounts),
        len(found.bills),
        len(found.lines),
        len(found.components),
        len(found.cases),
        sum(len(each.notes) for each in found.cases),
        len(found.works),
        sum(len(each.impacts) for each in found.works),
        sum(len(each.revisions) for each in found.works),
    )
    return dict(zip(TABLES, numbers, strict=True))


def encoded(found: Made) -> bytes:
    return msgspec.json.encode(
        [found.estate, found.components, found.accounts, found.bills, found.cases, found.works]
    )


def test_the_same_plan_gives_the_same_data_byte_for_byte() -> None:
    assert encoded(make(SMALL)) == encoded(made(SMALL))


@pytest.mark.parametrize(
    "other", [replace(SMALL, seed=2), replace(SMALL, today=LEAP_DAY), replace(SMALL, customer=BAKER)]
)
def test_another_plan_gives_other_data(other: Plan) -> None:
    assert encoded(make(other)) != encoded(made(SMALL))


def test_profiles_have_the_volumes_of_the_design(shared_data: Path) -> None:
    volumes = json.loads((shared_data / "volumes.json").read_text())

    ours = {name: asdict(PROFILES[name]) for name in get_args(ProfileName) if name != "tiny"}

    assert ours == {
        name: {key: volume[_camel(key)] for key in ours[name]} for name, volume in volumes.items()
    }
    assert set(PROFILES) == set(get_args(ProfileName))


async def test_stores_all_that_was_made(empty_store: Settings) -> None:
    await load(empty_store.store, SMALL, unheard)

    assert await counts(empty_store) == counted(made(SMALL), users=2)
    assert await present(empty_store.store, [ACME.code, BAKER.code]) == {ACME.code}


async def test_tells_of_about_as_many_rows_as_were_expected(empty_store: Settings) -> None:
    told: Counter[str] = Counter()

    await load(empty_store.store, SMALL, partial(add, told))

    assert list(told) == ["locations", "service points", "invoices", "components", "tickets", "maintenance"]
    assert 0.9 <= told.total() / expected(SMALL.profile) <= 1.2


async def test_stores_nothing_of_a_load_that_is_stopped(empty_store: Settings) -> None:
    with pytest.raises(StopError):
        await load(empty_store.store, SMALL, stop_at_tickets)

    assert set((await counts(empty_store)).values()) == {0}
    assert await present(empty_store.store, [ACME.code]) == frozenset()


async def test_loads_anew_after_a_load_that_was_stopped(empty_store: Settings) -> None:
    with pytest.raises(StopError):
        await load(empty_store.store, SMALL, stop_at_tickets)

    await load(empty_store.store, SMALL, unheard)

    assert await counts(empty_store) == counted(made(SMALL), users=2)


async def test_stores_nothing_where_another_customer_has_the_name_of_a_user(empty_store: Settings) -> None:
    async with open_store(empty_store.store) as connection:
        taken = UserProfile(username="acme-admin", customer=UserCustomer("other"), email="a@other.example")
        await UserStore(connection).save(taken)

    with pytest.raises(UsernameTakenError):
        await load(empty_store.store, SMALL, unheard)

    assert await present(empty_store.store, [ACME.code]) == frozenset()


def test_the_demo_has_one_large_customer_and_two_others() -> None:
    plans = plans_of("medium", MEDIUM.today)

    assert [(each.customer, each.profile, each.seed) for each in plans] == [
        (ACME, PROFILES["medium"], SEED),
        (BAKER, PROFILES["small"], SEED),
        (COBALT, PROFILES["tiny"], SEED),
    ]


async def test_a_second_run_of_the_demo_changes_nothing(
    empty_store: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    first = await prepare(empty_store, "tiny")
    loaded = await counts(empty_store)
    capsys.readouterr()

    second = await prepare(empty_store, None)

    assert await counts(empty_store) == loaded
    assert capsys.readouterr().err == ""
    assert [each.user.username for each in second] == [
        "acme-admin",
        "acme-billing",
        "baker-admin",
        "cobalt-admin",
    ]
    assert [each.user for each in first] == [each.user for each in second]


async def test_says_that_a_profile_comes_too_late(
    empty_store: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await prepare(empty_store, "tiny")
    capsys.readouterr()

    await prepare(empty_store, "small")

    assert "acme-global is loaded already and stays as it is" in capsys.readouterr().err


def test_a_user_for_bills_sees_three_billing_accounts() -> None:
    _, billing = users_of(ACME)

    user = billing.profile(made(MEDIUM).accounts)

    assert user.accounts == frozenset({"ACME-BA-000002", "ACME-BA-000003", "ACME-BA-000004"})
    assert (user.locations, user.solutions) == (None, None)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.title() for each in rest)
