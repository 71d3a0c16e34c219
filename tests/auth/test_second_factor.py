import asyncio
from datetime import datetime, timedelta

import pytest
from pyotp.totp import TOTP

from auth.account_store import Policy, account_of
from auth.browser_session import Step
from auth.outbox import MailKind
from auth.second_factor import SecondFactorError
from tests.auth.accounts import HOME, OPERATOR, PASSWORD, Accounts


async def enrolled(accounts: Accounts, now: datetime, name: str = "ann") -> tuple[TOTP, list[str]]:
    """Set up a second factor; give what makes its codes, and the recovery codes."""
    uri = (await accounts.second_factor.prepare(name)).reveal()
    totp = TOTP(uri.partition("secret=")[2].partition("&")[0])
    codes = await accounts.second_factor.confirm(name, totp.at(now), HOME, now)
    return totp, [each.reveal() for each in codes]


async def asked(accounts: Accounts, now: datetime, name: str = "ann") -> str:
    """Sign in with the password; give the id of the session that waits for a code."""
    entered = await accounts.sign_in.sign_in(name, PASSWORD, HOME, now)
    assert entered is not None
    assert entered.step is Step.CODE
    return entered.token.reveal()


async def test_takes_a_code_once(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    totp, _ = await enrolled(accounts, now)
    later = now + timedelta(minutes=1)
    code = totp.at(later)

    first = await accounts.sign_in.give_code(await asked(accounts, later), code, HOME, later)
    second = await accounts.sign_in.give_code(await asked(accounts, later), code, HOME, later)

    assert first is not None
    assert second is None
    session = await accounts.sign_in.session(first.token.reveal(), later)
    assert session is not None
    signed_in = session.signed_in()
    assert signed_in is not None
    assert signed_in.methods == ("pwd", "otp")


async def test_gives_a_code_to_one_of_many_at_once(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    totp, _ = await enrolled(accounts, now)
    later = now + timedelta(minutes=1)
    tokens = [await asked(accounts, later) for _ in range(3)]

    results = await asyncio.gather(
        *(accounts.sign_in.give_code(each, totp.at(later), HOME, later) for each in tokens)
    )

    assert sum(each is not None for each in results) == 1


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_takes_codes_of_the_step_before_and_after(
    accounts: Accounts, now: datetime, steps: int, is_taken: bool
) -> None:
    await accounts.active("ann", now)
    totp, _ = await enrolled(accounts, now)
    later = now + timedelta(minutes=10)

    code = totp.at(later + timedelta(seconds=30 * steps))
    entered = await accounts.sign_in.give_code(await asked(accounts, later), code, HOME, later)

    assert (entered is not None) is is_taken


async def test_takes_a_recovery_code_once_however_it_is_typed(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    _, codes = await enrolled(accounts, now)
    typed = f"{codes[0][:4]}-{codes[0][4:]} ".lower()

    first = await accounts.sign_in.give_code(await asked(accounts, now), typed, HOME, now)
    second = await accounts.sign_in.give_code(await asked(accounts, now), typed, HOME, now)

    account = await account_of(accounts.session, "ann")
    assert (first is not None, second is not None) == (True, False)
    assert account is not None
    assert len(account.recovery) == 9
    assert codes[1] not in account.recovery


async def test_locks_codes_after_three_wrong_ones_though_the_password_is_right(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.active("ann", now, customer="codes-co")
    totp, _ = await enrolled(accounts, now)
    later = now + timedelta(minutes=5)
    for _ in range(3):
        assert await accounts.sign_in.give_code(await asked(accounts, later), "000000", HOME, later) is None

    token = await asked(accounts, later)
    locked = await accounts.sign_in.give_code(token, totp.at(later), HOME, later)

    assert locked is None
    assert "LOCKED ann" in (await accounts.story("codes-co"))[-1]


async def test_keeps_a_session_that_waits_out_of_everything(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    await enrolled(accounts, now)
    token = await asked(accounts, now)

    waiting = await accounts.sign_in.session(token, now)

    assert waiting is not None
    assert waiting.signed_in() is None
    assert await accounts.sign_in.sessions("ann", now) == []
    assert await accounts.sign_in.session(token, now + timedelta(minutes=10)) is None


async def test_sets_up_only_with_a_right_code_and_only_once(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    with pytest.raises(SecondFactorError, match="Begin anew"):
        await accounts.second_factor.confirm("ann", "123456", HOME, now)
    await accounts.second_factor.prepare("ann")

    with pytest.raises(SecondFactorError, match="not right"):
        await accounts.second_factor.confirm("ann", "12345x", HOME, now)
    await enrolled(accounts, now)

    with pytest.raises(SecondFactorError, match="already"):
        await accounts.second_factor.prepare("ann")


async def test_removes_it_with_the_password(accounts: Accounts, now: datetime) -> None:
    await accounts.active("ann", now)
    await enrolled(accounts, now)

    with pytest.raises(SecondFactorError, match="not your password"):
        await accounts.second_factor.remove("ann", "wrong", HOME, now)
    await accounts.second_factor.remove("ann", PASSWORD, HOME, now)

    entered = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)
    assert entered is not None
    assert entered.step is Step.NONE


async def test_keeps_it_where_the_customer_demands_it_or_the_password_is_short(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.active("ann", now)
    await enrolled(accounts, now)
    link = await accounts.recovery.link_for("ann", MailKind.RESET, now)
    assert link is not None
    assert await accounts.recovery.set_password(link, "x7#kQ9!v", HOME, now) == []

    with pytest.raises(SecondFactorError, match="15 characters"):
        await accounts.second_factor.remove("ann", "x7#kQ9!v", HOME, now)
    await accounts.administration.set_policy("acme", Policy(second_factor=True), OPERATOR)
    with pytest.raises(SecondFactorError, match="demands"):
        await accounts.second_factor.remove("ann", "x7#kQ9!v", HOME, now)


@pytest.mark.parametrize("how", ["reset", "everywhere", "one", "out", "deactivated"])
async def test_forgets_a_secret_that_is_not_confirmed_when_its_session_ends(
    accounts: Accounts, now: datetime, how: str
) -> None:
    await accounts.active("ann", now)
    entered = await accounts.sign_in.sign_in("ann", PASSWORD, HOME, now)
    assert entered is not None
    before = (await accounts.second_factor.prepare("ann")).reveal()
    assert (await accounts.second_factor.prepare("ann")).reveal() == before

    if how == "reset":
        link = await accounts.recovery.link_for("ann", MailKind.RESET, now)
        assert link is not None
        await accounts.recovery.set_password(link, PASSWORD + "!", HOME, now)
    elif how == "everywhere":
        await accounts.sign_in.sign_out_everywhere("ann", "acme", HOME, now)
    elif how == "one":
        (session,) = await accounts.sign_in.sessions("ann", now)
        await accounts.sign_in.end("ann", session.name, "acme", HOME, now)
    elif how == "out":
        await accounts.sign_in.sign_out(entered.token.reveal(), HOME, now)
    else:
        await accounts.administration.deactivate("ann", OPERATOR, now)

    assert (await accounts.second_factor.prepare("ann")).reveal() != before


async def test_writes_down_wrong_passwords_that_are_to_remove_it_and_says_that_they_lock(
    accounts: Accounts, now: datetime
) -> None:
    await accounts.active("ann", now, customer="remove-co")
    await enrolled(accounts, now)
    await accounts.mails(now)

    for _ in range(4):
        with pytest.raises(SecondFactorError, match="not your password"):
            await accounts.second_factor.remove("ann", "wrong", HOME, now)

    assert (await accounts.story("remove-co"))[-4:] == [*[" SIGN_IN_FAILED ann"] * 3, " LOCKED ann"]
    assert [each.kind for each in await accounts.mails(now)] == [MailKind.LOCKED]
