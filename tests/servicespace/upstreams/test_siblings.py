"""What others have does not wait for a system that hangs."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Final

import pytest

from tests.servicespace.upstreams.several import QUERY, SECONDS, Several
from tests.sources.http.faulty import hang

WITHOUT: Final = "\n".join(line for line in QUERY.splitlines() if "components(" not in line)
"""What the systems that do not hang have."""


@pytest.fixture(scope="module")
def served(deployed: Several) -> Generator[Several]:
    with deployed.served() as found:
        yield found


def test_answers_without_the_system_that_hangs_are_as_quick_as_ever(served: Several) -> None:
    served.fail("inventory", hang)
    served.ask(WITHOUT)
    alone = [served.ask(WITHOUT).seconds for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        hanging = [pool.submit(served.ask) for _ in range(4)]
        beside = [served.ask(WITHOUT) for _ in range(5)]
        still = [each for each in hanging if not each.done()]

    assert len(still) == 4, "the machine is too busy to tell"
    assert [each.errors for each in beside] == [[]] * 5
    assert median(each.seconds for each in beside) < median(alone) + SECONDS / 4
