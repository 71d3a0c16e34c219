"""Who counts as the last administrator."""

from datetime import datetime

from auth.account import AccountState
from auth.right import Role, everywhere
from tests.auth.accounts import OPERATOR, Accounts


async def test_an_administrator_who_never_came_may_be_taken_back(accounts: Accounts, now: datetime) -> None:
    await accounts.invited("ann", now, rights=everywhere(Role.MANAGER, administrator=True))

    await accounts.administration.deactivate("ann", OPERATOR, now)

    assert (await accounts.administration.member("ann", OPERATOR, now)).state is AccountState.CANCELLED
