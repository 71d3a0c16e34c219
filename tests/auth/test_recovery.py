import asyncio
from datetime import datetime, timedelta
from functools import partial
from threading import current_thread

import pytest

from auth import password_hash
from auth.account import AccountState, state
from auth.account_store import Policy, account_of
from auth.outbox import MailKind
from auth.recovery import LinkError
from auth.store import UserStore
from tests.auth.accounts import HOME, OPERATOR, PASSWORD, Accounts

NEW = "seven wet maps of tundra"


async def test_refuses_a_link_that_was_used(accounts: Accounts, now: datetime) -> None:
    link = await accounts.invited("ann", now)
    await accounts.recovery.set_password(link, PASSWORD, HOME, now)

    with pytest.raises(LinkError):
        await accounts.recovery.set_password(link, NEW, HOME, now)


async def test_gives_a_link_to_one_of_many_at_once(accounts: Accounts, now: datetime) -> None:
    link = await accounts.invited("ann", now)

    results = await asyncio.gather(
        *(accounts.recovery.set_password(link, PASSWORD, HOME, now) for _ in range(5)),
        return_exceptions=True,
    )

    assert results.count([]) == 1
    assert sum(isinstance(each, LinkError) for each in results) == 4


@pytest.mark.parametrize(
    ("kind", "minutes", "works"),
    [
        (MailKind.INVITATION, 24 * 60 - 1, True),
        (MailKind.INVITATION, 24 * 60, False),
        (MailKind.RESET, 29, True),
        (MailKind.RESET, 30, False),
    ],
)
async def test_refuses_a_link_that_is_too_old(
    accounts: Accounts, now: datetime, kind: MailKind, minutes: int, works: bool
) -> None:
    await accounts.invited("ann", now)
    if kind is MailKind.RESET:
        await accounts.active("bob", now)
    link = await accounts.recovery.link_for("bob" if kind is MailKind.RESET else "ann", kind, now)
    assert link is not None
    later = now + timedelta(minutes=minutes)

    if works:
        assert await accounts.recovery.set_password(link, NEW, HOME, later) == []
    else:
        with pytest.raises(LinkError):
            await accounts.recovery.set_password(link, NEW, HOME, later)


async def test_a_newer_link_makes_the_older_one_void(accounts: Accounts, now: datetime) -> None:
    older = await accounts.invited("ann", now)
    await accounts.recovery.link_for("ann", MailKind.INVITATION, now)

    with pytest.raises(LinkError):
        await accounts.recovery.whose(older, now)


async def test_refuses_a_link_of_a_user_that_was_deactivated(accounts: Accounts, now: datetime) -> None:
    invited = await accounts.invited("ann", now)
    await accounts.active("bob", now)
    reset = await accounts.recovery.link_for("bob", MailKind.RESET, now)
    assert reset is not None
    for name in ("ann", "bob"):
        await accounts.administration.deactivate(name, OPERATOR, now)

    for link in (invited, reset):
        with pytest.raises(LinkError):
            await accounts.recovery.set_password(link, NEW, HOME, now)
    await accounts.administration.reactivate("bob", OPERATOR, now)
    with pytest.raises(LinkError):
        await accounts.recovery.whose(reset, now)


@pytest.mark.parametrize("link", ["", "nonsense", "x" * 43, "\udcff"])
async def test_refuses_a_link_that_nobody_made(accounts: Accounts, now: datetime, link: str) -> None:
    await accounts.invited("ann", now)

    with pytest.raises(LinkError):
        await accounts.recovery.set_password(link, PASSWORD, HOME, now)


async def test_keeps_a_link_when_the_password_is_refused(accounts: Accounts, now: datetime) -> None:
    link = await accounts.invited("ann", now)

    refused = await accounts.recovery.set_password(link, "too short", HOME, now)

    assert "15 characters" in refused[0]
    assert await accounts.recovery.set_password(link, PASSWORD, HOME, now) == []


async def test_takes_a_shorter_password_where_a_second_factor_is_demanded(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.administration.set_policy("strict-co", Policy(second_factor=True), OPERATOR)
    link = await accounts.invited("ann", now, customer="strict-co")

    assert await accounts.recovery.set_password(link, "x7#kQ9!v", HOME, now) == []


async def test_a_reset_ends_sessions_and_voids_what_was_issued(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    entered = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)
    assert entered is not None
    later = now + timedelta(minutes=5)
    link = await accounts.recovery.link_for("ann", MailKind.RESET, later)
    assert link is not None

    await accounts.recovery.set_password(link, NEW, HOME, later)

    user = await UserStore(accounts.connection).by_username("ann")
    assert user is not None
    assert user.valid_from == int(later.timestamp())
    assert await accounts.sign_in.session(entered.token.reveal(), later) is None
    assert await accounts.sign_in.sign_in("ann", PASSWORD, HOME, later) is None
    assert await accounts.sign_in.sign_in("ann", NEW, HOME, later) is not None


async def test_mails_a_link_to_whoever_forgot_and_at_most_one_in_two_minutes(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.active("ann", now)
    await accounts.mails(now)

    for name in ("ann", "ann@acme.example", "ANN@acme.example", "nobody", "nobody@acme.example", "\x00"):
        await accounts.recovery.forgotten(name, HOME, now)
    first = await accounts.mails(now)
    await accounts.recovery.forgotten("ann", HOME, now + timedelta(minutes=3))

    assert [(each.kind, each.recipient) for each in first] == [(MailKind.RESET, "ann@acme.example")]
    assert len(await accounts.mails(now + timedelta(minutes=3))) == 1


async def test_mails_another_invitation_to_whoever_has_no_password_yet(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.invited("ann", now)
    await accounts.mails(now)

    await accounts.recovery.forgotten("ann", HOME, now + timedelta(minutes=3))

    assert [each.kind for each in await accounts.mails(now + timedelta(minutes=3))] == [MailKind.INVITATION]


async def test_mails_nothing_to_whoever_is_deactivated(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    await accounts.mails(now)
    await accounts.administration.deactivate("ann", OPERATOR, now)

    await accounts.recovery.forgotten("ann", HOME, now + timedelta(minutes=3))

    assert await accounts.mails(now + timedelta(minutes=3)) == []
    assert await accounts.recovery.link_for("ann", MailKind.RESET, now) is None


async def test_stores_no_link_and_no_password(accounts: Accounts, now: datetime) -> None:
    link = await accounts.invited("ann", now)
    rows = await accounts.session.run("SELECT digest, username, purpose FROM auth_link", [])

    account = await account_of(accounts.session, "ann")

    assert account is not None
    assert state(account, now) is AccountState.INVITED
    assert link.reveal() not in str(rows)
    assert [each["purpose"] for each in rows] == ["INVITATION"]


def judged(threads: list[str], *_given: object, **_named: object) -> list[str]:
    threads.append(current_thread().name)
    return ["no"]


async def test_judges_a_password_in_a_thread_of_its_own(
    accounts: Accounts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await accounts.invited("ann", now)
    threads: list[str] = []

    monkeypatch.setattr(password_hash, "refusals", partial(judged, threads))

    assert await accounts.recovery.set_password(link, NEW, HOME, now) == ["no"]
    assert [each.partition("_")[0] for each in threads] == ["password"]


async def test_signs_in_with_a_password_that_is_too_long_only_before_it_is_composed(
    accounts: Accounts, now: datetime
) -> None:
    link = await accounts.invited("ann", now)
    decomposed = "quiet heron under brass moon " + "e\u0301" * 120
    assert await accounts.recovery.set_password(link, decomposed, HOME, now) == []

    assert await accounts.sign_in.sign_in("ann", decomposed + "x", HOME, now) is None
    assert await accounts.sign_in.sign_in("ann", decomposed, HOME, now) is not None


async def test_mails_whoever_has_an_address_though_it_is_the_name_of_another(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.active("ann", now)
    await accounts.active("eve", now)
    for table in ("user", "credential"):
        await accounts.session.run(
            f"UPDATE auth_{table} SET username = ? WHERE username = ?",  # noqa: S608 - constants
            ["ann@acme.example", "eve"],
        )
    await accounts.mails(now)

    await accounts.recovery.forgotten("ann@acme.example", HOME, now)

    assert {each.recipient for each in await accounts.mails(now)} == {"ann@acme.example", "eve@acme.example"}
