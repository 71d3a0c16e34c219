"""What is refused of the systems in ``servicespace.toml``, with the line and the reason."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from servicespace.settings import Settings, SettingsError, read_settings
from servicespace.upstreams.api import APIS, ApiName, SystemName
from servicespace.upstreams.settings import in_market
from sources.http.settings import ApiKey, OAuth2
from sources.tmf.settings import Strategy, Version

SECRETS: Final = {"TICKETS_SECRET": "hush", "TICKETS_KEY": "hush-too"}
ENVIRONMENT: Final = {
    **SECRETS,
    "TICKETS_HUB": "hush-hush-hush-hush-hush",
    "SHORT": "hush-short",
    "LINES": "hush-hush-hush-hush-hush\n",
}

TICKETS: Final = """
[[upstream]]               # line 5
system = "ticketing"
api = "TMF621"
url = "https://tickets.example/v5"
seconds = 1.5
things.version = "v5"
things.strategy = "jsonpath"
hub_variable = "TICKETS_HUB"
[upstream.credentials]
kind = "oauth2"
token_url = "https://login.example/token"
client_id = "servicespace"
variable = "TICKETS_SECRET"
api_key = { variable = "TICKETS_KEY" }
"""
"""A system with everything."""


def upstream(system: str = "ticketing", api: str = "TMF621", more: str = "") -> str:
    """Write a system in five lines or more."""
    return f'[[upstream]]\nsystem = "{system}"\napi = "{api}"\nurl = "https://a.example/{api}"\n{more}\n'


def read(folder: Path, *upstreams: str) -> Settings:
    """Read a file with these upstreams: the first begins in line 4, TICKETS in line 5."""
    file = folder / "servicespace.toml"
    file.write_text('[store]\nfile = "x.db"\n\n' + "".join(upstreams))
    return read_settings(file, ENVIRONMENT)


def refused(folder: Path, *upstreams: str) -> Sequence[str]:
    """Give why a file is refused, without its name."""
    with pytest.raises(SettingsError) as caught:
        read(folder, *upstreams)
    return [each.removeprefix(f"{folder}/servicespace.toml:") for each in str(caught.value).splitlines()]


def test_reads_a_system_with_its_secrets(tmp_path: Path) -> None:
    settings = read(tmp_path, TICKETS)

    (found,) = settings.upstream
    assert (found.name, found.seconds, found.market) == ("ticketing TMF621", 1.5, "all")
    assert (found.things.version, found.things.strategy) == (Version.V5, Strategy.JSONPATH)
    assert found.credentials == OAuth2(
        token_url="https://login.example/token",
        client_id="servicespace",
        variable="TICKETS_SECRET",
        api_key=ApiKey(variable="TICKETS_KEY"),
    )
    assert settings.secrets.of(found) == SECRETS
    assert settings.secrets.hub_token(found) == ENVIRONMENT["TICKETS_HUB"]
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("changed", "to", "line", "reason"),
    [
        ("https://tickets.", "https://me:hush@tickets.", 8, "url holds credentials"),
        ("https://tickets.", "http://tickets.", 8, "url must be https"),
        ("https://tickets.", "ftp://tickets.", 8, "url must be an https URL"),
        ("https://login.", "http://login.", 15, "token_url must be https"),
        ("https://login.", "https://me:hush@login.", 15, "token_url holds credentials"),
        ('"v5"', '"v6"', 10, "Invalid enum value 'v6'"),
        ('"jsonpath"', '"guess"', 11, "Invalid enum value 'guess'"),
        ('"TMF621"', '"TMF999"', 7, "Invalid enum value 'TMF999'"),
        ('"TMF621"', '"TMF678"', 6, "TMF678 is an API of billing"),
        ("seconds = 1.5", "second = 1.5", 9, "Object contains unknown field `second`"),
        ("seconds = 1.5", "seconds = 0", 9, "Expected `float` > 0"),
        ("seconds = 1.5", 'market = "DE"', 9, "Invalid enum value 'DE'"),
        ("https://tickets.example/v5", "https://tickets.example/v5?x=1", 8, "url must end with its path"),
        ("TICKETS_SECRET", "NOWHERE", 13, "its secret is missing: the environment has no NOWHERE"),
        ("TICKETS_KEY", "NOWHERE", 13, "its secret is missing: the environment has no NOWHERE"),
        ("TICKETS_SECRET", "LINES", 13, "the secret in LINES has what cannot be sent, maybe a line end"),
        ("TICKETS_HUB", "NOWHERE", 12, "its secret is missing: the environment has no NOWHERE"),
        ("TICKETS_HUB", "SHORT", 12, "the token in SHORT has fewer than 20 characters"),
        ('"oauth2"', '"basic"', 14, "Invalid value 'basic'"),
        ('url = "https://tickets.example/v5"\n', "", 5, "Object missing required field `url`"),
    ],
)
def test_tells_the_line_and_the_reason(tmp_path: Path, changed: str, to: str, line: int, reason: str) -> None:
    assert changed in TICKETS

    (told,) = refused(tmp_path, TICKETS.replace(changed, to))

    assert told.startswith(f"{line}: upstream 1 (ticketing, ")
    assert f"): {reason}" in told
    assert "hush" not in told


@pytest.mark.parametrize(
    ("upstreams", "told"),
    [
        (
            [upstream("maintenance", "TMF655", 'things.version = "v5"')],
            ["8: upstream 1 (maintenance, TMF655): TMF655 has no v5, but v4"],
        ),
        (
            [upstream("maintenance", "TMF655", "maintenance_words = '(works'")],
            [
                (
                    "8: upstream 1 (maintenance, TMF655): maintenance_words is no pattern: "
                    "missing ), unterminated subpattern at position 0"
                )
            ],
        ),
        (
            [upstream("maintenance", "TMF655", "maintenance_words = 'works|'")],
            ["8: upstream 1 (maintenance, TMF655): maintenance_words would take any change for maintenance"],
        ),
        (
            [upstream(more="maintenance_words = 'works'")],
            ["8: upstream 1 (ticketing, TMF621): TMF621 has no changes of which some are maintenance"],
        ),
        (
            [upstream("billing", "TMF678")],
            ["4: upstream 1 (billing, TMF678): billing needs TMF666 beside it, for INTL and FR"],
        ),
        (
            [upstream("billing", "TMF678"), upstream("billing", "TMF666", 'market = "FR"')],
            ["4: upstream 1 (billing, TMF678): billing needs TMF666 beside it, for INTL"],
        ),
        (
            [upstream("ordering", "TMF620")],
            ["4: upstream 1 (ordering, TMF620): ordering needs TMF637 beside it, for INTL and FR"],
        ),
        (
            [upstream(), upstream("inventory", "TMF639"), upstream()],
            ["14: upstream 3 (ticketing, TMF621): ticketing of all markets has a TMF621 already"],
        ),
        (
            [upstream(more='market = "FR"'), upstream(more='market = "FR"')],
            ["9: upstream 2 (ticketing, TMF621): ticketing of the market FR has a TMF621 already"],
        ),
        (
            [upstream(), upstream("maintenance", "TMF639", 'things.version = "v5"'), upstream("billing")],
            [
                "10: upstream 2 (maintenance, TMF639): TMF639 is an API of inventory",
                "15: upstream 3 (billing, TMF621): TMF621 is an API of ticketing",
            ],
        ),
    ],
)
def test_tells_all_that_does_not_fit_together(tmp_path: Path, upstreams: list[str], told: list[str]) -> None:
    assert refused(tmp_path, *upstreams) == told


@pytest.mark.parametrize(
    "upstreams",
    [
        [upstream("ordering", "TMF637")],
        [upstream("ordering", "TMF637"), upstream("ordering", "TMF620", 'market = "INTL"')],
        [upstream("billing", "TMF678"), upstream("billing", "TMF666")],
        [upstream(), upstream(more='market = "FR"'), upstream(more='market = "INTL"')],
        [upstream().replace("https://a.example/", "http://127.0.0.1:8080/")],
        [upstream().replace("https://a.example/", "http://[::1]:8080/")],
    ],
)
def test_takes_what_fits_together(tmp_path: Path, upstreams: list[str]) -> None:
    assert len(read(tmp_path, *upstreams).upstream) == len(upstreams)


def test_what_is_said_of_a_market_comes_before_what_is_said_of_all(tmp_path: Path) -> None:
    french, every = upstream(more='market = "FR"\nseconds = 1'), upstream(more="seconds = 2")
    settings = read(tmp_path, french, every)

    seconds = {
        market: in_market(settings.upstream, SystemName.TICKETING, market)[ApiName.TMF621].seconds
        for market in ("INTL", "FR")
    }

    assert seconds == {"INTL": 2, "FR": 1}
    assert in_market(settings.upstream, SystemName.BILLING, "FR") == {}


def test_no_file_can_hold_a_secret(tmp_path: Path) -> None:
    file = tmp_path / "servicespace.toml"
    file.write_text('secrets = { TICKETS_SECRET = "hush" }\n[store]\nfile = "x.db"\n')

    with pytest.raises(SettingsError, match=r"servicespace\.toml:1: Expected `Secrets`") as caught:
        read_settings(file, {})

    assert "hush" not in str(caught.value)


def test_the_documented_example_is_right(tmp_path: Path) -> None:
    documented = (Path(__file__).parents[3] / "docs" / "upstreams.md").read_text()
    (example,) = re.findall(r"```toml\n(\[\[upstream\]\].*?)```", documented, re.DOTALL)

    settings = read(tmp_path, example)

    assert [each.name for each in settings.upstream] == ["ticketing TMF621 INTL"]
    assert settings.cache.lifetime("troubleTicket") == 15


def test_every_api_is_of_one_system() -> None:
    assert set(APIS) == set(ApiName)
    assert {each.system for each in APIS.values()} == set(SystemName)
