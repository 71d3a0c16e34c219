"""How calls prove who we are: keys, tokens, and what happens where neither is to be had."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final

import pytest

from sources.errors import SourceRefusedError, SourceTimeoutError, SourceUnavailableError
from sources.http.client import HttpApi
from sources.http.settings import ApiKey, ApiSettings, BreakerSettings, OAuth2
from tests.sources.http.conftest import Calling, Clock
from tests.sources.http.faulty import (
    Behaviour,
    Faulty,
    answer,
    bomb,
    drip,
    hang,
    html,
    late,
    redirect,
    reset,
    taking,
    token,
    truncated,
)

SECRETS: Final[Mapping[str, str]] = {"SECRET": "p:s&t ☎", "KEY": "k-1"}


def client(system: Faulty, **changes: Any) -> OAuth2:  # noqa: ANN401 - any setting
    return OAuth2(token_url=f"{system.url}/token", client_id="us:1", variable="SECRET", **changes)


@pytest.fixture
async def api(system: Faulty, calling: Calling) -> HttpApi:
    """Give an API with tokens, of a system that takes t-1 for five minutes."""
    system.on("/token", token("t-1"))
    system.on("/ticket", taking("t-1", answer([1])))
    return await calling(SECRETS, credentials=client(system))


async def test_sends_a_key_in_its_header(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", answer([]))
    api = await calling(SECRETS, credentials=ApiKey(variable="KEY", header="X-Gateway-Key"))

    await api.get("ticket")

    assert system.seen[0].headers["x-gateway-key"] == "k-1"


async def test_sends_a_token_and_a_key_where_both_are_asked_for(system: Faulty, calling: Calling) -> None:
    system.on("/token", token("t-1"))
    system.on("/ticket", answer([]))
    api = await calling(SECRETS, credentials=client(system, api_key=ApiKey(variable="KEY")))

    await api.get("ticket")

    asked, sent = system.seen
    assert "x-api-key" not in asked.headers
    assert (sent.headers["authorization"], sent.headers["x-api-key"]) == ("Bearer t-1", "k-1")


async def test_asks_for_a_token_as_the_standard_says(system: Faulty, calling: Calling) -> None:
    system.on("/token", token("t-1"))
    system.on("/ticket", answer([]))
    api = await calling(SECRETS, credentials=client(system, scope="b2b:incident b2b:billing"))

    await api.get("ticket")

    asked = system.seen[0]
    both = b64encode(b"us%3A1:p%3As%26t+%E2%98%8E").decode()
    assert (asked.method, asked.headers["authorization"]) == ("POST", f"Basic {both}")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.body == b"grant_type=client_credentials&scope=b2b%3Aincident+b2b%3Abilling"


async def test_sends_id_and_secret_in_the_form_where_the_server_wants_them_there(
    system: Faulty, calling: Calling
) -> None:
    system.on("/token", token("t-1"))
    system.on("/ticket", answer([]))
    api = await calling(SECRETS, credentials=client(system, in_body=True))

    await api.get("ticket")

    asked = system.seen[0]
    assert "authorization" not in asked.headers
    assert asked.body == b"grant_type=client_credentials&client_id=us%3A1&client_secret=p%3As%26t+%E2%98%8E"


async def test_many_calls_share_one_token(system: Faulty, api: HttpApi) -> None:
    system.on("/token", late(0.05, token("t-1")))

    found = await asyncio.gather(*(api.get("ticket") for _ in range(8)))
    await api.get("ticket")

    assert {each.status for each in found} == {200}
    assert len(system.asked("/token")) == 1


async def test_a_call_that_is_cancelled_takes_no_token_from_the_others(system: Faulty, api: HttpApi) -> None:
    system.on("/token", late(0.1, token("t-1")))
    first = asyncio.create_task(api.get("ticket"))
    second = asyncio.create_task(api.get("ticket"))
    await asyncio.sleep(0.05)

    first.cancel()

    assert (await second).body == b"[1]"
    assert len(system.asked("/token")) == 1


async def test_renews_a_token_beside_the_calls_before_it_ends(
    system: Faulty, api: HttpApi, clock: Clock
) -> None:
    await api.get("ticket")
    system.on("/token", late(0.05, token("t-2")))
    system.on("/ticket", taking("t-1", answer([1])), taking("t-1", answer([1])), taking("t-2", answer([2])))

    clock.now += 239
    early = await api.get("ticket")
    before = len(system.asked("/token"))
    clock.now += 2
    old = await api.get("ticket")
    await asyncio.sleep(0.2)
    new = await api.get("ticket")

    assert (early.body, old.body, new.body) == (b"[1]", b"[1]", b"[2]")
    assert (before, len(system.asked("/token"))) == (1, 2)


async def test_waits_for_a_new_token_once_the_old_one_has_ended(
    system: Faulty, api: HttpApi, clock: Clock
) -> None:
    await api.get("ticket")
    system.on("/token", token("t-2"))
    system.on("/ticket", taking("t-2", answer([2])))

    clock.now += 300
    found = await api.get("ticket")

    assert found.body == b"[2]"


async def test_a_renewal_that_fails_is_tried_again_after_a_while(
    system: Faulty, api: HttpApi, clock: Clock
) -> None:
    await api.get("ticket")
    system.on("/token", answer({}, 401))

    clock.now += 250
    for _ in range(5):
        assert (await api.get("ticket")).body == b"[1]"
        await asyncio.sleep(0.02)
    once = len(system.asked("/token"))
    clock.now += 11
    await api.get("ticket")
    await asyncio.sleep(0.05)

    assert (once, len(system.asked("/token"))) == (2, 3)


async def test_a_renewal_that_is_refused_leaves_the_token_that_is_good(
    system: Faulty, api: HttpApi, clock: Clock
) -> None:
    await api.get("ticket")
    system.on("/token", late(0.05, answer({}, 401)))

    clock.now += 250
    await api.get("ticket")
    clock.now += 5
    await asyncio.sleep(0.1)
    clock.now += 6
    found = await api.get("ticket")

    assert found.body == b"[1]"
    assert len(system.asked("/token")) == 2


async def test_gets_one_fresh_token_where_the_old_one_is_refused(system: Faulty, api: HttpApi) -> None:
    await api.get("ticket")
    system.on("/token", token("t-2"))
    system.on("/ticket", taking("t-2", answer([2])))

    found = await asyncio.gather(*(api.get("ticket") for _ in range(8)))

    assert {each.body for each in found} == {b"[2]"}
    assert len(system.asked("/token")) == 2


async def test_a_system_that_refuses_each_token_gets_new_ones_only_now_and_then(
    system: Faulty, api: HttpApi, clock: Clock
) -> None:
    system.on("/ticket", answer({}, 401))

    for _ in range(5):
        with pytest.raises(SourceRefusedError, match=r"GET ticket: status 401$"):
            await api.get("ticket")
    soon = len(system.asked("/token"))
    clock.now += 10
    with pytest.raises(SourceRefusedError):
        await api.get("ticket")

    assert (soon, len(system.asked("/token"))) == (2, 3)


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_client_that_is_refused_a_token_does_not_insist(
    system: Faulty, api: HttpApi, clock: Clock, status: int
) -> None:
    system.on("/token", answer({"error": "invalid_client"}, status))

    for _ in range(5):
        with pytest.raises(SourceRefusedError, match=rf"^ticketing: token endpoint: status {status}$"):
            await api.get("ticket")
    soon = len(system.seen)
    system.on("/token", token("t-1"))
    clock.now += 10
    found = await api.get("ticket")

    assert soon == 1
    assert found.body == b"[1]"


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [
        pytest.param(answer({}, 500), "status 500", id="500"),
        pytest.param(answer({}, 429), "status 429", id="429"),
        pytest.param(redirect("http://127.0.0.1:1/token"), "status 302", id="redirect"),
        pytest.param(redirect("/elsewhere", 307), "status 307", id="redirect on the host"),
        pytest.param(html(), "no token response", id="HTML"),
        pytest.param(answer(b""), "no token response", id="empty"),
        pytest.param(answer(b"\xff"), "no token response", id="not UTF-8"),
        pytest.param(answer([]), "no token response", id="no object"),
        pytest.param(answer({"expires_in": 300}), "no token response", id="no token"),
        pytest.param(token(7), "no token response", id="a number"),
        pytest.param(bomb(50_000_000), "no token response", id="gzip bomb"),
        pytest.param(token("t", token_type="mac"), "no bearer token", id="another type"),
        pytest.param(token("t\r\nX-Admin: 1"), "no bearer token", id="a token with a line end"),
        pytest.param(token("t" * 8_001), "no bearer token", id="a token that fits in no header"),
        pytest.param(token(""), "no bearer token", id="an empty token"),
        pytest.param(reset, "no whole answer (ConnectionLostError)", id="reset"),
        pytest.param(truncated({}), "no whole answer (ClientPayloadError)", id="truncated"),
    ],
)
async def test_a_token_endpoint_that_fails_makes_the_system_unavailable(
    system: Faulty, api: HttpApi, behaviour: Behaviour, message: str
) -> None:
    system.on("/token", behaviour)

    with pytest.raises(SourceUnavailableError) as caught:
        await api.get("ticket")

    assert str(caught.value) == f"ticketing: token endpoint: {message}"
    assert [each.path for each in system.seen] == ["/token"]


@pytest.mark.parametrize("behaviour", [hang, drip({"access_token": "t-1"}, 0.05)])
async def test_a_token_endpoint_that_hangs_times_out(
    system: Faulty, calling: Calling, behaviour: Behaviour
) -> None:
    system.on("/token", behaviour)
    api = await calling(SECRETS, credentials=client(system), seconds=0.1)

    with pytest.raises(SourceTimeoutError, match=r"no answer in 0\.1 s$"):
        await api.get("ticket")


async def test_a_token_endpoint_that_hangs_is_left_alone(system: Faulty, calling: Calling) -> None:
    system.on("/token", hang)
    breaker = BreakerSettings(calls=2, slow_seconds=0.02)
    api = await calling(SECRETS, monotonic, credentials=client(system), seconds=0.1, breaker=breaker)

    for _ in range(2):
        with pytest.raises(SourceTimeoutError):
            await api.get("ticket")

    with pytest.raises(SourceUnavailableError, match=r"left alone$"):
        await api.get("ticket")


async def test_a_token_is_asked_for_again_after_a_fault_that_may_pass(
    system: Faulty, calling: Calling
) -> None:
    system.on("/token", answer({}, 503), reset, token("t-1"))
    system.on("/ticket", answer([]))
    api = await calling(SECRETS, credentials=client(system), retries=2)

    found = await api.get("ticket")

    assert found.status == 200
    assert len(system.asked("/token")) == 3


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (300, 300),
        ("300", 300),
        (300.9, 300.9),
        (None, 300),
        ("soon", 300),
        ("nan", 300),
        (1e300, 86_400),
        (10, 10),
    ],
)
async def test_a_token_lives_as_long_as_is_told(
    system: Faulty, calling: Calling, clock: Clock, told: object, seconds: float
) -> None:
    system.on("/token", token("t-1", told))
    system.on("/ticket", answer([]))
    api = await calling(SECRETS, credentials=client(system))
    await api.get("ticket")

    clock.now += seconds - min(60, seconds / 5) - 0.5
    await api.get("ticket")
    await asyncio.sleep(0.02)
    before = len(system.asked("/token"))
    clock.now += 1
    await api.get("ticket")
    await asyncio.sleep(0.05)

    assert (before, len(system.asked("/token"))) == (1, 2)


@pytest.mark.parametrize("told", [0, -5, "-inf"])
async def test_a_token_that_has_ended_already_is_used_once(
    system: Faulty, calling: Calling, told: object
) -> None:
    system.on("/token", token("t-1", told))
    system.on("/ticket", taking("t-1", answer([1])))
    api = await calling(SECRETS, credentials=client(system))

    bodies = [(await api.get("ticket")).body for _ in range(2)]

    assert bodies == [b"[1]", b"[1]"]
    assert len(system.asked("/token")) == 2


async def test_a_fetch_that_is_under_way_ends_with_the_api(system: Faulty) -> None:
    system.on("/token", hang)
    settings = ApiSettings(system="ticketing", url=system.url, credentials=client(system))

    async with HttpApi(settings, SECRETS) as api:
        asking = asyncio.create_task(api.get("ticket"))
        await asyncio.sleep(0.05)
        asking.cancel()

    assert asyncio.all_tasks() - {asking} == {asyncio.current_task()}


async def test_no_error_shows_a_secret(system: Faulty, api: HttpApi) -> None:
    secrets = [*SECRETS.values(), "t-1", b64encode(b"us%3A1:p%3As%26t+%E2%98%8E").decode()]
    for each in (html(500), html(403), answer({}, 401), reset, html(), redirect("/ticket")):
        system.on("/ticket", each)

        with pytest.raises((SourceRefusedError, SourceUnavailableError)) as caught:
            await api.get("ticket", [("key", "t-1")])

        assert not [secret for secret in secrets if secret in f"{caught.value!r} {api!r}"]
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
