"""What a call of a failing system is answered, for each way to fail."""

import pytest

from sources.errors import SourceRefusedError, SourceTimeoutError, SourceUnavailableError
from sources.http import Answer
from sources.http.breaker import State
from tests.sources.http.conftest import Calling
from tests.sources.http.faulty import (
    Behaviour,
    Faulty,
    answer,
    babble,
    bomb,
    drip,
    endless,
    hang,
    html,
    late,
    nowhere,
    redirect,
    reset,
    truncated,
    vanish,
)


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [
        pytest.param(answer({"code": 500}, 500), "status 500", id="500 with JSON"),
        pytest.param(html(500), "status 500", id="500 with HTML"),
        pytest.param(answer([], 501), "status 501", id="501"),
        pytest.param(answer([], 503), "status 503", id="503"),
        pytest.param(answer([], 429), "status 429", id="429"),
        pytest.param(answer([], 408), "status 408", id="408"),
        pytest.param(html(), "another type of content than JSON", id="HTML with 200"),
        pytest.param(answer([], kind="text/plain"), "another type of content than JSON", id="another type"),
        pytest.param(answer(b"<html>"), "no JSON", id="HTML that says it is JSON"),
        pytest.param(answer(b""), "no JSON", id="empty"),
        pytest.param(answer(b" \r\n"), "no JSON", id="blank"),
        pytest.param(answer(b"", 204), "status 204", id="204"),
        pytest.param(answer(b"", 304), "status 304", id="304 that nobody asked for"),
        pytest.param(reset, "no whole answer (ConnectionLostError)", id="reset"),
        pytest.param(vanish, "no whole answer (ConnectionLostError)", id="closed without an answer"),
        pytest.param(babble, "no whole answer (ClientResponseError)", id="not HTTP"),
        pytest.param(truncated([]), "no whole answer (ClientPayloadError)", id="truncated"),
        pytest.param(bomb(50_000_000), "longer than 1000000 bytes", id="gzip bomb"),
        pytest.param(endless, "longer than 1000000 bytes", id="never-ending body"),
        pytest.param(answer(b"[" + b" " * 1_000_000), "longer than 1000000 bytes", id="too long"),
        pytest.param(
            answer(b"[]", headers={"Content-Encoding": "gzip"}),
            "no whole answer (ClientPayloadError)",
            id="not packed as it says",
        ),
        pytest.param(
            answer(b"[]", headers={"Content-Encoding": "br"}),
            "no whole answer (ClientResponseError)",
            id="packed as nobody asked for",
        ),
        pytest.param(
            answer([], headers={"X-Long": "a" * 20_000}),
            "no whole answer (ClientResponseError)",
            id="a header without end",
        ),
        pytest.param(redirect("https://elsewhere.example/ticket"), "redirected elsewhere", id="off the host"),
        pytest.param(redirect("https:///ticket"), "redirected to no URL", id="to no host"),
        pytest.param(redirect("http://127.0.0.1:1/ticket"), "redirected elsewhere", id="to another port"),
        pytest.param(redirect("//169.254.169.254/latest"), "redirected elsewhere", id="to another host"),
        pytest.param(redirect("file:///etc/passwd"), "redirected to no URL", id="to a file"),
        pytest.param(redirect(""), "redirected elsewhere", id="nowhere"),
        pytest.param(redirect("/ticket"), "more than 2 redirects", id="in a circle"),
    ],
)
async def test_a_system_that_fails_is_unavailable(
    system: Faulty, calling: Calling, behaviour: Behaviour, message: str
) -> None:
    system.on("/ticket", behaviour)
    api = await calling(most_bytes=1_000_000)

    with pytest.raises(SourceUnavailableError) as caught:
        await api.get("ticket", [("relatedParty.id", "ACME")])

    assert str(caught.value) == f"ticketing: GET ticket: {message}"
    assert caught.value.extensions == {"source": "ticketing"}
    assert len(system.asked("/ticket")) == (3 if "redirects" in message else 1)


async def test_a_system_that_nobody_listens_for_is_unavailable(calling: Calling) -> None:
    api = await calling(url=nowhere())

    with pytest.raises(SourceUnavailableError, match=r"no whole answer \(ClientConnectorError\)$"):
        await api.get("ticket")


@pytest.mark.parametrize("status", [400, 401, 403, 405, 409, 410, 418, 422, 451])
async def test_a_system_that_will_not_has_refused(system: Faulty, calling: Calling, status: int) -> None:
    system.on("/ticket", html(status))
    api = await calling()

    with pytest.raises(SourceRefusedError) as caught:
        await api.get("ticket")

    assert str(caught.value) == f"ticketing: GET ticket: status {status}"


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(hang, id="no answer"),
        pytest.param(late(5, answer([])), id="late"),
        pytest.param(drip([1, 2, 3, 4, 5, 6, 7, 8], 0.02), id="a body in drops"),
    ],
)
async def test_a_system_that_is_too_slow_has_timed_out(
    system: Faulty, calling: Calling, behaviour: Behaviour
) -> None:
    system.on("/ticket/7", behaviour)
    api = await calling(seconds=0.1)

    with pytest.raises(SourceTimeoutError) as caught:
        await api.get("ticket/7")

    assert str(caught.value) == "ticketing: GET ticket/…: no answer in 0.1 s"


async def test_a_system_is_called_again_after_each_fault(system: Faulty, calling: Calling) -> None:
    faults = [reset, vanish, babble, truncated([]), html(500), bomb(5_000_000), endless]
    system.on("/ticket", *faults, answer([1]))
    api = await calling(most_bytes=1_000_000)

    for _ in faults:
        with pytest.raises(SourceUnavailableError):
            await api.get("ticket")

    assert await api.get("ticket") == Answer(status=200, body=b"[1]")
    assert api.state is State.CLOSED


async def test_an_answer_that_is_too_long_is_not_held_against_the_system(
    system: Faulty, calling: Calling
) -> None:
    system.on("/ticket", answer([1, 2, 3]))
    api = await calling(most_bytes=5)

    for _ in range(20):
        with pytest.raises(SourceUnavailableError, match=r"longer than 5 bytes"):
            await api.get("ticket")

    assert api.state is State.CLOSED


async def test_an_answer_may_be_as_long_as_the_bound(system: Faulty, calling: Calling) -> None:
    system.on("/ticket", bomb(1_000_000))
    api = await calling(most_bytes=1_000_000)

    found = await api.get("ticket")

    assert len(found.body) == 1_000_000
