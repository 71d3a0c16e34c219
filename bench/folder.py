"""Where a benchmark keeps what it makes."""

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
DATA: Final = HERE.parent / ".data" / "bench"
"""The database, what npm installs, tokens: kept between runs, never committed."""
