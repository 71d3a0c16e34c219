"""For how long things are kept."""

import msgspec
import pytest

from sources.cache.settings import SECONDS, CacheSettings


def read(text: str) -> CacheSettings:
    return msgspec.toml.decode(text, type=CacheSettings)


def test_what_an_operator_says_goes_before_what_we_say() -> None:
    settings = read("seconds = { troubleTicket = 3.5, customerBill = 0 }")

    assert [settings.lifetime(each) for each in ("troubleTicket", "customerBill", "product", "other")] == [
        3.5,
        0,
        SECONDS["product"],
        0,
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("seconds = { troubleTickets = 15 }", "troubleTickets is none of troubleTicket, "),
        ("seconds = { troubleTicket = -1 }", ">= 0"),
        ("stale_seconds = 86401", "<= 86400"),
        ("most_bytes = 0", ">= 1"),
        ('place = "redis"', "Invalid enum value"),
        ("sekunden = 1", "unknown field"),
    ],
)
def test_refuses_what_makes_no_sense(text: str, reason: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=reason):
        read(text)
