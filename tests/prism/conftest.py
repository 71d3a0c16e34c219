"""Prism, installed once for all tests that a worker runs."""

from pathlib import Path

import pytest

from tests.prism.server import prism_packages
from tests.shared import require_shared_data


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give Prism's program; the test is skipped where there are no specifications to serve."""
    require_shared_data()
    return prism_packages(tmp_path_factory.mktemp("prism"))
