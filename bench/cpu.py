"""How much processor time processes took, where the system tells (Linux)."""

import os
from collections.abc import Iterable
from pathlib import Path

_PARENT, _USER, _SYSTEM = 1, 11, 12  # fields of /proc/PID/stat after the name (proc(5))


def family(pid: int | None) -> list[int]:
    """Give *pid* and the processes that it started; none where the system does not tell."""
    if pid is None or not Path("/proc/self/stat").exists():
        return []
    found = [each for each in Path("/proc").iterdir() if each.name.isdigit()]
    return [pid, *(int(each.name) for each in found if (stat := _stat(each)) and int(stat[_PARENT]) == pid)]


def seconds(pids: Iterable[int]) -> float:
    """Give the processor time that *pids* took since they started; those that ended count nothing."""
    ticks = 0
    for pid in pids:
        stat = _stat(Path(f"/proc/{pid}"))
        if stat:
            ticks += int(stat[_USER]) + int(stat[_SYSTEM])
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(process: Path) -> list[str]:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
