"""Introspection, revocation and userinfo: what is told of a token, and to whom."""

import pytest

from auth.client import ClientGrant
from auth.client_store import ClientStore
from auth.viewer import ClientId, CustomerCode
from servicespace.store import open_store
from tests.servicespace.provider.conftest import Place

INACTIVE = {"active": False}


def robots(place: Place) -> str:
    answer = place["robot"].token(grant_type="client_credentials", customer="acme", scope="billing")
    return str(answer.json()["access_token"])


def test_tells_a_client_of_its_own_tokens(place: Place) -> None:
    told = place["robot"].post("/oauth/introspect", token=robots(place)).json()

    assert (told["active"], told["client_id"], told["customer"]) == (True, "robot", "acme")
    assert (told["scope"], told["token_type"]) == ("billing", "Bearer")


def test_tells_nothing_of_another_clients_tokens(place: Place) -> None:
    page, web = place["page"], place["partner-web"]
    tokens = page.tokens()

    for each in (tokens["access_token"], tokens["refresh_token"], tokens["id_token"], robots(place), "junk"):
        assert web.post("/oauth/introspect", token=each).json() == INACTIVE


def test_tells_nothing_to_who_has_no_secret(place: Place) -> None:
    page = place["page"]
    token = page.tokens()["access_token"]

    response = page.post("/oauth/introspect", token=token)

    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


def test_tells_of_a_refresh_token_until_it_is_spent(place: Place) -> None:
    web = place["partner-web"]
    place.consent("partner-web", "openid billing offline_access")
    first = web.tokens(scope="openid billing offline_access")["refresh_token"]

    before = web.post("/oauth/introspect", token=first, token_type_hint="refresh_token").json()
    web.refresh(first)

    assert (before["active"], before["sub"]) == (True, "acme")
    assert web.post("/oauth/introspect", token=first).json() == INACTIVE


def test_a_revoked_access_token_is_refused_within_a_second(place: Place) -> None:
    token, other = robots(place), robots(place)

    assert place["robot"].post("/oauth/revoke", token=token).status_code == 200

    assert place["robot"].post("/oauth/introspect", token=token).json() == INACTIVE
    place.within_a_second(401, token)
    assert place.ask(other) == 200


def test_a_revoked_refresh_token_takes_its_family_along(place: Place) -> None:
    page = place["page"]
    first = page.tokens()
    second = page.refresh(first["refresh_token"]).json()

    assert page.post("/oauth/revoke", token=second["refresh_token"]).status_code == 200

    assert page.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    place.within_a_second(401, first["access_token"])
    place.within_a_second(401, second["access_token"])


def test_nobody_revokes_anothers_token(place: Place) -> None:
    page, web = place["page"], place["partner-web"]
    tokens = page.tokens()

    for each in (tokens["access_token"], tokens["refresh_token"], "junk"):
        assert web.post("/oauth/revoke", token=each).status_code == 200

    assert place.ask(tokens["access_token"]) == 200
    assert page.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/introspect", "/oauth/revoke"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("a=1&a=2", "application/x-www-form-urlencoded"),
        ("{}", "application/json"),
        ("", "text/plain"),
        ("token=" + "x" * 20_000, "application/x-www-form-urlencoded"),
        ("&".join(f"a{each}=1" for each in range(100)), "application/x-www-form-urlencoded"),
        ("token=%ff%fe", "application/x-www-form-urlencoded"),
        ("token=%00", "application/x-www-form-urlencoded"),
    ],
)
def test_refuses_a_form_that_cannot_be_read(place: Place, path: str, body: str, kind: str) -> None:
    response = place.client.post(path, content=body, headers={"Content-Type": kind})

    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert response.headers["cache-control"] == "no-store"


def userinfo(place: Place, token: str) -> tuple[int, object]:
    """Ask who the User of a token is."""
    response = place.client.get("/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})
    return response.status_code, response.json()


def test_userinfo_tells_who_the_user_is_as_far_as_the_scope_allows(place: Place) -> None:
    page = place["page"]
    some = page.tokens(scope="openid email")["access_token"]
    none = page.tokens(scope="portal")["access_token"]

    told = [userinfo(place, each) for each in (some, none, robots(place), "junk")]

    assert told[0] == (200, {"sub": "acme", "email": "acme@example.com", "email_verified": True})
    assert told[1:3] == [(403, {"error": "insufficient_scope"})] * 2
    assert told[3] == (401, {"error": "invalid_token"})


async def grant(place: Place, client: str, scopes: tuple[str, ...], *, active: bool = True) -> None:
    """Have acme grant the client some of it, or withdraw that."""
    given = ClientGrant(customer=CustomerCode("acme"), scopes=scopes, active=active)
    async with open_store(place.settings.store) as connection:
        await ClientStore(connection).grant(ClientId(client), given, by="acme")


async def test_a_token_is_worth_nothing_once_the_grant_is_withdrawn(place: Place) -> None:
    web, asked = place["partner-web"], "openid billing offline_access"
    place.consent("partner-web", asked)
    tokens = web.tokens(scope=asked)

    before = userinfo(place, tokens["access_token"])
    await grant(place, "partner-web", (), active=False)

    assert before[0] == 200
    assert userinfo(place, tokens["access_token"])[0] == 401
    for each in (tokens["access_token"], tokens["refresh_token"]):
        assert web.post("/oauth/introspect", token=each).json() == INACTIVE


async def test_tells_no_more_scopes_than_are_granted_now(place: Place) -> None:
    web, asked = place["partner-web"], "openid billing offline_access"
    place.consent("partner-web", asked)
    tokens, robot = web.tokens(scope=asked), robots(place)

    await grant(place, "partner-web", ("billing:readonly",))
    await grant(place, "robot", ("quotes-orders",))

    for each in (tokens["access_token"], tokens["refresh_token"]):
        told = web.post("/oauth/introspect", token=each).json()
        assert told["scope"] == "openid offline_access billing:readonly"
    assert place["robot"].post("/oauth/introspect", token=robot).json()["scope"] == ""


def test_an_id_token_is_no_access_token(place: Place) -> None:
    assert place.ask(place["page"].tokens()["id_token"]) == 401
