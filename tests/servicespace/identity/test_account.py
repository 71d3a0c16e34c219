"""The second factor on the pages, what a customer demands, and what is told when things fail."""

import re
from collections.abc import Generator

import pytest
from pyotp.totp import TOTP
from starlette.testclient import TestClient

from auth.account_store import Policy
from auth.administration import Administration
from servicespace.mail_catcher import MailCatcher
from servicespace.settings import Settings
from servicespace.store import open_store
from servicespace.wiring import create_app
from tests.servicespace.identity.conftest import CHEAP, OPERATOR, PASSWORD, Browser

ENROL = "/account/second-factor"


def codes_of(page: str) -> TOTP:
    """Give what makes the codes of the key on a page."""
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found is not None
    return TOTP(found[1].replace(" ", ""))


@pytest.fixture
async def demanding(peopled: Settings) -> Settings:
    """Give the settings of a store whose customer demands a second factor."""
    async with open_store(peopled.store) as connection:
        await Administration(connection).set_policy("acme", Policy(second_factor=True), OPERATOR)
    return peopled


@pytest.fixture
def strict(demanding: Settings) -> Generator[Browser]:
    """Give a browser at that service."""
    with TestClient(create_app(demanding, cost=CHEAP), base_url="http://localhost") as client:
        yield Browser(client, demanding, MailCatcher())


async def test_has_a_second_factor_set_up_before_anything_where_it_is_demanded(strict: Browser) -> None:
    entered = strict.sign_in(next="/sign-out")
    early = strict.get("/account")
    page = strict.get("/second-factor?next=%2Faccount")

    wrong = strict.post("/second-factor", "/second-factor", code="nonsense")
    right = strict.post("/second-factor", "/second-factor", code=codes_of(page.text).now())

    assert "/second-factor?next=%2Fsign-out" in entered.text
    assert early.status_code == 303
    assert wrong.status_code == 403
    assert 'aria-describedby="error"' in wrong.text
    assert len(re.findall(r"<li><code>\w{16}</code></li>", right.text)) == 10
    account = strict.get("/account")
    assert account.status_code == 200
    assert "Remove the second factor" not in account.text


async def test_removes_a_second_factor_with_the_password(browser: Browser) -> None:
    browser.sign_in()
    wrong_code = browser.post(ENROL, ENROL, code="000")
    browser.post(ENROL, ENROL, code=codes_of(browser.get(ENROL).text).now())
    again = browser.get(ENROL)

    wrong = browser.post(f"{ENROL}/remove", "/account", password="wrong")
    right = browser.post(f"{ENROL}/remove", "/account", password=PASSWORD)

    assert wrong_code.status_code == 403
    assert again.headers["location"] == "/account"
    assert wrong.status_code == 403
    assert "not your password" in wrong.text
    assert right.status_code == 303
    assert "Set it up" in browser.get("/account").text


async def test_a_second_factor_that_is_sent_twice_is_set_up_once(browser: Browser) -> None:
    browser.sign_in()
    code = codes_of(browser.get(ENROL).text).now()
    browser.post(ENROL, ENROL, code=code)

    again = browser.post(ENROL, "/account", code=code)

    assert (again.status_code, again.headers["location"]) == (303, "/account")


async def test_signs_in_anew_where_the_second_factor_was_set_up_elsewhere(strict: Browser) -> None:
    strict.sign_in()
    waiting, form = dict(strict.client.cookies), strict.token("/second-factor")
    strict.client.cookies.clear()
    strict.sign_in()
    page = strict.get("/second-factor")
    strict.post("/second-factor", "/second-factor", code=codes_of(page.text).now())
    strict.client.cookies.clear()
    strict.client.cookies.update(waiting)

    shown = strict.get("/second-factor")
    fields = {"form_token": form, "code": "000000"}
    sent = strict.client.post("/second-factor", data=fields, follow_redirects=False)

    assert [each.headers["location"] for each in (shown, sent)] == ["/sign-in?next=%2Faccount"] * 2


@pytest.mark.parametrize("path", ["/account", ENROL, "/second-factor"])
async def test_leads_whoever_is_not_signed_in_to_the_sign_in_page(browser: Browser, path: str) -> None:
    assert browser.get(path).headers["location"].startswith("/sign-in?next=%2Faccount")


@pytest.mark.parametrize(
    "path",
    ["/second-factor", ENROL, f"{ENROL}/remove", "/account/sessions/end", "/account/sign-out-everywhere"],
)
async def test_does_nothing_for_whoever_is_not_signed_in(browser: Browser, path: str) -> None:
    answer = browser.post(path, code="000000", password=PASSWORD, session="x")

    assert answer.status_code == 303


async def test_leads_on_whoever_gave_the_code_already(browser: Browser) -> None:
    browser.sign_in()

    assert browser.get("/second-factor").headers["location"] == "/account"


async def test_says_that_it_is_busy_where_the_store_fails(peopled: Settings) -> None:
    with TestClient(create_app(peopled, cost=CHEAP), base_url="http://localhost") as client:
        browser = Browser(client, peopled, MailCatcher())
        token = browser.token()
        async with open_store(peopled.store) as connection:
            await connection.execute_script("ALTER TABLE auth_attempt RENAME TO elsewhere")

        answer = client.post("/sign-in", data={"form_token": token, "username": "ann", "password": PASSWORD})
        forgotten = browser.post("/password/forgotten", "/password/forgotten", name="ann")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "elsewhere" not in answer.text
    assert "auth_attempt" not in answer.text
    assert forgotten.status_code == 200
