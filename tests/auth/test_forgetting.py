"""What ended is removed; what goes on stays."""

from datetime import datetime, timedelta

from auth.account_store import forget_links
from auth.attempt import begin_attempt, forget_attempts
from auth.audit import AuditAction, AuditEvent
from auth.authorization_store import AuthorizationStore
from auth.browser_session import Lifetimes, forget_sessions
from auth.outbox import forget_mails, sent
from auth.viewer import ClientId
from tests.auth.accounts import HOME, OPERATOR, PASSWORD, Accounts

PAGE = ClientId("page")


async def count(accounts: Accounts, table: str) -> int:
    (row,) = await accounts.session.run(f"SELECT COUNT(*) AS rows_there FROM auth_{table}", [])  # noqa: S608 - a constant
    return int(row["rows_there"])


async def test_removes_links_that_are_too_old(accounts: Accounts, now: datetime) -> None:
    await accounts.invited("ann", now)

    await forget_links(accounts.session, now + timedelta(hours=23))
    kept = await count(accounts, "link")
    await forget_links(accounts.session, now + timedelta(hours=24))

    assert (kept, await count(accounts, "link")) == (1, 0)


async def test_removes_attempts_after_a_day(accounts: Accounts, now: datetime) -> None:
    await begin_attempt(accounts.session, "source:192.0.2.1", now)

    await forget_attempts(accounts.session, now + timedelta(hours=23))
    kept = await count(accounts, "attempt")
    await forget_attempts(accounts.session, now + timedelta(hours=25))

    assert (kept, await count(accounts, "attempt")) == (1, 0)


async def test_removes_sessions_that_ended(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)

    await forget_sessions(accounts.session, Lifetimes(), now + timedelta(minutes=29))
    kept = await count(accounts, "browser_session")
    await forget_sessions(accounts.session, Lifetimes(), now + timedelta(minutes=31))

    assert (kept, await count(accounts, "browser_session")) == (1, 0)


async def test_removes_mails_of_long_ago_that_do_not_wait(accounts: Accounts, now: datetime) -> None:
    await accounts.invited("ann", now)
    await accounts.invited("bob", now)
    (mail, _) = await accounts.mails(now)
    await sent(accounts.session, mail)

    await forget_mails(accounts.session, now + timedelta(days=91))

    assert await count(accounts, "mail") == 1


async def test_forgets_what_a_user_agreed_to_where_the_account_goes_for_good(
    accounts: Accounts, now: datetime
) -> None:
    consents = AuthorizationStore(accounts.connection)
    given = AuditEvent(action=AuditAction.CONSENT_GIVEN)
    for name in ("back", "gone"):
        await accounts.active(name, now)
        await consents.consent(name, PAGE, "openid", now=0, event=given)

    await accounts.administration.deactivate("back", OPERATOR, now)
    await accounts.administration.deactivate("gone", OPERATOR, now + timedelta(days=185))

    assert await consents.consented("back", PAGE) == {"openid"}
    assert await consents.consented("gone", PAGE) == frozenset()
