"""The peers on Node: installed into the data folder, once for each lock."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from bench.folder import DATA, HERE

_INSTALL: Final = ("ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")


def install() -> Path | str:
    """Give the folder with the peers' programs and packages, brought up to date, or say why there is none."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "node and npm are not installed"
    folder = DATA / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    lock, installed = HERE / "peers" / "package-lock.json", folder / "node_modules" / "installed.json"
    current = installed.exists() and installed.read_text() == lock.read_text()
    for file in (HERE / "peers").iterdir():
        shutil.copy(file, folder)
    if not current:
        done = subprocess.run(  # noqa: S603 - npm, with our own lock
            [npm, *_INSTALL], cwd=folder, check=False, capture_output=True, text=True, timeout=300
        )
        if done.returncode:
            return f"npm ci failed: {done.stderr[-500:]}"
        shutil.copy(lock, installed)
    return folder
