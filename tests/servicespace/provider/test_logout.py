"""Leaving: whose session ends, and where the browser goes."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from httpx2 import Response

from tests.servicespace.provider.browser import FORM_TOKEN, cookie
from tests.servicespace.provider.conftest import Place

BYE = "https://app.example/bye"


def leave(place: Place, who: str | None = "acme", **fields: str) -> Response:
    return place.client.get(f"/oauth/logout?{urlencode(fields)}", headers=cookie(who), follow_redirects=False)


def test_a_hint_of_this_session_ends_it_and_leads_back(place: Place) -> None:
    page = place["page"]
    tokens = page.tokens()

    response = leave(place, id_token_hint=tokens["id_token"], post_logout_redirect_uri=BYE, state="so long")

    assert (response.status_code, response.headers["location"]) == (303, f"{BYE}?state=so+long")
    assert place.pages.ended == {"acme"}
    assert page.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    place.within_a_second(401, tokens["access_token"])


def test_without_a_hint_the_user_is_asked_first(place: Place) -> None:
    page = leave(place, client_id="page", post_logout_redirect_uri=BYE)
    request = re.search(r'name="request" value="([^"]*)"', page.text)
    assert request is not None
    form = {"form_token": FORM_TOKEN, "request": unescape(request[1])}

    foreign = place.client.post(
        "/oauth/logout/confirm", data={**form, "form_token": "guessed"}, headers=cookie("acme")
    )
    before = set(place.pages.ended)
    response = place.client.post(
        "/oauth/logout/confirm", data=form, headers=cookie("acme"), follow_redirects=False
    )

    assert (page.status_code, foreign.status_code, before) == (200, 403, set())
    assert (response.status_code, response.headers["location"]) == (303, BYE)
    assert place.pages.ended == {"acme"}


def test_a_hint_of_another_session_does_not_end_this_one(place: Place) -> None:
    theirs = place["page"].tokens("other")["id_token"]

    response = leave(place, id_token_hint=theirs)

    assert response.status_code == 200
    assert "Sign out?" in response.text
    assert place.pages.ended == set()


@pytest.mark.parametrize(
    "uri", ["https://evil.example/", BYE + "/", BYE + "?a=1", BYE + "#x", "//app.example/bye"]
)
def test_never_leads_to_an_address_that_was_not_registered(place: Place, uri: str) -> None:
    hint = place["page"].tokens()["id_token"]

    response = leave(place, id_token_hint=hint, post_logout_redirect_uri=uri)

    assert (response.status_code, "location" in response.headers) == (200, False)
    assert "You are signed out." in response.text


@pytest.mark.parametrize("hint", ["junk", "a.b.c", "access"])
def test_what_is_no_id_token_is_no_hint(place: Place, hint: str) -> None:
    token = place["page"].tokens()["access_token"] if hint == "access" else hint

    assert "Sign out?" in leave(place, id_token_hint=token).text
    assert place.pages.ended == set()


def test_a_form_of_another_site_is_asked_for_anew_so_that_the_cookie_comes(place: Place) -> None:
    hint = place["page"].tokens()["id_token"]

    sent = place.client.post("/oauth/logout", data={"id_token_hint": hint}, follow_redirects=False)

    assert sent.status_code == 303
    assert sent.headers["location"] == f"/oauth/logout?{urlencode({'id_token_hint': hint})}"
    assert place.pages.ended == set()


def test_a_client_alone_ends_only_what_was_signed_in_to_with_it(place: Place) -> None:
    place.consent("partner-page", "openid billing offline_access")
    own = place["partner-page"].tokens(scope="openid billing offline_access")
    portal = place["page"].tokens()

    leave(place, who=None, id_token_hint=own["id_token"])

    assert place["partner-page"].refresh(own["refresh_token"]).status_code == 400
    assert place["page"].refresh(portal["refresh_token"]).status_code == 200
