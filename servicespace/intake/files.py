"""The files below a folder, read with bounds."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LARGEST: Final = 16 * 1024 * 1024
"""How many bytes a file may have."""


class UnreadableError(Exception):
    """A file that is not read; the message says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file, by its name below the folder; a name that cannot be printed is shown without what cannot."""

    name: str
    path: Path


def files_in(root: Path, wanted: Callable[[str], bool]) -> list[Found]:
    """Give the files at or below *root* with a wanted name, in the order of their names.

    *root* itself may be a file, whatever its name. Hidden files and folders are passed over, links to folders
    are not followed.
    """
    if not root.is_dir():
        return [Found(printable(root.name), root)]
    found = [path for path in _walk(root) if wanted(path.name)]
    return [Found(printable(path.relative_to(root).as_posix()), path) for path in sorted(found)]


def read(file: Found, root: Path) -> bytes:
    """Give the content of *file*; raises ``UnreadableError``.

    It must be a plain file of a bearable size, and lie below *root* also where it is a link.
    """
    try:
        below = root.resolve(strict=True)
        path = file.path.resolve(strict=True)
        if below.is_dir() and not path.is_relative_to(below):
            raise UnreadableError("a link that leads out of the folder")
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableError("not a plain file")
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, RuntimeError) as error:
        raise UnreadableError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > LARGEST:
        raise UnreadableError(f"larger than {LARGEST // 1024 // 1024} MiB")
    return content


def printable(text: str) -> str:
    """Give *text* with a mark in place of what a terminal would not print, or a database not keep."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder, name) for name in names if not name.startswith("."))
