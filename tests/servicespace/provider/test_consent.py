"""What a User is asked before a partner's application gets in."""

import re
from html import unescape

import pytest
from httpx2 import Response

from tests.servicespace.provider.browser import FORM_TOKEN, cookie, redirected
from tests.servicespace.provider.conftest import Place

ASKED = "openid billing:readonly"


def answered(place: Place, page: Response, answer: str, form_token: str = FORM_TOKEN) -> Response:
    """Press a button of the consent page."""
    request = re.search(r'name="request" value="([^"]*)"', page.text)
    assert request is not None
    form = {"form_token": form_token, "request": unescape(request[1]), "answer": answer}
    return place.client.post("/oauth/consent", data=form, headers=cookie("acme"), follow_redirects=False)


def test_a_partners_page_is_allowed_by_the_user_once(place: Place) -> None:
    partner = place["partner-page"]
    asked = partner.authorize(scope=ASKED)

    back = redirected(answered(place, asked, "allow"))
    again = partner.authorize(scope=ASKED)

    assert "Partner &lt;b&gt;page&lt;/b&gt;" in asked.text
    assert "Read only: See and download invoices" in asked.text
    assert partner.exchange(back["code"]).json()["scope"] == ASKED
    assert "code" in redirected(again)


def test_is_asked_again_for_more_than_was_allowed(place: Place) -> None:
    partner = place["partner-page"]
    answered(place, partner.authorize(scope=ASKED), "allow")

    assert partner.authorize(scope="openid billing").status_code == 200
    assert partner.authorize(scope=ASKED, prompt="consent").status_code == 200


@pytest.mark.parametrize("callback", ["http://127.0.0.1:51004/native", "com.example.app:/back"])
def test_is_asked_each_time_where_anybody_on_the_device_may_listen(place: Place, callback: str) -> None:
    partner = place["partner-page"]
    answered(place, partner.authorize(scope=ASKED), "allow")
    partner.callback = callback

    back = redirected(answered(place, partner.authorize(scope=ASKED), "allow"), callback)
    again = partner.authorize(scope=ASKED)
    silent = redirected(partner.authorize(scope=ASKED, prompt="none"), callback)

    assert partner.exchange(back["code"]).json()["scope"] == ASKED
    assert (again.status_code, "Partner" in again.text) == (200, True)
    assert silent["error"] == "consent_required"


def test_a_user_who_does_not_allow_it_is_sent_back_with_an_error(place: Place) -> None:
    back = redirected(answered(place, place["partner-page"].authorize(scope=ASKED), "deny"))

    assert (back["error"], back["state"]) == ("access_denied", "st&te")


def test_refuses_an_answer_that_no_page_of_ours_sent(place: Place) -> None:
    page = place["partner-page"].authorize(scope=ASKED)

    response = answered(place, page, "allow", form_token="guessed")

    assert (response.status_code, "location" in response.headers) == (403, False)


@pytest.mark.parametrize(
    ("who", "changes"),
    [
        ("other", {}),
        ("other", {"scope": "openid everything"}),
        ("other", {"prompt": "none"}),
        (None, {"prompt": "none"}),
        (None, {"scope": "openid everything"}),
        (None, {"code_challenge": None}),
    ],
)
def test_leads_nobody_to_a_partner_who_is_not_its_user(
    place: Place, who: str | None, changes: dict[str, str | None]
) -> None:
    response = place["partner-page"].authorize(**{"who": who, "scope": ASKED, **changes})

    assert (response.status_code, "location" in response.headers) == (400, False)
    assert "app.example" not in response.text


def test_tells_a_partner_what_is_wrong_for_its_own_user(place: Place) -> None:
    back = redirected(place["partner-page"].authorize(scope="openid everything"))

    assert (back["error"], back["state"]) == ("invalid_scope", "st&te")


def test_a_page_runs_no_script_and_is_in_no_frame(place: Place) -> None:
    headers = place["partner-page"].authorize(scope=ASKED).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' https://app.example" in policy
    assert headers["cache-control"] == "no-store"
