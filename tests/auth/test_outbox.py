import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from auth.account import AccountStoreError
from auth.outbox import Delivery, claim, due, failed, latest_mails, sent, wait_after
from auth.session import Session
from tests.auth.accounts import OPERATOR, Accounts
from tests.auth.conftest import open_database


async def test_gives_a_mail_to_one_of_two_senders(
    accounts: Accounts, database: Mapping[str, Any], now: datetime
) -> None:
    await accounts.invited("ann", now)
    (number,) = await due(accounts.session, now)

    async with open_database(database) as other:
        claimed = await asyncio.gather(
            claim(accounts.session, number, now),
            claim(Session(other, 2.0, AccountStoreError), number, now),
        )

    assert sum(each is not None for each in claimed) == 1
    assert await due(accounts.session, now) == []


async def test_gives_a_mail_anew_where_its_sender_died(accounts: Accounts, now: datetime) -> None:
    await accounts.invited("ann", now)
    (first,) = await accounts.mails(now)

    (again,) = await accounts.mails(now + timedelta(minutes=5))

    assert (again.id, again.attempts) == (first.id, 2)


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 10), (2, 20), (4, 80), (9, 2_560), (10, 3_600), (99, 3_600)]
)
def test_waits_twice_as_long_each_time_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert wait_after(attempts).total_seconds() == seconds


async def test_tries_again_later_and_gives_up_after_a_day(accounts: Accounts, now: datetime) -> None:
    await accounts.invited("ann", now)
    (mail,) = await accounts.mails(now)

    waiting = await failed(accounts.session, mail, "451 later", now, for_good=False)
    at_once = await due(accounts.session, now + timedelta(seconds=9))
    later = await due(accounts.session, now + timedelta(seconds=10))
    given_up = await failed(accounts.session, mail, "451 later", now + timedelta(days=1), for_good=False)

    assert (waiting, given_up) == (Delivery.WAITING, Delivery.REFUSED)
    assert (list(at_once), list(later)) == ([], [mail.id])
    assert await due(accounts.session, now + timedelta(days=2)) == []


async def test_shows_what_became_of_the_last_mail(accounts: Accounts, now: datetime) -> None:
    await accounts.invited("mail-ann", now, customer="mail-co")
    (mail,) = await accounts.mails(now)

    await failed(accounts.session, mail, "550 no such mailbox", now, for_good=True)
    refused = (await latest_mails(accounts.session, "mail-co"))["mail-ann"]
    await accounts.administration.resend("mail-ann", OPERATOR, now)
    (again,) = await accounts.mails(now)
    await sent(accounts.session, again)

    assert (refused.delivery, refused.reason) == (Delivery.REFUSED, "550 no such mailbox")
    assert (await latest_mails(accounts.session, "mail-co"))["mail-ann"].delivery is Delivery.SENT
    assert (await accounts.story("mail-co"))[1] == " MAIL_REFUSED mail-ann"
