"""A User signs in with the pages to an application, which asks GraphQL; and what ends that."""

import asyncio
from typing import Any

import pytest

from servicespace.ide import CLIENT
from tests.servicespace.identity.conftest import PASSWORD, Browser
from tests.servicespace.provider.browser import Application, redirected


@pytest.fixture
def application(browser: Browser) -> Application:
    """Give GraphiQL's client, in that browser."""
    return Application(browser.client, CLIENT, callback=f"{browser.settings.token.issuer}/")


def signed_in(browser: Browser, application: Application) -> dict[str, Any]:
    """Go to the application, sign in where one is led to, come back, and give its tokens."""
    led = application.authorize(None)
    browser.sign_in(next=str(led.headers["location"]).partition("next=")[2])
    back = redirected(application.authorize(None), to=application.callback)
    answer = application.exchange(back["code"])
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


def ask(browser: Browser, token: str) -> int:
    """Ask who one is, and give the status."""
    answer = browser.client.post(
        "/graphql",
        json={"query": "{ viewer { username } }"},
        headers={"Authorization": f"Bearer {token}"},
    )
    if answer.status_code == 200:
        assert answer.json() == {"data": {"viewer": {"username": "ann"}}}
    return answer.status_code


async def test_signs_in_with_a_password_and_asks_graphql(browser: Browser, application: Application) -> None:
    led = application.authorize(None)

    tokens = signed_in(browser, application)

    assert led.headers["location"].startswith("/sign-in?next=%2Foauth%2Fauthorize")
    assert ask(browser, tokens["access_token"]) == 200
    assert application.refresh(tokens["refresh_token"]).status_code == 200


async def test_signing_out_ends_what_was_signed_in_to(browser: Browser, application: Application) -> None:
    tokens = signed_in(browser, application)

    browser.post("/sign-out", page="/account")

    assert application.refresh(tokens["refresh_token"]).status_code == 400
    await asyncio.sleep(1)
    assert ask(browser, tokens["access_token"]) == 401


async def test_ending_a_session_elsewhere_ends_what_was_signed_in_to(
    browser: Browser, application: Application
) -> None:
    tokens = signed_in(browser, application)
    browser.client.cookies.clear()  # another browser
    browser.sign_in()
    page = browser.get("/account").text
    name = page.partition('name="session" value="')[2].partition('"')[0]

    browser.post("/account/sessions/end", page="/account", session=name)

    assert name
    assert application.refresh(tokens["refresh_token"]).status_code == 400


async def test_who_is_to_sign_in_again_is_asked_for_the_password_again(
    browser: Browser, application: Application
) -> None:
    signed_in(browser, application)

    led = application.authorize(None, prompt="login")
    page = browser.get(led.headers["location"])
    wrong = browser.client.post(
        "/sign-in",
        data={"form_token": browser.token(led.headers["location"]), "username": "ann", "password": "x"},
        follow_redirects=False,
    )

    assert led.headers["location"].startswith("/sign-in?")
    assert 'name="password"' in page.text
    assert PASSWORD not in page.text
    assert wrong.status_code == 403


async def test_signing_out_ends_what_was_signed_in_to_before_one_signed_in_again(
    browser: Browser, application: Application
) -> None:
    tokens = signed_in(browser, application)
    browser.post("/sign-in", page="/sign-in?again=1", username="ann", password=PASSWORD)

    still = application.refresh(tokens["refresh_token"])
    browser.post("/sign-out", page="/account")

    assert still.status_code == 200
    assert application.refresh(still.json()["refresh_token"]).status_code == 400
