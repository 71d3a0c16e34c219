"""Code and PKCE from end to end: what a User's application gets, and what an attacker does not."""

import pytest

from tests.servicespace.identity.browser import CALLBACK, redirected, said
from tests.servicespace.identity.conftest import Place


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
