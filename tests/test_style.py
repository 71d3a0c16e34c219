"""The house style that ruff has no rule for: how long a file and a function are, and what stands in what."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

import pytest

ROOT: Final = Path(__file__).parents[1]
FOLDERS: Final = (
    "servicespace",
    "schema",
    "resolvers",
    "loaders",
    "sources",
    "auth",
    "engine",
    "bench",
    "tests",
)
FILES: Final = [
    file
    for folder in FOLDERS
    for file in sorted((ROOT / folder).rglob("*.py"))
    if file.parent.name != "migrations"
]
"""Ours, but for migrations: Tortoise writes each as one list of operations, as long as the tables are."""

FILE_LINES: Final = 400
FUNCTION_LINES: Final = 40

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def functions(node: ast.AST, around: Function | None = None) -> Iterator[tuple[Function, Function | None]]:
    """Give the functions in a tree, each with the function that it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield child, around
            yield from functions(child, child)
        else:
            yield from functions(child, around)


def lines(function: Function) -> int:
    """Give how many lines a function has: the ``def`` line, the signature and the docstring are lines too."""
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def is_decorator(function: Function, inner: Function) -> bool:
    """Tell whether a function is there to give *inner*, as a decorator does."""
    returned = (each.value for each in ast.walk(function) if isinstance(each, ast.Return))
    return any(isinstance(each, ast.Name) and each.id == inner.name for each in returned)


def too_long(text: str) -> list[str]:
    """Give the functions of a file that do not fit on a screen."""
    found = [each for each, _ in functions(ast.parse(text))]
    return [f"{each.name}: {lines(each)} lines" for each in found if lines(each) > FUNCTION_LINES]


def nested(text: str) -> list[str]:
    """Give the functions of a file that stand in a function which is no decorator."""
    return [
        f"{inner.name} in {outer.name}"
        for inner, outer in functions(ast.parse(text))
        if outer is not None and not is_decorator(outer, inner)
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_has_one_subject_and_its_functions_fit_on_a_screen(file: Path) -> None:
    text = file.read_text()

    assert len(text.splitlines()) <= FILE_LINES
    assert too_long(text) == []
    assert nested(text) == []


def test_finds_a_function_that_is_too_long() -> None:
    screen = "def long():\n" + "    pass\n" * 39

    assert too_long(screen) == []
    assert too_long(screen + "    pass\n") == ["long: 41 lines"]


def test_finds_a_function_in_a_method_and_in_a_branch() -> None:
    text = "class A:\n    def b(self):\n        if self:\n            async def c(): ...\n            c()\n"

    assert nested(text) == ["c in b"]


def test_lets_a_decorator_be() -> None:
    assert nested("def each(kind):\n    def declare(of): ...\n    return declare\n") == []
