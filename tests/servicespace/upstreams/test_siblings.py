"""What others have does not wait for a system that hangs."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from tests.servicespace.upstreams.several import QUERY, Several
from tests.sources.http.faulty import hang

WITHOUT: Final = "\n".join(line for line in QUERY.splitlines() if "components(" not in line)
"""What the systems that do not hang have."""


def test_answers_without_the_system_that_hangs_do_not_wait_for_it(deployed: Several) -> None:
    deployed.mend()
    with deployed.served(seconds=2) as served, ThreadPoolExecutor(4) as pool:
        served.fail("inventory", hang)

        hanging = [pool.submit(served.ask) for _ in range(4)]
        beside = [served.ask(WITHOUT) for _ in range(5)]
        still = [each for each in hanging if not each.done()]

    assert len(still) == 4
    assert [each.errors for each in beside] == [[]] * 5
    assert [len(each.result().errors) for each in hanging] == [3] * 4
