"""A partner's client that asks for itself: what it gets, of whom, and when no more."""

from datetime import UTC, datetime, timedelta

import pytest

from auth.audit import AuditLog
from auth.client import ClientGrant
from auth.client_store import ClientStore
from auth.viewer import ClientId, CustomerCode
from servicespace.store import open_store
from tests.servicespace.provider.browser import Application, said
from tests.servicespace.provider.conftest import Place

ROBOT = ClientId("robot")


def asked(robot: Application, **fields: str | None) -> tuple[int, str]:
    response = robot.token(grant_type="client_credentials", **fields)
    return response.status_code, response.json().get("error") or response.json()["scope"]


def test_a_client_gets_a_token_of_a_customer_it_is_granted(place: Place) -> None:
    answer = place["robot"].token(grant_type="client_credentials", customer="acme").json()

    claims = said(answer["access_token"])
    assert {name: claims[name] for name in ("sub", "client_id", "customer", "scope")} == {
        "sub": "robot",
        "client_id": "robot",
        "customer": "acme",
        "scope": "quotes-orders:readonly billing",
    }
    assert "refresh_token" not in answer
    assert place.ask(answer["access_token"]) == 200


def test_scopes_are_those_that_client_and_grant_both_allow(place: Place) -> None:
    robot = place["robot"]

    assert asked(robot, customer="acme", scope="billing:readonly") == (200, "billing:readonly")
    assert asked(robot, customer="acme", scope="quotes-orders") == (400, "invalid_scope")
    assert asked(robot, customer="acme", scope="portal") == (400, "invalid_scope")


def test_a_client_of_several_customers_names_one(place: Place) -> None:
    robot = place["robot"]

    assert asked(robot) == (400, "invalid_request")
    assert asked(robot, customer="other") == (200, "quotes-orders:readonly billing")
    assert asked(robot, customer="nobody") == (400, "invalid_grant")


@pytest.mark.parametrize("secret", [None, "", "wrong", "x" * 9000, "nul\0", "ü"])
def test_nobody_learns_whether_a_client_exists(place: Place, secret: str | None) -> None:
    known = Application(place.client, "robot", secret)
    unknown = Application(place.client, "nobody", secret)

    answers = [each.token(grant_type="client_credentials", customer="acme") for each in (known, unknown)]

    assert [each.status_code for each in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["www-authenticate"] == 'Basic realm="servicespace"'


@pytest.mark.parametrize("credentials", ["junk", "Basic", "Basic ///", "Basic cm9ib3Q=", "Basic /w=="])
def test_refuses_credentials_that_are_none(place: Place, credentials: str) -> None:
    response = place.client.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, headers={"Authorization": credentials}
    )

    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


def test_refuses_two_kinds_of_credentials_at_once(place: Place) -> None:
    robot = place["robot"]

    assert asked(robot, customer="acme", client_secret=robot.secret) == (401, "invalid_client")
    assert asked(robot, customer="acme", client_id="page") == (401, "invalid_client")


def test_takes_the_secret_in_the_form_too(place: Place) -> None:
    secret = place["robot"].secret
    robot = Application(place.client, "robot")

    assert asked(robot, client_secret=secret, customer="acme", scope="billing") == (200, "billing")


def test_only_a_service_asks_for_itself(place: Place) -> None:
    assert asked(place["partner-web"]) == (400, "unauthorized_client")
    assert asked(place["page"]) == (401, "invalid_client")


async def test_a_secret_that_expired_is_refused(place: Place) -> None:
    async with open_store(place.settings.store) as connection:
        await connection.execute_script("UPDATE auth_client_secret SET expires_at = 1")

    assert asked(place["robot"], customer="acme") == (401, "invalid_client")


async def test_rotation_keeps_the_old_secret_for_its_grace_only(place: Place) -> None:
    robot, now = place["robot"], datetime.now(UTC)
    async with open_store(place.settings.store) as connection:
        store = ClientStore(connection)
        second = await store.rotate_secret(ROBOT, by="acme", now=now)
        both = asked(robot, customer="acme")[0]
        await store.rotate_secret(ROBOT, by="acme", now=now, grace=timedelta())
        found = await store.by_id(ROBOT)

    assert both == 200
    assert asked(robot, customer="acme") == (401, "invalid_client")
    assert found is not None
    assert len(found.secrets) == 2
    assert not found.has_secret(second, int(now.timestamp()))


async def test_a_client_that_is_revoked_is_out_within_a_second(place: Place) -> None:
    robot = place["robot"]
    token = robot.token(grant_type="client_credentials", customer="acme").json()["access_token"]
    assert place.ask(token) == 200

    async with open_store(place.settings.store) as connection:
        await ClientStore(connection).revoke_client(ROBOT, by="operator:tests")

    place.within_a_second(401, token)
    assert asked(robot, customer="acme") == (401, "invalid_client")


async def test_a_grant_that_ends_closes_its_customer_within_a_second(place: Place) -> None:
    robot = place["robot"]
    tokens = {
        customer: robot.token(grant_type="client_credentials", customer=customer).json()["access_token"]
        for customer in ("acme", "other")
    }

    async with open_store(place.settings.store) as connection:
        ended = ClientGrant(customer=CustomerCode("acme"), scopes=(), active=False)
        await ClientStore(connection).grant(ROBOT, ended, by="acme")

    place.within_a_second(401, tokens["acme"])
    assert place.ask(tokens["other"]) == 200


async def test_signing_in_to_a_client_ends_with_the_client(place: Place) -> None:
    place.consent("partner-page", "openid billing offline_access")
    tokens = place["partner-page"].tokens(scope="openid billing offline_access")

    async with open_store(place.settings.store) as connection:
        await ClientStore(connection).revoke_client(ClientId("partner-page"), by="acme")

    place.within_a_second(401, tokens["access_token"])
    assert place["partner-page"].refresh(tokens["refresh_token"]).status_code == 401


async def test_the_audit_log_tells_the_story_of_a_client(place: Place) -> None:
    robot = place["robot"]
    robot.token(grant_type="client_credentials", customer="acme")
    stranger = Application(place.client, "robot", "wrong")
    stranger.token(grant_type="client_credentials")
    stranger.token(grant_type="client_credentials")
    async with open_store(place.settings.store) as connection:
        store = ClientStore(connection)
        await store.rotate_secret(ROBOT, by="acme", now=datetime.now(UTC))
        await store.revoke_client(ROBOT, by="acme")
        lines = [each async for each in AuditLog(connection).all()]

    story = [each.event.action.value for each in lines if each.event.subject == "client:robot"]
    assert story == [
        "CLIENT_CREATED",
        "CLIENT_GRANTED",
        "CLIENT_GRANTED",
        "CLIENT_TOKEN_ISSUED",
        "CLIENT_REFUSED",
        "CLIENT_SECRET_ROTATED",
        "CLIENT_REVOKED",
    ]
    assert robot.secret is not None
    assert all(robot.secret not in str(each) for each in lines)
