import pytest

from auth.attempt import SOURCE_FORGOTTEN, Tries, counted, of_source

DAY = 86_400


def test_begins_a_lock_with_the_third_attempt() -> None:
    tries = Tries()
    began: list[int | None] = []

    for _ in range(3):
        attempt, tries = counted(tries, 1_000)
        began.append(attempt.locks_until)

    assert began == [None, None, 1_060]


def test_makes_a_lock_no_longer_for_attempts_during_it() -> None:
    locked = Tries(locks=1, locked_until=1_060, at=1_000)

    attempt, after = counted(locked, 1_059)

    assert attempt.counts is False
    assert after == locked


def test_forgets_after_a_day_without_an_attempt() -> None:
    tries = Tries(failures=2, locks=4, locked_until=900, at=1_000)

    same, _ = counted(tries, 999 + DAY)
    new, after = counted(tries, 1_000 + DAY)

    assert same.locks_until == 999 + DAY + 15 * 60
    assert (new.locks_until, after) == (None, Tries(failures=1, at=1_000 + DAY))


def test_forgets_an_address_sooner() -> None:
    tries = Tries(failures=2, at=1_000)

    attempt, _ = counted(tries, 1_000 + 900, SOURCE_FORGOTTEN)

    assert attempt.locks_until is None


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("198.51.100.7", "source:198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "source:2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "source:198.51.100.7"),
        ("testclient", "source:testclient"),
        ("", "source:"),
    ],
)
def test_counts_by_address_and_by_network(source: str, name: str) -> None:
    assert of_source(source) == name
