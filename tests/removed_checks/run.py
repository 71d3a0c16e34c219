"""Every check that hides something, removed once: some test must notice (coverage.md, "Proof").

``make mutants`` copies the project, takes one check away in the copy, and runs the non-interference test and,
where that stays green, the other tests of coverage. Its table is kept in ``docs/coverage.md``.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.progress import track

from tests.removed_checks.checks import CHECKS, Check

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "coverage.md"
BEGINS: Final = "<!-- removed checks: begin -->"
ENDS: Final = "<!-- removed checks: end -->"
LEFT_OUT: Final = shutil.ignore_patterns(".git", ".venv", ".data", "node_modules", "__pycache__", ".*_cache")
PROPERTY: Final = ("tests/non_interference",)
OTHERS: Final = (
    "tests/coverage_traps",
    "tests/policy",
    "tests/schema",
    "tests/resolvers",
    "tests/loaders",
    "tests/auth",
    "tests/sources/test_past.py",
    "tests/engine/test_mask.py",
    "tests/engine/test_engine.py",
    "tests/http",
)


def removed(check: Check, folder: Path) -> None:
    """Take *check* away in the copy in *folder*; raises ValueError where its text is not there once."""
    file = folder / check.file
    text = file.read_text()
    if text.count(check.text) != 1:
        raise ValueError(f"{check.name}: the text is {text.count(check.text)} times in {check.file}")
    file.write_text(text.replace(check.text, check.without))


def is_caught(folder: Path, tests: Sequence[str]) -> bool:
    """Tell whether *tests* of the copy in *folder* notice."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *tests]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.returncode != 0


def tried(check: Check, folders: "Queue[Path]") -> tuple[Check, str]:
    """Give what catches *check*, once it is taken away in one of the *folders*."""
    folder = folders.get()
    before = (folder / check.file).read_text()
    try:
        removed(check, folder)
        if is_caught(folder, PROPERTY):
            return check, "non-interference"
        return check, "other tests" if is_caught(folder, OTHERS) else "**nothing**"
    finally:
        (folder / check.file).write_text(before)
        folders.put(folder)


def lines(results: Sequence[tuple[Check, str]]) -> Iterator[str]:
    """Give the table."""
    caught = sum(how != "**nothing**" for _, how in results)
    alone = sum(how == "non-interference" for _, how in results)
    yield f"{len(results)} checks removed one at a time: {caught} caught, {alone} of them by the"
    yield "non-interference test alone."
    yield ""
    yield "| check | where | caught by |"
    yield "|---|---|---|"
    yield from (f"| {check.name} | `{check.file}` | {how} |" for check, how in results)


def main() -> None:
    """Try all checks, two at a time, and write the table; ends with 1 where something is not caught."""
    console = Console(stderr=True)
    with TemporaryDirectory() as place:
        folders: Queue[Path] = Queue()
        copies = [Path(place) / str(number) for number in range(2)]
        for folder in copies:
            shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
            folders.put(folder)
        if is_caught(copies[0], (*PROPERTY, *OTHERS)):
            console.print("The tests are red before anything is removed.", style="red")
            sys.exit(2)
        with ThreadPoolExecutor(2) as pool:
            trying = pool.map(tried, CHECKS, [folders] * len(CHECKS))
            results = list(track(trying, "Removing checks", total=len(CHECKS), console=console))
    text = PAGE.read_text()
    head, _, rest = text.partition(BEGINS)
    _, _, tail = rest.partition(ENDS)
    PAGE.write_text("\n".join([f"{head}{BEGINS}", *lines(results), f"{ENDS}{tail}"]))
    for check, how in results:
        if how == "**nothing**":
            console.print(f"not caught: {check.name}", style="red")
    sys.exit(any(how == "**nothing**" for _, how in results))


if __name__ == "__main__":
    main()
