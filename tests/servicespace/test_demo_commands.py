"""``servicespace demo`` and ``servicespace seed`` as whoever types them meets them."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest
from graphql import parse, validate
from rich.console import Console
from typer.testing import CliRunner

from auth.store import UserProfile, UserStore
from auth.viewer import CustomerCode as UserCustomer
from schema.build import TYPES
from servicespace.cli import app
from servicespace.demo.customers import USERS
from servicespace.demo.greeting import QUERY, Pass, greet
from servicespace.settings import Settings
from servicespace.store import open_store
from sources.keys import CustomerCode
from sources.ordering import Market, SolutionCategory, SolutionRecord
from sources.ordering.sql import SqlOrdering
from sources.scope import ALL, Scope
from sources.sql import Database

TOKEN = "e30." * 200 + "end"


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Give a port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def folder(settings: Settings) -> str:
    assert settings.store.file is not None
    return str(Path(settings.store.file).parent)


def asked(port: str, token: str) -> object:
    """Ask the server on *port* who *token* is; it may take a moment to come up."""
    until = monotonic() + 20
    while True:
        try:
            return httpx2.post(
                f"http://127.0.0.1:{port}/graphql",
                json={"query": "{ viewer { username } }"},
                headers={"Authorization": f"Bearer {token}"},
            ).json()
        except httpx2.ConnectError:
            assert monotonic() < until, "the server does not come up"
            sleep(0.05)


def seed(settings: Settings, *more: str) -> tuple[int, str, str]:
    """Run ``servicespace seed``; give its exit code, what it printed, and what it said beside that."""
    result = CliRunner().invoke(app, ["seed", "--profile", "tiny", "--data", folder(settings), *more])
    return result.exit_code, result.stdout, result.stderr


def test_greets_with_address_users_tokens_links_query_and_curl(capsys: pytest.CaptureFixture[str]) -> None:
    passes = [Pass(each, f"{TOKEN}{number}") for number, each in enumerate(USERS)]

    greet(Console(width=80), "http://127.0.0.1:8123", passes, 8)

    lines = [each.strip() for each in capsys.readouterr().out.splitlines()]
    assert "servicespace is at http://127.0.0.1:8123/ until you stop it with Ctrl-C." in lines
    assert [each for each in lines if each.startswith("token")] == [f"token  {each.token}" for each in passes]
    assert [each for each in lines if each.startswith("link")] == [
        f"link   http://127.0.0.1:8123/#token={each.token}" for each in passes
    ]
    assert QUERY.strip().splitlines()[1].strip() in lines
    [curl] = [each for each in lines if each.startswith("curl")]
    assert f"-H 'Authorization: Bearer {TOKEN}0'" in curl
    assert all(any(each.username in line for line in lines) for each in USERS)


def test_gives_a_query_that_the_schema_takes() -> None:
    assert validate(TYPES, parse(QUERY)) == []


def test_shows_the_same_query_among_the_examples() -> None:
    example = Path(__file__).parents[2] / "examples" / "dashboard.graphql"

    assert example.read_text(encoding="utf-8") == QUERY


def test_does_not_load_where_the_port_is_taken(taken_port: int, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["demo", "--port", str(taken_port), "--data", str(tmp_path / "demo")])

    assert result.exit_code == 1
    assert f"Port {taken_port} of 127.0.0.1 cannot be used" in result.stderr
    assert f"servicespace demo --port {taken_port + 1}" in result.stderr
    assert list((tmp_path / "demo").iterdir()) == []


def test_serves_what_it_loaded_until_it_is_stopped(empty_store: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
    command = [
        sys.executable,
        "-c",
        "from servicespace.cli import main; main()",
        "demo",
        "--port",
        port,
        "--profile",
        "tiny",
    ]

    with subprocess.Popen(
        [*command, "--data", folder(empty_store)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if line.startswith("curl"):
                break
        answer = asked(port, re.findall(r"token  (\S+)", printed)[-1])
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)

    assert answer == {"data": {"viewer": {"username": "cobalt-admin"}}}
    assert process.returncode == 0
    assert "Traceback" not in said
    assert "cobalt-lite" in said
    assert not set(re.findall(r"token  (\S+)", printed)) & set(re.findall(r"\S{100,}", said))


def test_seed_loads_one_customer_with_a_user(empty_store: Settings) -> None:
    code, printed, said = seed(empty_store)

    assert code == 0
    assert re.fullmatch(
        r"Loaded seed-tiny: \d+ rows in \d+\.\d s\.\n"
        r"For a token: servicespace token seed-tiny-admin --data .*\n",
        printed,
    )
    assert "seed-tiny" in said
    token = CliRunner().invoke(app, ["token", "seed-tiny-admin", "--data", folder(empty_store)])
    assert token.exit_code == 0


def test_seed_refuses_a_customer_that_is_there(empty_store: Settings) -> None:
    seed(empty_store)

    assert seed(empty_store) == (1, "", "Customer seed-tiny is there already; --again writes over it.\n")
    assert seed(empty_store, "--again")[0] == 0


def test_seed_leaves_the_users_of_others_alone(empty_store: Settings) -> None:
    asyncio.run(save_user(empty_store, "seed-tiny-admin"))

    code, printed, said = seed(empty_store)
    assert (code, printed) == (1, "")
    assert "User seed-tiny-admin belongs to another customer; choose another --customer." in said


async def save_user(settings: Settings, username: str) -> None:
    async with open_store(settings.store) as connection:
        user = UserProfile(username=username, customer=UserCustomer("other"), email="a@other.example")
        await UserStore(connection).save(user)


def test_seed_takes_a_code_and_what_is_ordered(empty_store: Settings) -> None:
    more = ("--customer", "my-own", "--market", "FR", "--portal-option", "STANDARD", "--category", "MOBILE")

    assert seed(empty_store, *more)[0] == 0

    [solution] = asyncio.run(solutions_of(empty_store, CustomerCode("my-own")))
    assert (solution.category, solution.market, solution.options) == (
        SolutionCategory.MOBILE,
        Market.FR,
        (),
    )


async def solutions_of(settings: Settings, code: CustomerCode) -> Sequence[SolutionRecord]:
    scope = Scope(customer=code, solutions=ALL, accounts=ALL, locations=ALL)
    async with open_store(settings.store) as connection:
        found = await SqlOrdering(Database(connection, "ordering", 10)).solutions_ordered(scope, [code])
        return found[code]


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--customer", "Not A Code", "use small letters"),
        ("--category", "UNKNOWN", "does not sell that"),
        ("--profile", "huge", "Invalid value for '--profile'"),
    ],
)
def test_seed_refuses_what_it_cannot_make(empty_store: Settings, option: str, value: str, why: str) -> None:
    code, _, said = seed(empty_store, option, value)

    assert code == 2
    assert why in said
