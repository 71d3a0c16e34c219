"""A server under test: started on its core, asked, and stopped."""

import os
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Final

import httpx2

from bench.cores import SERVER_CORE, pinned
from bench.folder import DATA, HERE

READY_SECONDS: Final = 30.0
"""How long a server may take to answer its first request."""


class ServerError(Exception):
    """A server that does not start, or does not answer; the message says why in its own words."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that all servers are asked: a document, and how each request is authorized."""

    name: str
    document: str


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    pid: int
    port: int
    by_path: bool
    """Whether it has a path for each question, being no GraphQL server."""

    def url(self, question: Question) -> str:
        """Give where the question is asked."""
        return f"http://127.0.0.1:{self.port}/{question.name if self.by_path else 'graphql'}"

    def ask(self, client: httpx2.Client, question: Question, token: str) -> bytes:
        """Give the answer's body; raises ``ServerError`` where it is not a good one."""
        answer = client.post(
            self.url(question),
            json={"query": question.document},
            headers={"Authorization": f"Bearer {token}"},
        )
        if answer.status_code != 200 or b'"errors"' in answer.content:  # noqa: PLR2004 - HTTP's own
            raise ServerError(f"status {answer.status_code}: {answer.text[:500]}")
        return answer.content


@contextmanager
def running(command: Sequence[str], *, by_path: bool, question: Question, token: str) -> Generator[Server]:
    """Run *command* on the server's core until the block ends; it prints its port and answers *question*."""
    log_file = DATA / "server.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - commands of our own
            pinned(command, SERVER_CORE),
            cwd=HERE.parent,
            env={**os.environ, "NODE_ENV": "production"},
            stdout=subprocess.PIPE,
            stderr=log,
        )
        try:
            server = Server(process.pid, _port(process), by_path)
            _await(server, question, token)
            yield server
        except ServerError as error:
            raise ServerError(f"{error} {log_file.read_text()[-1_000:]}".strip()) from None
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _port(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout is not None  # noqa: S101 - opened as a pipe
    line = process.stdout.readline().strip()
    if not line.isdigit():
        raise ServerError("it did not start.")
    return int(line)


def _await(server: Server, question: Question, token: str) -> None:
    deadline = monotonic() + READY_SECONDS
    with httpx2.Client(timeout=READY_SECONDS) as client:
        while True:
            try:
                server.ask(client, question, token)
            except httpx2.TransportError as error:
                if monotonic() > deadline:
                    raise ServerError(f"no answer within {READY_SECONDS:g} s: {error!r}.") from None
                sleep(0.05)
            else:
                return
