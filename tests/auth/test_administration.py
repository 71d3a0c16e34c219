import asyncio
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from auth.account import Access, AccountState, Actor, state
from auth.account_store import Policy, account_of
from auth.administration import (
    BeyondOwnError,
    EmailDomainError,
    LastAdministratorError,
    SelfPromotionError,
    UnknownUserError,
    WrongProfileError,
    WrongStateError,
)
from auth.data_scope import DataScopes
from auth.outbox import MailKind
from auth.right import Rights, Role, Section, everywhere
from auth.store import UserStore
from auth.sweep import sweep
from tests.auth.accounts import HOME, OPERATOR, PASSWORD, Accounts, profile

ADMIN = everywhere(Role.MANAGER, administrator=True)


def by(name: str, customer: str) -> Actor:
    """Give an administrator of that customer."""
    return Actor(name=name, customer=customer)


async def stands(accounts: Accounts, name: str, now: datetime) -> AccountState:
    """Give the state of an account."""
    account = await account_of(accounts.session, name)
    assert account is not None
    return state(account, now)


@pytest.mark.parametrize(
    "changes",
    [
        {"username": ""},
        {"username": "a b"},
        {"username": "operator:root"},
        {"username": "client:1"},
        {"username": "x" * 129},
        {"username": "bob@acme.example"},
        {"email": "nobody"},
        {"email": "a@b\nBcc: c@d"},
        {"email": "a@b, c@d"},
        {"email": "@acme.example"},
        {"email": "bob@example..com"},
        {"email": "a@.com"},
        {"email": "a@b."},
        {"email": "a..b@acme.example"},
        {"email": ".a@acme.example"},
        {"email": "=?utf-8?q??=@x.com"},
        {"email": "a@=?utf-8?q?evil=2ecom?="},
        {"email": "a@b\u00fccher.example"},
        {"email": "a@-b.example"},
        {"email": "x" * 65 + "@acme.example"},
    ],
)
async def test_refuses_what_is_no_username_or_address(
    accounts: Accounts, now: datetime, changes: dict[str, str]
) -> None:
    wrong = msgspec.structs.replace(profile("ann"), **changes)

    with pytest.raises(WrongProfileError):
        await accounts.administration.invite(wrong, OPERATOR, now)

    assert await accounts.mails(now) == []


@pytest.mark.parametrize(
    "email",
    ["o'neil+portal@acme.example", "a.b-c_d@sub.acme.example", "a@xn--bcher-kva.example", "a@localhost"],
)
async def test_takes_any_address_that_mail_can_be_sent_to(
    accounts: Accounts, now: datetime, email: str
) -> None:
    await accounts.administration.invite(profile("ann", email=email), OPERATOR, now)

    assert [each.recipient for each in await accounts.mails(now)] == [email]


async def test_takes_ones_own_address_for_a_username(accounts: Accounts, now: datetime) -> None:
    await accounts.invited("ann@acme.example", now, email="ann@acme.example")


async def test_refuses_an_email_domain_that_the_customer_does_not_allow(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.administration.set_policy(
        "acme", Policy(email_domains=frozenset({"Acme.example"})), OPERATOR
    )

    with pytest.raises(EmailDomainError, match=r"acme\.example"):
        await accounts.administration.invite(profile("dom-eve", email="eve@evil.example"), OPERATOR, now)
    await accounts.administration.invite(profile("dom-ann", email="ann@ACME.example"), OPERATOR, now)

    assert await UserStore(accounts.connection).by_username("dom-eve") is None


async def test_refuses_a_username_that_is_taken_alike_whoever_has_it(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.active("ann", now, customer="other-co")
    await accounts.active("bob", now)
    told: set[str] = set()

    for name in ("ann", "bob"):
        with pytest.raises(WrongProfileError) as caught:
            await accounts.administration.invite(profile(name), by("boss", "acme"), now)
        told.add(str(caught.value))

    assert len(told) == 1


async def test_leaves_other_customers_users_alone(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now, customer="other-co")
    boss = by("boss", "acme")

    with pytest.raises(UnknownUserError):
        await accounts.administration.deactivate("ann", boss, now)
    with pytest.raises(UnknownUserError):
        await accounts.administration.set_access("ann", boss, now, roles={})
    with pytest.raises(UnknownUserError):
        await accounts.administration.resend("ann", boss, now)
    with pytest.raises(UnknownUserError):
        await accounts.administration.invite(profile("x", customer="other-co"), boss, now)
    with pytest.raises(UnknownUserError):
        await accounts.administration.member("nobody", boss, now)

    assert await stands(accounts, "ann", now) is AccountState.ACTIVE


async def test_keeps_the_last_administrator(accounts: Accounts, now: datetime) -> None:
    await accounts.active("boss", now, customer="solo-co", rights=ADMIN)
    await accounts.active("clerk", now, customer="solo-co")

    with pytest.raises(LastAdministratorError):
        await accounts.administration.deactivate("boss", OPERATOR, now)
    with pytest.raises(LastAdministratorError):
        await accounts.administration.set_access("boss", OPERATOR, now, administrator=False)

    await accounts.administration.set_access("clerk", OPERATOR, now, administrator=True)
    await accounts.administration.deactivate("boss", OPERATOR, now)
    assert await stands(accounts, "boss", now) is AccountState.SUSPENDED


async def test_counts_no_administrator_who_cannot_sign_in(accounts: Accounts, now: datetime) -> None:
    await accounts.active("boss", now, customer="alone-co", rights=ADMIN)
    await accounts.invited("invited", now, customer="alone-co", rights=ADMIN)
    await accounts.active("gone", now, customer="alone-co", rights=ADMIN)
    await accounts.administration.deactivate("gone", OPERATOR, now)

    with pytest.raises(LastAdministratorError):
        await accounts.administration.deactivate("boss", OPERATOR, now)
    with pytest.raises(LastAdministratorError):
        await accounts.administration.set_access("boss", OPERATOR, now, administrator=False)

    await UserStore(accounts.connection).save(profile("outside", customer="alone-co", rights=ADMIN))
    await accounts.administration.deactivate("boss", OPERATOR, now)


async def test_counts_a_locked_administrator(accounts: Accounts, now: datetime) -> None:
    for name in ("boss", "locked"):
        await accounts.active(name, now, customer="lock-co", rights=ADMIN)
    for _ in range(3):
        await accounts.sign_in.sign_in("locked", "wrong", HOME, now)

    await accounts.administration.deactivate("boss", OPERATOR, now)

    assert await stands(accounts, "locked", now) is AccountState.LOCKED


async def test_keeps_one_of_two_administrators_who_go_at_once(accounts: Accounts, now: datetime) -> None:
    for name in ("one", "two"):
        await accounts.active(name, now, customer="pair-co", rights=ADMIN)

    results = await asyncio.gather(
        *(accounts.administration.deactivate(name, OPERATOR, now) for name in ("one", "two")),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in results) == ["LastAdministratorError", "NoneType"]


@pytest.mark.parametrize(
    "access",
    [
        Access(rights=ADMIN, accounts=frozenset({"BA-1"})),
        Access(rights=Rights(roles={Section.BILLING: Role.MANAGER}), accounts=frozenset({"BA-1"})),
        Access(rights=Rights(roles={Section.ORDERS: Role.VISITOR}), accounts=frozenset({"BA-1"})),
        Access(rights=Rights(roles={Section.BILLING: Role.READER})),
        Access(rights=Rights(roles={Section.BILLING: Role.READER}), accounts=frozenset({"BA-1", "BA-2"})),
    ],
    ids=["administrator", "role", "section", "all accounts", "another account"],
)
async def test_nobody_promotes_himself(accounts: Accounts, now: datetime, access: Access) -> None:
    rights = Rights(roles={Section.BILLING: Role.READER})
    await accounts.active("ann", now, rights=rights, accounts=frozenset({"BA-1"}))

    with pytest.raises(SelfPromotionError):
        await accounts.administration.set_access(
            "ann",
            by("ann", "acme"),
            now,
            roles=access.rights.roles,
            administrator=access.rights.administrator,
            scopes=access,
        )

    assert (await accounts.administration.member("ann", OPERATOR, now)).account.user.rights == rights
    await accounts.administration.set_access(
        "ann",
        by("boss", "acme"),
        now,
        roles=access.rights.roles,
        administrator=access.rights.administrator,
        scopes=access,
    )


BILLING = {Section.BILLING: Role.READER}
GIVER = Access(rights=Rights(administrator=True, roles=BILLING), accounts=frozenset({"BA-1"}))


@pytest.mark.parametrize(
    "given",
    [
        {"roles": {Section.BILLING: Role.MANAGER}},
        {"roles": {Section.ORDERS: Role.VISITOR}},
        {"scopes": DataScopes()},
        {"scopes": DataScopes(accounts=frozenset({"BA-1", "BA-3"}))},
    ],
    ids=["role", "section", "all accounts", "another account"],
)
async def test_nobody_gives_another_what_he_lacks(
    accounts: Accounts, now: datetime, given: dict[str, Any]
) -> None:
    await accounts.active("ann", now, rights=Rights(), accounts=frozenset({"BA-2"}))
    boss = Actor(name="boss", customer="acme", access=GIVER)

    with pytest.raises(BeyondOwnError):
        await accounts.administration.set_access("ann", boss, now, **given)
    changes = {"rights": Rights(roles=given.get("roles", {})), "accounts": frozenset[str]()}
    if "scopes" in given:
        changes["accounts"] = given["scopes"].accounts
    with pytest.raises(BeyondOwnError):
        await accounts.administration.invite(profile("bob", **changes), boss, now)

    assert await account_of(accounts.session, "bob") is None
    await accounts.administration.set_access("ann", OPERATOR, now, **given)


async def test_gives_what_one_has_and_leaves_what_another_had(accounts: Accounts, now: datetime) -> None:
    had = {Section.ORDERS: Role.MANAGER}
    await accounts.active("ann", now, rights=Rights(roles=had), accounts=frozenset({"BA-2"}))
    boss = Actor(name="boss", customer="acme", access=GIVER)
    both = DataScopes(accounts=frozenset({"BA-1", "BA-2"}))

    user = await accounts.administration.set_access(
        "ann", boss, now, roles={**had, **BILLING}, administrator=True, scopes=both
    )

    assert user.rights == Rights(administrator=True, roles={**had, **BILLING})
    assert user.accounts == both.accounts
    first = {"rights": GIVER.rights, "accounts": GIVER.accounts}
    await accounts.administration.invite(profile("bob", **first), boss, now)


async def test_changes_that_meet_undo_nothing_of_each_other(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now, rights=ADMIN)
    await accounts.active("boss", now, rights=ADMIN)

    await asyncio.gather(
        accounts.administration.set_access("ann", OPERATOR, now, roles=BILLING),
        accounts.administration.set_access("ann", OPERATOR, now, administrator=False),
        accounts.administration.set_access(
            "ann", OPERATOR, now, scopes=DataScopes(accounts=frozenset({"BA-1"}))
        ),
    )

    user = (await accounts.administration.member("ann", OPERATOR, now)).account.user
    assert user.rights == Rights(roles=BILLING)
    assert user.accounts == frozenset({"BA-1"})


async def test_lets_one_give_up_rights(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now, customer="less-co")
    less = DataScopes(accounts=frozenset())

    await accounts.administration.set_access(
        "ann", by("ann", "less-co"), now, roles=everywhere(Role.READER).roles, scopes=less
    )

    assert (await accounts.story("less-co"))[-1] == "ann RIGHTS_CHANGED ann"


async def test_deactivating_ends_everything_and_may_be_taken_back(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    entered = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)
    assert entered is not None
    token = entered.token.reveal()

    await accounts.administration.deactivate("ann", OPERATOR, now)

    assert await accounts.sign_in.session(token, now) is None
    assert await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now) is None
    with pytest.raises(WrongStateError):
        await accounts.administration.deactivate("ann", OPERATOR, now)
    await accounts.administration.reactivate("ann", OPERATOR, now)
    assert await accounts.sign_in.session(token, now) is None
    assert await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now) is not None


async def test_deactivating_one_who_is_invited_is_for_good_and_the_name_free_again(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.invited("ann", now)

    await accounts.administration.deactivate("ann", OPERATOR, now)

    assert await stands(accounts, "ann", now) is AccountState.CANCELLED
    with pytest.raises(WrongStateError):
        await accounts.administration.reactivate("ann", OPERATOR, now)
    await accounts.invited("ann", now)
    assert await stands(accounts, "ann", now) is AccountState.INVITED


async def test_sends_an_invitation_again_only_where_there_is_no_password(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.invited("ann", now)
    await accounts.active("bob", now)
    await accounts.mails(now)

    await accounts.administration.resend("ann", OPERATOR, now)

    with pytest.raises(WrongStateError):
        await accounts.administration.resend("bob", OPERATOR, now)
    assert [(each.kind, each.username) for each in await accounts.mails(now)] == [
        (MailKind.INVITATION, "ann")
    ]


async def test_sweeps_what_was_unused_for_six_months(accounts: Accounts, now: datetime) -> None:
    await accounts.active("idle", now, customer="sweep-co", rights=ADMIN)
    await accounts.invited("never", now, customer="sweep-co")
    await accounts.active("busy", now, customer="sweep-co")
    later = now + timedelta(days=185)
    await accounts.sign_in.sign_in("busy", PASSWORD, HOME, later - timedelta(days=1))

    early = await sweep(accounts.connection, now + timedelta(days=183))
    dry = await sweep(accounts.connection, later, dry_run=True)
    before = await stands(accounts, "idle", later)
    swept = await sweep(accounts.connection, later)
    again = await sweep(accounts.connection, later)

    assert [each.username for each in early.users] == []
    assert [each.username for each in dry.users] == ["idle", "never"]
    assert before is AccountState.STAGNANT
    assert [each.username for each in swept.users] == ["idle", "never"]
    assert swept.unadministered == ("sweep-co",)
    assert again.users == ()
    assert [await stands(accounts, each, later) for each in ("idle", "never", "busy")] == [
        AccountState.CANCELLED,
        AccountState.CANCELLED,
        AccountState.ACTIVE,
    ]
    assert (await accounts.story("sweep-co"))[-2:] == [
        "operator:sweep CANCELLED idle",
        "operator:sweep CANCELLED never",
    ]


async def test_lets_a_stagnant_account_sign_in_before_the_sweep(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    later = now + timedelta(days=200)

    entered = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, later)

    assert entered is not None
    assert await stands(accounts, "ann", later) is AccountState.ACTIVE
