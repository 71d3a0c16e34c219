"""Code and PKCE from end to end: what a User's application gets, and what an attacker does not."""

import pytest

from auth.audit import AuditLog
from servicespace.store import open_store
from tests.servicespace.provider.browser import CALLBACK, Application, redirected, said
from tests.servicespace.provider.conftest import Place


def test_a_user_signs_in_to_a_page_and_asks_with_its_token(place: Place) -> None:
    back = redirected(place["page"].authorize())

    answer = place["page"].exchange(back["code"])

    assert back == {"code": back["code"], "state": "st&te", "iss": place.settings.token.issuer}
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    assert tokens["scope"] == "openid offline_access portal"
    assert place.ask(tokens["access_token"]) == 200


def test_an_id_token_says_who_signed_in_when_and_how(place: Place) -> None:
    tokens = place["page"].tokens(scope="openid profile email")

    claims = said(tokens["id_token"])
    access = said(tokens["access_token"])

    assert "refresh_token" not in tokens
    assert claims == {
        "iss": place.settings.token.issuer,
        "aud": "page",
        "sub": "acme",
        "iat": access["iat"],
        "exp": access["iat"] + 600,
        "auth_time": place.pages.at,
        "amr": ["pwd", "otp"],
        "sid": access["sid"],
        "nonce": "once",
        "at_hash": claims["at_hash"],
        "preferred_username": "acme",
        "customer": "acme",
        "email": "acme@example.com",
        "email_verified": True,
    }
    assert (access["aud"], access["client_id"], access["customer"]) == ("servicespace", "page", "acme")


def test_leaves_the_nonce_out_where_none_was_sent(place: Place) -> None:
    assert "nonce" not in said(place["page"].tokens(nonce=None)["id_token"])


def test_sends_who_is_not_signed_in_to_the_page_to_sign_in_and_back(place: Place) -> None:
    response = place["page"].authorize(who=None)

    location = response.headers["location"]
    assert location.startswith("/sign-in?next=%2Foauth%2Fauthorize%3Fresponse_type%3Dcode")
    assert response.status_code == 303


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"scope": "openid billing"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"request": "e30.e30."}, "invalid_request"),
        ({"request_uri": "https://evil.example/request"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
    ],
)
def test_tells_the_client_what_is_wrong_with_its_request(
    place: Place, changes: dict[str, str | None], error: str
) -> None:
    back = redirected(place["page"].authorize(**changes))

    assert (back["error"], back["state"], back["iss"]) == (error, "st&te", place.settings.token.issuer)
    assert "code" not in back


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": CALLBACK + "?more=1"},
        {"redirect_uri": CALLBACK + "#"},
        {"redirect_uri": "https://app.example.evil.example/callback"},
        {"redirect_uri": "https://app.example@evil.example/callback"},
        {"redirect_uri": "http://127.0.0.1:80@evil.example/native"},
        {"redirect_uri": "http://localhost:5000/native"},
        {"redirect_uri": "http://127.0.0.1:5000/other"},
        {"redirect_uri": "javascript:alert(1)"},
        {"client_id": "nobody"},
        {"client_id": None},
        {"client_id": "robot"},
        {"client_id": "page\0"},
    ],
)
def test_never_redirects_to_an_address_that_was_not_registered(
    place: Place, changes: dict[str, str | None]
) -> None:
    response = place["page"].authorize(**changes)

    assert response.status_code == 400
    assert "location" not in response.headers
    assert "evil" not in response.text


def test_refuses_a_parameter_that_is_there_twice(place: Place) -> None:
    once = place["page"].authorize().request.url

    response = place.client.get(f"{once}&redirect_uri=https%3A%2F%2Fevil.example", follow_redirects=False)

    assert (response.status_code, "location" in response.headers) == (400, False)


def test_a_native_application_listens_on_any_port_of_the_loopback(place: Place) -> None:
    native = place["page"]
    native.callback = "http://127.0.0.1:51004/native"

    back = redirected(native.authorize(), "http://127.0.0.1:51004/native")

    assert native.exchange(back["code"]).status_code == 200


def test_a_code_is_good_for_the_address_only_that_it_was_sent_to(place: Place) -> None:
    page = place["page"]

    response = page.exchange(page.code(), redirect_uri="http://127.0.0.1/native")

    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")


def test_refuses_a_code_that_was_used_and_ends_what_came_of_it(place: Place) -> None:
    page = place["page"]
    code = page.code()
    tokens = page.exchange(code).json()

    again = page.exchange(code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert page.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    place.within_a_second(401, tokens["access_token"])


@pytest.mark.parametrize("verifier", [None, "x" * 43, "é" * 43])
async def test_who_saw_no_more_than_a_used_code_ends_nothing(place: Place, verifier: str | None) -> None:
    page = place["page"]
    code = page.code()
    tokens = page.exchange(code).json()

    again = page.exchange(code, code_verifier=verifier)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert page.refresh(tokens["refresh_token"]).status_code == 200
    assert "CODE_REPLAYED" not in await written(place)


@pytest.mark.parametrize("grant", ["code", "refresh"])
async def test_who_does_not_prove_to_be_the_client_ends_nothing(place: Place, grant: str) -> None:
    web, asked = place["partner-web"], "openid billing offline_access"
    place.consent("partner-web", asked)
    code = web.code(scope=asked)
    first = web.exchange(code).json()["refresh_token"]
    second = web.refresh(first).json()["refresh_token"]
    stranger = Application(place.client, "partner-web", "wrong", verifier=web.verifier)

    refused = stranger.exchange(code) if grant == "code" else stranger.refresh(first)
    third = web.refresh(second)
    before = await written(place)
    replayed = web.exchange(code) if grant == "code" else web.refresh(first)
    after = await written(place)

    ended = "CODE_REPLAYED" if grant == "code" else "REFRESH_REUSED"
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    assert (third.status_code, ended in before) == (200, False)
    assert (replayed.status_code, replayed.json()["error"]) == (400, "invalid_grant")
    assert ended in after
    assert web.refresh(third.json()["refresh_token"]).json()["error"] == "invalid_grant"


async def written(place: Place) -> list[str]:
    """Give what the audit log has, oldest first."""
    async with open_store(place.settings.store) as connection:
        return [each.event.action.value async for each in AuditLog(connection).all()]


def test_refuses_a_code_of_another_client(place: Place) -> None:
    page, other = place["page"], place["partner-page"]
    code = page.code()

    stolen = other.exchange(code, code_verifier=page.verifier)

    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert page.exchange(code).status_code == 200


@pytest.mark.parametrize(
    "verifier", [None, "", "x" * 43, "short", "challenge"], ids=["none", "empty", "wrong", "short", "plain"]
)
def test_refuses_a_code_without_the_verifier_of_its_challenge(place: Place, verifier: str | None) -> None:
    page = place["page"]

    response = page.exchange(
        page.code(), code_verifier=page.challenge if verifier == "challenge" else verifier
    )

    assert response.status_code == 400
    assert response.json()["error"] in ("invalid_grant", "invalid_request")


def test_a_code_of_a_client_with_a_secret_needs_both_secret_and_verifier(place: Place) -> None:
    web = place["partner-web"]
    asked = "openid billing:readonly"
    place.consent("partner-web", asked)

    without = web.exchange(web.code(scope=asked), code_verifier=None)
    good = web.exchange(web.code(scope=asked))
    secret, web.secret = web.secret, None
    nobody = web.exchange(web.code(scope=asked))

    assert secret is not None
    assert without.json()["error"] == "invalid_request"
    assert good.json()["scope"] == "openid billing:readonly"
    assert (nobody.status_code, nobody.json()["error"]) == (401, "invalid_client")


def test_prompt_none_never_shows_a_page(place: Place) -> None:
    page, partner = place["page"], place["partner-page"]

    nobody = redirected(page.authorize(who=None, prompt="none"))
    unasked = redirected(partner.authorize(scope="openid billing", prompt="none"))
    stale = redirected(page.authorize(prompt="none", max_age="10"))
    silent = redirected(page.authorize(prompt="none"))

    assert (nobody["error"], unasked["error"]) == ("login_required", "consent_required")
    assert stale["error"] == "login_required"
    assert "code" in silent


@pytest.mark.parametrize(
    "changes", [{"prompt": "login"}, {"prompt": "login", "scope": "portal"}, {"max_age": "10"}]
)
def test_has_the_user_sign_in_anew_where_the_client_asks_for_it(
    place: Place, changes: dict[str, str | None]
) -> None:
    page = place["page"]
    before = page.authorize(**changes)
    back_to = before.headers["location"].partition("signed_in_since%3D")[2]

    still = page.authorize(**changes, signed_in_since=back_to)
    place.pages.at = int(back_to) + 1
    after = page.authorize(**changes, signed_in_since=back_to)

    assert before.headers["location"].startswith("/sign-in?next=")
    assert still.headers["location"].startswith("/sign-in?next=")
    assert "code" in redirected(after)


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "10"}])
def test_a_user_who_was_not_signed_in_signs_in_once(place: Place, changes: dict[str, str | None]) -> None:
    page = place["page"]
    before = page.authorize(who=None, **changes)
    since = before.headers["location"].partition("signed_in_since%3D")[2]

    place.pages.at = int(since)
    after = page.authorize(**changes, signed_in_since=since)

    assert "code" in redirected(after)


def test_a_post_of_the_request_is_asked_for_anew_with_its_cookie(place: Place) -> None:
    response = place.client.post("/oauth/authorize", data={"client_id": "page"}, follow_redirects=False)

    assert (response.status_code, response.headers["location"]) == (303, "/oauth/authorize?client_id=page")
