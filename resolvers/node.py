"""Global ids: untrusted names of objects, decided and authorized at each use."""

import asyncio
from base64 import urlsafe_b64decode
from binascii import b2a_base64
from collections.abc import Sequence
from typing import Any, Final, cast

from auth.coverage import State
from auth.feature import ALWAYS, Detail, Feature, Gate
from loaders.loader import RecordLoader
from resolvers.batch import reads
from resolvers.connection import MAXIMUM_SIZE
from resolvers.context import Context, Info
from resolvers.errors import BadUserInputError, NotFoundError
from sources.billing import (
    BillingAccountRecord,
    BillingDocumentKind,
    BillingDocumentRecord,
    InvoiceLineRecord,
)
from sources.inventory import ComponentRecord
from sources.maintenance import MaintenanceEventRecord
from sources.ordering import CustomerRecord, LocationRecord, ServicePointRecord, SolutionRecord
from sources.record import Record
from sources.ticketing import TicketRecord

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")

NO_KEY: Final = ""
"""A key that no row has: what an id of another type, or no id at all, is worth in a filter."""

NAMES: Final[dict[type[Record], str]] = {
    CustomerRecord: "Customer",
    SolutionRecord: "Solution",
    ServicePointRecord: "ServicePoint",
    LocationRecord: "Location",
    BillingAccountRecord: "BillingAccount",
    InvoiceLineRecord: "InvoiceLine",
    TicketRecord: "Ticket",
    ComponentRecord: "Component",
    MaintenanceEventRecord: "MaintenanceEvent",
}
"""The GraphQL type of each kind of record; billing documents have two."""

GATES: Final[dict[str, Gate]] = {
    "Customer": ALWAYS,
    "Solution": ALWAYS,
    "ServicePoint": ALWAYS,
    "Location": ALWAYS,
    "BillingAccount": Feature.BILLING,
    "Invoice": Feature.BILLING,
    "CreditNote": Feature.BILLING,
    "InvoiceLine": Detail(Feature.BILLING),
    "Ticket": Feature.INCIDENTS,
    "Component": Feature.INVENTORY,
    "MaintenanceEvent": Feature.MAINTENANCE,
}
"""The feature that opens each type to ``node``."""


def name_of(record: Record) -> str:
    """Give the name of the GraphQL type of *record*."""
    name = NAMES.get(record.whole)  # isinstance takes microseconds on these types
    if name is not None:
        return name
    is_invoice = cast("BillingDocumentRecord", record).kind is BillingDocumentKind.INVOICE
    return "Invoice" if is_invoice else "CreditNote"


@reads("id")  # and what is essential: the kind of a billing document
def global_id(record: Record) -> str:
    """Give the id by which clients name *record*: its type and key, in URL-safe base64."""
    return global_name(name_of(record), record.id)


def global_name(kind: str, key: str) -> str:
    """Give the id by which clients name the object of that *kind* and *key*."""
    text = b2a_base64(f"{kind}:{key}".encode(), newline=False)
    return text.translate(_URL_SAFE, b"=").decode()


def parse(text: str) -> tuple[str, str] | None:
    """Give the type and key that *text* names, None where it is no id of ours."""
    try:
        decoded = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode()
    except ValueError:
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
        "BillingAccount": load.billing_account.by_id,
        "Invoice": load.invoice.by_id,
        "CreditNote": load.invoice.by_id,
        "InvoiceLine": load.invoice_line.by_id,
        "Ticket": load.ticket.by_id,
        "Component": load.component.by_id,
        "MaintenanceEvent": load.maintenance.by_id,
    }
    return by_name[name]


async def by_id(_: Sequence[None], info: Info, id: str) -> Sequence[Any]:
    """Give the object named by *id*: see ``by_ids``."""
    return [await _find(info.context, id, ".".join(info.keys))]


async def by_ids(_: Sequence[None], info: Info, ids: Sequence[str]) -> Sequence[Sequence[Any]]:
    """Give the objects named by *ids*, in their order.

    What is not there, not the customer's, or outside the User's scope is a ``NotFoundError`` in its place,
    all alike; what coverage hides is None, and is not looked for. Too many ids are a ``BadUserInputError``.
    """
    if len(ids) > MAXIMUM_SIZE:
        message = f"`ids` has {len(ids)} ids; at most {MAXIMUM_SIZE} are looked up at once."
        raise BadUserInputError(message, ["ids"], "LIST_SIZE")
    path = f"{'.'.join(info.keys)}.@"
    return [await asyncio.gather(*(_find(info.context, text, path) for text in ids))]


async def _find(context: Context, text: str, path: str) -> Any:  # noqa: ANN401 - any type of object
    name, key = parse(text) or (NO_KEY, NO_KEY)
    if name not in GATES:
        return NotFoundError()
    covered = context.coverage.of(GATES[name])
    if covered.state is State.NONE:
        if context.hidden is not None:
            context.hidden.add(name, path, covered)
        return None
    record = await loader(context, name).load(key)
    return NotFoundError() if record is None or name_of(record) != name else record
