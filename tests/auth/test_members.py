"""What administrators are shown of their Users."""

from datetime import datetime

import pytest

from auth.account import AccountState
from auth.administration import UnknownUserError
from auth.outbox import MailKind
from auth.right import Role, everywhere
from tests.auth.accounts import OPERATOR, Accounts

ADMIN = everywhere(Role.MANAGER, administrator=True)


async def test_shows_administrators_their_users(accounts: Accounts, now: datetime) -> None:
    await accounts.active("m-ann", now, customer="members-co")
    await accounts.invited("m-bob", now, customer="members-co")

    members = await accounts.administration.members("members-co", now)

    assert [
        (each.account.user.username, each.state, None if each.mail is None else each.mail.kind)
        for each in members
    ] == [
        ("m-ann", AccountState.ACTIVE, MailKind.PASSWORD_SET),
        ("m-bob", AccountState.INVITED, MailKind.INVITATION),
    ]


@pytest.mark.parametrize("name", ["ann\0", "\0", "ann ", "ann\udcff", ""])
async def test_knows_nobody_by_what_is_no_name(accounts: Accounts, now: datetime, name: str) -> None:
    with pytest.raises(UnknownUserError):
        await accounts.administration.member(name, OPERATOR, now)
