"""Who counts as the last administrator."""

from datetime import datetime, timedelta

from auth.account import AccountState
from auth.right import Role, everywhere
from auth.sweep import sweep
from tests.auth.accounts import OPERATOR, Accounts

ADMIN = everywhere(Role.MANAGER, administrator=True)


async def test_an_administrator_who_never_came_may_be_taken_back(accounts: Accounts, now: datetime) -> None:
    await accounts.invited("ann", now, rights=ADMIN)

    await accounts.administration.deactivate("ann", OPERATOR, now)

    assert (await accounts.administration.member("ann", OPERATOR, now)).state is AccountState.CANCELLED


async def test_the_sweep_does_not_count_an_administrator_who_never_came(
    accounts: Accounts, now: datetime
) -> None:
    later = now + timedelta(days=185)
    await accounts.active("idle", now, customer="left-co", rights=ADMIN)
    await accounts.invited("never", later, customer="left-co", rights=ADMIN)

    swept = await sweep(accounts.connection, later)

    assert [each.username for each in swept.users] == ["idle"]
    assert swept.unadministered == ("left-co",)


async def test_the_sweep_counts_an_administrator_who_may_sign_in(accounts: Accounts, now: datetime) -> None:
    later = now + timedelta(days=185)
    await accounts.active("idle", now, customer="kept-co", rights=ADMIN)
    await accounts.active("busy", later, customer="kept-co", rights=ADMIN)

    swept = await sweep(accounts.connection, later)

    assert [each.username for each in swept.users] == ["idle"]
    assert swept.unadministered == ()
