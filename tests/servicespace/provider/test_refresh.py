"""Refresh tokens: rotated, and ended together when one is used twice."""

from datetime import UTC, datetime, timedelta
from time import time

import pytest
from starlette.testclient import TestClient

from auth.account import AccountStoreError
from auth.store import UserProfile, UserStore
from auth.viewer import CustomerCode
from servicespace.settings import Settings
from servicespace.store import open_store
from servicespace.wiring import create_app
from tests.servicespace.provider.browser import Application, Pages, said
from tests.servicespace.provider.conftest import Place

REFUSED = (400, "invalid_grant")


def outcome(application: Application, token: str, **changes: str | None) -> tuple[int, str]:
    response = application.refresh(token, **changes)
    return response.status_code, response.json().get("error", "")


def test_gives_new_tokens_and_a_successor(place: Place) -> None:
    page = place["page"]
    first = page.tokens()

    second = page.refresh(first["refresh_token"]).json()

    assert second["refresh_token"] != first["refresh_token"]
    assert second["scope"] == first["scope"]
    assert place.ask(second["access_token"]) == 200
    before, after = said(first["id_token"]), said(second["id_token"])
    assert "nonce" not in after
    assert {name: before[name] for name in ("sub", "aud", "auth_time", "sid")} == {
        name: after[name] for name in ("sub", "aud", "auth_time", "sid")
    }


def test_reuse_ends_the_whole_family(place: Place) -> None:
    page = place["page"]
    first = page.tokens()
    second = page.refresh(first["refresh_token"]).json()

    assert outcome(page, first["refresh_token"]) == REFUSED
    assert outcome(page, second["refresh_token"]) == REFUSED
    place.within_a_second(401, second["access_token"])


def test_refuses_a_refresh_token_of_another_client_and_leaves_it_be(place: Place) -> None:
    page, thief = place["page"], place["partner-page"]
    token = page.tokens()["refresh_token"]

    assert outcome(thief, token) == REFUSED
    assert outcome(page, token) == (200, "")


def test_scopes_can_be_narrowed_and_never_widened(place: Place) -> None:
    page = place["page"]
    tokens = page.tokens(scope="openid offline_access")

    wider = page.refresh(tokens["refresh_token"], scope="openid portal")
    narrower = page.refresh(tokens["refresh_token"], scope="openid")

    assert wider.json()["error"] == "invalid_scope"
    assert narrower.json()["scope"] == "openid"
    again = page.refresh(narrower.json()["refresh_token"])
    assert again.json()["scope"] == "openid offline_access"


@pytest.mark.parametrize("token", ["", "invented", "x" * 5000, "nul\0"])
def test_refuses_what_is_no_refresh_token(place: Place, token: str) -> None:
    status, error = outcome(place["page"], token)

    assert status == 400
    assert error in ("invalid_grant", "invalid_request")


async def test_a_user_who_is_deactivated_gets_no_new_tokens(place: Place) -> None:
    page = place["page"]
    tokens = page.tokens()
    async with open_store(place.settings.store) as connection:
        await UserStore(connection).save(
            UserProfile(username="acme", customer=CustomerCode("acme"), email="a@example.com", active=False)
        )

    assert outcome(page, tokens["refresh_token"]) == REFUSED
    place.within_a_second(401, tokens["access_token"])


async def test_what_was_issued_before_a_reset_is_void(place: Place) -> None:
    page = place["page"]
    tokens = page.tokens()
    async with open_store(place.settings.store) as connection:
        await UserStore(connection).void("acme", datetime.now(UTC) + timedelta(seconds=1))

    assert outcome(page, tokens["refresh_token"]) == REFUSED
    place.within_a_second(401, tokens["access_token"])
    anew = page.tokens()
    assert place.ask(anew["access_token"]) in (200, 401)  # not yet valid where clocks are strict
    assert outcome(page, anew["refresh_token"]) == (200, "")


async def failing(*_: object) -> None:
    raise AccountStoreError("TimeoutError")


async def test_a_use_that_cannot_be_noted_costs_nobody_the_sign_in(
    registered: tuple[Settings, dict[str, str | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicespace.wiring.used", failing)
    with TestClient(create_app(registered[0], Pages(at=int(time()) - 60))) as client:
        page = Application(client, "page")
        first = page.refresh(page.tokens()["refresh_token"])

        assert first.status_code == 200
        assert page.refresh(first.json()["refresh_token"]).status_code == 200
