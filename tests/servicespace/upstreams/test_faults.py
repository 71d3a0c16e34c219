"""What a client gets while one of several systems fails: its own parts null, all others whole."""

import asyncio
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import pytest

from sources.http.settings import OAuth2
from tests.servicespace.upstreams.several import (
    COLLECTIONS,
    FIELDS,
    QUERY,
    SECONDS,
    Several,
    Told,
    party,
    serve,
)
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
    redirect,
    reset,
    truncated,
    vanish,
)
from tests.tmf.server import Habits, TmfServer

TABLE: Final = Path(__file__).parents[3] / "docs" / "upstreams.md"
HEAD: Final = """| the system | the client is told | calls at most | the whole answer is there after |
| --- | --- | --- | --- |
"""
ROW: Final = re.compile(r"^\| ([^|]+) \| `(SOURCE_\w+)` \| (\d+) \| \d+ ms \([^|]*\) \|\n", re.MULTILINE)

LATE, GONE = "SOURCE_TIMEOUT", "SOURCE_UNAVAILABLE"
SECRET: Final = {"id": "7", "reason": "secret of the system"}
ROWS: Final = [{**SECRET, "name": "x" * 900}] * 200


@dataclass(frozen=True)
class Fault:
    """How a system fails: with which code it is told, and how often each list is asked for at most."""

    behaviour: Behaviour
    code: str = GONE
    calls: int = 1


FAULTS: Final[Mapping[str, Fault]] = {
    "it hangs": Fault(hang, LATE),
    "it is late": Fault(late(5 * SECONDS, answer([])), LATE),
    "its body is slow": Fault(drip(SECRET, SECONDS / 5), LATE),
    "it resets the connection": Fault(reset, calls=3),
    "it closes the connection": Fault(vanish, calls=3),
    "its body ends early": Fault(truncated([SECRET]), calls=3),
    "its JSON ends early": Fault(answer(b'[{"id": "7", "reason": "secret of the sys')),
    "it does not speak HTTP": Fault(babble, calls=3),
    "a page of HTML": Fault(html()),
    "a page of HTML with 500": Fault(html(500), calls=3),
    "500": Fault(answer(SECRET, 500), calls=3),
    "503": Fault(answer(SECRET, 503), calls=3),
    "429 without Retry-After": Fault(answer(SECRET, 429), calls=3),
    "401": Fault(answer(SECRET, 401), calls=2),
    "403": Fault(answer(SECRET, 403)),
    "404": Fault(answer(SECRET, 404)),
    "an object in place of a list": Fault(answer({"error": SECRET})),
    "a body that is too large": Fault(answer(ROWS)),
    "a body that never ends": Fault(endless),
    "a body that is small while packed": Fault(bomb(10_000_000)),
}


@pytest.fixture(scope="module")
def served(deployed: Several) -> Generator[Several]:
    """Serve the deployment by the engine."""
    with deployed.served() as found:
        yield found


@pytest.fixture(scope="module")
def whole(served: Several) -> Told:
    """Give the answer while nothing fails, which is what the same things give that are all embedded."""
    served.mend()
    served.ask()  # connects
    told = served.ask()
    embedded = asyncio.run(served.world.ask("acme-admin", QUERY))
    assert told.said == embedded
    return told


@pytest.mark.parametrize("system", list(COLLECTIONS))
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_system_that_fails_nulls_its_own_parts_and_no_others(
    served: Several, whole: Told, system: str, fault: Fault
) -> None:
    served.fail(system, fault.behaviour)

    told = served.ask()

    check(told, whole, system, fault.code)
    assert 0 < served.asked(system) <= fault.calls * len(COLLECTIONS[system])
    assert told.seconds < SECONDS + 0.5  # what a busy machine needs; bench.joined measures


@pytest.mark.parametrize("name", ["it hangs", "500", "a page of HTML", "a body that is too large"])
def test_the_reference_executor_says_the_same(deployed: Several, whole: Told, name: str) -> None:
    with deployed.served("reference") as served:
        served.fail("inventory", FAULTS[name].behaviour)

        told = served.ask()

    check(told, whole, "inventory", FAULTS[name].code)


def test_a_redirect_to_another_host_is_not_followed(served: Several, whole: Told) -> None:
    with Faulty() as elsewhere:
        served.fail("ticketing", redirect(f"{elsewhere.url}/troubleTicket?for=us"))

        told = served.ask()

        assert elsewhere.seen == []
    check(told, whole, "ticketing", GONE)
    assert served.asked("ticketing") == 1


@pytest.mark.parametrize("system", list(COLLECTIONS))
def test_rows_of_another_customer_are_nobodys(served: Several, whole: Told, system: str) -> None:
    served.mend()
    theirs = TmfServer(Habits(), dict(served.sound.things))
    for each in COLLECTIONS[system]:
        rows, _ = theirs.page(each, {"limit": "1000"})
        foreign = [row for row in rows if party("acme-global") not in str(row)]
        served.system.on(f"/{each}", answer(foreign))

    told = served.ask()

    assert told.errors == []
    assert [each["nodes"] for each in told.values(FIELDS[system])] == [[], [], []]
    assert told.without(FIELDS[system]) == whole.without(FIELDS[system])


@pytest.mark.parametrize("system", list(COLLECTIONS))
@pytest.mark.parametrize(
    "habits",
    [Habits(filters=False), Habits(pages=False, filters=False), Habits(cap=3), Habits(filters=False, cap=2)],
    ids=["filters are ignored", "the same page for ever", "few rows a page", "few rows of everybody's"],
)
def test_habits_of_a_system_change_nothing(served: Several, whole: Told, system: str, habits: Habits) -> None:
    served.mend()
    odd = TmfServer(habits, served.sound.things)
    for each in COLLECTIONS[system]:
        served.system.on(f"/{each}", serve(odd, each))

    told = served.ask()

    assert told.said == whole.said
    assert served.asked(system) <= 40


def test_pages_that_never_end_are_given_up(served: Several, whole: Told) -> None:
    served.fail(
        "ticketing",
        *(answer([{"id": str(each)} for each in range(at, at + 100)]) for at in range(0, 90_000, 100)),
    )

    told = served.ask()

    check(told, whole, "ticketing", GONE)
    assert served.asked("ticketing") <= 30


def test_who_asked_to_be_left_alone_is_left_alone(deployed: Several, whole: Told) -> None:
    with deployed.served() as served:
        served.fail("ticketing", answer(SECRET, 429, {"Retry-After": "60"}))

        first, second = served.ask(), served.ask()

        assert served.asked("ticketing") == 1
        assert served.health()["degraded"] == ["ticketing TMF621"]
    check(first, whole, "ticketing", GONE)
    check(second, whole, "ticketing", GONE)
    assert second.seconds < SECONDS


def test_a_token_endpoint_that_refuses_is_not_insisted_on(deployed: Several, whole: Told) -> None:
    deployed.mend()
    deployed.system.on("/token", answer({"error": "invalid_client", "hint": "secret of the system"}, 401))
    credentials = OAuth2(token_url=f"{deployed.system.url}/token", client_id="us", variable="SECRET")
    with deployed.served(credentials=credentials) as served:
        told, again = served.ask(), served.ask()

        assert [served.asked(each) for each in COLLECTIONS] == [0, 0, 0]
        assert len(served.system.asked("/token")) == len(served.upstreams) - 1  # accounts are not asked for
    assert told.said == again.said | {"errors": told.errors}
    assert {each["extensions"]["code"] for each in told.errors} == {GONE}
    assert told.values("maintenance") == whole.values("maintenance")
    assert [told.values(each) for each in FIELDS.values()] == [[None] * 3] * 3
    assert "secret" not in told.text
    assert "hush" not in told.text


def test_the_table_in_the_documents_is_of_these_faults(
    deployed: Several, whole: Told, request: pytest.FixtureRequest
) -> None:
    text = TABLE.read_text()
    if request.config.getoption("--bless"):
        rows = [measured(deployed, whole, name, fault) for name, fault in FAULTS.items()]
        text = ROW.sub("", text).replace(HEAD, HEAD + "".join(rows))
        TABLE.write_text(text)

    found = {name: (code, int(most)) for name, code, most in ROW.findall(text)}
    assert found == {name: (fault.code, fault.calls) for name, fault in FAULTS.items()}


def measured(deployed: Several, whole: Told, name: str, fault: Fault) -> str:
    """Give the row of a fault of ticketing: of six requests, each the second of a service of its own."""
    milliseconds: list[float] = []
    for _ in range(6):
        with deployed.served() as served:
            served.mend()
            served.ask()  # connects
            served.fail("ticketing", fault.behaviour)
            told = served.ask()
            assert told.without("tickets") == whole.without("tickets")
            milliseconds.append(told.seconds * 1_000)
    took = f"{median(milliseconds):.0f} ms ({min(milliseconds):.0f} to {max(milliseconds):.0f})"
    return f"| {name} | `{fault.code}` | {fault.calls} | {took} |\n"


def check(told: Told, whole: Told, system: str, code: str) -> None:
    """Hold an answer against the whole one: what is null, what is said of it, and what is not."""
    assert told.status == 200
    assert told.values(FIELDS[system]) == [None, None, None]
    assert told.without(FIELDS[system]) == whole.without(FIELDS[system])
    assert [each.get("path") for each in told.errors] == [
        ["solutions", "nodes", at, FIELDS[system]] for at in range(3)
    ]
    late = "did not answer in time" if code == LATE else "is not available"
    for each in told.errors:
        assert said(each) == {
            "message": f"The system {system} {late}.",
            "extensions": {"code": code, "source": system},
        }
    for secret in ("secret", "127.0.0.1", "party", "example", "http", "relatedParty", *COLLECTIONS[system]):
        assert secret not in told.text


def said(error: Mapping[str, Any]) -> dict[str, Any]:
    """Give what an error says, but where and in which request."""
    extensions = {name: value for name, value in error["extensions"].items() if name != "requestId"}
    return {"message": error["message"], "extensions": extensions}
