"""Who is measured: our service, the limit of Python, and the peers."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import msgspec

from bench.folder import HERE
from bench.place import Place


@dataclass(frozen=True, slots=True)
class Contender:
    """A server: its key, its name in words, and how it is started."""

    key: str
    name: str
    command: Sequence[str]
    by_path: bool = False
    same_bytes: bool = False
    """Whether its answers are ours byte by byte, not only as JSON."""


@dataclass(frozen=True, slots=True)
class Field:
    """Who takes part, and why others do not."""

    contenders: Sequence[Contender]
    absent: Sequence[str]

    def of(self, *keys: str) -> list[Contender]:
        """Give those of *keys* that take part, in that order."""
        return [each for key in keys for each in self.contenders if each.key == key]


def gather(place: Place, peers: Path | str) -> Field:
    """Give all contenders over *place*; *peers* is the folder of those on Node, or why there are none."""
    found = [
        _python(place, "service", "servicespace"),
        _python(place, "without_coverage", "servicespace, coverage off"),
        _python(place, "endpoint", "hand-written endpoint (Starlette, asyncpg, orjson)"),
        _python(place, "stock", f"stock Strawberry {version('strawberry-graphql')} + aiodataloader"),
    ]
    absent: list[str] = []
    if find_spec("ariadne"):
        found.append(_python(place, "ariadne_peer", f"Ariadne {version('ariadne')} + aiodataloader"))
    else:
        absent.append("Ariadne: the package `ariadne` is not installed in this environment.")
    if isinstance(peers, Path):
        found += [_node(place, peers, *each) for each in _NODE]
    else:
        absent.append(f"The servers on Node: {peers}.")
    return Field(found, absent)


_NODE = (
    ("mercurius-jit", "Mercurius {} + graphql-jit", "mercurius"),
    ("mercurius", "Mercurius {}", "mercurius"),
    ("yoga", "GraphQL Yoga {}", "graphql-yoga"),
    ("apollo", "Apollo Server {}", "@apollo/server"),
)


def _python(place: Place, key: str, name: str) -> Contender:
    command = [sys.executable, "-m", "bench.served", key, place.host, place.database]
    hand_written = key == "endpoint"
    return Contender(key, name, command, by_path=hand_written, same_bytes=hand_written)


def _node(place: Place, peers: Path, key: str, name: str, package: str) -> Contender:
    manifest = (peers / "node_modules" / package / "package.json").read_bytes()
    found = msgspec.json.decode(manifest)["version"]
    statements = str(HERE / "statements")
    command = ["node", str(peers / "server.mjs"), key, place.host, place.database, statements]
    return Contender(key, name.format(found), command)
