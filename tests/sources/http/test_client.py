"""A call of a system that is well: what is sent, and what is taken from the answer."""

import asyncio

import pytest

from sources.errors import SourceTimeoutError, SourceUnavailableError
from sources.http import Answer, Api
from sources.http.client import HttpApi
from sources.http.settings import ApiKey, ApiSettings, OAuth2
from tests.sources.http.conftest import Calling
from tests.sources.http.faulty import Behaviour, Faulty, answer, hang, redirect


async def test_gives_the_body_as_it_came(system: Faulty, calling: Calling) -> None:
    system.on("/tmf-api/v4/ticket", answer(b' [{"id": "1"}]\n', headers={"X-Total-Count": "12"}))
    api: Api = await calling(url=f"{system.url}/tmf-api/v4")

    found = await api.get("ticket")

    assert found == Answer(status=200, body=b' [{"id": "1"}]\n', total=12)
    assert api.system == "ticketing"


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        pytest.param(answer([], 206), Answer(status=206, body=b"[]"), id="206"),
        pytest.param(answer({}, kind=None), Answer(status=200, body=b"{}"), id="no type"),
        pytest.param(
            answer({}, kind="application/problem+JSON; charset=utf-8"),
            Answer(status=200, body=b"{}"),
            id="another type of JSON",
        ),
        pytest.param(answer(b"\xef\xbb\xbf[]"), Answer(status=200, body=b"[]"), id="byte order mark"),
        pytest.param(answer({"code": "60"}, 404), Answer(status=404), id="404"),
        pytest.param(answer(b"<h1>", 404, kind="text/html"), Answer(status=404), id="404 in HTML"),
    ],
)
async def test_takes_what_can_be_used(
    system: Faulty, calling: Calling, behaviour: Behaviour, expected: Answer
) -> None:
    system.on("/ticket", behaviour)
    api = await calling()

    assert await api.get("ticket") == expected


@pytest.mark.parametrize(
    ("sent", "total"),
    [
        ("0", 0),
        ("106", 106),
        ("-3", None),
        ("many", None),
        ("1.5", None),
        ("", None),
        ("²", None),
        ("9" * 16, None),
    ],
)
async def test_believes_a_total_only_if_it_is_a_number(
    system: Faulty, calling: Calling, sent: str, total: int | None
) -> None:
    system.on("/ticket", answer([], headers={"X-Total-Count": sent}))
    api = await calling()

    found = await api.get("ticket")

    assert found.total == total


async def test_sends_each_value_as_it_is(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", answer([]))
    api = await calling()
    query = [
        ("id", "a,b"),
        ("id", "c&d=e #?+%2C"),
        ("name", "Ünï ☎"),
        ("filter", "$[?(@.id=='1')]"),
        ("x", ""),
    ]

    await api.get("ticket", query)

    assert system.seen[0].query == query


async def test_sends_an_escaped_path_as_it_is(system: Faulty, calling: Calling) -> None:
    path = "ticket/a%2Fb%3Fc%23%2E%2C+;=@"
    system.on(f"/base/{path}", answer({}))
    api = await calling(url=f"{system.url}/base/")

    found = await api.get(path)

    assert found.status == 200


@pytest.mark.parametrize(
    "path", ["ticket/..", "ticket/%2e%2E/customer", "ticket/.", "ticket/", "ticket//1", "/ticket"]
)
async def test_never_asks_beside_the_path_that_an_id_belongs_to(
    system: Faulty, calling: Calling, path: str
) -> None:
    api = await calling()

    assert await api.get(path) == Answer(status=404)
    assert system.seen == []


@pytest.mark.parametrize(
    "path", ["", "ticket/a b", "ticket/1?x=y", "ticket/1#", "ticket\\1", "ticket/%zz", "ticket/é", "t\n"]
)
async def test_takes_no_path_that_is_not_escaped(system: Faulty, calling: Calling, path: str) -> None:
    api = await calling()

    with pytest.raises(ValueError, match=r"^a path must be escaped$"):
        await api.get(path)
    assert system.seen == []


async def test_asks_for_json_and_keeps_no_cookies(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", answer([], headers={"Set-Cookie": "session=ACME; Path=/"}))
    api = await calling()

    await api.get("ticket")
    await api.get("ticket")

    first, second = system.seen
    assert first.headers == second.headers
    assert first.headers["accept"] == "application/json"
    assert first.headers["user-agent"] == "servicespace"
    assert "authorization" not in first.headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_follows_two_redirects_on_the_host(system: Faulty, calling: Calling, status: int) -> None:
    system.on("/ticket", redirect("/v4/ticket?page=1", status))
    system.on("/v4/ticket", redirect(f"{system.url}/v5/ticket", status))
    system.on("/v5/ticket", answer([5]))
    api = await calling()

    found = await api.get("ticket")

    assert found.body == b"[5]"
    assert [each.path for each in system.seen] == ["/ticket", "/v4/ticket", "/v5/ticket"]


async def test_follows_no_redirect_with_credentials(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", redirect(system.url.replace("//", "//root:secret@")))
    api = await calling()

    with pytest.raises(SourceUnavailableError, match=r"redirected elsewhere$"):
        await api.get("ticket")
    assert len(system.seen) == 1


async def test_never_follows_links(system: Faulty, calling: Calling) -> None:
    system.on(
        "/ticket", answer([], 206, {"Link": '<http://127.0.0.1:1/ticket?offset=3?limit=2>; rel="next"'})
    )
    api = await calling()

    assert await api.get("ticket") == Answer(status=206, body=b"[]")
    assert len(system.seen) == 1


async def test_a_system_that_hangs_holds_up_so_many_calls_and_no_more(
    system: Faulty, calling: Calling
) -> None:
    system.on("/ticket", hang)
    api = await calling(connections=2, seconds=0.3, waiting_seconds=0.05)

    failures = await asyncio.gather(*(api.get("ticket") for _ in range(5)), return_exceptions=True)

    assert [type(each) for each in failures[:2]] == [SourceTimeoutError] * 2
    assert [str(each) for each in failures[2:]] == ["ticketing: GET ticket: all connections are in use"] * 3
    assert len(system.seen) == 2


async def test_calls_wait_for_a_connection_in_turn(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", answer([]))
    api = await calling(connections=1)

    found = await asyncio.gather(*(api.get("ticket") for _ in range(20)))

    assert {each.status for each in found} == {200}
    assert len({each.headers["host"] for each in system.seen}) == 1


async def test_counts_what_became_of_the_calls(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", answer([], 500), answer([]))
    api = await calling(retries=1)

    await api.get("ticket")

    assert (api.counts.asked, api.counts.sent, api.counts.failed, api.counts.held_back) == (1, 2, 1, 0)


def test_names_the_secret_that_is_missing() -> None:
    key = ApiKey(variable="KEY")
    client = OAuth2(token_url="https://sso.example/token", client_id="us", variable="SECRET", api_key=key)
    settings = ApiSettings(system="billing", url="https://bills.example", credentials=client)

    assert settings.variables == {"KEY", "SECRET"}
    with pytest.raises(ValueError, match=r"^the secret SECRET is missing$"):
        HttpApi(settings, {"KEY": "1"})
    with pytest.raises(ValueError, match=r"^the secret KEY is missing$"):
        HttpApi(settings, {"KEY": "", "SECRET": "2"})
    with pytest.raises(
        ValueError, match=r"^the secret KEY has characters that cannot be sent, maybe a line end$"
    ):
        HttpApi(settings, {"KEY": "1\n", "SECRET": "2"})


def test_never_shows_a_secret() -> None:
    settings = ApiSettings(system="billing", url="https://bills.example", credentials=ApiKey(variable="KEY"))
    api = HttpApi(settings, {"KEY": "s3cret"})

    assert "s3cret" not in f"{api!r} {api} {settings!r}"
