"""The list of our packages is one list, wherever a tool wants it, and nobody else has their names."""

import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ["servicespace", "schema", "resolvers", "loaders", "sources", "auth", "engine"]


@pytest.fixture
def tools() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        tools: dict[str, Any] = tomllib.load(file)["tool"]
    return tools


def test_finds_exactly_these_packages_on_disk() -> None:
    beside = {"bench"}  # run from a checkout with `python -m bench`; never part of what is installed

    on_disk = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert on_disk == {*PACKAGES, *beside}


def test_builds_them_into_the_wheel(tools: dict[str, Any]) -> None:
    assert tools["uv"]["build-backend"]["module-name"] == PACKAGES


def test_holds_the_import_contracts_over_them(tools: dict[str, Any]) -> None:
    layers = next(each for each in tools["importlinter"]["contracts"] if each["id"] == "layers")["layers"]

    assert tools["importlinter"]["root_packages"] == PACKAGES
    assert [name for layer in layers for name in layer.split(" | ")] == PACKAGES


def test_keeps_every_system_apart_from_the_others(tools: dict[str, Any]) -> None:
    shared = {"sources.cache", "sources.http", "sources.parties", "sources.tmf"}  # what systems are made with
    apart = next(each for each in tools["importlinter"]["contracts"] if each["id"] == "systems")["modules"]

    on_disk = {f"sources.{path.parent.name}" for path in ROOT.glob("sources/*/__init__.py")}
    assert set(apart) == on_disk - shared


def test_checks_the_types_of_them_of_the_tests_and_of_the_benchmarks(tools: dict[str, Any]) -> None:
    assert tools["mypy"]["files"] == [*PACKAGES, "tests", "bench"]
    assert tools["pyright"]["include"] == [*PACKAGES, "tests", "bench"]


def test_measures_the_coverage_of_them(tools: dict[str, Any]) -> None:
    assert tools["coverage"]["run"]["source"] == PACKAGES


@pytest.mark.parametrize("package", PACKAGES)
def test_marks_each_as_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


@pytest.mark.parametrize("name", [*PACKAGES, "tests"])
def test_shares_no_name_with_an_installed_distribution(name: str) -> None:
    others = set(packages_distributions().get(name, ())) - {"servicespace"}

    assert others == set()
