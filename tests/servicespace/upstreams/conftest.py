"""A deployment of several systems, served once for all tests of a file."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from servicespace.settings import DATABASE_FILE, in_folder
from tests.servicespace.upstreams.several import Several, several


@pytest.fixture(scope="module")
def deployed(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Several]:
    """Give the deployment, not yet serving."""
    folder = tmp_path_factory.mktemp("several")
    shutil.copy(migrated, folder / DATABASE_FILE)
    with several(in_folder(folder)) as found:
        yield found
