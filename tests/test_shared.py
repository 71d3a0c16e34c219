"""Reference data is beside the checkout, or its absence is told: as a skip at home, as a failure in CI."""

from pathlib import Path

import pytest

from tests.shared import require_shared_data, shared_files


@pytest.fixture
def in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)


def test_gives_the_files_of_the_reference_data_in_order(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "c.csv"):
        (tmp_path / name).touch()

    files = shared_files("*.json", tmp_path)

    assert files == [tmp_path / "a.json", tmp_path / "b.json"]


@pytest.mark.usefixtures("at_home")
def test_refuses_a_pattern_that_matches_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no such file"):
        shared_files("*.json", tmp_path)


@pytest.mark.usefixtures("at_home")
def test_skips_at_home_where_the_reference_data_is_absent(tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match=r"\.\./shared/data is not beside this checkout"):
        require_shared_data(tmp_path / "absent")


@pytest.mark.usefixtures("at_home")
def test_gives_no_file_at_home_where_the_reference_data_is_absent(tmp_path: Path) -> None:
    assert shared_files("*.json", tmp_path / "absent") == []


@pytest.mark.usefixtures("in_ci")
def test_fails_in_ci_where_the_reference_data_is_absent(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="CI must not skip"):
        require_shared_data(tmp_path / "absent")


@pytest.mark.usefixtures("in_ci")
def test_collects_nothing_in_ci_where_the_reference_data_is_absent(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="not beside this checkout"):
        shared_files("*.json", tmp_path / "absent")
