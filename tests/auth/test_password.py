from collections.abc import Sequence
from time import thread_time

import pytest

from auth.password import normalized, refusals


def judged(password: str, *, second_factor: bool = False) -> Sequence[str]:
    """Give why Ann's password is refused."""
    return refusals(
        password, username="ann.archer", email="ann@northwind.example", second_factor=second_factor
    )


@pytest.mark.parametrize(
    "password",
    [
        "quiet heron under brass moon",
        "sept écureuils violets rient",
        "七匹の静かな狐が真鍮の月の下で眠る",
        "🦊 brass 🌙 heron 🌿 tundra",
        "x7#kQ9!vL2@mZ4$",
        "quiet heron under brass moon " * 8,
    ],
)
def test_takes_any_characters_where_they_are_enough(password: str) -> None:
    assert judged(password) == []


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "15 characters or more"),
        ("heron brass 14", "15 characters or more"),
        ("x" * 257, "256 characters at the most"),
        ("quiet heron \ud800 brass moon", "type it anew"),
        ("aaaaaaaaaaaaaaaaaaaa", "easily guessed"),
        ("passwordpassword", "easily guessed"),
        ("123456789012345", "easily guessed"),
        ("qwertyuiopasdfgh", "easily guessed"),
        ("ann.archerann.archer", "easily guessed"),
        ("ann@northwind.example", "easily guessed"),
        ("servicespaceservicespace", "easily guessed"),
        ("servicespaceann.archer1", "easily guessed"),
    ],
)
def test_refuses_and_says_what_to_do(password: str, said: str) -> None:
    (sentence,) = judged(password)

    assert said in sentence


def test_takes_a_shorter_one_with_a_second_factor() -> None:
    assert judged("x7#kQ9!v", second_factor=True) == []
    assert "8 characters" in judged("x7#kQ9!", second_factor=True)[0]


def test_counts_characters_as_they_are_composed() -> None:
    assert len(normalized("e\u0301" * 15)) == 15
    assert judged("e\u0301" * 8) != []


def test_judges_what_is_made_to_take_long_in_less_than_half_a_second() -> None:
    began = thread_time()

    judged("a4@8b8c({[<e3g69i1!|l1|7o0s$5t+7x%z2" * 2)

    assert thread_time() - began < 0.5
