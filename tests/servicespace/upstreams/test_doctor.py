"""What ``servicespace doctor`` finds out of real servers with the habits of those that were met."""

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from typer.testing import CliRunner

from servicespace.cli import app
from servicespace.upstreams.api import ApiName, SystemName
from servicespace.upstreams.doctor import Finding, examine
from servicespace.upstreams.settings import Secrets, Upstream
from sources.keys import CustomerCode
from sources.tmf.settings import Strategy, ThingSettings, Version
from tests.sources.tickets import ticket
from tests.tmf.server import Habits, TmfServer, Total, serving
from tests.tmf.tickets import ticket_json

ALL_BY_IDS = [Strategy.COMMA_OR, Strategy.JSONPATH, Strategy.PARALLEL]
OTHER = CustomerCode("somebody-else")


def stocked(version: Version = Version.V4, habits: Habits = Habits(), rows: int = 7) -> TmfServer:  # noqa: B008 - frozen
    """Give a server with tickets of somebody."""
    tickets = [ticket_json(ticket(OTHER, f"T-{each}"), (), version, "secret-party") for each in range(rows)]
    return TmfServer(habits, {"troubleTicket": tickets})


def upstream(url: str, **things: Any) -> Upstream:  # noqa: ANN401 - any field of ThingSettings
    return Upstream(
        system=SystemName.TICKETING, api=ApiName.TMF621, url=url, seconds=0.5, things=ThingSettings(**things)
    )


async def found(url: str, seconds: float = 10) -> Finding:
    """Examine one system."""
    (finding,) = await examine([upstream(url)], Secrets(), seconds=seconds)
    return finding


def free_port() -> int:
    """Give a port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.mark.parametrize("version", list(Version))
async def test_finds_a_system_that_keeps_what_it_is_agreed(version: Version) -> None:
    async with serving(stocked(version)) as server:
        finding = await found(server.url)

    assert finding.reachable
    assert (finding.status, finding.rows, finding.fault) == (200, 5, None)
    assert finding.milliseconds is not None
    assert finding.versions == [version]
    assert (finding.filters, finding.totals) == (True, True)
    assert finding.strategies == ALL_BY_IDS


@pytest.mark.parametrize(
    ("habits", "filters", "totals", "strategies"),
    [
        (Habits(filters=False), False, False, [Strategy.PARALLEL]),
        (Habits(total=Total.OF_THE_COLLECTION), True, False, ALL_BY_IDS),
        (Habits(total=Total.ZERO), True, False, ALL_BY_IDS),
        (Habits(total=Total.NEGATIVE), True, None, ALL_BY_IDS),
        (Habits(total=Total.NONE), True, None, ALL_BY_IDS),
        (Habits(cap=1, status=206), True, True, None),
    ],
    ids=["filters ignored", "of the collection", "zero", "negative", "none", "one row at most"],
)
async def test_finds_the_habits_of_a_system(
    habits: Habits, filters: bool, totals: bool | None, strategies: list[Strategy] | None
) -> None:
    async with serving(stocked(habits=habits)) as server:
        finding = await found(server.url)

    assert (finding.filters, finding.totals, finding.strategies) == (filters, totals, strategies)


async def test_cannot_tell_the_habits_of_an_empty_system() -> None:
    async with serving(stocked(rows=0)) as server:
        finding = await found(server.url)

    assert finding.reachable
    assert (finding.rows, finding.versions, finding.filters, finding.strategies) == (0, [], None, None)


async def test_asks_under_no_customer_and_seven_times_at_most() -> None:
    async with serving(stocked()) as server:
        await found(server.url)

        asked = server.asked
    assert len(asked) == 6
    assert not any("relatedParty" in each for each in asked)


async def test_a_system_that_is_not_there_is_told_apart_from_one_that_is() -> None:
    async with serving(stocked()) as server:
        gone = upstream(f"http://127.0.0.1:{free_port()}/")
        none, some = await examine([gone, upstream(server.url)], Secrets(), seconds=10)

    assert (none.reachable, none.status) == (False, None)
    assert none.fault == "GET troubleTicket: no whole answer (ClientConnectorError)"
    assert some.reachable


async def hang(_: web.Request) -> web.Response:
    await asyncio.sleep(60)
    raise NotImplementedError


async def refuse(_: web.Request) -> web.Response:
    return web.json_response({"reason": "who are you?"}, status=401)


async def stumble(_: web.Request) -> web.Response:
    return web.Response(text="<h1>stack trace of secret-party</h1>", content_type="text/html")


async def babble(_: web.Request) -> web.Response:
    return web.Response(text='{"id": ', content_type="application/json")


async def miss(_: web.Request) -> web.Response:
    return web.json_response({}, status=404)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (hang, "GET troubleTicket: no answer in 0.5 s"),
        (refuse, "GET troubleTicket: status 401"),
        (stumble, "GET troubleTicket: another type of content than JSON"),
        (babble, "the answer is no list of things"),
        (miss, "there is no troubleTicket below the URL"),
    ],
)
async def test_says_why_a_system_cannot_be_used(answer: Any, fault: str) -> None:  # noqa: ANN401 - a handler
    application = web.Application()
    application.router.add_get("/troubleTicket", answer)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        finding = await found(f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()

    assert (finding.reachable, finding.fault) == (False, fault)


async def test_ends_within_its_bound() -> None:
    async with asyncio.timeout(5), serving(stocked()) as server:
        finding = await found(server.url, seconds=0)

    assert (finding.reachable, finding.fault) == (False, "no answers in 0 s")


def run(folder: Path, *urls: str, more: str = "") -> tuple[int, str]:
    """Run the command on systems at *urls*, with *more* said of each."""
    file = folder / "servicespace.toml"
    upstreams = (
        f'[[upstream]]\nsystem = "ticketing"\napi = "TMF621"\nmarket = "{market}"\nurl = "{url}"\n{more}\n'
        for market, url in zip(("FR", "INTL"), urls, strict=False)
    )
    file.write_text("[store]\nfile = 'x.db'\n" + "".join(upstreams))
    result = CliRunner().invoke(app, ["doctor", "--config", str(file)], terminal_width=120)
    return result.exit_code, result.stdout


async def test_prints_a_table_and_what_to_do(tmp_path: Path) -> None:
    async with serving(stocked(Version.V5, Habits(filters=False))) as server:
        code, told = await asyncio.to_thread(run, tmp_path, server.url)

    assert code == 0
    assert [each in told for each in ("Upstream", "ticketing", "parallel", "v5")] == [True] * 4
    assert told.splitlines()[-3:] == [
        "ticketing TMF621 FR: the settings say v4: set `things.version`",
        "ticketing TMF621 FR: comma-or does not work: set `things.strategy` to parallel",
        (
            "ticketing TMF621 FR: filters are ignored: whole lists are read, "
            "and what is not asked for is left out here"
        ),
    ]
    assert "T-" not in told.replace("TMF", "")
    assert "secret-party" not in told


async def test_ends_with_an_error_where_a_system_is_not_there(tmp_path: Path) -> None:
    async with serving(stocked()) as server:
        code, told = await asyncio.to_thread(run, tmp_path, server.url, f"http://127.0.0.1:{free_port()}")

    assert code == 1
    assert told.splitlines()[-1] == (
        "ticketing TMF621 INTL: GET troubleTicket: no whole answer (ClientConnectorError)"
    )


def test_prints_json(tmp_path: Path) -> None:
    file = tmp_path / "servicespace.toml"
    url = f"http://127.0.0.1:{free_port()}"
    file.write_text(
        f'[store]\nfile = \'x.db\'\n[[upstream]]\nsystem = "ticketing"\napi = "TMF621"\nurl = "{url}"\n'
    )

    result = CliRunner().invoke(app, ["doctor", "--config", str(file), "--json"])

    (told,) = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (told["upstream"], told["version"], told["strategies"]) == ("ticketing TMF621", "v4", None)


def test_has_nobody_to_ask_where_all_is_embedded(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path)])

    assert (result.exit_code, result.stdout) == (0, "All systems are embedded: there is nobody to ask.\n")
