"""The load: 8 connections, each request another customer's, by wrk or, where it is missing, autocannon."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from bench.cores import DATABASE_CORE, pinned
from bench.folder import DATA, HERE
from bench.server import Question, Server

CONNECTIONS: Final = 8


class LoadError(Exception):
    """Requests of a load failed, so that its figures mean nothing."""


class Measured(msgspec.Struct, frozen=True):
    """What a load found; times in milliseconds where the name says so."""

    requests: int
    seconds: float
    failed: int
    median_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Requests per second; a load that saw no answer counts as one, so that ratios stay numbers."""
        return max(self.requests, 1) / self.seconds


class Load:
    """A load with its customers' tokens, bound to the database's core."""

    def __init__(self, tokens: Sequence[str], peers: Path | None) -> None:
        """Ask with each of *tokens* in turn; *peers* is where npm installed autocannon, None for nowhere."""
        self._wrk = shutil.which("wrk")
        self._peers = peers
        if self._wrk is None and peers is None:
            raise LoadError("neither wrk nor Node is installed: nothing can make the load")
        self._tokens = DATA / "tokens"
        self._tokens.touch(mode=0o600)
        self._tokens.write_text("".join(f"{token}\n" for token in tokens))

    @property
    def name(self) -> str:
        """What makes the load."""
        return "wrk" if self._wrk else "autocannon"

    def put(self, server: Server, question: Question, seconds: float) -> Measured:
        """Ask *question* for whole *seconds*; raises ``LoadError`` where an answer failed."""
        body = DATA / f"{question.name}.json"
        body.write_text(json.dumps({"query": question.document}))
        command = self._command(server.url(question), body, max(1, round(seconds)))
        done = subprocess.run(  # noqa: S603 - commands of our own
            pinned(command, DATABASE_CORE), check=True, capture_output=True, timeout=seconds + 30
        )
        measured = msgspec.json.decode(done.stdout.splitlines()[-1], type=Measured)
        if measured.failed:
            raise LoadError(f"{measured.failed} of {measured.requests} requests failed")
        return measured

    def _command(self, url: str, body: Path, seconds: int) -> list[str]:
        if self._wrk:
            options = [f"-c{CONNECTIONS}", "-t1", f"-d{seconds}s", "--timeout", "20s"]
            script = ["-s", str(HERE / "load.lua"), url, "--", str(body), str(self._tokens)]
            return [self._wrk, *options, *script]
        files = [str(body), str(self._tokens)]
        return ["node", f"{self._peers}/load.mjs", url, *files, str(CONNECTIONS), str(seconds)]
