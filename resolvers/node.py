"""Global ids: untrusted names of objects, decided and authorized at each use."""

import asyncio
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from typing import Any, Final

from auth.coverage import State
from auth.feature import ALWAYS, Gate
from loaders.loader import RecordLoader
from resolvers.context import Context, Info
from resolvers.errors import NotFoundError
from sources.ordering import CustomerRecord, LocationRecord, ServicePointRecord, SolutionRecord
from sources.record import Record

NO_KEY: Final = ""
"""A key that no row has: what an id of another type, or no id at all, is worth in a filter."""

NAMES: Final[dict[type[Record], str]] = {
    CustomerRecord: "Customer",
    SolutionRecord: "Solution",
    ServicePointRecord: "ServicePoint",
    LocationRecord: "Location",
}
"""The GraphQL type of each kind of record."""

GATES: Final[dict[str, Gate]] = {
    "Customer": ALWAYS,
    "Solution": ALWAYS,
    "ServicePoint": ALWAYS,
    "Location": ALWAYS,
}
"""The feature that opens each type to ``node``."""


def name_of(record: Record) -> str:
    """Give the name of the GraphQL type of *record*."""
    return NAMES[type(record)]


def global_id(record: Record) -> str:
    """Give the id by which clients name *record*: its type and key, in URL-safe base64."""
    return urlsafe_b64encode(f"{name_of(record)}:{record.id}".encode()).decode().rstrip("=")


def parse(text: str) -> tuple[str, str] | None:
    """Give the type and key that *text* names, None where it is no id of ours."""
    try:
        decoded = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode()
    except (Base64Error, UnicodeError, ValueError):
        return None
    name, colon, key = decoded.partition(":")
    return (name, key) if colon and key and "\x00" not in key else None


def key_of(kind: str, text: str) -> str:
    """Give the key of the *kind* of object that *text* names, ``NO_KEY`` where it names none of that kind."""
    match parse(text):
        case (name, key) if name == kind:
            return key
        case _:
            return NO_KEY


def loader(context: Context, name: str) -> RecordLoader[Any, Any]:
    """Give the loader of the objects of a type."""
    load = context.load
    by_name: dict[str, RecordLoader[Any, Any]] = {
        "Customer": load.customer.by_id,
        "Solution": load.solution.by_id,
        "ServicePoint": load.service_point.by_id,
        "Location": load.location.by_id,
    }
    return by_name[name]


async def by_id(_: Sequence[None], info: Info, id: str) -> Sequence[Any]:  # noqa: A002 - Relay's argument
    """Give the object named by *id*: see ``by_ids``."""
    return [await _find(info.context, id)]


async def by_ids(_: Sequence[None], info: Info, ids: Sequence[str]) -> Sequence[Sequence[Any]]:
    """Give the objects named by *ids*, in their order.

    What is not there, another customer's, or outside the User's scope is a ``NotFoundError`` in its place, all
    alike; what coverage hides is None, and is not looked for.
    """
    return [await asyncio.gather(*(_find(info.context, text) for text in ids))]


async def _find(context: Context, text: str) -> Any:  # noqa: ANN401 - any type of object
    name, key = parse(text) or (NO_KEY, NO_KEY)
    if name not in GATES:
        return NotFoundError()
    if context.coverage.state(GATES[name]) is State.NONE:
        return None
    record = await loader(context, name).load(key)
    return NotFoundError() if record is None or name_of(record) != name else record
