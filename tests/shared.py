"""The reference data that lies beside the checkout, in ``../shared/data``, and is not part of the project.

A test that reads it is skipped where it is absent. In CI it is never skipped: there an absent folder fails.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
_ABSENT = "the reference data ../shared/data is not beside this checkout"


def require_shared_data(folder: Path = SHARED_DATA) -> Path:
    """Give the folder of the reference data, or skip the test; in CI fail it."""
    if folder.is_dir():
        return folder
    if os.environ.get("CI"):
        pytest.fail(f"{_ABSENT}, and CI must not skip what reads it")
    pytest.skip(_ABSENT)


def shared_files(pattern: str, folder: Path = SHARED_DATA) -> Sequence[Path]:
    """Give the files of the reference data that match *pattern*, in order, as parameters of a test.

    Where the folder is absent there is none, and pytest skips the test. In CI that fails while tests are
    collected, and so does a pattern that matches nothing.
    """
    found = sorted(folder.glob(pattern))
    if not found and (folder.is_dir() or os.environ.get("CI")):
        raise FileNotFoundError(f"{pattern}: {_ABSENT}, or holds no such file")
    return found
