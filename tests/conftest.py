"""What every test may use: the reference data beside the checkout, and how long property tests look."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.shared import require_shared_data

settings.register_profile("long", max_examples=5_000, deadline=None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of the reference data; where it is absent the test is skipped, or fails in CI."""
    return require_shared_data()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--bless``: record answers, calls and schemas anew instead of comparing them."""
    parser.addoption("--bless", action="store_true", help="record answers, calls and schemas anew")
