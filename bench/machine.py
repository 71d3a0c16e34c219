"""What the figures were taken on."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import msgspec


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """A machine and what is installed on it."""

    cores: int
    processor: str
    memory_gb: float
    versions: dict[str, str]


def machine() -> Machine:
    """Give this machine."""
    packages = ("strawberry-graphql", "graphql-core", "asyncpg", "uvicorn", "uvloop", "orjson", "starlette")
    return Machine(
        cores=os.cpu_count() or 1,
        processor=_processor(),
        memory_gb=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        versions={
            "Python": platform.python_version(),
            "Node": _said("node", "--version"),
            **{each: version(each) for each in packages},
        },
    )


def load_average() -> list[float]:
    """Give how many processes wanted to run in the last 1, 5 and 15 minutes."""
    return [round(each, 2) for each in os.getloadavg()]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=10)  # noqa: S603 - ours
    except (OSError, subprocess.SubprocessError):
        return "none"
    return done.stdout.strip()
