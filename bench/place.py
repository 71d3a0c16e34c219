"""Which database a server answers from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A database on a PostgreSQL that listens on a socket in the folder ``host``."""

    host: str
    database: str
