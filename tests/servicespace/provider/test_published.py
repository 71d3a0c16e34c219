"""What the provider tells of itself, and its keys, whatever happens to them."""

from datetime import UTC, datetime

from auth.key_store import KeyStore
from servicespace.store import open_store
from tests.servicespace.provider.conftest import Place


def kids(place: Place) -> list[str]:
    return [each["kid"] for each in place.client.get("/oauth/jwks").json()["keys"]]


def test_both_discovery_documents_tell_the_same(place: Place) -> None:
    one = place.client.get("/.well-known/openid-configuration").json()
    other = place.client.get("/.well-known/oauth-authorization-server").json()

    assert one == other
    assert one["issuer"] == place.settings.token.issuer
    assert one["token_endpoint"] == f"{one['issuer']}/oauth/token"
    assert one["code_challenge_methods_supported"] == ["S256"]
    assert {"incidents", "incidents:readonly", "portal"} <= set(one["scopes_supported"])


def test_publishes_no_private_key(place: Place) -> None:
    keys = place.client.get("/oauth/jwks").json()["keys"]

    assert [sorted(each) for each in keys] == [["alg", "crv", "kid", "kty", "use", "x", "y"]]


async def test_a_running_service_follows_the_keys(place: Place) -> None:
    page = place["page"]
    before = page.tokens()["access_token"]
    [old] = kids(place)

    async with open_store(place.settings.store) as connection:
        await KeyStore(connection).rotate_now(datetime.now(UTC), "operator:tests")
    while len(kids(place)) == 1:
        pass
    after = page.tokens()["access_token"]

    assert kids(place)[0] == old
    assert [place.ask(before), place.ask(after)] == [200, 200]

    async with open_store(place.settings.store) as connection:
        await KeyStore(connection).rotate_now(datetime.now(UTC), "operator:tests", compromised=True)

    place.within_a_second(401, before)
    place.within_a_second(401, after)
    assert place.ask(page.tokens()["access_token"]) == 200


def test_the_page_of_graphiql_is_told_where_to_sign_in(place: Place) -> None:
    told = place.client.get("/graphiql/provider.json")

    assert told.json() == {"issuer": place.settings.token.issuer, "client": "graphiql"}
    assert 'src="/graphiql/sign-in.js"' in place.client.get("/").text
