import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest

from auth.account import AccountState, Visit, state
from auth.account_store import Policy, account_of
from auth.browser_session import Step
from auth.outbox import MailKind
from auth.password_hash import Cost, Passwords, PasswordsBusyError
from auth.sign_in import Entered, SignIn
from auth.store import UserStore
from tests.auth.accounts import HOME, OPERATOR, PASSWORD, Accounts, Between

WRONG = "quiet heron under brass sun"


async def test_goes_from_invitation_to_session_and_out_again(accounts: Accounts, now: datetime) -> None:
    link = await accounts.invited("story", now, customer="story-co")

    assert await accounts.recovery.set_password(link, PASSWORD, HOME, now) == []
    entered = await accounts.sign_in.sign_in("story", PASSWORD, HOME, now)
    assert entered is not None
    session = await accounts.sign_in.session(entered.token.reveal(), now)
    await accounts.sign_in.sign_out(entered.token.reveal(), HOME, now)

    assert session is not None
    signed_in = session.signed_in()
    assert signed_in is not None
    assert (signed_in.username, signed_in.customer, signed_in.methods) == ("story", "story-co", ("pwd",))
    assert await accounts.sign_in.session(entered.token.reveal(), now) is None
    assert await accounts.story("story-co") == [
        "operator:ann INVITED story",
        "story PASSWORD_SET story",
        "story SIGNED_IN story",
        "story SIGNED_OUT story",
    ]


@pytest.mark.parametrize("name", ["nobody", "ann'--", "", "x" * 500, "ann\udcff", "\x00"])
async def test_refuses_an_unknown_name(accounts: Accounts, now: datetime, name: str) -> None:
    assert await accounts.sign_in.sign_in(name, PASSWORD, HOME, now) is None
    assert accounts.passwords.compared == 1


@pytest.mark.parametrize("password", ["", WRONG, PASSWORD + " ", "x" * 10_000, "\udcff"])
async def test_refuses_a_wrong_password(accounts: Accounts, now: datetime, password: str) -> None:
    await accounts.active("ann", now)

    assert await accounts.sign_in.sign_in("ann", password, HOME, now) is None


async def test_takes_a_password_however_its_characters_are_written(accounts: Accounts, now: datetime) -> None:
    link = await accounts.invited("ann", now)
    await accounts.recovery.set_password(link, "sept écureuils violets rient", HOME, now)

    entered = await accounts.sign_in.sign_in("ann", "sept e\u0301cureuils violets rient", HOME, now)

    assert entered is not None


async def test_locks_after_three_wrong_passwords_and_says_so_once(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now, customer="locked-co")
    await accounts.mails(now)
    for _ in range(5):
        assert await accounts.sign_in.sign_in("ann", WRONG, HOME, now) is None

    assert await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now) is None
    account = await account_of(accounts.session, "ann")
    assert account is not None
    assert state(account, now) is AccountState.LOCKED
    assert [each.kind for each in await accounts.mails(now)] == [MailKind.LOCKED]
    assert (await accounts.story("locked-co"))[2:] == [
        " SIGN_IN_FAILED ann",
        " SIGN_IN_FAILED ann",
        " SIGN_IN_FAILED ann",
        " LOCKED ann",
    ]
    assert await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now + timedelta(seconds=61)) is not None


async def test_doubles_the_lock_each_time_up_to_a_quarter_of_an_hour(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.active("ann", now)
    locks: list[float] = []

    for _ in range(6):
        for _ in range(3):
            await accounts.sign_in.sign_in("ann", WRONG, HOME, now)
        account = await account_of(accounts.session, "ann")
        assert account is not None
        locks.append((account.locked_until - now.timestamp()) / 60)
        now += timedelta(seconds=account.locked_until - now.timestamp())

    assert locks == [1, 2, 4, 8, 15, 15]


async def test_counts_attempts_at_once_one_after_the_other(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now, customer="race-co")

    homes = [Visit(source=f"192.0.2.{number}") for number in range(8)]
    await asyncio.gather(*(accounts.sign_in.sign_in("ann", WRONG, each, now) for each in homes))

    story = await accounts.story("race-co")
    assert story.count(" SIGN_IN_FAILED ann") == 3
    assert story.count(" LOCKED ann") == 1


async def test_counts_unknown_names_by_address_and_ipv6_by_its_network(
    accounts: Accounts, now: datetime
) -> None:
    for number in range(5):
        await accounts.sign_in.sign_in(f"nobody{number}", WRONG, Visit(source=f"2001:db8::{number}"), now)
    await accounts.sign_in.sign_in("nobody", WRONG, Visit(source="2001:db8:0:1::1"), now)

    rows = await accounts.session.run(
        "SELECT name, locked_until FROM auth_attempt WHERE name LIKE 'source:%' ORDER BY name", []
    )
    assert [(each["name"], each["locked_until"] > now.timestamp()) for each in rows] == [
        ("source:2001:db8:0:1::/64", False),
        ("source:2001:db8::/64", True),
    ]


async def test_the_lock_of_an_address_is_none_for_accounts(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now, customer="office-co")
    for number in range(4):
        await accounts.sign_in.sign_in(f"nobody{number}", WRONG, HOME, now)

    wrong = await accounts.sign_in.sign_in("ann", WRONG, HOME, now)
    right = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)

    assert wrong is None
    assert right is not None
    assert " SIGN_IN_FAILED ann" in await accounts.story("office-co")


async def test_a_lock_leaves_sessions_and_reset_links_alone(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    entered = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)
    assert entered is not None
    for _ in range(3):
        await accounts.sign_in.sign_in("ann", WRONG, HOME, now)

    going_on = await accounts.sign_in.session(entered.token.reveal(), now)
    link = await accounts.recovery.link_for("ann", MailKind.RESET, now)

    assert going_on is not None
    assert link is not None
    assert await accounts.recovery.set_password(link, PASSWORD + "!", HOME, now) == []
    assert await accounts.sign_in.sign_in("ann", PASSWORD + "!", HOME, now) is not None


async def test_compares_one_password_whoever_tries(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    await accounts.invited("invited", now)
    await accounts.active("gone", now)
    await accounts.administration.deactivate("gone", OPERATOR, now)
    compared: list[int] = []

    for name in ("nobody", "ann", "invited", "gone", "ann", "ann", "ann", "ann"):
        before = accounts.passwords.compared
        assert await accounts.sign_in.sign_in(name, WRONG, Visit(source="192.0.2.1"), now) is None
        compared.append(accounts.passwords.compared - before)

    assert compared == [1] * 8


async def test_begins_a_new_session_at_sign_in_and_ends_the_one_before(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.active("ann", now)
    first = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)
    assert first is not None
    token = first.token.reveal()

    second = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now, before=token)

    assert second is not None
    assert second.token.encode() != first.token.encode()
    assert await accounts.sign_in.session(token, now) is None


@pytest.mark.parametrize(
    ("steps", "goes_on"),
    [([29, 29], True), ([30], False), ([29] * 24, True), ([29] * 25, False)],
    ids=["used", "idle", "11:36 h", "12:05 h"],
)
async def test_a_session_ends_unused_and_at_last(
    accounts: Accounts, now: datetime, steps: list[int], goes_on: bool
) -> None:
    await accounts.active("ann", now)
    entered = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)
    assert entered is not None

    found = None
    for minutes in steps:
        now += timedelta(minutes=minutes)
        found = await accounts.sign_in.session(entered.token.reveal(), now)

    assert (found is not None) is goes_on


async def test_a_session_ends_with_what_was_issued_before(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    entered = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)
    assert entered is not None

    await UserStore(accounts.connection).void("ann", now + timedelta(seconds=1))

    assert await accounts.sign_in.session(entered.token.reveal(), now) is None
    later = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)
    assert later is not None
    session = await accounts.sign_in.session(later.token.reveal(), now)
    assert session is not None
    assert session.at == int(now.timestamp()) + 1


async def test_signs_out_everywhere(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    entered = [await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now) for _ in range(2)]
    assert len(await accounts.sign_in.sessions("ann", now)) == 2

    await accounts.sign_in.sign_out_everywhere("ann", "acme", HOME, now + timedelta(seconds=1))

    assert await accounts.sign_in.sessions("ann", now) == []
    for each in entered:
        assert each is not None
        assert await accounts.sign_in.session(each.token.reveal(), now) is None


async def test_hashes_anew_what_was_hashed_at_another_cost(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    dearer = Passwords(Cost(passes=2, memory=8))

    entered = await SignIn(accounts.connection, dearer).sign_in("ann", PASSWORD, HOME, now)
    dearer.close()

    account = await account_of(accounts.session, "ann")
    assert entered is not None
    assert account is not None
    assert account.password_hash is not None
    assert b"t=2" in account.password_hash.encode()


async def test_takes_no_more_at_once_than_it_can_and_counts_none_of_the_rest(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.active("ann", now)
    busy = Passwords(Cost(passes=200, memory=1_024), threads=1, most_waiting=0)
    waiting = asyncio.create_task(busy.matches("x", None))
    await asyncio.sleep(0)

    with pytest.raises(PasswordsBusyError):
        await SignIn(accounts.connection, busy).sign_in("ann", PASSWORD, HOME, now)

    await waiting
    busy.close()
    assert await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now) is not None


async def test_waits_for_a_second_factor_where_the_customer_demands_one(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.administration.set_policy("strict-co", Policy(second_factor=True), OPERATOR)
    await accounts.active("ann", now, customer="strict-co")

    entered = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)

    assert entered is not None
    assert entered.step is Step.ENROL
    session = await accounts.sign_in.session(entered.token.reveal(), now)
    assert session is not None
    assert session.signed_in() is None


@pytest.mark.parametrize("same_second", [True, False])
async def test_refuses_the_old_password_where_a_reset_overtakes_it(
    accounts: Accounts, now: datetime, same_second: bool
) -> None:
    await accounts.active("ann", now)
    link = await accounts.recovery.link_for("ann", MailKind.RESET, now)
    assert link is not None
    later = now if same_second else now + timedelta(seconds=5)
    passwords = Between(partial(accounts.recovery.set_password, link, PASSWORD + "!", HOME, later))

    entered = await SignIn(accounts.connection, passwords).sign_in("ann", PASSWORD, HOME, now)
    passwords.close()

    assert entered is None
    assert await accounts.sign_in.sessions("ann", later) == []


async def test_refuses_a_password_where_a_deactivation_overtakes_it(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.active("ann", now)
    passwords = Between(partial(accounts.administration.deactivate, "ann", OPERATOR, now))

    entered = await SignIn(accounts.connection, passwords).sign_in("ann", PASSWORD, HOME, now)
    passwords.close()

    assert entered is None


async def test_lets_two_in_at_once_whose_password_is_hashed_anew(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    dearer = Passwords(Cost(passes=2, memory=8))
    sign_in = SignIn(accounts.connection, dearer)

    entered = await asyncio.gather(*(sign_in.sign_in("ann", PASSWORD, HOME, now) for _ in range(2)))
    dearer.close()

    assert None not in entered


async def test_compares_four_passwords_of_one_address_at_once_and_leaves_the_others_alone(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.active("ann", now, customer="four-co")
    elsewhere = Visit(source="203.0.113.5")
    tries = [accounts.sign_in.sign_in(f"nobody{number}", WRONG, HOME, now) for number in range(5)]

    *nobodies, ann = await asyncio.gather(
        *tries, accounts.sign_in.sign_in("ann", PASSWORD, elsewhere, now), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in nobodies) == ["NoneType"] * 4 + ["PasswordsBusyError"]
    assert isinstance(ann, Entered)
    assert await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now) is not None


async def test_who_finds_no_place_has_not_tried(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now, customer="place-co")

    for _ in range(2):
        results = await asyncio.gather(
            *(accounts.sign_in.sign_in("nobody", WRONG, HOME, now) for _ in range(4)),
            *(accounts.sign_in.sign_in("ann", WRONG, HOME, now) for _ in range(4)),
            return_exceptions=True,
        )
        assert sum(isinstance(each, PasswordsBusyError) for each in results) == 4

    failed = (await accounts.story("place-co")).count(" SIGN_IN_FAILED ann")
    rows = await accounts.session.run(
        "SELECT failures, locks FROM auth_attempt WHERE name = 'account:ann'", []
    )
    assert [each["failures"] + 3 * each["locks"] for each in rows] == ([failed] if failed else [])
