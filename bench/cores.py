"""Which core does what: the server under test has one to itself, the database and the load share another."""

import os
import shutil
from collections.abc import Sequence
from typing import Final

_CORES: Final = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
SERVER_CORE: Final = _CORES[0] if len(_CORES) > 1 else None
DATABASE_CORE: Final = _CORES[1] if len(_CORES) > 1 else None
"""None on a machine with one core, or where processes cannot be bound to one."""


def pin(pid: int, core: int | None) -> None:
    """Bind a process, and those that it starts from now on, to *core*."""
    if core is not None:
        os.sched_setaffinity(pid, {core})


def pinned(command: Sequence[str], core: int | None) -> list[str]:
    """Give *command* so that it runs on *core* with all its threads, where ``taskset`` is there."""
    taskset = shutil.which("taskset")
    if core is None or taskset is None:
        return list(command)
    return [taskset, "--cpu-list", str(core), *command]
