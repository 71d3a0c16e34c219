"""Prism, serving a specification on this machine; it ignores filters, orders and limits."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.node import NODE, installed

HERE: Final = Path(__file__).parent
SECONDS: Final = 60
"""How long Prism may take to start: it reads a specification of 30,000 lines."""


def prism_packages(folder: Path) -> Path:
    """Install Prism into *folder*, from the lock; give the program."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    installed(folder)
    return folder / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"


@contextmanager
def prism(program: Path, specification: Mapping[str, Any], folder: Path) -> Generator[str]:
    """Serve *specification* from a file in *folder*; give the address.

    Raises ``RuntimeError`` with what Prism says where it does not start.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    file, log = folder / f"{port}.json", folder / f"{port}.log"
    file.write_text(json.dumps(specification, default=str))
    command = [NODE, str(program), "mock", "--host", "127.0.0.1", "--port", str(port), str(file)]
    with log.open("w") as told, subprocess.Popen(command, stdout=told, stderr=told) as process:
        try:
            _wait(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"Prism did not start: {log.read_text()[-2_000:]}")
